"""pattern of a grammar → the word lists and patterns that it cannot match without, so that a text without them is passed over.

Most sentences hold no word of most lists. One search tells which lists a text has words of; only forms that need no other are looked for.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache

from cases.packs.alternation import as_listed, places_of

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


class Presence:
    """Tells of which word lists and patterns a text holds anything; it may say so once too often, and never once too seldom.

    All lists take one search, a pattern one of its own, when it is first asked for.
    """

    def __init__(
        self, lists: Mapping[str, Iterable[str]], patterns: Mapping[str, re.Pattern[str]], *, spaced: bool
    ) -> None:
        words: dict[str, set[str]] = {}
        for name, listed in lists.items():
            for word in listed:
                words.setdefault(as_listed(word), set()).add(name)
        self._lists = {
            word: frozenset(name for end in range(1, len(word) + 1) for name in words.get(word[:end], ()))
            for word in words
        }
        self._every = frozenset(lists)
        self._patterns = patterns
        before = r"(?<![^\W\d_])" if spaced else ""
        self._words = places_of(words, before)

    def within(self, text: str) -> Callable[[Need], bool]:
        """Give what tells whether a need is met by a text."""
        present = self._lists_in(text)

        @cache
        def is_there(name: str) -> bool:
            return name in present if name in self._every else self._patterns[name].search(text) is not None

        return lambda need: any(map(is_there, need))

    def _lists_in(self, text: str) -> frozenset[str]:
        present: frozenset[str] = frozenset()
        for match in self._words.finditer(text.casefold()):
            present |= self._lists.get(as_listed(match[1]), self._every)
            if len(present) == len(self._every):
                break
        return present
