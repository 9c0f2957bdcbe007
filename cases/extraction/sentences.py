"""text → sentences: pieces with their places, and what the slot grammars find in each."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypedDict

from cases.extraction.ages import AgeMention, find_ages
from cases.extraction.counts import CountMention, find_counts
from cases.extraction.dates import DateMention
from cases.extraction.mention import M, moved
from cases.extraction.names import NameMention
from cases.extraction.nationals import find_nationals
from cases.extraction.places import CountryMention, PlaceMention, find_countries, find_places
from cases.extraction.proper import find_proper
from cases.extraction.surroundings import MAX_CHARACTERS, MAX_SENTENCE, Surroundings
from cases.model import Article, Evidence, Quote
from cases.packs import Pack
from cases.packs.tables import Hit

MAX_SENTENCES = 800
"""No news has so many; what comes after is not looked at."""

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|[A-ZÀ-ÝА-ЯЁ]|$)|[。！？；]+[」』”’）]*|\n+")
_PAUSES = ("…", "..")
"""In headlines of nouns these stand for a comma, and part nothing: 18명 공항행 버스에… 오늘 송환."""
_WORD_BEFORE = re.compile(r"[\w.]{1,12}\Z")

_YEARS = range(1900, 2100)


class Place(TypedDict):
    """Where a sentence stands: in the text or in the title, and which characters of it."""

    part: Literal["text", "title"]
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """One sentence of an article: ``article.text[start:end] == text``; what it holds is found when first asked for."""

    article: Article
    pack: Pack
    around: Surroundings = field(repr=False)
    index: int
    paragraph: int
    start: int
    end: int

    @cached_property
    def text(self) -> str:
        """The sentence as printed."""
        return self.article.text[self.start : self.end]

    @cached_property
    def folded(self) -> str:
        """The sentence in the form that terms are matched in, as long as ``text``."""
        return self.around.folded[self.start : self.end]

    @cached_property
    def counts(self) -> tuple[CountMention, ...]:
        """Numbers of persons in it."""
        known = tuple(count for count in find_counts(self.text, self.pack.language) if not self._is_taken(count))
        if not self.pack.spaced:
            return known
        verbs = (hit for hit in self.triggers if not hit.key.endswith(".noun"))
        more = find_nationals(
            self.text,
            self.pack.language,
            demonyms=self.countries,
            people=self.words("victim"),
            verbs=(*self.cue("passive", "directly"), *verbs) if self.triggers else (),
            known=known,
        )
        more = tuple(count for count in more if not self._is_taken(count))
        return tuple(sorted((*known, *more), key=lambda count: count.start)) if more else known

    def _is_taken(self, count: CountMention) -> bool:
        """Tell whether a number belongs to a date or to the name of a law: "October 16", "the 1951 Convention"."""
        if count.noun is not None and count.persons.min not in _YEARS:
            return False
        dated = any(one.start <= count.start < one.end for one in self.dates)
        return dated or any(hit.start <= count.start < hit.end for hit in self.words("legal"))

    @cached_property
    def ages(self) -> tuple[AgeMention, ...]:
        """Ages in it."""
        return find_ages(self.text, self.pack.language)

    @cached_property
    def names(self) -> tuple[NameMention, ...]:
        """Names of persons in it; their places count from its start."""
        return _within(self, self.around.names(self.start))

    @cached_property
    def countries(self) -> tuple[CountryMention, ...]:
        """Countries and demonyms in it."""
        return find_countries(self.text, self.pack.language)

    @cached_property
    def places(self) -> tuple[PlaceMention, ...]:
        """Places below the country in it."""
        return find_places(self.text, self.pack.language, context=(self.article.text[:4000],))

    @cached_property
    def dates(self) -> tuple[DateMention, ...]:
        """Dates and intervals in it; their places count from its start."""
        return _within(self, self.around.dates(self.start))

    @cached_property
    def proper(self) -> tuple[Hit, ...]:
        """Runs of capitals in it that may be persons; only where the pack knows which are not."""
        others = (*self.countries, *self.places)
        return find_proper(self.text, bodies=self.pack.bodies, others=others) if self.pack.bodies else ()

    @cached_property
    def agencies(self) -> tuple[Hit, ...]:
        """Bodies in it whose State is known; the key is ``<State>:<type>``."""
        return self.pack.agencies.find(self.folded)

    @cached_property
    def triggers(self) -> tuple[Hit, ...]:
        """Words in it that tell of a return, under ``<strength>.<form>``."""
        return self.pack.triggers(self.folded, headline=self.is_title)

    def words(self, table: str) -> tuple[Hit, ...]:
        """Hits of one of the pack's word tables in it."""
        return self._words(table)

    def has(self, table: str, *keys: str) -> bool:
        """Tell whether a word table hits, under these keys if any are named."""
        return any(not keys or hit.key in keys for hit in self._words(table))

    def cue(self, name: str, scope: str = "sentence") -> tuple[Hit, ...]:
        """Hits of one cue in it."""
        return self._found((name, scope))

    def quote(self) -> Quote:
        """Give the sentence with its place."""
        return Quote(text=self.text, **self._place())

    def evidence(self, field: str) -> Evidence:
        """Give the sentence as the evidence of a value."""
        return Evidence(field=field, text=self.text, **self._place())

    @property
    def is_title(self) -> bool:
        """True for what stands in the headline of a brief."""
        return self.start < self.around.headline

    def _place(self) -> Place:
        """Give its place in the title, or in the text as it was given."""
        lead = self.around.lead
        if self.start < lead:
            return {"part": "title", "start": self.start, "end": self.end}
        return {"part": "text", "start": self.start - lead, "end": self.end - lead}

    @cached_property
    def _memory(self) -> dict[tuple[str, str], tuple[Hit, ...]]:
        return {}

    @cached_property
    def _tables(self) -> frozenset[tuple[str, str]]:
        return self.pack.tables_in(self.folded)

    @cached_property
    def memory(self) -> dict[str, Any]:
        """What others found in it, by their own names: each thing is looked for once."""
        return {}

    def _words(self, table: str) -> tuple[Hit, ...]:
        return self._found((table, ""))

    def _found(self, key: tuple[str, str]) -> tuple[Hit, ...]:
        if key not in self._tables:
            return ()
        if key not in self._memory:
            name, scope = key
            self._memory[key] = self._cues(name, scope) if scope else self.pack.words(name).find(self.folded)
        return self._memory[key]

    def _cues(self, name: str, scope: str) -> tuple[Hit, ...]:
        """Find a cue's terms, those left out that are only a part of a longer word."""
        hits = self.pack.cue(name, scope).find(self.folded)
        return tuple(hit for hit in hits if not self._is_part_of_a_word(hit)) if hits else hits

    def _is_part_of_a_word(self, hit: Hit) -> bool:
        return any(one.start <= hit.start and hit.end <= one.end for one in self._longer_words)

    @cached_property
    def _longer_words(self) -> tuple[Hit, ...]:
        """Words that look as if they held a cue: 不久, 分别, 国会."""
        return self.pack.false_cues.find(self.folded)


