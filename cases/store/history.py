"""schema as found → schema as written: Alembic's history, run by the program itself and never from a shell."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from cases.errors import StoreError
from cases.store.database import Database
from cases.store.files import index_anew
from cases.store.schema import SCHEMA_REVISION, metadata

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"
_KEYED_ANEW = "0007"
"""Revision since which cases are kept under all keys by which they are looked for and ranked."""
_LOCK = 0x52574D49
"""Key of the advisory lock under which one process at a time migrates on PostgreSQL."""


def found_revision(database: Database) -> str | None:
    """Give the revision of the schema as it is; ``None`` for an empty store.

    Raises StoreError when the store is not one of Returnwatch.
    """
    with database.read() as connection:
        return _revision(connection, database)


def bring_up_to_date(database: Database) -> None:
    """Run the migrations that are missing, all in one transaction; does nothing when there are none.

    Raises StoreError when the store is not one of Returnwatch, or was written by a newer one.
    """
    if found_revision(database) == SCHEMA_REVISION:
        return
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        revision = _revision(connection, database)
        if revision != SCHEMA_REVISION:
            _migrate(connection, database, revision)


def require_current(database: Database) -> None:
    """Raise StoreError unless the schema is the one that this program writes."""
    revision = found_revision(database)
    if revision == SCHEMA_REVISION:
        return
    if revision is not None and revision not in _known_revisions():
        raise _too_new(database, revision)
    raise StoreError(
        f"store: {database.name} has schema {revision or 'none'}, this program needs {SCHEMA_REVISION}: "
        "run 'returnwatch db upgrade'"
    )


def _revision(connection: Connection, database: Database) -> str | None:
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" in tables:
        return connection.execute(text("select version_num from alembic_version")).scalar()
    if tables & set(metadata.tables) or (tables and database.is_sqlite):
        raise StoreError(
            f"store: {database.name} holds tables of another program ({', '.join(sorted(tables)[:3])} …), "
            "not a store of Returnwatch; name another file or database"
        )
    return None


def _migrate(connection: Connection, database: Database, revision: str | None) -> None:
    from alembic import command  # noqa: PLC0415 - Alembic is slow to load, and only an upgrade needs it

    if revision is not None and revision not in _known_revisions():
        raise _too_new(database, revision)
    command.upgrade(configuration(connection), "head")
    if revision is not None and revision < _KEYED_ANEW:
        index_anew(connection)


def _known_revisions() -> set[str]:
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - as above

    return {script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()}


def configuration(connection: Connection) -> "Config":
    """Alembic's configuration for the store behind a connection, without any file."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _too_new(database: Database, revision: str) -> StoreError:
    return StoreError(
        f"store: {database.name} was written by a newer Returnwatch (schema {revision}; "
        f"this program knows up to {SCHEMA_REVISION}): upgrade the program"
    )
