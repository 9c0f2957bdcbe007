"""``returnwatch db``: the schema of the store."""

from pathlib import Path

import click

from scheduler.cli.output import say


@click.group()
def db() -> None:
    """Look after the store's schema."""


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


COMMANDS = (db,)
