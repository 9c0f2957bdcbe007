"""text → place mentions: what the text names, placed in the gazetteer only where the text allows it.

Child and parent that stand side by side ("Longtan district of Jilin city, Jilin Province") are one mention, child first. A name
with several bearers needs its parent, or a place of the same region in the article, and otherwise stays unresolved. Nothing is
inferred: no crossing point, no prefecture that the text leaves out; what only the gazetteer knows is in ``derived_parents``.

Places elsewhere come from the table of the world, and from their form alone; they bring a State at most. A name that several
States share lies in the one that the article names, and otherwise in none.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import msgspec

from cases.extraction.beside import Link, Words, words_of
from cases.extraction.countries import CountryMention, find_countries
from cases.extraction.formed import find_formed, is_never
from cases.extraction.mention import Mention
from cases.extraction.pack import pack_of
from cases.extraction.toponyms import Toponym, find_toponyms
from cases.extraction.world import CAPITAL, Found, find_world, is_doubtful
from cases.gazetteer import Row, gazetteer
from cases.model import PlaceLevel

__all__ = ["CountryMention", "PlaceMention", "find_countries", "find_places"]

_NEIGHBOURS = (frozenset({"CN-21", "CN-22", "CN-23"}), frozenset({"CN-45", "CN-53"}))
"""Provinces of one stretch of the border: a place of one speaks for an ambiguous name of the other."""


class PlaceMention(Mention, frozen=True, kw_only=True):
    """A place below the country.

    ``parents`` are those the text names beside it, child first; ``derived_parents`` are those above it that come from the
    gazetteer alone. ``gazetteer_id`` is ``None`` while several places of that name remain possible; then ``name`` is as printed.
    """

    name: str
    parents: tuple[str, ...] = ()
    derived_parents: tuple[str, ...] = ()
    country: str | None = None
    level: PlaceLevel | None = None
    gazetteer_id: str | None = None
    kind: str | None = None
    """What the text or a table calls it, where that tells something of its role: ``post``, ``held``, ``airport``, ``camp``."""
    link: Link | None = None
    """How the text leads to it."""
    size: int = 0
    """Thousands of people, where the table of the world knows them."""
    lead: int = 0
    """Where the words that lead to it begin."""
    called: bool = False
    """True where the text itself calls it what ``kind`` says."""
    faint: bool = False
    """True for a name that is read only where something leads to it or stands beside it."""


_SITES = {"post": "site", "held": "site", "airport": "site", "camp": "site", "prison": "site", "region": "province"}
_KINDS = {"prison": "held", "post": "post", "port": "post", "airport": "airport", "camp": "camp"}
_CITIES = frozenset({"city", "municipality"})
"""Kinds of provinces that are one city."""
_COMMON = 1_000
"""From so many thousands of people on, a city is known well enough to be read wherever its name stands."""
_DOMINANT = 20
"""A city so many times as large as its namesakes is meant where nothing speaks for another one."""


def find_places(text: str, lang: str | None, *, context: Sequence[str] = ()) -> tuple[PlaceMention, ...]:
    """Find the places of the gazetteer in a text, in order.

    ``context`` holds other sentences of the article: a place named there can settle an ambiguous name here.
    """
    if (language := pack_of(lang)) is None:
        return ()
    chains = _chains(find_toponyms(text, language))
    known = _evidence(text, language) | _evidence_of_all(tuple(context), language)
    placed = [mention for chain in chains if (mention := _mention(chain, text, known)) is not None]
    countries = find_countries(text, language)
    words = words_of(text, language)
    placed += _of_the_world(text, language, [*placed, *countries], known)
    formed = find_formed(text, language, [*placed, *countries], words)
    placed += [
        PlaceMention(start=at, end=end, raw=text[at:end], name=text[at:end], kind=kind) for at, end, kind in formed
    ]
    placed.sort(key=lambda mention: mention.start)
    lands = {country.end: country.start for country in countries if country.kind == "country"}
    listed = _listed_alike([_led_to(mention, words, lands) for mention in placed], text)
    return tuple(mention for mention in listed if not mention.faint or mention.link or mention.kind)


def _of_the_world(text: str, language: str, taken: Sequence[Mention], known: frozenset[str]) -> Iterator[PlaceMention]:
    """Give the places of the world's table that are meant as places here."""
    for found in find_world(text, language):
        if any(_hides(one, found) for one in taken):
            continue
        largest = found.spots[0]
        if is_never(text[found.start : found.end], language):
            continue
        yield PlaceMention(
            start=found.start,
            end=found.end,
            raw=text[found.start : found.end],
            name=found.name if language == "ru" else text[found.start : found.end],
            country=_state_of(found, known),
            kind=_KINDS.get(largest.kind),
            level=_SITES.get(largest.kind),  # type: ignore[arg-type]  # values are levels
            size=largest.size % CAPITAL,
            faint=largest.size < _COMMON or is_doubtful(found.name, language),
        )


