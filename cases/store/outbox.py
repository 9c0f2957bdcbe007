"""digest → outbox → delivery: recorded with its exact bytes before anything is sent, and never told twice.

States of a delivery: ``ready`` → ``sending`` → ``sent`` | ``failed`` | ``unknown``. ``failed`` with a time is taken again
when that time has come; ``failed`` without one is final. ``unknown`` is a message whose fate nobody saw: it may have
arrived, so it is never taken by itself; a person or the channel's own proof decides.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, exists, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from cases.errors import AlreadyRecorded, UsageError
from cases.model import Value
from cases.store.columns import storable
from cases.store.database import Database
from cases.store.files import load_cases
from cases.store.register import LIVE, CaseChange
from cases.store.schema import case_change, case_file, digest_change
from cases.store.schema import delivery as delivery_table
from cases.store.schema import digest as digest_table

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
        """Give the changes that no recorded digest of that name has told, oldest first: by rows, not by a time window.

        With ``since``: all changes from then on, told or not. Cases that people withhold, reject or merge are left out
        until they let them go again; but the change that withdraws a case is given where that digest has told of it.
        """
        told = exists().where(digest_change.c.digest_name == digest, digest_change.c.change_id == case_change.c.id)
        earlier = case_change.alias()
        told_of_case = exists().where(
            digest_change.c.digest_name == digest,
            digest_change.c.change_id == earlier.c.id,
            earlier.c.case_id == case_change.c.case_id,
        )
        live = case_file.c.status.in_([one.value for one in LIVE])
        may_leave = or_(live, and_(case_change.c.kind == "withdrawn", told_of_case))
        wanted = (
            select(case_change)
            .join(case_file, case_file.c.id == case_change.c.case_id)
            .where(may_leave, ~told if since is None else case_change.c.at >= since)
            .order_by(case_change.c.id)
        )
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
            cases = load_cases(connection, tuple(dict.fromkeys(row.case_id for row in rows)))
        return [
            CaseChange(
                id=row.id,
                case=cases[row.case_id],
                kind=row.kind,
                revision=row.revision,
                changed_fields=row.changed_fields,
                at=row.at,
            )
            for row in rows
        ]

    def record(self, digest: DigestRecord, messages: Sequence[OutMessage]) -> int:
        """Record a digest, what it tells and its messages in one transaction; returns the digest's id.

        Raises AlreadyRecorded when the name has that period, or has told one of the changes, or two messages go to one
        recipient over one channel; then nothing is kept.
        """
        with self._database.write() as connection:
            try:
                return self._record(connection, digest, messages)
            except IntegrityError as cause:
                raise AlreadyRecorded(
                    f"digest: {digest.name!r} is recorded for {digest.period!r} already, or has told one of these "
                    "changes, or would write to one recipient twice"
                ) from cause

    def _record(self, connection: Connection, digest: DigestRecord, messages: Sequence[OutMessage]) -> int:
        row = {
            "name": digest.name,
            "period": digest.period,
            "made_at": digest.made_at,
            "subject": storable(digest.subject),
            "document": storable(digest.document),
        }
        added = insert(digest_table).values(row).returning(digest_table.c.id)
        digest_id = int(connection.execute(added).scalar_one())
        if digest.change_ids:
            connection.execute(
                insert(digest_change),
                [{"digest_name": digest.name, "change_id": one, "digest_id": digest_id} for one in digest.change_ids],
            )
        if messages:
            connection.execute(
                insert(delivery_table), [_out(message, digest_id, digest.made_at) for message in messages]
            )
        return digest_id

    def find(self, name: str, period: str) -> DigestRecord | None:
        """Give the digest recorded under a name for a period."""
        return next(iter(self._digests(digest_table.c.name == name, digest_table.c.period == period)), None)

    def past(self, name: str) -> list[DigestRecord]:
        """Give the recorded digests of a name, the latest first."""
        return self._digests(digest_table.c.name == name)

    def _digests(self, *which: ColumnElement[bool]) -> list[DigestRecord]:
        with self._database.read() as connection:
            rows = connection.execute(select(digest_table).where(*which).order_by(digest_table.c.id.desc())).all()
            told = connection.execute(
                select(digest_change.c.digest_id, digest_change.c.change_id)
                .join(digest_table, digest_table.c.id == digest_change.c.digest_id)
                .where(*which)
                .order_by(digest_change.c.change_id)
            ).all()
        changes: dict[int, list[int]] = {row.id: [] for row in rows}
        for one in told:
            changes[one.digest_id].append(one.change_id)
        return [
            DigestRecord(
                id=row.id,
                name=row.name,
                period=row.period,
                made_at=row.made_at,
                change_ids=tuple(changes[row.id]),
                subject=row.subject,
                document=row.document,
            )
            for row in rows
        ]

    # -- deliveries ---------------------------------------------------------------------------------------------------

    def take(self, now: datetime, *, limit: int | None = None) -> list[Delivery]:
        """Take what is due: ``ready``, and ``failed`` whose time has come, become ``sending``; oldest first.

        No two callers get the same delivery.
        """
        due = and_(delivery_table.c.state.in_(["ready", "failed"]), delivery_table.c.due_at <= now)
        chosen = (
            select(delivery_table.c.id)
            .where(due)
            .order_by(delivery_table.c.due_at, delivery_table.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return self._move(
            delivery_table.c.id.in_(chosen.scalar_subquery()),
            state="sending",
            tries=delivery_table.c.tries + 1,
            due_at=None,
            changed_at=now,
        )

    def sent(self, delivery_id: int, receipt: str, now: datetime) -> None:
        """Record that the other side took it. Raises UsageError for an unknown id."""
        self._settle(delivery_id, state="sent", receipt=storable(receipt), error=None, due_at=None, changed_at=now)

    def failed(self, delivery_id: int, why: str, now: datetime, retry_at: datetime | None) -> None:
        """Record that it was refused: to be tried again at a time, or never. Raises UsageError for an unknown id."""
        self._settle(delivery_id, state="failed", error=storable(why), due_at=retry_at, changed_at=now)

    def unknown(self, delivery_id: int, why: str, now: datetime) -> None:
        """Record that nobody saw the answer: it may have arrived. Raises UsageError for an unknown id."""
        self._settle(delivery_id, state="unknown", error=storable(why), due_at=None, changed_at=now)

    def retry(self, delivery_id: int, now: datetime) -> None:
        """Make a ``failed`` or ``unknown`` delivery ``ready`` again, because somebody decided so.

        Raises UsageError for one that is in any other state, or unknown.
        """
        stuck = and_(delivery_table.c.id == delivery_id, delivery_table.c.state.in_(["failed", "unknown"]))
        if not self._move(stuck, state="ready", due_at=now, changed_at=now):
            raise UsageError(f"delivery: there is no delivery {delivery_id} that failed or whose fate is unknown")

    def recover(self, now: datetime, *, stale_s: float = 0) -> list[Delivery]:
        """At start: turn what was ``sending`` for at least ``stale_s`` seconds into ``unknown``; gives those."""
        left = and_(
            delivery_table.c.state == "sending", delivery_table.c.changed_at <= now - timedelta(seconds=stale_s)
        )
        why = "the program ended while it was being sent; it may have arrived"
        return self._move(left, state="unknown", error=why, changed_at=now)

    def deliveries(self, digest_id: int) -> list[Delivery]:
        """Give the messages of one digest, in the order of recording."""
        return self._deliveries(delivery_table.c.digest_id == digest_id)

    def unsettled(self) -> list[Delivery]:
        """Give every delivery that is not ``sent``, oldest first: what the operator should know."""
        return self._deliveries(delivery_table.c.state != "sent")

    def _settle(self, delivery_id: int, **values: object) -> None:
        if not self._move(delivery_table.c.id == delivery_id, **values):
            raise UsageError(f"delivery: there is no delivery {delivery_id}")

    def _move(self, which: ColumnElement[bool], **values: object) -> list[Delivery]:
        """Change deliveries, and give them as they are then."""
        with self._database.write() as connection:
            moved = update(delivery_table).where(which).values(values).returning(delivery_table.c.id)
            ids = connection.scalars(moved).all()
            return _read(connection, delivery_table.c.id.in_(ids)) if ids else []

    def _deliveries(self, which: ColumnElement[bool]) -> list[Delivery]:
        with self._database.read() as connection:
            return _read(connection, which)


def _out(message: OutMessage, digest_id: int, made_at: datetime) -> dict[str, Any]:
    return {
        "digest_id": digest_id,
        "channel": message.channel,
        "recipient": message.recipient,
        "message_id": message.message_id,
        "payload": message.payload,
        "state": "ready",
        "tries": 0,
        "due_at": made_at,
        "changed_at": made_at,
    }


def _read(connection: Connection, which: ColumnElement[bool]) -> list[Delivery]:
    rows = connection.execute(
        select(delivery_table, digest_table.c.name, digest_table.c.period)
        .join(digest_table, digest_table.c.id == delivery_table.c.digest_id)
        .where(which)
        .order_by(delivery_table.c.id)
    )
    return [
        Delivery(
            id=row.id,
            digest_id=row.digest_id,
            digest=row.name,
            period=row.period,
            channel=row.channel,
            recipient=row.recipient,
            message_id=row.message_id,
            payload=row.payload,
            state=row.state,
            tries=row.tries,
            due_at=row.due_at,
            changed_at=row.changed_at,
            receipt=row.receipt,
            error=row.error,
        )
        for row in rows
    ]
