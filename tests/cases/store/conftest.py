"""Builders for the store's tests: an outlet's article about a woman who was seized, and what is decided about it."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import msgspec
import pytest

from cases.linking import link_all
from cases.model import (
    Article,
    Capture,
    Event,
    Judgement,
    Label,
    Mention,
    Persons,
    Place,
    Report,
    Stage,
    Verdict,
    Victim,
)
from cases.recognition import Thresholds
from cases.recognition.profile import settled
from cases.register import Decision
from cases.store import Kept, Store

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
WOMAN = Report(
    mention=Mention.PRIMARY,
    stage=Stage.IN_CUSTODY_AT_RISK,
    from_state="CN",
    to_state="KP",
    multiplicity="individual",
    persons=Persons(min=1, max=1),
    victims=(Victim(label="V1", name="Mun Ha-eun", sex="female"),),
    events=(Event(type="arrest", start=date(2026, 11, 12), end=date(2026, 11, 12), precision="day"),),
    places=(Place(role="residence", name="Hunchun", parents=("Yanbian", "Jilin"), country="CN", level="county"),),
)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def woman() -> Callable[..., Report]:
    """One report, with some of its fields changed."""
    return lambda **other: msgspec.structs.replace(WOMAN, **other)


@pytest.fixture
def page() -> Callable[..., Article]:
    """One article of an outlet, with some of its fields changed."""

    def make(outlet: str = "north", **other: object) -> Article:
        plain = Article(
            url=f"https://{outlet}.example/story",
            title=f"Story of {outlet}",
            text=f"Text of {outlet}.",
            lang="en",
            published=datetime(2026, 11, 20, 8, tzinfo=UTC),
            tags=("North Korea",),
            source=outlet,
        )
        return msgspec.structs.replace(plain, **other)

    return make


@pytest.fixture
def capture() -> Capture:
    return Capture(url="https://north.example/story", fetched_at=NOW, status=200, sha256="ab" * 32, record="a.warc#1")


def judged(*reports: Report, score: float = 0.9, credited: tuple[str, ...] = ()) -> Judgement:
    label = Label.CASE_REPORT if reports else Label.UNRELATED
    verdict = settled(Verdict(label=label, report=bool(reports), score=score), Thresholds())
    return Judgement(verdict=verdict, lang="en", reports=reports, credits=credited)


@pytest.fixture
def keep(store: Store) -> Callable[..., Kept]:
    """Judge as told, link against the register, keep: what a crawl does with one page."""

    def run(
        article: Article,
        *reports: Report,
        at: datetime = NOW,
        score: float = 0.9,
        credited: tuple[str, ...] = (),
        capture: Capture | None = None,
    ) -> Kept:
        candidates = {case.id: case for report in reports for case in store.cases.candidates(report, article)}
        title = article.source.title()
        effects = link_all(reports, article, list(candidates.values()), source_title=title, credited=credited)
        decision = Decision(judgement=judged(*reports, score=score, credited=credited), effects=effects)
        return store.articles.keep(article, capture, decision, now=at, source_title=article.source.title())

    return run
