"""What a list wants to be told of: the filters of ``[[digests]]``, and which of them passes a case over. Pure.

An empty filter lets everything pass; a case must pass all of them. What is passed over is counted in the coverage of the
digest, by the filter that was the first to stop it, so that nothing is lost in silence.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cases.disclosure import DisclosedCase
from cases.model import Stage
from cases.register import Case

_GAPS = re.compile(r"[\s_-]+")
"""In which spellings of one tag differ: ``North Korea``, ``north-korea``."""

State = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class Route(BaseModel):
    """One way of return: from a State, to a State; an end that is left out may be any."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, populate_by_name=True)

    from_state: State | None = Field(default=None, alias="from")
    """Two letters, ISO 3166-1."""
    to_state: State | None = Field(default=None, alias="to")
    """Two letters, ISO 3166-1."""

    @model_validator(mode="after")
    def _has_an_end(self) -> Self:
        if not (self.from_state or self.to_state):
            raise ValueError('a route needs from, to, or both, such as {from = "CN", to = "KP"}')
        return self


class Filters(BaseModel):
    """The filters among the keys of ``[[digests]]``."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, arbitrary_types_allowed=True)

    states: tuple[State, ...] = ()
    """Only cases from, to or feared in one of these States; empty for all. Two letters, ISO 3166-1."""
    routes: tuple[Route, ...] = ()
    """Only cases on one of these ways, such as `{from = "CN", to = "KP"}`; an end that is left out may be any."""
    places: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    """Only cases that name one of these provinces or prefectures, as the digest writes them, such as "Jilin"; empty for all."""
    stages: tuple[Stage, ...] = ()
    """Only cases at one of these stages; empty for all."""
    languages: tuple[str, ...] = ()
    """Only cases that an article in one of these languages tells; empty for all. ``zh`` holds ``zh-Hans`` too."""
    sources: tuple[str, ...] = ()
    """Only cases that one of these sources tells, by the names of their files; empty for all."""
    tags: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    """Only cases that an article with one of these tags tells, however it is spelled; empty for all."""
    min_confidence: float = Field(default=0.0, ge=0, le=1)
    """Only cases of which one article at least has this score, between 0 and 1, as `articles list` shows it."""
    corroborated: bool = False
    """Only cases that two independent origins tell at least; others come once they do."""


Test = Callable[[Filters, Case, DisclosedCase], bool]


def passed_over_by(filters: Filters, case: Case, leaves: DisclosedCase) -> str | None:
    """Name the first filter that a case does not pass; ``None`` when it passes all.

    States, places, stages and languages are judged by what may leave the store, so that a filter tells nothing that the
    digest withholds; sources, tags and confidence by the articles that tell the case.
    """
    return next((name for name, passes in _TESTS.items() if not passes(filters, case, leaves)), None)


def _states(filters: Filters, _: Case, leaves: DisclosedCase) -> bool:
    return not filters.states or bool({leaves.from_state, leaves.to_state, leaves.risk_state} & set(filters.states))


def _routes(filters: Filters, _: Case, leaves: DisclosedCase) -> bool:
    return not filters.routes or any(
        way.from_state in {None, leaves.from_state} and way.to_state in {None, leaves.to_state}
        for way in filters.routes
    )


def _places(filters: Filters, _: Case, leaves: DisclosedCase) -> bool:
    named = _folded(name for place in leaves.places for name in (place.name, *place.parents))
    return not filters.places or bool(named & _folded(filters.places))


def _stages(filters: Filters, _: Case, leaves: DisclosedCase) -> bool:
    return not filters.stages or leaves.stage in filters.stages


def _languages(filters: Filters, _: Case, leaves: DisclosedCase) -> bool:
    told_in = {(one.lang or "").lower() for one in leaves.sources}
    asked = [language.lower() for language in filters.languages]
    return not asked or any(lang == one or lang.startswith(f"{one}-") for lang in told_in for one in asked)


def _sources(filters: Filters, case: Case, _: DisclosedCase) -> bool:
    return not filters.sources or bool({telling.source for telling in case.tellings} & set(filters.sources))


def _tags(filters: Filters, case: Case, _: DisclosedCase) -> bool:
    carried = _folded(tag for telling in case.tellings for tag in telling.tags)
    return not filters.tags or bool(carried & _folded(filters.tags))


def _confidence(filters: Filters, case: Case, _: DisclosedCase) -> bool:
    """Take the best of its articles; a score that was not kept stands against nothing."""
    scores = [1.0 if telling.score is None else telling.score for telling in case.tellings]
    return max(scores, default=1.0) >= filters.min_confidence


def _corroborated(filters: Filters, _: Case, leaves: DisclosedCase) -> bool:
    several = 2
    return not filters.corroborated or leaves.origins >= several


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(_GAPS.sub("", unicodedata.normalize("NFKC", word).casefold()) for word in words)


_TESTS: dict[str, Test] = {
    "states": _states,
    "routes": _routes,
    "places": _places,
    "stages": _stages,
    "languages": _languages,
    "sources": _sources,
    "tags": _tags,
    "min_confidence": _confidence,
    "corroborated": _corroborated,
}
