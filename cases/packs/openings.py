"""signs of a term → openings: short strings with one of which every match of the term begins.

A table looks at each place of a text only for the terms that may begin there, which are few.
"""

from collections.abc import Sequence

_CLOSES = {"(": ")", "[": "]"}
_GAPS = ("~", "…", "$")
_LONGEST = 6
"""Letters that tell terms apart well enough; what follows is not looked at."""
_MANY, _SHORT = 150, 2
"""Of more openings than this only so many letters are kept."""


def openings(signs: Sequence[str]) -> frozenset[str]:
    """Give the openings of a term; the empty string where it may begin with anything."""
    return frozenset(head for head, _ in _grown(signs, frozenset({("", True)})))


_Heads = frozenset[tuple[str, bool]]
"""Openings, each with whether what follows still belongs to it."""


def _grown(signs: Sequence[str], heads: _Heads) -> _Heads:
    """Lengthen openings by what the signs stand for, each way of them."""
    return frozenset().union(*(_along(way, heads) for way in ways(signs)))


def _along(way: Sequence[str], heads: _Heads) -> _Heads:
    place = 0
    while place < len(way) and any(grows for _, grows in heads):
        sign, after = way[place], place + 1
        if sign in _CLOSES:
            after = closing(way, place) + 1
            inside = _grown(way[place + 1 : after - 1], heads)
            heads = inside | heads if sign == "[" else inside
        elif sign.isspace() and way[place - 1 : place] == ["]"]:
            # a part that nothing stands before takes the space after it along when it is missing
            heads = frozenset((head, grows and not head) for head, grows in heads)
        elif sign.isspace() or sign in _GAPS:
            heads = frozenset((head, False) for head, _ in heads)
        else:
            heads = frozenset(_longer(head, sign) if grows else (head, False) for head, grows in heads)
        if len(heads) > _MANY:
            heads = frozenset((head[:_SHORT], False) for head, _ in heads)
        place = after
    return heads


def _longer(head: str, sign: str) -> tuple[str, bool]:
    return (head + sign)[:_LONGEST], len(head + sign) < _LONGEST


def ways(signs: Sequence[str]) -> list[list[str]]:
    """Cut at the strokes that stand in no bracket."""
    found: list[list[str]] = [[]]
    depth = 0
    for sign in signs:
        depth += (sign in _CLOSES) - (sign in _CLOSES.values())
        if sign == "/" and depth == 0:
            found.append([])
        else:
            found[-1].append(sign)
    return found


def closing(signs: Sequence[str], opening: int) -> int:
    """Give the place of the bracket that closes the one at a place."""
    depth = 0
    for place in range(opening, len(signs)):
        depth += (signs[place] in _CLOSES) - (signs[place] in _CLOSES.values())
        if depth == 0:
            return place
    raise ValueError("a bracket is not closed")
