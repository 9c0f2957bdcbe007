"""``returnwatch serve`` and ``worker``: the background service, and what helps it."""

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler import logs

if TYPE_CHECKING:
    from scheduler.assembly import Watch

SLOTS = "Sites that are crawled at the same time here, instead of service.crawls_at_once."


@click.command()
@click.option("--slots", type=click.IntRange(0, 64), help=f"{SLOTS} 0 leaves the crawls to workers.")
@click.pass_obj
def serve(config: Path | None, slots: int | None) -> None:
    """Run the background service.

    Crawls sources and sends digests when they are due, and does the one-off crawls that are asked for meanwhile. Stops in order
    on SIGTERM or Ctrl-C.
    """
    from scheduler.assembly import open_watch
    from scheduler.service import serve as run_service

    with open_watch(config) as watch:
        _log_as_configured(watch)
        asyncio.run(run_service(watch, slots))


@click.command()
@click.option("--slots", type=click.IntRange(1, 64), help=SLOTS)
@click.pass_obj
def worker(config: Path | None, slots: int | None) -> None:
    """Crawl beside the service, on this host or another.

    Any number of workers share what is due, on one store on PostgreSQL and one folder of captures. One that dies is replaced by the
    others: at once on its own host, within a minute elsewhere. Stops in order on SIGTERM or Ctrl-C.
    """
    from scheduler.assembly import open_watch
    from scheduler.worker import work

    with open_watch(config) as watch:
        _log_as_configured(watch)
        asyncio.run(work(watch, slots))


def _log_as_configured(watch: "Watch") -> None:
    """Log what happens in the configured style, without the secrets of the configuration."""
    from scheduler.secrets import secrets_of

    asked = click.get_current_context().find_root().params.get("log_format")
    logs.set_up(asked or watch.settings.service.log_format, verbose=False)
    logs.hide(secrets_of(watch.settings))
    logging.getLogger("scheduler").setLevel(logging.INFO)


COMMANDS = (serve, worker)
