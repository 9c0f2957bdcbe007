"""``returnwatch sources``: the catalogue, a source more of it, and whether they answer."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cases.errors import SourceError, UsageError
from scheduler.cli.options import as_json
from scheduler.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from crawler.sources import Source


@click.group()
def sources() -> None:
    """Show, add and try sources."""


@sources.command("list")
@click.option("--language", metavar="CODE", help="Only sources in this language, such as ko.")
@click.option("--country", metavar="CODE", help="Only sources published in this country, such as KR.")
@click.option("--type", "type_", metavar="TYPE", help='Only publishers of this type, such as "ngo" or "press".')
@as_json
@click.pass_obj
def list_sources(
    config: Path | None, *, language: str | None, country: str | None, type_: str | None, as_json: bool
) -> None:
    """List the sources of the configuration.

    How each is read, and whether somebody tried it live; those that are switched on come first. "whole": every article of it
    is read, whatever its tags.
    """
    from digests.words import counted
    from scheduler.settings import SOURCES, config_folder, load_catalogue

    folder = config_folder(config)
    found = sorted(load_catalogue(folder).values(), key=lambda source: (not source.enabled, source.name))
    catalogue = [
        source
        for source in found
        if (language is None or any(_is_language(code, language) for code in source.languages))
        and country in {None, source.country}
        and type_ in {None, source.type}
    ]
    if as_json:
        print_json([source.model_dump(mode="json") for source in catalogue])
        return
    print_table(
        None,
        ("source", "title", "languages", "read by", "grade", "tried live", "on"),
        (
            (
                source.name,
                source.title,
                " ".join(source.languages),
                _read_by(source),
                source.grade,
                "yes" if source.verified else "no",
                "yes" if source.enabled else "no",
            )
            for source in catalogue
        ),
    )
    on = sum(source.enabled for source in catalogue)
    say(f"{counted(len(catalogue), 'source')} in {folder / SOURCES}, {on} of them switched on")


@sources.command("add")
@click.argument("url", required=False)
@click.option(
    "--opml",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Add every feed that an OPML file names, instead of one address.",
)
@click.option("--name", metavar="NAME", help="Name of the source and its file; without it, made of the address.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Watch this tag at the site; may be given again.")
@click.option("--yes", is_flag=True, help="Write the file without asking.")
@click.option("--dry-run", is_flag=True, help="Show the file, and write nothing.")
@click.option("--force", is_flag=True, help="Replace a file of that name.")
@as_json
@click.pass_obj
def add_source(
    config: Path | None,
    url: str | None,
    *,
    opml: Path | None,
    name: str | None,
    tags: Sequence[str],
    yes: bool,
    dry_run: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Find out how a site can be read, and write its source file.

    Takes the address of a site, a section, a tag's page, an article, a feed or a sitemap. Everything it offers is tried and shown
    side by side, a page or two is read, and what serves goes into the file. Asks before it writes; where it cannot ask, give --yes
    or --dry-run. With --opml each feed of a list gets a file of its own; one that fails is told, and the others go on.
    """
    from scheduler.settings import config_folder

    if not (yes or dry_run or as_json or sys.stdin.isatty()):
        raise UsageError("nobody is there to ask: give --yes to write the file, or --dry-run to see it")
    if (url is None) == (opml is None) or (opml is not None and name is not None):
        raise UsageError("give either one address, which --name may name, or --opml FILE")
    folder = config_folder(config)
    if opml is not None:
        from scheduler.cli.listed_feeds import add_listed

        writes = _may_write(opml, yes=yes, dry_run=dry_run, as_json=as_json)
        add_listed(folder, opml, tags=tags, writes=writes, replace=force, as_json=as_json)
    if url is not None:
        _add_one(folder, url, name=name, tags=tags, yes=yes, dry_run=dry_run, force=force, as_json=as_json)


