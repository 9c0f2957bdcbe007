"""text → places that no table has, known by their form alone: "the village of Plusy", "Belantik immigration depot", タイ西部メソト.

A name is one where a word for its kind stands beside it, where a preposition leads to it from a word that says what was done
there ("arrested in", "driven to"), or where it follows a State and a point of the compass. It is kept as the text gives it; which State it lies in is not guessed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from cases.extraction.beside import Words
from cases.extraction.mention import Mention
from cases.extraction.names import find_names
from cases.extraction.pack import table
from cases.packs import pack_for
from cases.packs.notation import Notation, fold
from cases.packs.tables import Table

_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĆČĎĐĒĞĢĪĶŁŃŇŌŐŒŘŚŞŠŤŪŮŹŻŽА-ЯЁ]"
_RUN = re.compile(
    rf"{_CAPITAL}[\w’'-]{{1,24}}(?:[ -](?:(?:de|del|la|las|los|el|al|du|des|le|les|d'|di|da|do|e|of|ul|ad|эль|аль)[ -]){{0,2}}{_CAPITAL}[\w’'-]{{0,24}}){{0,3}}"
)
_RUN_BEFORE = re.compile(rf"{_RUN.pattern}\Z")
_BACK = 60
_GOVERNED = 28
"""So many characters at most stand between the word for what was done and the name."""
_BREAK = re.compile(r"[.;:!?()«»“”\"]")
_TELLING_KINDS = frozenset({"airport", "post", "held", "camp"})
_WORD = re.compile(r"[^\W\d_]+")
_PERSONAL_LINKS = frozenset({"source", "none"})
_SHORT = 3
_HEADLINE = 0.6
"""From this share of capitalised words on, capitals mean nothing."""


class Stretch(NamedTuple):
    """A stretch of the text that names a place, with the kind that its form tells."""

    start: int
    end: int
    kind: str | None = None


def find_formed(text: str, language: str, taken: Sequence[Mention], words: Words) -> tuple[Stretch, ...]:
    """Find the names that their form makes places, in order; stretches that are ``taken`` mean something else."""
    data = table(language, "places")
    found = _signed(text, data, words) if "formed" in data else _capitalised(text, language, words)
    free = [one for one in found if not any(one.start < other.end and other.start < one.end for other in taken)]
    persons = find_names(text, language) if free and "formed" not in data else ()
    free = [one for one in free if not any(one.start < other.end and other.start < one.end for other in persons)]
    kept: list[Stretch] = []
    for one in sorted(set(free), key=lambda stretch: (stretch.start, -stretch.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def _signed(text: str, data: Mapping[str, Any], words: Words) -> Iterator[Stretch]:
    """Find names by patterns, for scripts without capitals: the group ``name`` holds the name, ``stem`` what is its own."""
    never = tuple(_never(data["language"]))
    for pattern in data["formed"]:
        for match in _compiled(pattern).finditer(text):
            stem = match.groupdict().get("stem") or match["name"]
            if not stem.startswith(never) and not stem.endswith(never):
                end = match.end("name")
                kinds = [
                    hit.key
                    for start, hit in words.kinds["after"].items()
                    if hit.end == end and start >= match.start("name")
                ]
                yield Stretch(match.start("name"), end, kinds[0] if kinds else None)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _capitalised(text: str, language: str, words: Words) -> Iterator[Stretch]:
    if not _mostly_small(text):
        return
    roles = _roles(language)
    folded = fold(text)
    governing = sorted(hit.end for hit in roles.find(folded)) if words.links["before"] else []
    for place, hit in words.kinds["before"].items():
        led = hit.key in _TELLING_KINDS or any(end in (hit.start, hit.start - 1) for end in words.links["before"])
        if led and (found := _run(text, place, language)):
            yield found
    for place, hit in words.links["before"].items():
        if (
            hit.key not in _PERSONAL_LINKS
            and text[hit.start : hit.end].lower() not in _also_persons(language)
            and _governed(text, hit.start, governing)
            and (found := _run(text, place, language))
        ):
            yield found
    yield from _before_kinds(text, words, language)


def _before_kinds(text: str, words: Words, language: str) -> Iterator[Stretch]:
    for place, hit in words.kinds["after"].items():
        start = max(0, place - _BACK)
        before = text[start:place].rstrip()
        match = next((m for m in _RUN.finditer(before) if m.end() == len(before)), None)
        if hit.key in _TELLING_KINDS and match and _is_name(match[0], language):
            yield Stretch(start + match.start(), start + match.end())


def _run(text: str, place: int, language: str) -> Stretch | None:
    at = place + (text[place : place + 1] == " ")
    match = _RUN.match(text, at)
    if match is None or not _is_name(match[0], language):
        return None
    return Stretch(match.start(), match.end())


def _governed(text: str, place: int, ends: Sequence[int]) -> bool:
    """Tell whether a word for what was done stands before a link, with nothing between that ends the clause."""
    near = [end for end in ends if 0 <= place - end <= _GOVERNED]
    return any(not _BREAK.search(text, end, place) for end in near)


def _mostly_small(text: str) -> bool:
    """Tell whether capitals mean something: not in a headline in title case."""
    words = [word for word in _WORD.findall(text) if len(word) > _SHORT]
    return bool(words) and sum(word[0].isupper() for word in words) < _HEADLINE * len(words)


def _is_name(run: str, language: str) -> bool:
    parts = [fold(word) for word in _WORD.findall(run)]
    if not parts or run.isupper() or len(run) < _SHORT:
        return False
    return _never(language).isdisjoint(parts)


def is_never(name: str, language: str) -> bool:
    """Tell whether a name is a word of which no place is made in that language."""
    return fold(name) in _never(language)


@cache
def _also_persons(language: str) -> frozenset[str]:
    """Give the links that lead to persons as well: Spanish "a"."""
    return frozenset(table(language, "places").get("also_persons", ()))


@cache
def _never(language: str) -> frozenset[str]:
    """Give the words of which no place is made: bodies, days, months, peoples, and what the table adds."""
    pack = pack_for(language)
    bodies = pack.bodies if pack is not None else frozenset[str]()
    return bodies | {fold(word) for word in table(language, "places").get("never", ())}


@cache
def _roles(language: str) -> Table:
    """Give the words for what was done, and the triggers of return, as one table."""
    data = table(language, "places")
    events = table(language, "events") if pack_for(language) is not None else {"triggers": {}, "macros": {}}
    triggers = [term for forms in events["triggers"].values() for terms in forms.values() for term in terms]
    terms = [term for role, listed in data.get("roles", {}).items() for term in listed]
    return Table(
        {"": [*terms, *triggers]},
        Notation(events.get("macros", {}) | data.get("macros", {})),
        boundary=data.get("boundary", "both"),
    )
