"""One tree of errors, drawn where people look for it."""

import importlib
import pkgutil
from collections.abc import Iterator

import cases
import crawler
import digests
import scheduler
from cases import errors
from cases.errors import DeliveryError, WatchError

ROOMS = (cases, crawler, digests, scheduler)


def every(error: type[WatchError]) -> Iterator[type[WatchError]]:
    for one in error.__subclasses__():
        yield one
        yield from every(one)


def test_every_error_of_every_room_stands_in_the_tree() -> None:
    for room in ROOMS:
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if ".migrations." not in module.name and not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    drawn = set((errors.__doc__ or "").split())
    assert {error.__name__ for error in every(WatchError)} <= drawn


def test_a_failed_delivery_may_be_tried_again_unless_it_says_otherwise() -> None:
    assert not DeliveryError("carrier-pigeon: rain").permanent
    assert not DeliveryError("carrier-pigeon: rain").uncertain
