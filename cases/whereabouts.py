"""place → its chain: which places it lies in, and whether two tellings can mean the same spot."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from cases.gazetteer import Row, gazetteer
from cases.model import Place, PlaceLevel, Report

LEVELS: tuple[PlaceLevel, ...] = ("site", "town", "county", "prefecture", "province", "country")
"""From the finest to the widest."""
FINE: frozenset[PlaceLevel] = frozenset({"site", "town", "county"})
"""Levels below a prefecture: they point at people and do not leave the store by default."""

_KINDS = re.compile(
    r"\b(?:city|town|county|district|prefecture|province|municipality|region|village)\b|(?<=\w{2})[市省州县縣区區도시군]$"
)
_NOISE = re.compile(r"[\W_]+")


def folded(name: str) -> str:
    """Give the form under which names of places are compared: no case, marks, spaces, hyphens or kind words."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    plain = unicodedata.normalize("NFC", plain).casefold()
    bare = _NOISE.sub("", _KINDS.sub("", plain))
    return bare or _NOISE.sub("", plain)


@lru_cache(maxsize=4_096)
def chain(place: Place) -> Mapping[str, PlaceLevel | None]:
    """Give a place and those it lies in, below the country, as comparable keys with their levels, the finest first.

    A place of the gazetteer brings its chain by id; every place brings its names. The level of a parent that the
    gazetteer does not know is guessed from its position: the last is a province, others are ``None``.
    """
    keys: dict[str, PlaceLevel | None] = {f"name:{folded(place.name)}": place.level}
    for row in _rows(place):
        keys[f"id:{row[0]}"] = row[1]
        keys.setdefault(f"name:{folded(row[2])}", row[1])
    for position, parent in enumerate(place.parents, start=1):
        level: PlaceLevel | None = "province" if position == len(place.parents) else None
        keys.setdefault(f"name:{folded(parent)}", level)
    return MappingProxyType(keys)  # one for all who ask


def _rows(place: Place) -> list[tuple[str, PlaceLevel, str]]:
    row = gazetteer().find(place.gazetteer_id)
    if row is None:
        return []
    rows = (row, *gazetteer().parents(row))
    return [(one.id, _breadth(one), one.name) for one in rows if one.level != "country"]


def _breadth(row: Row) -> PlaceLevel:
    """Give the level of a place by how much lies in it: a city that is a province of its own is as wide as a prefecture."""
    return "prefecture" if row.level == "province" and row.kind in _CITIES else row.level


_CITIES = frozenset({"city", "municipality"})


def shared_level(one: Place, other: Place) -> PlaceLevel | None:
    """Give the finest level on which two places are one; ``None`` when they share nothing below the country."""
    mine, theirs = chain(one), chain(other)
    levels = [finest(mine[key], theirs[key]) or "prefecture" for key in mine.keys() & theirs.keys()]
    return min(levels, key=LEVELS.index, default=None)


def finest(*levels: PlaceLevel | None) -> PlaceLevel | None:
    """Give the finest of some levels; unknown ones do not count."""
    return min((level for level in levels if level is not None), key=LEVELS.index, default=None)


def within(one: Place, other: Place) -> bool:
    """Whether one of two places may lie in the other, or be it: then they do not contradict one another."""
    return _own(one) <= chain(other).keys() or _own(other) <= chain(one).keys() or not comparable(one, other)


def _own(place: Place) -> set[str]:
    """Give the key of the place itself: its id where it has one, else its name."""
    return {f"id:{place.gazetteer_id}"} if _rows(place) else {f"name:{folded(place.name)}"}


def comparable(one: Place, other: Place) -> bool:
    """Whether two names can be told apart at all: both of the gazetteer, or written in one script."""
    return bool(_rows(one) and _rows(other)) or script(one.name) == script(other.name)


def script(name: str) -> str:
    """Give the script of a name's first letter, such as ``LATIN``, ``HANGUL`` or ``CJK``."""
    letter = next((c for c in name if c.isalpha()), "")
    return unicodedata.name(letter, "").split(" ")[0]


_SCENES = frozenset({"residence", "arrest", "held", "transfer", "crossing"})


def scenes(report: Report) -> list[Place]:
    """Give the places where people lived, were seized or held: where the act was, not where it led or was reported.

    Places in another State than the one that returns are none, where both are known; a crossing has two sides.
    """
    return [place for place in report.places if place.role in _SCENES and _may_lie(place, report)]


def _may_lie(place: Place, report: Report) -> bool:
    if not (place.country and report.from_state):
        return True
    return place.country in {report.from_state, report.to_state if place.role == "crossing" else None}


def same_spot(ones: Iterable[Place], others: Iterable[Place]) -> PlaceLevel | None:
    """Give the finest level on which any of these places meets any of those."""
    pairs = [(one, other) for one in ones for other in others]
    return finest(*(shared_level(one, other) for one, other in pairs))
