"""The bridge that Alembic runs for every command: it works on the connection that the program hands over."""

from alembic import context
from sqlalchemy import Connection

from cases.store.schema import metadata


def _owned(name: str | None, kind: str, _parents: object) -> bool:
    """Look only at tables of this schema: a PostgreSQL database may hold others."""
    return kind != "table" or name in metadata.tables


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_name=_owned,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    context.run_migrations()


_run(context.config.attributes["connection"])
