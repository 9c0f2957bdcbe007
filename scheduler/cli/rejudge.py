"""``returnwatch rejudge``: stored articles under today's rules."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli.options import DAY, as_json
from scheduler.cli.output import print_json, print_table

if TYPE_CHECKING:
    from scheduler.rejudging import Rejudged


@click.command()
@click.option("--since", type=DAY, help="Only articles published from this day on (YYYY-MM-DD).")
@click.option("--source", metavar="NAME", help="Only articles of this source.")
@as_json
@click.pass_obj
def rejudge(config: Path | None, since: datetime | None, source: str | None, *, as_json: bool) -> None:
    """Judge stored articles again, after the rules or their thresholds have changed.

    From the text as it was kept; no site is asked. What is found this way is never told as new. Cases that are told otherwise than
    before are corrected in the next digest. What people decided stays. May be broken off and begun again at any time.
    """
    from crawler.sources import source_named
    from scheduler.assembly import open_watch, present
    from scheduler.rejudging import rejudge as judge_again

    with open_watch(config) as watch:
        name = source_named(watch.sources, source).name if source else None
        with _bar(shown=not as_json and sys.stderr.isatty()) as on_progress:
            came = asyncio.run(judge_again(watch, now=present, since=since, source=name, on_progress=on_progress))
    if as_json:
        print_json(came)
        return
    print_table(None, ("articles judged again", ""), _told(came))


def _told(came: "Rejudged") -> Iterator[tuple[str, object]]:
    yield "in all", came.done
    yield "judged otherwise", came.changed
    yield "reports now, that were none", came.reports_gained
    yield "no reports any more", came.reports_lost
    yield "cases opened (told as new nowhere)", came.cases_new
    yield "cases changed", came.cases_changed
    if came.left_to_people:
        yield "left as they are: people ruled on their case", came.left_to_people
    if came.failed:
        yield "could not be judged", came.failed


@contextmanager
def _bar(*, shown: bool) -> Iterator["Callable[[Rejudged], None] | None"]:
    """Give what is told how far it is: a bar on standard error, or nothing where nobody looks."""
    if not shown:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("judging", total=None)
        yield lambda came: bars.update(task, completed=came.done, total=came.total)


COMMANDS = (rejudge,)
