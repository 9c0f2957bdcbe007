"""``returnwatch demo``: the main job, shown offline on a bundled magazine."""

import asyncio
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cases.errors import DeliveryError, SourceError
from cases.ledger import NEUTRAL, SUCCESS, Run
from cases.model import Label
from scheduler.cli.output import print_table, say

if TYPE_CHECKING:
    from digests.delivery import Sending
    from scheduler.assembly import Watch


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default="demo-out",
    show_default=True,
    help="Folder for the digest, the store and the configuration of the demonstration; a second run goes on with it.",
)
def demo(out: Path) -> None:
    """Show the main job, offline, in a minute.

    Serves an invented magazine and a small second outlet on this machine, crawls them with the code of a live crawl, makes cases
    of what is reported, and writes the digest as HTML, text and JSON. A second run finds nothing new.
    """
    from scheduler.archiving import Archive
    from scheduler.assembly import open_watch, present
    from scheduler.cli.progress import progress_of_crawls
    from scheduler.demo.demonstration import DIGEST, prepared
    from scheduler.digesting import send_now
    from scheduler.oneoff import crawl_now

    with prepared(out) as config, open_watch(config) as watch:
        titles = " and ".join(source.title for source in watch.sources.values())
        say(f"Crawling {titles}, invented magazines that are served on this machine …")
        with progress_of_crawls(shown=sys.stderr.isatty()) as on_progress:
            runs = asyncio.run(crawl_now(watch, list(watch.sources), on_progress=on_progress))
        sending = send_now(watch, watch.settings.digest_named(DIGEST), present())
        Archive(watch).keep()
        _tell(watch, runs, sending, out)
    failed = [run for run in runs if run.outcome not in SUCCESS | NEUTRAL]
    if failed:
        raise SourceError("; ".join(f"{run.source}: {run.detail or run.outcome}" for run in failed))
    if sending.errors:
        raise DeliveryError("; ".join(sending.errors))


def _tell(watch: "Watch", runs: Sequence[Run], sending: "Sending", out: Path) -> None:
    """Print the cases, what was looked at, and where the digest lies."""
    from digests import words
    from scheduler.cli.crawl import print_runs
    from scheduler.cli.register_table import print_cases

    if sending.state == "nothing_new":
        say("\nNothing new since the last run.")
    else:
        say("\nCases\n")
        found = sorted(watch.store.cases.rows(), key=lambda case: case.number)
        print_cases(found)
        say(words.counted(len(found), "case"))
    say("\nWhat was looked at\n")
    print_runs(runs)
    judged: Counter[str] = sum((Counter(run.labels) for run in runs), Counter())
    if judged:
        say("")
        print_table(
            None,
            ("articles", "judged"),
            ((count, words.LABELS[Label(label)][count > 1]) for label, count in judged.most_common()),
        )
    say("\nThe digest" if sending.state != "nothing_new" else "\nThe last digest")
    for ending in ("html", "txt", "json"):
        path = (out / f"digest.{ending}").resolve()
        if path.exists():
            say(f"  {path}")
    command = "returnwatch" if shutil.which("returnwatch") else sys.argv[0]
    say(f"\nLook further:  {command} --config {out / 'config'} cases list")


COMMANDS = (demo,)
