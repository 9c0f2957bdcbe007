"""store → what is wrong with it as a database: damage, parts that are missing, moments that lie ahead. Reads, and changes nothing."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, func, inspect, select

from cases.errors import StoreError
from cases.store.columns import UtcDateTime
from cases.store.database import Database
from cases.store.history import found_revision
from cases.store.schema import metadata

_MOST_LINES = 20
_MAY_LIE_AHEAD = frozenset(
    {"source.next_due", "source.lease_until", "case_file.embargo_until", "delivery.due_at", "article.published"}
)
"""Columns that speak of the future on purpose, or in which sites say what they like."""


class Inspection:
    """Looks at the database below a store, not at what the store holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def revision(self) -> str | None:
        """Give the revision of the schema as it is now. Raises StoreError when the store does not answer."""
        return found_revision(self._database)

    def damage(self) -> list[str]:
        """Say what SQLite finds wrong with its file, and rows that point to nothing; PostgreSQL looks after itself.

        Reads the whole file: about a second for each gigabyte on a local disk.
        """
        if not self._database.is_sqlite:
            return []
        try:
            return self._found_by_sqlite()
        except StoreError as fault:  # so damaged that it cannot even be looked through
            return [str(fault)]

    def _found_by_sqlite(self) -> list[str]:
        with self._database.read() as connection:
            found = connection.exec_driver_sql(f"pragma quick_check({_MOST_LINES})").scalars().all()
            lines = [str(line) for line in found if line != "ok"]
            if not lines:
                orphans = connection.exec_driver_sql("pragma foreign_key_check").fetchmany(_MOST_LINES)
                lines = [f"row {row[1]} of {row[0]} points to a row of {row[2]} that is not there" for row in orphans]
        return lines

    def missing(self) -> list[str]:
        """Name the tables, columns and indexes that the schema has and the database has not."""
        with self._database.read() as connection:
            return list(_missing(connection))

    def ahead_of(self, now: datetime) -> dict[str, datetime]:
        """Give the columns whose newest moment lies after ``now``, with that moment: the clock was wrong then, or is now."""
        newest = {
            f"{table.name}.{column.name}": select(func.max(column))
            for table in metadata.sorted_tables
            for column in table.columns
            if isinstance(column.type, UtcDateTime) and f"{table.name}.{column.name}" not in _MAY_LIE_AHEAD
        }
        with self._database.read() as connection:
            found = {name: connection.scalar(wanted) for name, wanted in newest.items()}
        return {name: moment for name, moment in found.items() if moment is not None and moment > now}


def _missing(connection: Connection) -> Iterator[str]:
    found = inspect(connection)
    tables = set(found.get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in tables:
            yield f"table {table.name}"
            continue
        columns = {column["name"] for column in found.get_columns(table.name)}
        yield from (f"column {table.name}.{column.name}" for column in table.columns if column.name not in columns)
        indexes = {index["name"] for index in found.get_indexes(table.name)}
        yield from sorted(f"index {index.name}" for index in table.indexes if index.name not in indexes)
