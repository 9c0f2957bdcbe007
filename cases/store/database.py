"""store URL → database: one engine for SQLite and PostgreSQL, opened privately, with errors a person can act on.

A transaction that writes starts with ``BEGIN IMMEDIATE`` on SQLite: a deferred one that later wants to write is refused
at once when another process writes, whatever the busy time-out (measured: 2,780 of 4,500 against 0 of 4,500).
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, StatementError

from cases.errors import StoreError

_PRAGMAS = (
    "journal_mode=wal",
    "synchronous=normal",
    "foreign_keys=on",
    "cache_size=-65536",
    "temp_store=memory",
)
BUSY_MS = 10_000
"""How long a transaction waits for another program's before it gives up."""
_DRIVERS = {"sqlite": "pysqlite", "postgresql": "psycopg"}
_WRITES = "returnwatch_writes"

T = TypeVar("T")


class Database:
    """The engine of one store. ``read`` and ``write`` give a connection inside one transaction; nothing else does.

    Errors of the driver leave as StoreError, with the address of the store but never a password.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine = engine
        self.name = name
        """Address as it may be shown: no password, no query."""

    @property
    def is_sqlite(self) -> bool:
        """Whether the store is one file on this machine."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent look; on SQLite it never waits for a writer."""
        with _explained(self), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def read_at_one_moment(self) -> Iterator[Connection]:
        """One look that stays the same however long it takes and whatever others write meanwhile."""
        with _explained(self), self.engine.connect() as plain:
            connection = plain if self.is_sqlite else plain.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it is kept, or nothing."""
        with _explained(self), self.engine.connect() as plain:
            connection = plain.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection

    def forget_deleted(self) -> None:
        """Let nothing that was overwritten linger in SQLite's log of writes; PostgreSQL does so when it next vacuums."""
        if self.is_sqlite:
            with _explained(self), self.engine.connect() as connection:
                connection.exec_driver_sql("pragma wal_checkpoint(truncate)")

    def close(self) -> None:
        """Give back every connection; further use opens new ones."""
        self.engine.dispose()


def upserting(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Give an INSERT that can say ``on_conflict_do_…`` on the engine at hand; both speak it alike."""
    return inserting(connection.dialect.name, table)


def inserting(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Give the same for an engine by its name, for a statement that is made once and kept."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def in_batches(items: Iterable[T], size: int = 500) -> Iterator[tuple[T, ...]]:
    """Cut into pieces that fit into the parameters of one statement."""
    everything = tuple(items)
    return (everything[start : start + size] for start in range(0, len(everything), size))


def connect(url: str) -> Database:
    """Make the engine for a store's address; on SQLite also its folder (0700) and file (0600), where they are missing.

    Raises StoreError for an address that cannot be a store and for a folder that cannot be written; a server is not
    asked yet.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        _make_private_file(address)
        engine = create_engine(address, json_serializer=_to_json, json_deserializer=msgspec.json.decode)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(
            address,
            json_serializer=_to_json,
            json_deserializer=msgspec.json.decode,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 10},
        )
    return Database(engine, shown(url))


def exists(url: str) -> bool:
    """Whether there is anything at a store's address: a file, or a server that will be asked. Makes nothing."""
    address = _address(url)
    return address.get_backend_name() != "sqlite" or Path(str(address.database)).exists()


def shown(url: str) -> str:
    """Give a store's address as it may be printed: without password and query."""
    try:
        address = make_url(url)
    except ArgumentError:
        return "<no address>"
    return address.set(query={}).render_as_string(hide_password=True)


def _address(url: str) -> URL:
    """Check scheme, driver and file; refuse what cannot be a store."""
    try:
        address = make_url(url)
    except ArgumentError as cause:
        raise StoreError(
            "store: the address is not of the form sqlite:///folder/file.db or postgresql+psycopg://user@host/name"
        ) from cause
    backend, _, driver = address.drivername.partition("+")
    if backend not in _DRIVERS or driver not in {"", _DRIVERS[backend]}:
        raise StoreError(
            f"store: {address.drivername!r} is not a kind of store that Returnwatch knows; "
            "write sqlite:///folder/file.db or postgresql+psycopg://user@host/name"
        )
    if backend == "sqlite" and (not address.database or address.database == ":memory:" or address.query):
        raise StoreError(
            f"store: {shown(url)} names no file; a store must outlive the program: sqlite:///folder/file.db"
        )
    return address.set(drivername=f"{backend}+{_DRIVERS[backend]}")


def _make_private_file(address: URL) -> None:
    """Make folder and file readable for their owner alone, before SQLite makes them readable for everybody."""
    file = Path(str(address.database)).absolute()
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as cause:
        raise StoreError(f"store: {file} cannot be opened for writing: {cause.strerror}") from cause


def _to_json(document: object) -> str:
    return msgspec.json.encode(document).decode()


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection, untyped
    connection.isolation_level = None
    for pragma in (f"busy_timeout={BUSY_MS}", *_PRAGMAS):
        connection.execute(f"pragma {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _explained(database: Database) -> Iterator[None]:
    """Turn the driver's errors into StoreError; the statement and its values stay out of the message."""
    try:
        yield
    except StatementError as cause:
        raise StoreError(f"store: {database.name}: {_reason(cause)}") from None


_SAYINGS: tuple[tuple[str, str], ...] = (
    ("file is not a database", "the file is not a database; is the address right?"),
    ("database is locked", "another program keeps writing to it"),
    ("readonly", "the file may not be written"),
    ("disk is full", "the disk is full"),
)


def _reason(error: StatementError) -> str:
    """Say why, in one line, without statement, values or connection string."""
    said = str(error.orig).strip().splitlines()
    first = said[0] if said else type(error.orig).__name__
    return next((saying for mark, saying in _SAYINGS if mark in first), first)
