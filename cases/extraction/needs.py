"""pattern of a grammar → the word lists that it cannot match without, so that a text without their words is passed over.

Most sentences hold no word of most lists. One search tells which lists a text has words of; only forms that need no other are looked for.
"""

import re
from collections.abc import Collection, Iterable, Mapping

from cases.packs.alternation import alternation, as_listed

_PIECE = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\{([a-z_]+)\d?\}|\((?:\?(?:P<\w+>|<?[=!]|-?[a-z]*:))?|[)|]|.", re.DOTALL)
_OPTIONAL = re.compile(r"[?*]|\{0")
_LOOKS = ("(?=", "(?!", "(?<=", "(?<!")

Need = frozenset[str]
"""Lists of which one must have a word in the text."""


def needed(pattern: str, lists: Collection[str]) -> frozenset[Need]:
    """Give what every match of a pattern must have a word of: slots in optional parts ask for nothing."""
    return _needed(list(_PIECE.finditer(pattern)), pattern, frozenset(lists))


def _needed(pieces: list[re.Match[str]], pattern: str, lists: frozenset[str]) -> frozenset[Need]:
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
                inside = _needed(pieces[place + 1 : after - 1], pattern, lists)
        elif piece[1] in lists:
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


class Presence:
    """Tells which word lists a text has words of, in one search; it may name one too many, and never one too few."""

    def __init__(self, lists: Mapping[str, Iterable[str]], *, spaced: bool) -> None:
        words: dict[str, set[str]] = {}
        for name, listed in lists.items():
            for word in listed:
                words.setdefault(as_listed(word), set()).add(name)
        self._lists = {
            word: frozenset(name for end in range(1, len(word) + 1) for name in words.get(word[:end], ()))
            for word in words
        }
        self._every = frozenset(lists)
        before = r"(?<![^\W\d_])" if spaced else ""
        self._words = re.compile(f"{before}(?=({alternation(words)}))", re.IGNORECASE)

    def lists_in(self, text: str) -> frozenset[str]:
        """Give the names of the lists."""
        present: frozenset[str] = frozenset()
        for match in self._words.finditer(text):
            present |= self._lists.get(as_listed(match[1]), self._every)
            if len(present) == len(self._every):
                break
        return present
