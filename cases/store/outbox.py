"""digest → outbox → delivery: recorded with its exact bytes before anything is sent, and never told twice.

States of a delivery: ``ready`` → ``sending`` → ``sent`` | ``failed`` | ``unknown``. ``failed`` with a time is taken again
when that time has come; ``failed`` without one is final. ``unknown`` is a message whose fate nobody saw: it may have
arrived, so it is never taken by itself; a person or the channel's own proof decides.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from cases.model import Value
from cases.store.database import Database
from cases.store.register import CaseChange

DeliveryState = Literal["ready", "sending", "sent", "failed", "unknown"]


class DigestRecord(Value, frozen=True, kw_only=True):
    """A digest as it was made: which changes it tells, and what it said."""

    name: str
    """Name of the digest in configuration."""
    period: str
    """What makes it one of a kind under that name, such as ``2026-11-23`` or ``2026-W48``; never told twice."""
    made_at: datetime
    change_ids: tuple[int, ...] = ()
    """``CaseChange.id`` of everything it tells or passes over for good."""
    subject: str = ""
    document: str = ""
    """The digest as JSON, already disclosed."""
    id: int | None = None
    """Given by the store."""


class OutMessage(Value, frozen=True, kw_only=True):
    """One message for one recipient over one channel, rendered for good."""

    channel: str
    recipient: str
    """Address, folder or other name the channel understands; empty for a channel without recipients."""
    payload: bytes
    """The exact bytes that the channel hands over."""
    message_id: str = ""
    """Stable id that the other side can be asked for."""


class Delivery(Value, frozen=True, kw_only=True):
    """One message on its way, and what became of it."""

    id: int
    digest_id: int
    digest: str
    period: str
    channel: str
    recipient: str
    message_id: str
    payload: bytes
    state: DeliveryState
    tries: int
    """How often it was taken."""
    due_at: datetime | None
    """When it may be taken; ``None`` when it will not be by itself."""
    changed_at: datetime
    receipt: str | None = None
    error: str | None = None


class Outbox:
    """The digests of a store, and their deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pending(self, digest: str, *, since: datetime | None = None) -> list[CaseChange]:
        """Changes that no recorded digest of that name has told, oldest first.

        With ``since``: all changes from then on, told or not. Cases that people withhold, reject or merge are left out,
        but for the change that withdraws them.
        """
        raise NotImplementedError

    def record(self, digest: DigestRecord, messages: Sequence[OutMessage]) -> int:
        """Record a digest, what it tells and its messages in one transaction; returns the digest's id.

        Raises AlreadyRecorded when the name has that period, or has told one of the changes; then nothing is kept.
        """
        raise NotImplementedError

    def find(self, name: str, period: str) -> DigestRecord | None:
        """The digest recorded under a name for a period."""
        raise NotImplementedError

    def take(self, now: datetime, *, limit: int | None = None) -> list[Delivery]:
        """Take what is due: ``ready``, and ``failed`` whose time has come, become ``sending``; oldest first."""
        raise NotImplementedError

    def sent(self, delivery_id: int, receipt: str, now: datetime) -> None:
        """The other side took it."""
        raise NotImplementedError

    def failed(self, delivery_id: int, why: str, now: datetime, retry_at: datetime | None) -> None:
        """It was refused: to be tried again at a time, or never."""
        raise NotImplementedError

    def recover(self, now: datetime, *, stale_s: float = 0) -> list[Delivery]:
        """At start: what was ``sending`` for at least ``stale_s`` seconds becomes ``unknown``; returns those."""
        raise NotImplementedError

    def retry(self, delivery_id: int, now: datetime) -> None:
        """Make a ``failed`` or ``unknown`` delivery ``ready`` again, because somebody decided so."""
        raise NotImplementedError

    def deliveries(self, digest_id: int) -> list[Delivery]:
        """The messages of one digest, in the order of recording."""
        raise NotImplementedError

    def unsettled(self) -> list[Delivery]:
        """Every delivery that is not ``sent``, oldest first: what the operator should know."""
        raise NotImplementedError

    def past(self, name: str) -> list[DigestRecord]:
        """Recorded digests of a name, the latest first."""
        raise NotImplementedError
