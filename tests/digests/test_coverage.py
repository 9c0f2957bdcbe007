from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from cases.ledger import Run, SourceOutcome, SourceStatus
from digests.coverage import coverage, truth
from digests.view import Coverage, Digest

UTC = ZoneInfo("UTC")


def test_the_worst_source_comes_first_and_one_that_is_switched_off_not_at_all(rich: Digest) -> None:
    assert [row.title for row in rich.coverage.sources] == [
        "La Lettre des frontières",
        "鸭绿江观察",
        "Borderland Courier",
        "두만강 통신",
        "The Long Crossing",
    ]


def test_the_sums_close(rich: Digest) -> None:
    seen = rich.coverage
    assert seen.entries == sum(one.count for one in seen.set_aside) + seen.articles
    assert seen.articles == sum(one.count for one in seen.labels)
    assert [(one.key, one.count) for one in seen.set_aside] == [
        ("untagged", 20),
        ("too_old", 2),
        ("unreadable", 2),
        ("known", 123),
    ]


def test_the_truth_names_what_fails_before_what_works(rich: Digest) -> None:
    assert rich.truth == (
        "1 source is failing: La Lettre des frontières (could not be reached).",
        "Not visited in this time: 鸭绿江观察.",
        "3 of 5 sources could be read since 16 November 2026.",
        "170 entries seen, 23 articles read and judged, 6 reports of forced returns found.",
        "3 articles came near and wait for a person to look at.",
    )


@pytest.mark.parametrize(
    ("outcome", "failures", "failing"),
    [
        (SourceOutcome.OK, 0.0, False),
        (SourceOutcome.NOTHING_NEW, 0.0, False),
        (SourceOutcome.NOT_MODIFIED, 0.0, False),
        (SourceOutcome.NOT_MODIFIED, 1.5, True),
        (SourceOutcome.EMPTY, 1.0, True),
        (SourceOutcome.STOPPED, 0.0, False),
        (SourceOutcome.BLOCKED, 1.0, True),
        (SourceOutcome.LAYOUT_CHANGED, 1.0, True),
    ],
)
def test_an_answer_that_says_nothing_cures_no_failure(
    visit: Callable[..., Run],
    watched: Callable[..., SourceStatus],
    outcome: SourceOutcome,
    failures: float,
    failing: bool,
) -> None:
    seen = one_source([visit("a", outcome)], watched, failures=failures)
    assert bool(seen.failing) == failing


def test_a_source_that_can_be_read_again_is_told(
    visit: Callable[..., Run], watched: Callable[..., SourceStatus]
) -> None:
    bad, good = visit("a", SourceOutcome.BLOCKED), visit("a", SourceOutcome.OK, entries=3, articles=3)
    later = Run(
        **{name: getattr(good, name) for name in Run.__struct_fields__}
        | {"started_at": good.started_at + timedelta(hours=1)}
    )
    seen = one_source([later, bad], watched)
    assert [row.name for row in seen.recovered] == ["a"]
    assert seen.failing == ()
    assert "Can be read again: Title of a." in truth(seen)


def test_without_sources_the_truth_says_so() -> None:
    assert truth(coverage([], [], since=None, near_misses=0, zone=UTC)) == ("No source is being watched.",)


def test_titles_and_details_from_outside_are_cleaned(
    visit: Callable[..., Run], watched: Callable[..., SourceStatus]
) -> None:
    runs = [visit("a", SourceOutcome.BLOCKED, detail="no\x1b[2J\r\nway", warnings=("x\u2028y",))]
    row = one_source(runs, watched, failures=1.0).sources[0]
    assert (row.detail, row.warnings) == ("no [2J way", ("x y",))


def one_source(runs: list[Run], watched: Callable[..., SourceStatus], **more: float) -> Coverage:
    return coverage([watched("a", "Title of a", runs[-1], **more)], runs, since=None, near_misses=0, zone=UTC)
