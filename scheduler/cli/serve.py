"""``returnwatch serve``: the background service."""

import asyncio
import logging
from pathlib import Path

import click


@click.command()
@click.pass_obj
def serve(config: Path | None) -> None:
    """Run the background service.

    Crawls sources and sends digests when they are due, and does the one-off crawls that are asked for meanwhile. Stops in order
    on SIGTERM or Ctrl-C.
    """
    from scheduler.assembly import open_watch
    from scheduler.service import serve as run_service

    logging.getLogger("scheduler").setLevel(logging.INFO)
    with open_watch(config) as watch:
        asyncio.run(run_service(watch))


COMMANDS = (serve,)
