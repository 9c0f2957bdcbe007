"""processes → signs of life, and the one service: who works on this store, since when, and who may send.

A sign carries the time of its own host's clock. Whether somebody has fallen silent is for the reader to judge by its own clock.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, select, text
from sqlalchemy.exc import SQLAlchemyError

from cases.errors import StoreError
from cases.model import Value
from cases.store.database import Database, upserting
from cases.store.schema import heartbeat

Role = Literal["service", "worker", "command"]

_ALONE = 0x52574F4E
"""Key of the advisory lock that the one service holds on PostgreSQL for as long as it runs."""


class Heartbeat(Value, frozen=True, kw_only=True):
    """A process that has shown that it lives."""

    who: str
    pid: int
    at: datetime
    role: Role = "service"
    """``command``: a person's one-off work, in place."""
    slots: int | None = None
    """Sites that it crawls at the same time, at most."""
    busy: int | None = None
    """Sources that it was visiting when it gave the sign."""
    started_at: datetime | None = None
    folder: str | None = None
    """Mark of its folder of captures: two that write into one folder have one mark."""


class Presence:
    """The signs of life in a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def beat(self, sign: Heartbeat) -> None:
        """Say that a process works on this store; the sign replaces its earlier one."""
        row = {name: getattr(sign, name) for name in sign.__struct_fields__}
        with self._database.write() as connection:
            connection.execute(
                upserting(connection, heartbeat).values(row).on_conflict_do_update(index_elements=["who"], set_=row)
            )

    def farewell(self, who: str) -> None:
        """Say that a process has ended: its sign is forgotten."""
        with self._database.write() as connection:
            connection.execute(delete(heartbeat).where(heartbeat.c.who == who))

    def signs(self) -> list[Heartbeat]:
        """Give the last sign of everybody who has not said farewell, by name; the dead are among them."""
        with self._database.read() as connection:
            rows = connection.execute(select(heartbeat).order_by(heartbeat.c.who)).all()
        return [Heartbeat(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping

    def alive(self, now: datetime, within_s: float, *roles: Role) -> list[Heartbeat]:
        """Give those whose sign is at most ``within_s`` seconds old, the latest first; of these roles, where any is named."""
        since = now - timedelta(seconds=within_s)
        found = [one for one in self.signs() if one.at >= since and (not roles or one.role in roles)]
        return sorted(found, key=lambda one: (one.at, one.who), reverse=True)

    @contextmanager
    def alone(self) -> Iterator[Callable[[], bool]]:
        """Be the only service on this store while the block lasts; gives what tells whether that still holds.

        On PostgreSQL by a lock of a connection of its own: it is gone once the server has lost that connection, which may be
        before this process notices. Ask before anything that must not be done twice. SQLite serves one machine, and there a lock
        on a file does this. Raises StoreError while another is the one.
        """
        if self._database.is_sqlite:
            yield lambda: True
            return
        own = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            if not own.scalar(text("select pg_try_advisory_lock(:key)"), {"key": _ALONE}):
                raise self._occupied()
            try:
                yield lambda: _holds(own)
            finally:
                with suppress(SQLAlchemyError):  # a server that has lost the connection has given the lock free
                    own.execute(text("select pg_advisory_unlock(:key)"), {"key": _ALONE})
        finally:
            own.invalidate()  # the lock is the session's: it must end, not go back among the connections to be lent
            own.close()

    def _occupied(self) -> StoreError:
        names = ", ".join(one.who for one in self.signs() if one.role == "service") or "its name is not known yet"
        return StoreError(
            f"store: {self._database.name}: another service works on it already ({names}); "
            "stop that one first, or run 'returnwatch worker' here to crawl beside it"
        )


def _holds(connection: Connection) -> bool:
    held = text("select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and granted")
    try:
        return bool(connection.scalar(held))
    except SQLAlchemyError:
        return False
