"""``returnwatch serve``: the background service."""

import asyncio
import logging
from pathlib import Path

import click


@click.command()
@click.pass_obj
def serve(config: Path | None) -> None:
    """Run the background service.

    Crawls sources and sends digests when they are due.     Stops in order on SIGTERM or Ctrl-C. One-off crawls asked for meanwhile are done by it.
    """
    from scheduler.assembly import open_watch
    from scheduler.service import serve as run_service

    logging.getLogger("scheduler").setLevel(logging.INFO)
    with open_watch(config) as watch:
        asyncio.run(run_service(watch))


COMMANDS = (serve,)
