from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from pydantic import ValidationError

from cases.disclosure import Policy
from cases.model import Place, Report
from cases.register import Case
from cases.store import CaseChange, Kept, Store
from digests.digest import compose
from digests.filters import Filters
from digests.material import Material
from digests.rendering import render
from digests.spec import DigestSpec
from digests.view import Digest

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
Tell = Callable[..., Kept]


@pytest.fixture
def case(store: Store, tell: Tell) -> Case:
    """A return from China to North Korea, told by one English article of the source ``courier`` with a score of 0.9."""
    places = (Place(role="arrest", name="Longjing", parents=("Yanbian", "Jilin"), country="CN", level="county"),)
    kept = tell(store, "story", places=places).changes[0].case
    tellings = tuple(msgspec.structs.replace(one, tags=("North  Korea", "China")) for one in kept.tellings)
    return msgspec.structs.replace(kept, tellings=tellings)


def told(case: Case, **filters: Any) -> Digest:  # noqa: ANN401 - as TOML gives them
    step = CaseChange(id=7, case=case, kind="new", revision=1, at=NOW)
    spec = DigestSpec.model_validate({"name": "weekly", "schedule": "Mon 07:00", **filters})
    material = Material(now=NOW, period="2026-11-23", since=NOW - timedelta(days=7), changes=(step,))
    return compose(spec, material, policy=Policy())


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        ({}, True),
        ({"states": ["KP"]}, True),
        ({"states": ["RU", "VN"]}, False),
        ({"routes": [{"from": "CN", "to": "KP"}]}, True),
        ({"routes": [{"from": "RU"}, {"to": "KP"}]}, True),
        ({"routes": [{"from": "KP", "to": "CN"}]}, False),
        ({"places": ["jilin"]}, True),
        ({"places": ["Longjing"]}, False),
        ({"places": ["Liaoning"]}, False),
        ({"stages": ["completed"]}, True),
        ({"stages": ["imminent"]}, False),
        ({"languages": ["en"]}, True),
        ({"languages": ["ko", "zh"]}, False),
        ({"sources": ["courier"]}, True),
        ({"sources": ["tumen"]}, False),
        ({"tags": ["CHINA"]}, True),
        ({"tags": ["north-korea"]}, True),
        ({"tags": ["Uyghurs"]}, False),
        ({"min_confidence": 0.9}, True),
        ({"min_confidence": 0.91}, False),
        ({"corroborated": True}, False),
        ({"states": ["CN"], "stages": ["completed"], "tags": ["china"], "min_confidence": 0.5}, True),
    ],
)
def test_a_filter_passes_over_what_was_not_asked_for_and_the_coverage_counts_it(
    case: Case, filters: dict[str, Any], passes: bool
) -> None:
    digest = told(case, **filters)
    assert bool(digest.cards) == passes
    assert digest.change_ids == (7,), "passed over for good"
    assert [(one.key, one.count) for one in digest.coverage.passed_over] == (
        [] if passes else [(next(iter(filters)), 1)]
    )


def test_what_was_passed_over_is_said_in_every_form(case: Case) -> None:
    rendered = render(told(case, states=["RU"]))
    for form in (rendered.page_html, rendered.mail_html, rendered.text):
        assert "the filters of this list passed over" in form
        assert "in other States (1)" in form
    assert msgspec.json.decode(rendered.json)["coverage"]["passed_over"] == {"states": 1}


def test_the_articles_give_their_tags_and_how_sure_they_are(store: Store, tell: Tell) -> None:
    (telling,) = tell(store, "story").changes[0].case.tellings
    assert (telling.score, telling.tags) == (0.9, ())


def test_a_route_without_an_end_and_a_confidence_beyond_one_are_refused() -> None:
    with pytest.raises(ValidationError, match="a route needs from, to, or both"):
        Filters.model_validate({"routes": [{}]})
    with pytest.raises(ValidationError, match="less than or equal to 1"):
        Filters.model_validate({"min_confidence": 90})


def test_a_case_that_nothing_is_known_of_is_stopped_by_no_filter_that_is_empty(case: Case) -> None:
    bare = msgspec.structs.replace(
        case, report=Report(mention=case.report.mention, stage=case.report.stage), tellings=case.tellings
    )
    assert told(bare).cards
    assert not told(bare, routes=[{"from": "CN"}]).cards
