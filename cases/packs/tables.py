"""terms → tables that find them: linear expressions, tried only where a term may begin.

Nothing in an expression repeats without a limit, so a search costs a bounded number of steps for each character of the text.
"""

import re
from functools import cache, cached_property
from typing import NamedTuple

from cases.packs.alternation import HYPHENS, alternation, places_of
from cases.packs.notation import Blank, Choice, Gap, Notation, Part, Text, Way
from cases.packs.openings import openings

_BLANK = r"\s{1,3}"
_BLANKS = re.compile(r"\s+")
_GAPS = {"~": r"\w{0,16}", "…": r"[^;:!?。；！？\n]{0,40}?", "$": r"(?=$|\s?[…,.·;:!?\"'（）\n])"}
_EDGES = {"both": (r"(?<!\w)", r"(?!\w)"), "left": (r"(?<!\w)", ""), "none": ("", "")}
_OPEN = ("'", "-")
"""A term that ends in one of these, or in a blank, goes on without a word's end."""
_LETTERS = {"both": 8, "left": 8, "none": 2}
"""By so many letters terms are told apart before they are tried: few where a sign is a syllable or a word."""


class Hit(NamedTuple):
    """A term found: the key it stands under, and its place."""

    key: str
    start: int
    end: int


_Group = tuple[tuple[str, ...], re.Pattern[str]]
"""Terms that may begin in the same way: their keys, and what finds them."""


class Table:
    """Terms under keys, found in one pass; at one place the term that may reach furthest wins.

    ``openings`` are what every hit begins with, one of them.
    """

    def __init__(self, terms: dict[str, list[str]], notation: Notation, *, boundary: str) -> None:
        rows = [(key, notation.parts(term)) for key, listed in terms.items() for term in listed]
        rows.sort(key=lambda row: -_extent(row[1]))
        self._rows = tuple(rows)
        self._edge, self._after = _EDGES[boundary]
        self._openings = tuple(openings(parts, _LETTERS[boundary]) for _, parts in rows)
        self.openings = frozenset[str]().union(*self._openings)
        self._groups: dict[str, _Group] = {}
        self._compiled: dict[tuple[int, ...], _Group] = {}

    @cached_property
    def _starts(self) -> re.Pattern[str] | None:
        """What finds where a term may begin; most tables are never asked for a text, so that this waits."""
        return places_of(self.openings, self._edge) if self._rows else None

    def find(self, folded: str) -> tuple[Hit, ...]:
        """Give all hits in folded text, in order, none overlapping."""
        if self._starts is None:
            return ()
        hits: list[Hit] = []
        reached = 0
        for place in self._starts.finditer(folded):
            at = place.start()
            if at < reached:
                continue
            keys, pattern = self._groups.get(place[1]) or self._group(place[1])
            match = pattern.match(folded, at)
            if match is not None and (reached := match.end()) > at:
                hits.append(Hit(keys[(match.lastindex or 1) - 1], at, reached))
        return tuple(hits)

    def _group(self, opening: str) -> _Group:
        """Compile the terms that may stand where the text goes on so, each in a group to tell which was found."""
        told = _BLANKS.sub(" ", opening).translate(HYPHENS)
        if told in self._groups:
            return self._groups[told]
        chosen = tuple(n for n, known in enumerate(self._openings) if any(told.startswith(one) for one in known))
        if chosen not in self._compiled:
            keys = tuple(self._rows[n][0] for n in chosen)
            self._compiled[chosen] = keys, re.compile("|".join(self._pattern(self._rows[n][1]) for n in chosen))
        self._groups[told] = self._compiled[chosen]
        return self._groups[told]

    def _pattern(self, term: Choice) -> str:
        """Give the expression of a term as a group, with the word's end that it must have."""
        return f"({pattern_of(term)}{'' if all(map(_goes_on, term.ways)) else self._after})"

    def first(self, folded: str, *keys: str) -> Hit | None:
        """Give the first hit, of these keys if any are named."""
        return next((hit for hit in self.find(folded) if not keys or hit.key in keys), None)


def _goes_on(way: Way) -> bool:
    """Tell whether the word goes on behind a term: "vers l'"."""
    last = way[-1]
    return isinstance(last, Blank) or (isinstance(last, Text) and last.letters.endswith(_OPEN))


_listed = cache(alternation)
"""Macros of words stand in many terms."""


def pattern_of(choice: Choice) -> str:
    """Give the expression of what is read from a term, without word edges."""
    words = tuple(way[0].letters for way in choice.ways if len(way) == 1 and isinstance(way[0], Text))
    if len(words) == len(choice.ways):
        inside = _listed(words)
    else:
        inside = "|".join("".join(map(_pattern_of_part, way)) for way in choice.ways)
    return f"(?:{inside})" + "?" * choice.may_be_missing


def _pattern_of_part(part: Part) -> str:
    match part:
        case Text(letters):
            return re.escape(letters)
        case Blank():
            return _BLANK
        case Gap(sign):
            return _GAPS[sign]
        case Choice():
            return pattern_of(part)


def _extent(choice: Choice) -> int:
    """Measure how many characters a term may cover, a gap or the rest of a word counted as one."""
    return max(sum(map(_extent_of_part, way)) for way in choice.ways)


def _extent_of_part(part: Part) -> int:
    if isinstance(part, Choice):
        return _extent(part)
    return len(part.letters) if isinstance(part, Text) else 1
