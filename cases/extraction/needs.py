"""pattern of a grammar → the word lists and patterns that it cannot match without, so that a text without them is passed over.

Most sentences hold no word of most lists. One search tells which lists a text has words of; only forms that need no other are looked for.
"""

import re
from collections.abc import Collection

_PIECE = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\{([a-z_]+)\d?\}|\((?:\?(?:P<\w+>|<?[=!]|-?[a-z]*:))?|[)|]|.", re.DOTALL)
_OPTIONAL = re.compile(r"[?*]|\{0")
_LOOKS = ("(?=", "(?!", "(?<=", "(?<!")

Need = frozenset[str]
"""Lists and patterns of which the text must hold one."""


def needed(pattern: str, named: Collection[str]) -> frozenset[Need]:
    """Give which of the named slots every match of a pattern must fill: those in optional parts ask for nothing."""
    return _needed(list(_PIECE.finditer(pattern)), pattern, frozenset(named))


def _needed(pieces: list[re.Match[str]], pattern: str, named: frozenset[str]) -> frozenset[Need]:
    """Walk over the pieces of one level, into its groups; of alternatives one need each counts, if each has one."""
    ways: list[set[Need]] = [set()]
    place = 0
    while place < len(pieces):
        piece, after = pieces[place], place + 1
        inside: frozenset[Need] = frozenset()
        if piece.group() == "|":
            ways.append(set())
        elif piece.group().startswith("("):
            after = _closing(pieces, place) + 1
            if piece.group() not in _LOOKS:
                inside = _needed(pieces[place + 1 : after - 1], pattern, named)
        elif piece[1] in named:
            inside = frozenset({frozenset({piece[1]})})
        if not _OPTIONAL.match(pattern, pieces[after - 1].end()):
            ways[-1] |= inside
        place = after
    if len(ways) == 1:
        return frozenset(ways[0])
    return frozenset({frozenset().union(*(min(way, key=sorted) for way in ways))}) if all(ways) else frozenset()


def _closing(pieces: list[re.Match[str]], opening: int) -> int:
    """Give the place of the bracket that closes the one at a place."""
    depth = 0
    for place in range(opening, len(pieces)):
        depth += pieces[place].group().startswith("(")
        depth -= pieces[place].group() == ")"
        if depth == 0:
            return place
    raise ValueError("a bracket is not closed")