def _hides(one: Mention, found: Found) -> bool:
    """Tell whether another mention stands there, unless it is only a piece of the name: "Cabo Haitiano"."""
    overlaps = one.start < found.end and found.start < one.end
    within = found.start <= one.start and one.end <= found.end and len(one.raw) < found.end - found.start
    return overlaps and not (within and isinstance(one, CountryMention))


def _state_of(found: Found, known: frozenset[str]) -> str | None:
    """Give the State that a name lies in: the only one, the only one that the article names, or that of the dominant city."""
    states = dict.fromkeys(spot.country for spot in found.spots)
    named = [state for state in states if state in known]
    if len(states) == 1 or len(named) == 1:
        return (named or list(states))[0]
    first, second = found.spots[0], next(spot for spot in found.spots if spot.country != found.spots[0].country)
    return first.country if not named and first.size >= _DOMINANT * second.size else None


def _led_to(mention: PlaceMention, words: Words, lands: Mapping[int, int]) -> PlaceMention:
    """Add what stands beside a place; its kind, when the text calls it one, goes before what a table says.

    A State right before it is passed over: 来自越南得乐省, "in Turkey's Van".
    """
    told = words.beside(mention.start, mention.end)
    if told.link is None and told.start in lands:
        before = words.beside(lands[told.start], told.start)
        told = told._replace(start=before.start, link=before.link)
    kind = told.kind if told.kind is not None and (told.kind != "town" or mention.kind is None) else mention.kind
    return msgspec.structs.replace(mention, kind=kind, link=told.link, lead=told.start, called=told.kind == kind)


_BETWEEN_LISTED = re.compile(
    r"\s?(?:(?:[,、，・·ㆍ/;]|\s(?:and|or|y|e|et|ou|и|및)\s|와|과|と|や|和|及|以及|与|與)\s?(?:and|or|y|et|и|à|à|en|a|в|в|in|at)?\s?)\Z"
)


def _listed_alike(mentions: list[PlaceMention], text: str) -> list[PlaceMention]:
    """Lead to a place as to the one that it is listed after: "in Mao and Santiago"."""
    for index in range(1, len(mentions)):
        before, here = mentions[index - 1], mentions[index]
        between = text[before.end : here.start]
        if (
            here.link is None
            and before.link
            and between
            and len(between) < _LONGEST_JOINT
            and _BETWEEN_LISTED.match(between)
        ):
            mentions[index] = msgspec.structs.replace(here, link=before.link, kind=here.kind or before.kind)
    for index in range(len(mentions) - 1, 0, -1):
        here, after = mentions[index - 1], mentions[index]
        between = text[here.end : after.start]
        if (
            here.link is None
            and after.link
            and between
            and len(between) < _LONGEST_JOINT
            and _BETWEEN_LISTED.match(between)
        ):
            mentions[index - 1] = msgspec.structs.replace(here, link=after.link, kind=here.kind or after.kind)
    return mentions


_LONGEST_JOINT = 8


