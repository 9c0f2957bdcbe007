"""addresses that are not written to: who wants no mail any more, and whose mailbox does not exist.

A row says since when and why, and stays when it is lifted. Addresses are compared without regard to case.
"""

from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from cases.model import Value
from cases.store.columns import storable
from cases.store.database import Database
from cases.store.schema import suppression

SuppressionReason = Literal["unsubscribed", "bounced", "decided"]


class Suppression(Value, frozen=True, kw_only=True):
    """One address that gets one digest, or anything at all, no longer."""

    id: int
    channel: str
    recipient: str
    digest: str | None
    """Name of the digest; ``None`` for all of them."""
    reason: SuppressionReason
    detail: str
    """In the words of whoever refused, or of the person who decided."""
    at: datetime
    lifted_at: datetime | None = None


class Suppressions:
    """The addresses of a store that are not written to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def suppress(
        self,
        recipient: str,
        *,
        digest: str | None,
        reason: SuppressionReason,
        detail: str,
        now: datetime,
        channel: str = "email",
    ) -> bool:
        """Write to an address no longer; tells whether that is news. Saying it twice changes nothing."""
        with self._database.write() as connection:
            if _find(connection, channel, recipient, digest):
                return False
            row = {
                "channel": channel,
                "recipient": recipient.lower(),
                "digest_name": digest,
                "reason": reason,
                "detail": storable(detail),
                "at": now,
            }
            connection.execute(insert(suppression).values(row))
            return True

    def find(self, recipient: str, *, digest: str, channel: str = "email") -> Suppression | None:
        """Say why an address is not written to, if it is not."""
        with self._database.read() as connection:
            return _find(connection, channel, recipient, digest)

    def lift(self, recipient: str, *, digest: str | None, now: datetime, channel: str = "email") -> list[Suppression]:
        """Write to an address again: for one digest what holds for that one alone, without one everything; gives what was lifted."""
        of_digest = [suppression.c.digest_name == digest] if digest is not None else []
        with self._database.write() as connection:
            lifted = (
                update(suppression)
                .where(*_stands(channel, recipient), *of_digest)
                .values(lifted_at=now)
                .returning(suppression.c.id)
            )
            ids = connection.scalars(lifted).all()
            return _read(connection, suppression.c.id.in_(ids)) if ids else []

    def standing(self) -> list[Suppression]:
        """Give everything that holds now, oldest first."""
        with self._database.read() as connection:
            return _read(connection, suppression.c.lifted_at.is_(None))


def _stands(channel: str, recipient: str) -> tuple[ColumnElement[bool], ...]:
    return (
        suppression.c.channel == channel,
        suppression.c.recipient == recipient.lower(),
        suppression.c.lifted_at.is_(None),
    )


def _find(connection: Connection, channel: str, recipient: str, digest: str | None) -> Suppression | None:
    for_all = suppression.c.digest_name.is_(None)
    covers = for_all if digest is None else or_(for_all, suppression.c.digest_name == digest)
    return next(iter(_read(connection, *_stands(channel, recipient), covers)), None)


def _read(connection: Connection, *which: ColumnElement[bool]) -> list[Suppression]:
    rows = connection.execute(select(suppression).where(*which).order_by(suppression.c.id))
    return [
        Suppression(
            id=row.id,
            channel=row.channel,
            recipient=row.recipient,
            digest=row.digest_name,
            reason=row.reason,
            detail=row.detail,
            at=row.at,
            lifted_at=row.lifted_at,
        )
        for row in rows
    ]
