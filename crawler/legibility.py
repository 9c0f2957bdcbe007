"""pages → does the source still look as it did? Counts what could be read among the newest of its listings. Pure.

One page that cannot be read is an odd page. Several in a row, the newest of all, are a changed layout, also when everything
before them is known and well: that is how a broken intake looks on its first day.
"""

from collections.abc import Iterable

from crawler.memory import Fate

_READ: frozenset[Fate] = frozenset({"kept", "untagged", "too_old"})
_UNREAD: frozenset[Fate] = frozenset({"unreadable", "reading_timed_out"})

A_ROW = 3
"""So many pages in a row that cannot be read are worth a word, whatever comes after them."""


class Legibility:
    """What is known of the pages of one visit: from earlier visits, and as they come."""

    def __init__(self) -> None:
        self._shown: list[tuple[str, ...]] = []
        self._could: dict[str, bool] = {}
        self._row = 0
        self.read = 0
        """Pages that came now, and in which the parts of an article were found."""

    def show(self, urls: Iterable[str]) -> None:
        """Note what a listing shows first, newest first."""
        self._shown.append(tuple(urls))

    def recall(self, url: str, fate: Fate) -> None:
        """Note what became of a page at an earlier visit, unless it has come in this one."""
        if fate in _READ | _UNREAD:
            self._could.setdefault(url, fate in _READ)

    def came(self, url: str, *, could: bool) -> bool:
        """Note a page that came now; tells when it is the third in a row that cannot be read."""
        self._could[url] = could
        self.read += could
        self._row = 0 if could else self._row + 1
        return self._row == A_ROW

    @property
    def newest_failing(self) -> int:
        """How many of the newest pages, in a row, could not be read: the most that any listing shows."""
        return max((self._leading(urls) for urls in self._shown), default=0)

    def _leading(self, urls: tuple[str, ...]) -> int:
        verdicts = [self._could[url] for url in urls if url in self._could]
        return next((place for place, could in enumerate(verdicts) if could), len(verdicts))
