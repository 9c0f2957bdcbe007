"""``returnwatch crawl``: a one-off crawl now."""

import asyncio
import sys
from collections.abc import Container, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from cases.errors import SourceError, UsageError
from cases.ledger import NEUTRAL, SUCCESS, Run
from scheduler.cli.options import DAY, as_json
from scheduler.cli.output import print_json, print_table, say


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--since", type=DAY, help="Read back to this day (YYYY-MM-DD), however long ago, and ask for all of it again."
)
@as_json
@click.pass_obj
def crawl(config: Path | None, sources: Sequence[str], since: datetime | None, *, as_json: bool) -> None:
    """Crawl sources now.

    Those named, or all that are switched on. The running service does it, if there is one; else it is done here. Fails when a
    source could not be read.
    """
    from crawler.sources import source_named
    from scheduler.assembly import open_watch
    from scheduler.cli.progress import progress_of_crawls
    from scheduler.oneoff import crawl_now
    from scheduler.settings import SOURCES

    with open_watch(config) as watch:
        names = [source_named(watch.sources, name).name for name in sources] or [
            source.name for source in watch.sources.values() if source.enabled
        ]
        if not names:
            raise UsageError(
                f"no source is switched on in {watch.folder / SOURCES}: no file there, or enabled = false in each"
            )
        with progress_of_crawls(shown=not as_json and sys.stderr.isatty()) as on_progress:
            on_end = (lambda run: print_json(promised(run), lines=True)) if as_json else None
            runs = asyncio.run(crawl_now(watch, names, since=since, on_progress=on_progress, on_end=on_end))
        watched = watch.settings.watch.tags
        whole = {one.name for one in watch.sources.values() if not (one.tags if one.tags is not None else watched)}
    if not as_json:
        print_runs(runs, whole)
    failed = [run for run in runs if run.outcome not in SUCCESS | NEUTRAL]
    if failed:
        raise SourceError("; ".join(f"{run.source}: {run.detail or run.outcome}" for run in failed))


def promised(run: Run) -> dict[str, Any]:
    """Give a run as ``crawl --json`` promises it."""
    return {
        "source": run.source,
        "outcome": run.outcome,
        "detail": run.detail,
        "wall": run.wall,
        "moved_to": run.moved_to,
        "not_before": run.not_before,
        "reader": run.reader,
        "fell_back_from": run.fell_back_from,
        "requests": run.requests,
        "entries": run.entries,
        "repeats": run.repeats,
        "articles": run.articles,
        "reports": run.reports,
        "cases_new": run.cases_new,
        "cases_updated": run.cases_updated,
        "set_aside": run.set_aside,
        "labels": run.labels,
        "judged": run.judged,
        "warnings": run.warnings,
    }


def print_runs(runs: Sequence[Run], whole: Container[str] = ()) -> None:
    """Print what each visit gave, and why entries were set aside; ``whole`` are the sources of which every article is read."""
    from digests.words import ended

    print_table(
        None,
        ("source", "outcome", "entries", "judged", "reports", "new cases", "updated"),
        (
            (
                run.source,
                ended(run),
                run.entries,
                run.articles,
                run.reports,
                run.cases_new,
                run.cases_updated,
            )
            for run in runs
        ),
    )
    for run in runs:
        for remark in remarks(run, is_whole=run.source in whole):
            say(f"{run.source}: {remark}")


def remarks(run: Run, *, is_whole: bool = False) -> list[str]:
    """Say what a table has no room for: which reader served, what was set aside and why, fall-backs, warnings."""
    from cases.ledger import SetAside
    from digests.words import SET_ASIDE, counted

    said = [f"read by {run.reader} with {counted(run.requests, 'request')}"] if run.reader else []
    said += ["read whole: it watches for no tag, so every article counts"] if is_whole else []
    aside = ", ".join(f"{count} {SET_ASIDE[SetAside(why)]}" for why, count in run.set_aside.items() if count)
    said += [f"set aside: {aside}"] if aside else []
    said += [f"did not answer: {one}" for one in run.fell_back_from]
    return [*said, *run.warnings]


COMMANDS = (crawl,)
