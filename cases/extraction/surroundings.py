"""article → what one sentence alone does not show: names and dates of its line, or of the whole text."""

from dataclasses import dataclass, field
from functools import cached_property

from cases.extraction.dates import DateMention, find_dates
from cases.extraction.mention import moved
from cases.extraction.names import NameMention, find_names, reaches_on
from cases.model import Article
from cases.packs.notation import fold

MAX_CHARACTERS = 200_000
"""What is read of one text; news is never so long, and what lies behind is not looked at."""
MAX_SENTENCE = 1_500
"""A longer piece is cut: lists and broken markup, where closeness means nothing."""

_PAGE = 6_000
_LEANS = 300
"""A page begins so many characters before its place, for what it leans on: a year that was told just before."""


@dataclass(frozen=True)
class Surroundings:
    """What needs more than one sentence to be found: dates (a day after its month) and names (one that is called a pseudonym further on).

    Both are looked for in their line, page by page where it is long, and names in the whole article where one place may say something
    of another; each once and only when asked for.
    """

    article: Article
    language: str
    lead: int = 0
    """Characters of a title that is read as the first line; what stands before them is no part of the text as given."""
    headline: int = 0
    """Where the headline ends that the text begins with, its own or one that was set before it."""
    named: dict[tuple[int, int], tuple[NameMention, ...]] = field(default_factory=dict)
    dated: dict[tuple[int, int], tuple[DateMention, ...]] = field(default_factory=dict)

    @cached_property
    def folded(self) -> str:
        """The article's text in the form that terms are matched in."""
        return fold(self.article.text[:MAX_CHARACTERS])

    def names(self, place: int) -> tuple[NameMention, ...]:
        """Names of persons in the line around a place, or in the whole article, in order."""
        start, end = (0, MAX_CHARACTERS) if self._names_reach_on else self._page(place)
        if (start, end) not in self.named:
            found = find_names(self.article.text[start:end], self.language)
            self.named[start, end] = tuple(moved(mention, start) for mention in found)
        return self.named[start, end]

    def dates(self, place: int) -> tuple[DateMention, ...]:
        """Dates and intervals in the line around a place, in order, as far as the publication date allows."""
        start, end = self._page(place)
        if (start, end) not in self.dated:
            published = self.article.published
            found = find_dates(
                self.article.text[start:end], self.language, published=published.date() if published else None
            )
            self.dated[start, end] = tuple(moved(mention, start) for mention in found)
        return self.dated[start, end]

    @cached_property
    def _names_reach_on(self) -> bool:
        return reaches_on(self.article.text[:MAX_CHARACTERS], self.language)

    def _page(self, place: int) -> tuple[int, int]:
        """Give where the line around a place begins and ends; one longer than a page is looked at page by page."""
        text = self.article.text
        line = text.rfind("\n", max(0, place - MAX_CHARACTERS), place) + 1
        first = line + (place - line) // _PAGE * _PAGE
        last = first + _PAGE + MAX_SENTENCE
        end = text.find("\n", place, last)
        return max(line, first - _LEANS), end if end >= 0 else last
