"""address → survey and source file: what ``returnwatch sources add`` does between its questions to the person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cases.errors import UsageError
from crawler.discovery.errand import Fetch
from crawler.discovery.source_file import file_text, known_at, name_of
from crawler.discovery.survey import Survey, survey
from crawler.readers import Answer
from crawler.run import run_errand
from crawler.sources import Source, is_name
from crawler.trouble import Trouble
from crawler.wire.guard import check_url
from scheduler.assembly import present
from scheduler.settings import SOURCES, Settings, load_catalogue, load_settings


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A source file that could be written; ``text`` is None when the site offers nothing to read it by."""

    survey: Survey
    name: str
    text: str | None
    neighbours: tuple[str, ...]
    """Sources of the catalogue on the same site."""


async def propose(
    folder: Path, url: str, *, tags: Sequence[str], name: str | None, replace: bool, on_ask: Callable[[str], None]
) -> Proposal:
    """Survey a site and propose its source file; ``on_ask`` is told of each address before it is asked for.

    Raises ForbiddenAddress when it is no address that can be visited; and UsageError, before or after the survey, when the
    catalogue has the source already and it is not to be replaced.
    """
    check_url(url)
    settings, catalogue = load_settings(folder), load_catalogue(folder)
    if name is not None and not is_name(name):
        raise UsageError(f"{name!r} cannot be a source's name: expected small letters, digits and hyphens")
    if not replace:
        _refuse_known(catalogue, folder, url)
        if name in catalogue:
            raise UsageError(f"{name} is in the catalogue already: choose another --name, or replace it with --force")
    found = await _surveyed(settings, url, tags, on_ask)
    if not found.chosen:
        return Proposal(survey=found, name=name or name_of(url), text=None, neighbours=())
    if not replace:
        _refuse_known(catalogue, folder, found.home, *filter(None, [found.chosen[0].table.url]))
    chosen = name or _free_name(found, catalogue, replace=replace)
    day: date = present().date()
    return Proposal(
        survey=found,
        name=chosen,
        text=file_text(found, name=chosen, day=day, watched=settings.watch.tags),
        neighbours=tuple(source.name for source in catalogue.values() if source.owns(found.home)),
    )


async def _surveyed(settings: Settings, address: str, tags: Sequence[str], on_ask: Callable[[str], None]) -> Survey:
    async def errand(fetch: Fetch) -> Survey:
        async def told(url: str) -> Answer | Trouble:
            on_ask(url)
            return await fetch(url)

        return await survey(address, watched=tuple(tags) or settings.watch.tags, fetch=told, insisted=bool(tags))

    return await run_errand(errand, collection=settings.collection, now=present)


def _refuse_known(catalogue: Mapping[str, Source], folder: Path, *urls: str) -> None:
    known = known_at(catalogue.values(), *urls)
    if known is None:
        return
    path = folder / SOURCES / f"{known.name}.toml"
    state = "is switched on" if known.enabled else "waits there, switched off"
    raise UsageError(
        f"{urls[0]} is in the catalogue already: {known.name} {state} ({path}). Try it with "
        f"`returnwatch sources check {known.name}`, or make a second file of it with --force and another --name"
    )


def _free_name(found: Survey, catalogue: Mapping[str, Source], *, replace: bool) -> str:
    """Make a name; two sections of one host, such as ``?id=1`` and ``?id=2``, would share theirs."""
    name = name_of(found.home)
    taken = 1
    while not replace and name in catalogue:
        taken += 1
        name = f"{name_of(found.home)}-{taken}"
    return name
