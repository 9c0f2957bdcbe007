"""article → events: its sentences, and every event candidate in them with the filter that closed it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cases.extraction.briefs import with_title
from cases.extraction.candidates import Candidate, find_candidates
from cases.extraction.filters import FILTERS, STRICT, Filter, closed_by
from cases.extraction.sentences import Sentence, split
from cases.language import detect
from cases.model import Article, Label
from cases.packs import pack_for
from cases.packs.notation import fold

_MAX_CANDIDATES = 150
"""No article tells of so many acts: what comes after is not looked at, which bounds the time of a hostile text."""


@dataclass(frozen=True)
class Considered:
    """A candidate with the name of the filter that closed it and the label it points to; both None when it is open."""

    candidate: Candidate
    closed_by: str | None = None
    label: Label | None = None

    @property
    def is_open(self) -> bool:
        """True when no filter closed it."""
        return self.closed_by is None


@dataclass(frozen=True)
class Reading:
    """What was found in one article. ``supported`` is false when its language has no pack."""

    lang: str | None
    supported: bool
    sentences: tuple[Sentence, ...] = ()
    considered: tuple[Considered, ...] = ()


def language_of(article: Article) -> str | None:
    """Give the language that the article says it is in, else the one its text is found to be in."""
    return article.lang or detect(article.text)


@lru_cache(maxsize=2)
def read(article: Article, *, strict: bool = False) -> Reading:
    """Read an article with all filters; the last two are remembered, for the verdict and the reports ask alike.

    ``strict`` also asks of verbs with harmless senses what general news needs.
    """
    return read_with(article, STRICT if strict else FILTERS)


def read_with(article: Article, filters: Mapping[str, Filter]) -> Reading:
    """Read an article with a choice of filters: the way to see what one of them does."""
    lang = language_of(article)
    pack = pack_for(lang)
    if pack is None:
        return Reading(lang=lang, supported=False)
    printed, lead = with_title(article, pack)
    if not pack.may_tell(fold(printed.text)):
        return Reading(lang=lang, supported=True)
    sentences = split(printed, pack, lead=lead)
    considered: list[Considered] = []
    if not any(sentence.triggers for sentence in sentences):
        return Reading(lang=lang, supported=True, sentences=sentences)
    for sentence in sentences:
        for candidate in find_candidates(sentence, _context(sentences, sentence), _after(sentences, sentence)):
            closed = closed_by(candidate, filters)
            considered.append(Considered(candidate, *(closed or (None, None))))
        if len(considered) >= _MAX_CANDIDATES:
            break
    return Reading(lang=lang, supported=True, sentences=sentences, considered=tuple(considered))


def _after(sentences: tuple[Sentence, ...], sentence: Sentence) -> Sentence | None:
    """Give the next sentence, if it stands in the same paragraph or this one is the headline above the text."""
    following = next(iter(sentences[sentence.index + 1 : sentence.index + 2]), None)
    goes_on = following is not None and (following.paragraph == sentence.paragraph or sentence.is_title)
    return following if goes_on else None


def _context(sentences: tuple[Sentence, ...], sentence: Sentence) -> tuple[Sentence, ...]:
    """Give the three sentences before, as far as the paragraph before reaches."""
    return tuple(
        before
        for before in sentences[max(0, sentence.index - 3) : sentence.index]
        if sentence.paragraph - before.paragraph <= 1
    )
