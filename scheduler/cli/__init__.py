"""The command line: ``returnwatch COMMAND``.

Each module holds a family of commands and imports what a command needs only when it runs, so that ``--help`` answers at
once. Exit status: 0 done, 1 failed, 2 wrong use.
"""

import os
import sys
from pathlib import Path

import click

from cases.errors import UsageError, WatchError
from scheduler import logs
from scheduler.cli import (
    alerts,
    articles,
    backup,
    cases,
    channels,
    crawl,
    deliveries,
    demo,
    digest,
    doctor,
    evaluate,
    evidence,
    prune,
    read,
    rejudge,
    serve,
    sources,
    status,
    store,
)
from scheduler.cli.output import say

DONE, FAILED, WRONG_USE = 0, 1, 2


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--config",
    "config",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="RETURNWATCH_CONFIG",
    help="Folder of the configuration. Without it: $RETURNWATCH_CONFIG, ./config, then what was installed.",
)
@click.option("-v", "--verbose", is_flag=True, help="Tell on standard error what happens.")
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    help="How the log is written: a line of words, or one JSON object a line. Default: as configured for serve, else text.",
)
@click.version_option(package_name="returnwatch", message="%(prog)s %(version)s")
@click.pass_context
def commands(context: click.Context, config: Path | None, *, verbose: bool, log_format: str | None) -> None:
    """Watch the news for reports of forced return, and make cases of them.

    To see it at work, offline:  returnwatch demo

    To watch for real:  returnwatch crawl,  returnwatch digest,  then  returnwatch serve.
    """
    context.obj = config
    logs.set_up("json" if log_format == "json" else "text", verbose=verbose)


for family in (
    demo,
    crawl,
    read,
    rejudge,
    evaluate,
    digest,
    deliveries,
    channels,
    alerts,
    serve,
    status,
    doctor,
    sources,
    articles,
    cases,
    evidence,
    store,
    backup,
    prune,
):
    for command in family.COMMANDS:
        commands.add_command(command)


def main() -> None:
    """Run the command line and end the process: what can be explained is told in one sentence, without a traceback."""
    os.umask(0o077)  # whatever is written may hold people's names: it is its owner's alone
    try:
        commands(prog_name="returnwatch")
    except UsageError as error:
        say(f"Error: {error}", err=True)
        sys.exit(WRONG_USE)
    except WatchError as error:
        say(f"Error: {error}", err=True)
        sys.exit(FAILED)