def _within(sentence: Sentence, mentions: tuple[M, ...]) -> tuple[M, ...]:
    """Give the mentions that lie in a sentence, moved to count from its start."""
    first = bisect_left(mentions, sentence.start, key=lambda mention: mention.start)
    found: list[M] = []
    for mention in mentions[first:]:
        if mention.end > sentence.end:
            break
        found.append(moved(mention, -sentence.start))
    return tuple(found)


def split(article: Article, pack: Pack, *, lead: int = 0, headline: int = 0) -> tuple[Sentence, ...]:
    """Cut an article into sentences; paragraphs end at line ends, abbreviations of the pack end nothing.

    ``lead`` is how many characters of a title were set before the text, ``headline`` where the headline ends.
    """
    text = article.text[:MAX_CHARACTERS]
    around = Surroundings(article, pack.language, lead, headline)
    sentences: list[Sentence] = []
    paragraph = 0
    for start, end in _pieces(text, pack, headline):
        left = len(text[start:end]) - len(text[start:end].lstrip())
        right = len(text[start:end].rstrip())
        if left < right:
            sentences.append(
                Sentence(article, pack, around, len(sentences), paragraph, start=start + left, end=start + right),
            )
        paragraph += text[start:end].count("\n") > 0
        if len(sentences) >= MAX_SENTENCES:
            break
    return tuple(sentences)


def _pieces(text: str, pack: Pack, headline: int) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        if pack.nominal_headlines and end < headline and match.group().startswith(_PAUSES):
            continue
        if match.group()[0] == "." and _abbreviated(text, match.start(), pack):
            continue
        yield from _cut(start, end)
        start = end
    yield from _cut(start, len(text))


def _cut(start: int, end: int) -> Iterator[tuple[int, int]]:
    for first in range(start, end, MAX_SENTENCE):
        yield first, min(first + MAX_SENTENCE, end)


def _abbreviated(text: str, dot: int, pack: Pack) -> bool:
    """Tell whether a full stop belongs to an abbreviation, an initial or a number."""
    word = _WORD_BEFORE.search(text, max(0, dot - 13), dot)
    if word is None:
        return False
    before = word.group().lower().lstrip(".")
    if before in pack.abbreviations:
        return True
    following = text[dot + 1 : dot + 2]
    return len(before) == 1 and before.isalpha() and pack.spaced and following != "\n"
