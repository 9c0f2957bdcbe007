"""word lists → those of which a text holds a word, by one search for all of them."""

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from functools import cache
from typing import Generic, TypeVar

from cases.packs.alternation import as_listed, places_of

Name = TypeVar("Name", bound=Hashable)


class Presence(Generic[Name]):
    """Tells of which word lists and patterns a text holds anything; it may say so once too often, and never once too seldom.

    All lists take one search, a pattern one of its own, when it is first asked for.
    """

    def __init__(
        self, lists: Mapping[Name, Iterable[str]], patterns: Mapping[Name, re.Pattern[str]], *, spaced: bool
    ) -> None:
        words: dict[str, set[Name]] = {}
        for name, listed in lists.items():
            for word in listed:
                words.setdefault(as_listed(word), set()).add(name)
        self._always = frozenset(words.pop("", ()))
        self._lists = {
            word: frozenset(name for end in range(1, len(word) + 1) for name in words.get(word[:end], ()))
            for word in words
        }
        self._every = frozenset(lists)
        self._patterns = patterns
        before = r"(?<![^\W\d_])" if spaced else ""
        self._words = places_of(words, before)

    def within(self, text: str) -> Callable[[Collection[Name]], bool]:
        """Give what tells whether a text holds something of one of some lists and patterns."""
        present = self.lists_in(text)

        @cache
        def is_there(name: Name) -> bool:
            return name in present if name in self._every else self._patterns[name].search(text) is not None

        return lambda names: any(map(is_there, names))

    def lists_in(self, text: str) -> frozenset[Name]:
        """Give the names of the lists."""
        present = set(self._always)
        for match in self._words.finditer(text.replace("İ", "i").replace("ı", "i").casefold()):
            word = match[1]
            present |= self._lists.get(word) or self._lists.get(as_listed(word), self._every)
            if len(present) == len(self._every):
                break
        return frozenset(present)
