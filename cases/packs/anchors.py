"""term of a pack → anchors: words one of which every match of the term must hold.

By those of its triggers a text is looked through before anything else is done with it: where none stands, none can match.
"""

from collections.abc import Sequence

from cases.packs.notation import expanded, tokens
from cases.packs.openings import closing, ways

_GAPS = ("~", "…", "$")


def anchors(term: str, macros: dict[str, str]) -> frozenset[str]:
    """Give words without blanks, one of which stands in whatever the term matches: its longest part that cannot be missing.

    Raises ValueError for a term all of whose parts may be missing: it would match anything.
    """
    found = _alternatives(tokens(expanded(term, macros)))
    if not found:
        raise ValueError(f"term {term!r}: every part of it may be missing")
    return found


def _alternatives(signs: Sequence[str]) -> frozenset[str]:
    """Unite the anchors of alternatives; nothing, where one has none."""
    found = [_anchors_of(way) for way in ways(signs)]
    return frozenset().union(*found) if all(found) else frozenset()


def _anchors_of(signs: Sequence[str]) -> frozenset[str]:
    """Give the best anchors of a sequence: of each part that must match, the one whose shortest word is longest."""
    parts: list[frozenset[str]] = []
    place = 0
    while place < len(signs):
        sign, after = signs[place], place + 1
        if sign in "([":
            after = closing(signs, place) + 1
            if sign == "(":
                parts.append(_alternatives(signs[place + 1 : after - 1]))
        elif not sign.isspace() and sign not in _GAPS:
            parts.append(frozenset({sign}))
        place = after
    return max(
        (part for part in parts if part), key=lambda part: (min(map(len, part)), -len(part)), default=frozenset()
    )
