"""term → openings: short strings with one of which every match of the term begins.

A table looks at each place of a text only for the terms that may begin there, which are few.
"""

import re

from cases.packs.notation import Blank, Choice, Gap, Part, Text, Way

_MANY, _SHORT = 2_000, 4
"""More openings than this grow no further, and only so many letters of each are kept."""
_BLANKS = re.compile(r" +")

_Heads = frozenset[tuple[str, bool]]
"""Openings, each with whether what follows still belongs to it."""


def openings(term: Choice, letters: int) -> frozenset[str]:
    """Give the openings of a term, at most so many letters of each; the empty string where it may begin with anything."""
    heads = _grown(term, frozenset({("", True)}), letters)
    return frozenset(_BLANKS.sub(" ", head).rstrip() for head, _ in heads)


def _grown(choice: Choice, heads: _Heads, letters: int) -> _Heads:
    """Lengthen openings by what may come next, each way of it."""
    growing = frozenset(head for head in heads if head[1])
    if not growing:
        return heads
    grown = (heads - growing).union(*(_along(way, growing, letters) for way in choice.ways))
    return grown | heads if choice.may_be_missing else grown


def _along(way: Way, heads: _Heads, letters: int) -> _Heads:
    for part in way:
        if not any(grows for _, grows in heads):
            break
        heads = _with(part, heads, letters)
        if len(heads) > _MANY:
            heads = frozenset((head[:_SHORT], False) for head, _ in heads)
    return heads


def _with(part: Part, heads: _Heads, letters: int) -> _Heads:
    match part:
        case Choice():
            return _grown(part, heads, letters)
        case Gap():
            return frozenset((head, False) for head, _ in heads)
        case Text() | Blank():
            more = part.letters if isinstance(part, Text) else " "
            return frozenset(
                ((head + more)[:letters], len(head + more) < letters) if grows else (head, False)
                for head, grows in heads
            )
