"""``returnwatch sources add --opml``: every feed of a list tried, and a source file for each that serves."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from cases.errors import InputError, SourceError, WatchError
from cases.model import Value
from crawler.discovery.opml import Subscription, subscriptions
from crawler.discovery.source_file import write_file
from digests.words import counted
from scheduler.adding import propose
from scheduler.cli.output import print_json, print_table, say
from scheduler.cli.progress import progress_of_errand
from scheduler.settings import SOURCES


class Added(Value, frozen=True, kw_only=True):
    """What became of one feed of a list."""

    url: str
    title: str
    name: str | None = None
    """Name of the source, where the feed serves."""
    written: str | None = None
    """The file, where one was written."""
    why: str | None = None
    """Why there is none."""


def add_listed(folder: Path, opml: Path, *, tags: Sequence[str], writes: bool, replace: bool, as_json: bool) -> None:
    """Try the feeds of a list one after the other, and write a file for each that serves.

    Tells of each what became of it, and raises SourceError at the end when there is one that did not serve.
    """
    try:
        listed = subscriptions(opml.read_bytes(), origin=str(opml))
    except OSError as cause:
        raise InputError(f"{opml} cannot be read: {cause.strerror}") from cause
    found = asyncio.run(_tried(folder, listed, tags=tags, writes=writes, replace=replace, shown=not as_json))
    if as_json:
        print_json(found)
    else:
        print_table(
            None,
            ("feed", "source", "what became of it"),
            (
                (one.title or one.url, one.name or "", one.why or one.written or "serves; nothing was written")
                for one in found
            ),
        )
    failed = [one for one in found if one.why is not None]
    if failed:
        raise SourceError(
            f"{len(failed)} of {counted(len(found), 'feed')} of {opml} were not added; the table says why"
        )
    if not as_json:
        say(f"{counted(len(found), 'feed')} added. Next: returnwatch crawl" if writes else "Nothing was written.")


async def _tried(
    folder: Path, listed: Sequence[Subscription], *, tags: Sequence[str], writes: bool, replace: bool, shown: bool
) -> list[Added]:
    found = []
    with progress_of_errand(shown=shown and sys.stderr.isatty()) as on_ask:
        for one in listed:
            try:
                proposal = await propose(folder, one.url, tags=tags, name=None, replace=replace, on_ask=on_ask)
                if proposal.text is None:
                    found.append(Added(url=one.url, title=one.title, why=proposal.survey.why))
                    continue
                path = folder / SOURCES / f"{proposal.name}.toml"
                if writes:
                    write_file(folder / SOURCES, proposal.name, proposal.text, replace=replace)
                written = str(path) if writes else None
                found.append(Added(url=one.url, title=one.title, name=proposal.name, written=written))
            except WatchError as cause:
                found.append(Added(url=one.url, title=one.title, why=str(cause)))
    return found
