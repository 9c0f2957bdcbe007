"""An installation at work → its vital signs: does the store answer, is its schema ours, is there room, can it be written to.

Measured every few seconds beside the loop, so that whoever asks is answered at once from what was measured last. The trial writes a page
of bytes where captures and store lie and takes it away again: a disk that is full or may only be read says so before a page is lost.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import make_url

from cases.errors import StoreError
from cases.model import Value
from cases.store import SCHEMA_REVISION, Store
from scheduler.settings import Settings

MEASURE_EVERY = timedelta(seconds=5)
MAY_BE_OLD = timedelta(seconds=60)
_TRIAL = b"\0" * 65_536


class Room(Value, frozen=True, kw_only=True):
    """A place that is written to."""

    place: str
    """``captures`` or ``store``."""
    free_bytes: int
    fault: str | None = None
    """Why nothing can be written there; None when it can."""


class Vitals(Value, frozen=True, kw_only=True):
    """What was measured at one moment. Each fault is a sentence, or None."""

    at: datetime
    store_fault: str | None = None
    schema_fault: str | None = None
    rooms: tuple[Room, ...] = ()

    @property
    def room_faults(self) -> tuple[str, ...]:
        """Why something cannot be written."""
        return tuple(room.fault for room in self.rooms if room.fault is not None)

    def faults(self, now: datetime) -> dict[str, str]:
        """Give what keeps the service from being ready, by the name of the check."""
        found = {
            "store": self.store_fault,
            "schema": self.schema_fault,
            "room": "; ".join(self.room_faults) or None,
            "measured": "nothing was measured for a while" if now - self.at > MAY_BE_OLD else None,
        }
        return {name: words for name, words in found.items() if words is not None}


def measured(store: Store, settings: Settings, now: datetime) -> Vitals:
    """Measure now. Takes milliseconds, or as long as a disk or a server takes to answer: not for a running loop."""
    store_fault = schema_fault = None
    try:
        revision = store.inspection.revision()
        if revision != SCHEMA_REVISION:
            schema_fault = f"the store has schema {revision}, and this program writes {SCHEMA_REVISION}: restart it"
    except StoreError as fault:
        store_fault = str(fault)
    least = settings.service.least_free_mb * 1_000_000
    rooms = tuple(_room(place, folder, least) for place, folder in places(settings))
    return Vitals(at=now, store_fault=store_fault, schema_fault=schema_fault, rooms=rooms)


def places(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Give the folders that are written to, by their names."""
    yield "captures", settings.store.captures
    address = make_url(settings.store.url)
    if address.get_backend_name() == "sqlite":
        yield "store", Path(str(address.database)).parent


def _room(place: str, folder: Path, least: int) -> Room:
    try:
        free = shutil.disk_usage(folder).free
        with tempfile.TemporaryFile(dir=folder, prefix=".trial-", buffering=0) as trial:
            left = memoryview(_TRIAL)
            while left:
                left = left[trial.write(left) :]
            os.fsync(trial.fileno())
    except OSError as cause:
        return Room(place=place, free_bytes=0, fault=f"{folder} cannot be written: {cause.strerror or cause}")
    if free < least:
        words = f"{folder} has {free / 1_000_000:,.0f} MB left, and {least / 1_000_000:,.0f} MB is the least (service.least_free_mb)"
        return Room(place=place, free_bytes=free, fault=words)
    return Room(place=place, free_bytes=free)
