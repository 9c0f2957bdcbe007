"""``returnwatch cases purge``: what is known of a person is taken out of store and captures, and a line says that it was."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cases.errors import UsageError
from scheduler.cli.output import say
from scheduler.cli.rulings import user

if TYPE_CHECKING:
    from cases.store import PurgePlan
    from scheduler.assembly import Watch


@click.command("purge")
@click.argument("number", required=False)
@click.argument("fields", metavar="[FIELD]...", nargs=-1)
@click.option(
    "--line", type=click.IntRange(min=1), help="Instead of a case: the line of the log whose detail is to go."
)
@click.option("--keep-captures", is_flag=True, help="Leave the captured pages as they are, with what they hold.")
@click.option("--yes", is_flag=True, help="Do not ask. It cannot be undone.")
@click.option("--by", metavar="NAME", default=user, show_default="your user name", help="Who decides this.")
@click.option(
    "--why",
    "--reason",
    "why",
    metavar="TEXT",
    required=True,
    help="Why; it stands in the log, so leave out what must go.",
)
@click.pass_obj
def purge(
    config: Path | None,
    number: str | None,
    fields: tuple[str, ...],
    *,
    line: int | None,
    keep_captures: bool,
    yes: bool,
    by: str,
    why: str,
) -> None:
    """Take what is known of a person out of a case, and out of all that tells it, for good.

    FIELD is victims[0].name, .age, .pregnant or .relation; informants[0].name or .relation; collateral[0].person, .age or .charge;
    or all of a person, such as informants[0]. It goes from case, revisions, reports, texts, digests and lines of the log; records
    of captures that hold it become tombstones with their old digests. Backups and what was sent are not reached.
    """
    from scheduler.assembly import open_watch, present

    if (line is None) == (number is None) or (number is not None and not fields):
        raise UsageError("name a case and the fields that are to go, or a line of the log with --line")
    with open_watch(config) as watch:
        if line is not None:
            _purge_line(watch, line, by=by, why=why, at=present(), asks=not yes)
        else:
            _purge_case(
                watch, number or "", fields, keep_captures=keep_captures, by=by, why=why, at=present(), asks=not yes
            )


def _purge_line(watch: "Watch", line: int, *, by: str, why: str, at: datetime, asks: bool) -> None:
    from cases.store import By

    if asks:
        click.confirm(f"What line {line} says goes for good. Go on?", abort=True)
    watch.store.custody.purge(line, By(actor=by, at=at, reason=why))
    say(f"line {line} says nothing any more; its digest stays, and so does the chain")


def _purge_case(
    watch: "Watch",
    number: str,
    fields: tuple[str, ...],
    *,
    keep_captures: bool,
    by: str,
    why: str,
    at: datetime,
    asks: bool,
) -> None:
    from cases.purging import holds_name
    from cases.store import By
    from digests.words import counted
    from scheduler.purging import plan
    from scheduler.purging import purge as carry_out

    planned = plan(watch, number, fields)
    if holds_name(planned.purge)(why):
        raise UsageError("--why holds what is to go; say it otherwise")
    say(f"{planned.case.number}: {', '.join(planned.purge.kinds)} in {counted(len(planned.urls), 'article')}")
    if asks:
        click.confirm("It goes for good from store and captures. Go on?", abort=True)
    line = carry_out(watch, planned, By(actor=by, at=at, reason=why), keep_captures=keep_captures)
    detail = line.detail or {}
    say(f"purged; line {line.position} of the log says so. Records that are tombstones now: {len(detail['records'])}")
    _say_what_is_left(planned, keep_captures=keep_captures)


def _say_what_is_left(planned: "PurgePlan", *, keep_captures: bool) -> None:
    """Say where it may still stand."""
    if keep_captures:
        say(f"Still in captures of {', '.join(planned.sources)}: the pages as they were published.")
    say(
        "Not reached: backups that were made before, exports and messages that left, and the addresses of the articles:"
    )
    for url in planned.urls:
        say(f"  {url}")
