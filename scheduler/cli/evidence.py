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
    from crawler.verification import Finding, Summary

_HEADINGS = {
    "changed": "CHANGED",
    "missing": "MISSING",
    "added": "ADDED",
    "unsupported": "RESTS ON IT",
    "unregistered": "left behind",
    "foreign": "foreign",
    "open": "being written",
}


@click.command()
@click.option("--since", type=DAY, help="Only what was kept since this day (YYYY-MM-DD).")
@click.option("--source", metavar="NAME", help="Only captures of this source.")
@as_json
@click.pass_obj
def verify(config: Path | None, since: datetime | None, source: str | None, *, as_json: bool) -> None:
    """Prove that every page is still as it was fetched.

    Compares each file of captures with the digests in the store, and each record with the articles that rest on it; names what
    changed, by record, with the articles and cases that it concerns. Changes nothing. Fails when something is not as it was
    kept. With --json a line a finding, and a summary as the last line.
    """
    from crawler.verification import Verification
    from scheduler.assembly import open_watch

    with open_watch(config) as watch:
        verification = Verification(watch.store, watch.settings.store.captures, since=since, source=source)
        for finding in verification.run():
            if as_json:
                print_json({**msgspec.structs.asdict(finding), "wrong": finding.is_wrong}, lines=True)
            else:
                say(told(finding))
    summary = verification.summary
    if as_json:
        print_json(summary, lines=True)
    else:
        say(summed(summary))
    if summary.wrong:
        raise StoreError(f"captures: {_things(summary.wrong)} not as it was kept; restore the files from a backup")


def told(finding: "Finding") -> str:
    """Write one finding for people: what, where, which record, and who rests on it."""
    place = finding.file + (f" at byte {finding.offset:,}" if finding.offset is not None else "")
    lines = [f"{_HEADINGS[finding.kind]}: {place}: {finding.words}"]
    record = finding.record
    if record is not None and (record.url or record.record_id):
        at = f" of {record.at:%Y-%m-%d %H:%M:%S} UTC" if record.at else ""
        lines.append(f"  record {record.record_id or 'without a readable id'}{at}: {record.url or ''}")
    if finding.cases:
        lines.append(f"  told by it: case {', '.join(finding.cases)}")
    return "\n".join(lines)


def summed(summary: "Summary") -> str:
    """Write the summary as a sentence."""
    from digests.words import counted

    what = f"{summary.records:,} records in {counted(summary.files, 'file')}"
    rested = f"{counted(summary.captures, 'capture')} that the store rests on"
    left = f" {counted(summary.left, 'file')} beside them: see above." if summary.left else ""
    if summary.wrong:
        return f"Compared {what} and {rested}: {_things(summary.wrong)} not as it was kept.{left}"
    return f"{what} are what was kept, and so are the {rested}.{left}"


def _things(count: int) -> str:
    return "1 thing is" if count == 1 else f"{count:,} things are"


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
    from crawler.quarantine import read_again
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
                        classifier=watch.settings.watch.classifier,
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
