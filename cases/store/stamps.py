"""closed days ↔ the tokens that time-stamp authorities gave for them: kept beside the line of the day, and never changed."""

from datetime import datetime

from sqlalchemy import and_, select

from cases.custody import LogLine
from cases.model import Value
from cases.store.custody import line_of
from cases.store.database import Database, upserting
from cases.store.schema import custody_log, custody_timestamp


class Stamp(Value, frozen=True, kw_only=True):
    """The token of one authority for one closed day."""

    day: LogLine
    authority: str
    """Address that was asked."""
    token: bytes
    """Its whole answer, in DER."""
    at: datetime
    """The time that the token states."""


class Stamps:
    """The time-stamps of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def missing(self, authority: str) -> list[LogLine]:
        """Give the lines of closed days for which an authority has given no token yet, oldest first."""
        given = and_(custody_timestamp.c.position == custody_log.c.position, custody_timestamp.c.authority == authority)
        wanted = (
            select(custody_log)
            .outerjoin(custody_timestamp, given)
            .where(custody_log.c.act == "day_closed", custody_timestamp.c.position.is_(None))
            .order_by(custody_log.c.position)
        )
        with self._database.read() as connection:
            return [line_of(row) for row in connection.execute(wanted)]

    def put(self, position: int, authority: str, token: bytes, at: datetime) -> None:
        """Keep a token; the first of an authority for a day stays."""
        row = {"position": position, "authority": authority, "token": token, "at": at}
        with self._database.write() as connection:
            connection.execute(upserting(connection, custody_timestamp).values(row).on_conflict_do_nothing())

    def all(self) -> list[Stamp]:
        """Give every token with the line of its day, in the order of the days."""
        wanted = (
            select(
                custody_log,
                custody_timestamp.c.authority,
                custody_timestamp.c.token,
                custody_timestamp.c.at.label("told_at"),
            )
            .join(custody_timestamp, custody_timestamp.c.position == custody_log.c.position)
            .order_by(custody_log.c.position, custody_timestamp.c.authority)
        )
        with self._database.read() as connection:
            return [
                Stamp(day=line_of(row), authority=row.authority, token=bytes(row.token), at=row.told_at)
                for row in connection.execute(wanted)
            ]
