"""store → the same store elsewhere: as it was at one moment, while others go on writing.

On SQLite ``VACUUM INTO`` writes one consistent file. Between engines every row is copied as it stands: JSON documents stay the
very documents, since nothing reads them on the way.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from sqlalchemy import Column, ColumnElement, Connection, MetaData, Table, func, insert, select, text, update

from cases.errors import StoreError
from cases.store.columns import BigId, Document, RawDocument
from cases.store.database import Database, connect
from cases.store.history import bring_up_to_date, require_current
from cases.store.proof import TableDigest, digest_of
from cases.store.schema import metadata

_ROWS_AT_ONCE = 500


def snapshot(database: Database, file: Path) -> None:
    """Write a store as it is now into a new SQLite file, readable for its owner alone. Raises StoreError."""
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        if database.is_sqlite:
            _vacuum_into(database, file)
            return
    except (OSError, sqlite3.Error) as cause:
        raise StoreError(f"store: {database.name} cannot be copied to {file}: {cause}") from cause
    target = connect(f"sqlite:///{file}")
    try:
        bring_up_to_date(target)
        copy_all(database, target)
    finally:
        target.close()


Progress = Callable[[str, int], None]
"""Is told of a table and how many of its rows are copied."""


def copy_all(source: Database, target: Database, *, on_progress: Progress | None = None) -> dict[str, TableDigest]:
    """Copy every row of a store into an empty one, on either engine; gives what both sides hold, table by table.

    The source is read as it is at one moment. Both must have the schema of this program. Raises StoreError when the target
    holds anything, or when a table that is read back differs by number or digest; then nothing is kept there.
    """
    require_current(source)
    require_current(target)
    with source.read_at_one_moment() as reader, target.write() as writer:
        if filled := [table.name for table in metadata.sorted_tables if writer.scalar(select(_rows(table)))]:
            raise StoreError(f"store: {target.name} is not empty ({', '.join(filled)}): nothing was copied")
        for table in metadata.sorted_tables:
            _copy(table, reader, writer, on_progress)
        copied = {table.name: digest_of(reader, _plain(table)) for table in metadata.sorted_tables}
        found = {table.name: digest_of(writer, _plain(table)) for table in metadata.sorted_tables}
        if found != copied:
            raise StoreError(
                f"store: {target.name} does not hold what {source.name} holds: {_differences(copied, found)}"
            )
        if not target.is_sqlite:
            _set_sequences(writer)
    return copied


def _vacuum_into(database: Database, file: Path) -> None:
    plain = database.engine.raw_connection()
    try:
        plain.cursor().execute("vacuum into ?", (str(file),))
    finally:
        plain.close()


def _copy(table: Table, reader: Connection, writer: Connection, on_progress: Progress | None) -> None:
    """Copy one table. A row that points to one of its own table is given that only when all rows are there."""
    plain = _plain(table)
    within = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    count, pointing = 0, []
    everything = select(plain).order_by(*plain.primary_key).execution_options(yield_per=_ROWS_AT_ONCE)
    rows = reader.execute(everything)
    for some in rows.mappings().partitions():
        values = [dict(row) for row in some]
        for value in values:
            later = {name: value[name] for name in within if value[name] is not None}
            if later:
                pointing.append(({key.name: value[key.name] for key in plain.primary_key}, later))
                value.update(dict.fromkeys(later))
        writer.execute(insert(plain), values)
        count += len(values)
        if on_progress is not None:
            on_progress(table.name, count)
    for key, later in pointing:
        writer.execute(update(plain).where(*(plain.c[name] == value for name, value in key.items())).values(later))


def _plain(table: Table) -> Table:
    """Give a table whose documents are JSON as it stands."""
    columns: Iterator[Column[object]] = (
        Column(one.name, RawDocument if isinstance(one.type, Document) else one.type, primary_key=one.primary_key)
        for one in table.columns
    )
    return Table(table.name, MetaData(), *columns)


def _rows(table: Table) -> ColumnElement[int]:
    return func.count(table.primary_key.columns[0])


def _set_sequences(connection: Connection) -> None:
    """Let PostgreSQL count on from the last number of each table."""
    for table in metadata.sorted_tables:
        for column in table.primary_key:
            if column.type is BigId and not column.foreign_keys:
                connection.execute(
                    text(
                        f"select setval(pg_get_serial_sequence('{table.name}', '{column.name}'), coalesce(max({column.name}), 0) + 1, false) "  # noqa: S608 - names of our own schema
                        f"from {table.name}"
                    )
                )


def _differences(copied: Mapping[str, TableDigest], found: Mapping[str, TableDigest]) -> str:
    return ", ".join(
        f"{name}: {found[name].rows} of {one.rows} rows" if found[name].rows != one.rows else f"{name}: other values"
        for name, one in copied.items()
        if found[name] != one
    )
