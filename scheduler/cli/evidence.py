"""``returnwatch verify`` and ``quarantine``: whether what was kept is unchanged, and what of it nobody could read yet."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from cases.errors import StoreError, UsageError
from scheduler.cli.options import DAY, as_json
from scheduler.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from crawler.evidence.verification import Finding, Summary

_HEADINGS = {
    "changed": "CHANGED",
    "missing": "MISSING",
    "added": "ADDED",
    "unregistered": "left behind",
    "foreign": "foreign",
    "open": "being written",
    "purged": "purged",
    "pruned": "pruned",
}
_LOG_HEADINGS = {
    ("log", True): "CHANGED",
    ("timestamp", True): "UNPROVEN",
    ("timestamp", False): "time-stamp",
    ("purged", False): "purged",
}


@click.command()
@click.option("--since", type=DAY, help="Only what was kept since this day (YYYY-MM-DD).")
@click.option("--source", metavar="NAME", help="Only captures of this source.")
@as_json
@click.pass_obj
def verify(config: Path | None, since: datetime | None, source: str | None, *, as_json: bool) -> None:
    """Prove that every page is still as it was fetched, and every decision as it was written.

    Compares each file of captures with the digests in the store, and each record with the articles that rest on it; names what
    changed, by record, with the articles and cases that it concerns. Checks the chain of the log, the digest of each closed day
    and its time-stamps, and tells what was purged. Changes nothing. Fails when something is not as it was
    kept. With --json a line a finding, and a summary as the last line.
    """
    from crawler.evidence.verification import Verification
    from scheduler.assembly import open_watch
    from scheduler.cli.log_check import log_findings

    with open_watch(config) as watch:
        verification = Verification(watch.store, watch.settings.store.captures, since=since, source=source)
        for finding in verification.run():
            if finding.kind == "pruned" and not as_json:
                continue  # the summary counts them
            if as_json:
                print_json({**msgspec.structs.asdict(finding), "wrong": finding.is_wrong}, lines=True)
            else:
                say(told(finding))
        of_log = list(log_findings(watch))
    for one in of_log:
        if as_json:
            print_json(one, lines=True)
        else:
            say(f"{_LOG_HEADINGS[one.kind, one.wrong]}: line {one.position} of the log of decisions: {one.words}")
    summary = verification.summary
    if as_json:
        print_json(summary, lines=True)
    else:
        say(summed(summary))
    if summary.wrong or summary.unsupported or any(one.wrong for one in of_log):
        raise StoreError("not everything is as it was kept; what a backup still holds can be put back from there")


def told(finding: "Finding") -> str:
    """Write one finding for people: what, where, which record, and which cases rest on it."""
    place = finding.file + (f" at byte {finding.offset:,}" if finding.offset is not None else "")
    record = finding.record
    if finding.kind == "unsupported":
        return f"UNSUPPORTED: {finding.words}" + (f"; it tells {', '.join(finding.cases)}" if finding.cases else "")
    said = f"{_HEADINGS[finding.kind]}: {place}: {finding.words}"
    if record is None or not (record.url or record.record_id):
        return said
    at = f" of {record.at:%Y-%m-%d %H:%M:%S} UTC" if record.at else ""
    return f"{said}: {record.url or 'no readable address'}{at}, record {record.record_id or 'without a readable id'}"


def summed(summary: "Summary") -> str:
    """Write the summary as a sentence."""
    from digests.words import counted

    what = f"{counted(summary.records, 'record')} in {counted(summary.files, 'file')}"
    rested = counted(summary.captures, "capture")
    left = f" {counted(summary.left, 'file')} beside them: see above." if summary.left else ""
    left += (
        f" {counted(summary.pruned, 'file')} pruned by retention, as the log of decisions tells."
        if summary.pruned
        else ""
    )
    if summary.wrong or summary.unsupported:
        return (
            f"Of {what}, {_are(summary.wrong)} not as it was kept, missing files and added ones counted with them; "
            f"of {rested} that the store rests on, {_are(summary.unsupported)} gone or changed.{left}"
        )
    return f"{what} are what was kept, with all {rested} that the store rests on.{left}"


def _are(count: int) -> str:
    return "1 is" if count == 1 else f"{count:,} are"


@click.group()
def quarantine() -> None:
    """Look after pages that were fetched and kept, and that nobody could read."""


@quarantine.command("list")
@as_json
@click.pass_obj
def list_quarantine(config: Path | None, *, as_json: bool) -> None:
    """List the pages in quarantine, with the reason of each."""
    from digests.words import counted
    from scheduler.assembly import open_watch

    with open_watch(config) as watch:
        held = watch.store.quarantine.rows()
    if as_json:
        print_json(held)
        return
    print_table(
        None,
        ("source", "fetched", "address", "why"),
        ((one.source, one.capture.fetched_at, one.url, one.reason) for one in held),
    )
    say(counted(len(held), "page"))


@quarantine.command("retry")
@click.argument("urls", nargs=-1, metavar="[URL]...")
@as_json
@click.pass_obj
def retry_quarantine(config: Path | None, urls: Sequence[str], *, as_json: bool) -> None:
    """Read pages again with today's reader: those named, or all.

    Asks no site: each is read from its capture, judged and kept as if it had just been crawled. What still cannot be read stays,
    with the new reason.
    """
    from crawler.evidence.quarantine import read_again
    from digests.words import counted
    from scheduler.assembly import open_watch, present
    from scheduler.crawls import reading_pool

    with open_watch(config) as watch:
        held = watch.store.quarantine.rows(urls or None)
        if missing := sorted({*urls} - {one.url for one in held}):
            raise UsageError(f"not in quarantine: {', '.join(missing)}")

        async def read() -> list[tuple[str, str, str | None]]:
            async with reading_pool(watch) as pool:
                return [
                    (one.url, taken.fate, taken.failure)
                    async for one, taken in read_again(
                        held,
                        watch.sources,
                        store=watch.store,
                        pool=pool,
                        captures=watch.settings.store.captures,
                        collection=watch.settings.collection,
                        watched=watch.settings.watch.tags,
                        judging=watch.settings.judging,
                        now=present,
                    )
                ]

        results = asyncio.run(read())
    if as_json:
        print_json([{"url": url, "fate": fate, "reason": reason} for url, fate, reason in results])
        return
    print_table(
        None, ("address", "became", "why"), ((url, fate.replace("_", " "), reason) for url, fate, reason in results)
    )
    say(f"{counted(sum(reason is None for _, _, reason in results), 'page')} of {len(results)} could be read")


COMMANDS = (verify, quarantine)
