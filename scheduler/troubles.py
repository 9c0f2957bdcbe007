"""how everything stands → what needs a person. Pure: the present is an argument.

Only what does not mend itself, and is no news from one minute to the next: a source that has failed for days, a message that nobody will
send by itself, a disk that runs full, a store that does not answer, a digest that could not be made.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from cases.ledger import SourceStatus
from cases.model import Value
from cases.store import Delivery
from digests.notice import OPERATOR
from scheduler.vitals import Room, Vitals

_ENOUGH_AGAIN = 1.2
"""A disk that ran low has room again when it has this many times the least: it would be told again and again otherwise."""


class Trouble(Value, frozen=True, kw_only=True):
    """One thing that needs a person. ``key`` names it, so that it is told once."""

    key: str
    words: str
    mend: str


class Standing(Value, frozen=True, kw_only=True):
    """How everything stands at one moment."""

    sources: tuple[SourceStatus, ...] = ()
    unsettled: tuple[Delivery, ...] = ()
    vitals: Vitals | None = None
    digest_failures: Mapping[str, str] = {}
    """Why digests could not be made, by their names."""


def troubles(
    standing: Standing, *, now: datetime, patience: timedelta, least_free: int, open_keys: Collection[str] = ()
) -> dict[str, Trouble]:
    """Give what needs a person, by its key; ``open_keys`` are those of what was told and is not over."""
    found: Iterable[Trouble] = (
        *_of_vitals(standing.vitals, least_free, open_keys),
        *(_of_digest(name, why) for name, why in standing.digest_failures.items()),
        *_of_deliveries(standing.unsettled),
        *_of_sources(standing.sources, now - patience),
    )
    return {one.key: one for one in found}


def _of_vitals(vitals: Vitals | None, least_free: int, open_keys: Collection[str]) -> Iterator[Trouble]:
    if vitals is None:
        return
    if vitals.store_fault is not None:
        yield Trouble(
            key="store", words=vitals.store_fault, mend="see that the store can be reached: returnwatch doctor"
        )
    if vitals.schema_fault is not None:
        yield Trouble(
            key="schema", words=vitals.schema_fault, mend="restart the service with the version that is installed"
        )
    for room in vitals.rooms:
        key = f"room of {room.place}"
        if room.fault is not None or (key in open_keys and room.free_bytes < _ENOUGH_AGAIN * least_free):
            yield _of_room(key, room)


def _of_room(key: str, room: Room) -> Trouble:
    words = room.fault or f"{room.free_bytes / 1_000_000:,.0f} MB are free, which is little more than the least"
    return Trouble(
        key=key,
        words=f"{words}. Nothing that was kept is lost; what cannot be kept is read later",
        mend="make room, or let the disk be written: returnwatch doctor",
    )


def _of_digest(name: str, why: str) -> Trouble:
    return Trouble(
        key=f"digest {name}".strip(),
        words=f"it could not be made: {why}",
        mend="returnwatch digest shows it; it is tried again by itself",
    )


def _of_deliveries(unsettled: Iterable[Delivery]) -> Iterator[Trouble]:
    for one in unsettled:
        if one.digest == OPERATOR or one.due_at is not None or one.state not in {"failed", "unknown"}:
            continue
        what = "was refused for good" if one.state == "failed" else "may or may not have arrived"
        yield Trouble(
            key=f"message {one.id}",
            words=f"the digest {one.digest} of {one.period} over {one.channel} {what}: {one.error}",
            mend="returnwatch status lists what did not arrive, and what can be done with it",
        )


def _of_sources(sources: Iterable[SourceStatus], long_ago: datetime) -> Iterator[Trouble]:
    for one in sources:
        if not one.failing or (one.last_success is not None and one.last_success > long_ago):
            continue
        run = one.says
        if run is None or (one.last_success is None and run.started_at > long_ago and one.failures < _NEVER_READ):
            continue
        since = f"since {one.last_success:%Y-%m-%d}" if one.last_success else "ever"
        yield Trouble(
            key=f"source {one.name}",
            words=f"it could not be read {since}: {run.outcome.value}: {run.detail or 'no reason is known'}",
            mend=f"returnwatch sources check {one.name}",
        )


_NEVER_READ = 10.0
"""A source that was never read needs a person after so many failures, as the pace of visits weighs them."""
