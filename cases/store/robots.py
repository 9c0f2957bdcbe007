"""robots.txt → kept as read: what a site asked of robots, when, and the evidence of it.

How old a copy may be, and what it allows, is for those to judge who visit the site.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select

from cases.model import Capture, Value
from cases.store.database import Database, in_batches, upserting
from cases.store.schema import robots


class RobotsCopy(Value, frozen=True, kw_only=True):
    """robots.txt of one site as it was answered; ``site`` is scheme, host and port."""

    site: str
    fetched_at: datetime
    status: int
    body: bytes
    """Decompressed."""
    capture: Capture | None = None
    """The record of the answer as it came."""


class RobotsShelf:
    """The copies of a store, the latest of each site."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def copies(self, sites: Collection[str]) -> dict[str, RobotsCopy]:
        """Give the copies of these sites, however old; sites without one are missing."""
        found: dict[str, RobotsCopy] = {}
        with self._database.read() as connection:
            for batch in in_batches(sites):
                for row in connection.execute(select(robots).where(robots.c.site.in_(batch))):
                    found[row.site] = RobotsCopy(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
        return found

    def keep(self, copy: RobotsCopy) -> None:
        """Put a copy in the place of the one before."""
        said = {
            "fetched_at": copy.fetched_at,
            "status": copy.status,
            "body": copy.body,
            "capture": copy.capture,
        }
        with self._database.write() as connection:
            row = upserting(connection, robots).values(site=copy.site, **said)
            connection.execute(row.on_conflict_do_update(index_elements=["site"], set_=said))

    def forget(self, site: str) -> None:
        """Give a copy up: its site no longer answers for it."""
        with self._database.write() as connection:
            connection.execute(delete(robots).where(robots.c.site == site))
