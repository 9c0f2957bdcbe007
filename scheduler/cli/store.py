"""``returnwatch db``: the schema of the store, and moving it to another engine."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from cases.errors import StoreError, UsageError
from scheduler.cli.options import as_json
from scheduler.cli.output import print_json, print_table, say


@click.group()
def db() -> None:
    """Look after the store: its schema, and where it lies."""


@db.command("upgrade")
@click.pass_obj
def upgrade_store(config: Path | None) -> None:
    """Bring the schema up to date, or make a new store. Nothing is lost; SQLite stores do this by themselves."""
    from cases.store import open_store, upgrade
    from scheduler.settings import config_folder, load_settings

    url = load_settings(config_folder(config)).store.url
    upgrade(url)
    with open_store(url, migrate=False) as store:
        say(f"{store.name} is up to date")


@db.command("copy")
@click.option(
    "--to", "target", metavar="URL", required=True, help="Address of the store to fill: a database with nothing in it."
)
@as_json
@click.pass_obj
def copy(config: Path | None, target: str, *, as_json: bool) -> None:
    """Copy the store to another, from SQLite to PostgreSQL or back.

    All or nothing, and proved: afterwards every table has the same rows on both sides. Stop the service first. Captures stay where
    they are. A password has no place on a command line: PostgreSQL takes it from the file named by PGPASSFILE.
    """
    from cases.store import refill
    from cases.store.database import exists, shown
    from scheduler.lock import alone
    from scheduler.settings import config_folder, load_settings

    settings = load_settings(config_folder(config))
    if "@" in target and ":" in target.partition("://")[2].partition("@")[0]:
        raise UsageError(
            "everybody on this machine can read a command line: leave the password out, and name PGPASSFILE"
        )
    if not exists(settings.store.url):
        raise StoreError(f"store: there is none at {shown(settings.store.url)} to be copied")
    with alone(settings.store.captures), _moving_line(shown=not as_json and sys.stderr.isatty()) as on_progress:
        tables = refill(settings.store.url, target, on_progress=on_progress)
    if as_json:
        print_json(tables)
        return
    print_table(
        None,
        ("table", "rows", "digest on both sides"),
        ((name, one.rows, one.digest[:16]) for name, one in tables.items()),
    )
    say("Everything is there. To work with it, write into returnwatch.toml:")
    say(f'[store]\nurl = "{target}"')


@contextmanager
def _moving_line(*, shown: bool) -> Iterator[Callable[[str, int], None] | None]:
    """Give what is told how far a copy is: a moving line on standard error, or nothing where nobody looks."""
    if not shown:
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("copying") as status:
        yield lambda table, rows: status.update(f"copying {table}: {rows:,} rows")


COMMANDS = (db,)
