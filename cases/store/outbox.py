"""digest → outbox: recorded with the exact bytes of its messages before anything is sent, and never told twice.

What becomes of the messages is told in ``cases.store.deliveries``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, insert, or_, select
from sqlalchemy.exc import IntegrityError

from cases.errors import AlreadyRecorded
from cases.model import Value
from cases.store.columns import storable
from cases.store.database import Database
from cases.store.files import load_cases
from cases.store.register import LIVE, CaseChange
from cases.store.schema import case_change, case_file, digest_change
from cases.store.schema import delivery as delivery_table
from cases.store.schema import digest as digest_table


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
    token: str = ""
    """Random mark that names this message to outsiders: in the address that bounces go to, and in the link that unsubscribes."""
    urgent: bool = False
    """Better told twice than not at all: it is sent again when nobody can tell whether it arrived."""
    not_before: datetime | None = None
    """When it may be sent, such as the end of its recipient's quiet hours; ``None`` for at once."""


class Outbox:
    """The digests of a store, and the messages that are recorded with them."""

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
            return read_changes(connection, wanted)

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
                insert(delivery_table), [outgoing(message, digest_id, digest.made_at) for message in messages]
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


def read_changes(connection: Connection, wanted: Select[Any]) -> list[CaseChange]:
    """Read steps of the register with their cases as these stand now."""
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


def outgoing(message: OutMessage, digest_id: int, made_at: datetime) -> dict[str, Any]:
    """Give the row of a message that has not been sent."""
    return {
        "digest_id": digest_id,
        "channel": message.channel,
        "recipient": message.recipient,
        "message_id": message.message_id,
        "token": message.token or None,
        "urgent": message.urgent,
        "payload": message.payload,
        "state": "ready",
        "tries": 0,
        "due_at": message.not_before or made_at,
        "changed_at": made_at,
    }