def _add_one(
    folder: Path,
    url: str,
    *,
    name: str | None,
    tags: Sequence[str],
    yes: bool,
    dry_run: bool,
    force: bool,
    as_json: bool,
) -> None:
    from crawler.discovery.source_file import write_file
    from scheduler.adding import propose
    from scheduler.cli.findings_table import print_survey, promised_survey
    from scheduler.cli.progress import progress_of_errand
    from scheduler.settings import SOURCES

    address = url if "://" in url else f"https://{url}"
    with progress_of_errand(shown=not as_json and sys.stderr.isatty()) as on_ask:
        found = asyncio.run(propose(folder, address, tags=tags, name=name, replace=force, on_ask=on_ask))
    path = folder / SOURCES / f"{found.name}.toml"
    if not as_json:
        print_survey(found.survey, found.neighbours)
    if found.text is not None and not as_json:
        say(f"\n{path}:\n\n{found.text}")
    writes = (
        found.text is not None and not dry_run and (yes or (not as_json and click.confirm("Write it?", default=True)))
    )
    if found.text is not None and writes:
        write_file(folder / SOURCES, found.name, found.text, replace=force)
    if as_json:
        print_json(promised_survey(found, written=str(path) if writes else None))
    if found.text is None:
        raise SourceError(f"nothing was written: {found.survey.why}")
    if not as_json:
        say(_what_next(found.name) if writes else "Nothing was written.")


@sources.command("check")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "all_", is_flag=True, help="Try every source of the catalogue, switched on or not.")
@as_json
@click.pass_obj
def check(config: Path | None, names: Sequence[str], *, all_: bool, as_json: bool) -> None:
    """Try sources now.

    Those named, or all that are switched on: each way in, and a page that it lists. Says what is wrong and what to do. Keeps
    nothing, and leaves the memory of earlier visits as it is. Fails unless each source has a reader that serves and its pages can
    be read.
    """
    from crawler.sources import source_named
    from digests.words import counted
    from scheduler.checking import check_sources
    from scheduler.cli.findings_table import print_checkup, promised_checkup
    from scheduler.settings import config_folder, load_catalogue, load_settings

    folder = config_folder(config)
    settings, catalogue = load_settings(folder), load_catalogue(folder)
    chosen = [source_named(catalogue, name) for name in names] or [
        source for source in catalogue.values() if all_ or source.enabled
    ]
    if not chosen:
        raise UsageError("no source is switched on: name one, or give --all")
    if not as_json:
        say(
            f"Trying {counted(len(chosen), 'source')}, slowly: {settings.collection.delay_s:g} s between two requests to a site."
        )
    checkups = asyncio.run(
        check_sources(
            chosen,
            watched=settings.watch.tags,
            collection=settings.collection,
            on_end=lambda source, checkup: (
                print_json(promised_checkup(checkup), lines=True) if as_json else print_checkup(source, checkup)
            ),
        )
    )
    bad = [checkup.source for checkup in checkups if not checkup.is_sound]
    if bad:
        raise SourceError(f"{len(bad)} of {counted(len(checkups), 'source')} cannot be read well: {', '.join(bad)}")
    if not as_json:
        say(f"\n{counted(len(checkups), 'source')} can be read well.")


def _may_write(opml: Path, *, yes: bool, dry_run: bool, as_json: bool) -> bool:
    """Tell whether the files of a list are written: asked once for all of it."""
    if dry_run or yes:
        return not dry_run
    return not as_json and click.confirm(
        f"Try every feed of {opml.name}, and write a file for each that serves?", default=True
    )


def _what_next(name: str) -> str:
    return (
        f"Written. Next: returnwatch crawl {name}\n"
        "Say in the file how far the source is to be relied upon (grade). The running service takes it up when it is restarted."
    )


def _read_by(source: "Source") -> str:
    kinds = ", ".join(dict.fromkeys(reader.kind for reader in source.readers))
    return f"{kinds}; whole" if source.tags == () else kinds


def _is_language(code: str, wanted: str) -> bool:
    """Take zh-Hant for zh when zh is asked for."""
    return code == wanted or code.startswith(f"{wanted}-")


COMMANDS = (sources,)
