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

_CARRIED_ON = frozenset({"period", "object"})
"""Filters whose answer holds for a sentence that goes on about the same act."""
_LOOKED_BACK = 8
"""So many candidates before one are looked at for what it goes on about."""

_BELOW_A_HEADLINE = 3
"""Sentences of a brief in which its headline is told again or gone on with; the first may be no more than a date."""


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
    printed = with_title(article, pack)
    folded = fold(printed.article.text)
    if not pack.may_tell(folded, headline=folded[: printed.headline]):
        return Reading(lang=lang, supported=True)
    sentences = split(printed.article, pack, lead=printed.lead, headline=printed.headline)
    considered: list[Considered] = []
    if not any(sentence.triggers for sentence in sentences):
        return Reading(lang=lang, supported=True, sentences=sentences)
    for sentence in sentences:
        for candidate in find_candidates(sentence, _context(sentences, sentence), _behind(sentences, sentence)):
            closed = closed_by(candidate, filters)
            considered.append(Considered(candidate, *(closed or (None, None))))
        if len(considered) >= _MAX_CANDIDATES:
            break
    return Reading(lang=lang, supported=True, sentences=sentences, considered=_as_told_below(_gone_on_with(considered)))


def _gone_on_with(considered: list[Considered]) -> list[Considered]:
    """Close what speaks by a pronoun alone of those whose act the sentences before told, where that is of long ago or of no persons."""
    gone_on: list[Considered] = []
    for one in considered:
        before = _told_before(gone_on, one.candidate) if one.is_open and _only_points(one.candidate) else ()
        closing = before[-1] if before and not any(act.is_open for act in before) else None
        carried = closing is not None and closing.closed_by in _CARRIED_ON
        gone_on.append(Considered(one.candidate, closing.closed_by, closing.label) if closing and carried else one)
    return gone_on


def _told_before(considered: list[Considered], candidate: Candidate) -> list[Considered]:
    """Give the acts of the last sentence of the same paragraph that tells any."""
    sentence = candidate.sentence
    acts = [
        one
        for one in considered[-_LOOKED_BACK:]
        if one.candidate.sentence.index < sentence.index
        and one.candidate.sentence.paragraph == sentence.paragraph
        and one.candidate.strength not in ("custody", "release")
    ]
    return [one for one in acts if one.candidate.sentence.index == acts[-1].candidate.sentence.index]


def _only_points(candidate: Candidate) -> bool:
    """Tell whether it has neither a person nor a time of its own."""
    patient = candidate.patient
    own = any(mention.relative_to_previous is None for mention in candidate.sentence.dates)
    return not (patient.specific or patient.vague or own)


def _as_told_below(considered: list[Considered]) -> tuple[Considered, ...]:
    """Close what a headline tells where all that the text tells of it is another removal: it says in short what stands there."""
    below = [one for one in considered if not one.candidate.sentence.is_title]
    closing = next((one for one in below if one.label is Label.OTHER_REMOVAL), None)
    if closing is None or any(one.is_open for one in below):
        return tuple(considered)
    return tuple(
        Considered(one.candidate, closing.closed_by, closing.label)
        if one.is_open and one.candidate.sentence.is_title
        else one
        for one in considered
    )


def _behind(sentences: tuple[Sentence, ...], sentence: Sentence) -> tuple[Sentence, ...]:
    """Give the next sentence, if it stands in the same paragraph; for a headline the first ones of the text below it."""
    reach = _BELOW_A_HEADLINE if sentence.is_title else 1
    following = sentences[sentence.index + 1 : sentence.index + 1 + reach]
    return tuple(one for one in following if one.paragraph == sentence.paragraph or sentence.is_title)


def _context(sentences: tuple[Sentence, ...], sentence: Sentence) -> tuple[Sentence, ...]:
    """Give the three sentences before, as far as the paragraph before reaches."""
    return tuple(
        before
        for before in sentences[max(0, sentence.index - 3) : sentence.index]
        if sentence.paragraph - before.paragraph <= 1
    )
