"""store → figures: how much there is of everything, for monitors. Counts, sizes and times; never what anything says."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Select, func, select, text

from cases.model import Value
from cases.store.database import Database
from cases.store.schema import article, capture_file, case_file, delivery, digest, quarantine

V = TypeVar("V")


class StoreFigures(Value, frozen=True, kw_only=True):
    """What a store holds at one moment."""

    articles: int
    near_misses: int
    cases: Mapping[str, int]
    """By status."""
    in_quarantine: int
    captures: int
    """Closed files of captures."""
    captures_bytes: int
    database_bytes: int
    deliveries: Mapping[str, int]
    """By state."""
    oldest_delivery: Mapping[str, datetime]
    """When the message that is longest in that state came into it; states that end are left out."""
    last_digest: Mapping[str, datetime]
    """When each digest was made last, by its name."""


class Figures:
    """Counts what a store holds; a few milliseconds for ten thousand articles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def now(self) -> StoreFigures:
        """Count everything at one moment."""
        with self._database.read() as connection:
            waiting = delivery.c.state.not_in(["sent", "dropped"])
            captures, captures_bytes = connection.execute(
                select(func.count(), func.coalesce(func.sum(capture_file.c.bytes), 0)).select_from(capture_file)
            ).one()
            return StoreFigures(
                articles=_count(connection, select(func.count()).select_from(article)),
                near_misses=_count(connection, select(func.count()).where(article.c.near_miss)),
                cases=_by_key(connection, select(case_file.c.status, func.count()).group_by(case_file.c.status)),
                in_quarantine=_count(connection, select(func.count()).select_from(quarantine)),
                captures=captures,
                captures_bytes=int(captures_bytes),
                database_bytes=self._bytes(connection),
                deliveries=_by_key(connection, select(delivery.c.state, func.count()).group_by(delivery.c.state)),
                oldest_delivery=_by_key(
                    connection,
                    select(delivery.c.state, func.min(delivery.c.changed_at)).where(waiting).group_by(delivery.c.state),
                ),
                last_digest=_by_key(
                    connection, select(digest.c.name, func.max(digest.c.made_at)).group_by(digest.c.name)
                ),
            )

    def _bytes(self, connection: Connection) -> int:
        if not self._database.is_sqlite:
            return int(connection.scalar(text("select pg_database_size(current_database())")) or 0)
        file = Path(str(self._database.engine.url.database))
        parts = (file, file.with_name(f"{file.name}-wal"))
        return sum(part.stat().st_size for part in parts if part.exists())


def _count(connection: Connection, wanted: Select[int]) -> int:
    return int(connection.scalar(wanted) or 0)


def _by_key(connection: Connection, wanted: Select[str, V]) -> dict[str, V]:
    return dict(connection.execute(wanted).all())