def _chains(toponyms: Sequence[Toponym]) -> list[list[Toponym]]:
    """Group names that stand side by side as child and parent, each group with the child first."""
    chains: list[list[Toponym]] = []
    for toponym in toponyms:
        if chains and toponym.joint == "parent" and (narrowed := _fitted(chains[-1][-1], toponym)):
            chains[-1][-1:] = narrowed
        elif chains and toponym.joint == "child" and (narrowed := _fitted(toponym, chains[-1][0])):
            chains[-1][:1] = narrowed
        else:
            chains.append([toponym])
    return chains


def _fitted(child: Toponym, parent: Toponym) -> list[Toponym] | None:
    """Keep the readings in which one lies in the other; ``None`` when there are none."""
    places = gazetteer()
    pairs = [(below, above) for below in child.rows for above in parent.rows if above in places.parents(below)]
    if not pairs:
        return None
    below = {row.id: row for row, _ in pairs}
    above = {row.id: row for _, row in pairs}
    return [child._replace(rows=tuple(below.values()), supported=True), parent._replace(rows=tuple(above.values()))]


def _mention(chain: list[Toponym], text: str, known: frozenset[str]) -> PlaceMention | None:
    child = chain[0]
    start, end = min(part.start for part in chain), max(part.end for part in chain)
    raw = text[start:end]
    rows = _possible(child, known)
    if not rows:
        if child.weak:
            return None
        return PlaceMention(start=start, end=end, raw=raw, name=child.name, parents=_as_printed(chain))
    if len(rows) > 1:
        return _undecided(rows, start, raw, child)
    return _placed(rows[0], chain, start, raw)


def _possible(child: Toponym, known: frozenset[str]) -> tuple[Row, ...]:
    """Give the places that a name may mean here."""
    if child.supported:
        return child.rows
    rows = tuple(row for row in child.rows if not row.ambiguous or _spoken_for(row, known))
    return tuple(row for row in rows if not child.is_weak_for(row)) or (rows if not child.weak else ())


def _spoken_for(row: Row, known: frozenset[str]) -> bool:
    """Tell whether the article names the region of an ambiguous place, or a country that is enough."""
    regions = {above.id for above in gazetteer().parents(row) if above.level != "country"}
    for group in _NEIGHBOURS:
        if not group.isdisjoint(regions):
            regions |= group
    return not known.isdisjoint(regions | set(row.enough))


def _placed(row: Row, chain: list[Toponym], start: int, raw: str) -> PlaceMention:
    places = gazetteer()
    told = {above.id for part in chain[1:] for above in part.rows}
    above = [parent for parent in places.parents(row) if parent.level != "country"]
    return PlaceMention(
        start=start,
        end=start + len(raw),
        raw=raw,
        name=row.name,
        parents=tuple(parent.name for parent in above if parent.id in told),
        derived_parents=tuple(parent.name for parent in above if parent.id not in told),
        country=places.country(row),
        level=row.level,
        gazetteer_id=row.id,
        kind="town" if row.kind in _CITIES else _KINDS.get(row.kind),
    )


def _undecided(rows: Sequence[Row], start: int, raw: str, child: Toponym) -> PlaceMention:
    countries = {gazetteer().country(row) for row in rows}
    country = countries.pop() if len(countries) == 1 else None
    return PlaceMention(start=start, end=start + len(raw), raw=raw, name=child.name, country=country)


def _as_printed(chain: list[Toponym]) -> tuple[str, ...]:
    return tuple(part.name for part in chain[1:])


@lru_cache(maxsize=4096)
def _evidence(text: str, language: str) -> frozenset[str]:
    """Give the ids that a text names beyond doubt, with all that lies above them, and the countries it names."""
    places = gazetteer()
    known = {mention.code for mention in find_countries(text, language)}
    for chain in _chains(find_toponyms(text, language)):
        for part in chain:
            settled = [row for row in part.rows if part.supported or not (row.ambiguous or part.is_weak_for(row))]
            if len(settled) == 1:
                known |= {settled[0].id, *(above.id for above in places.parents(settled[0]))}
    return frozenset(known)


@lru_cache(maxsize=64)
def _evidence_of_all(texts: tuple[str, ...], language: str) -> frozenset[str]:
    return frozenset().union(*(_evidence(text, language) for text in texts))
