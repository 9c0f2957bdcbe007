from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from cases.ledger import Run, SourceOutcome, SourceStatus, Wall
from cases.silence import Silence
from digests.coverage import coverage, older_found, truth
from digests.view import CaseCard, Coverage, Digest

UTC = ZoneInfo("UTC")


def test_the_worst_source_comes_first_and_one_that_is_switched_off_not_at_all(rich: Digest) -> None:
    assert [row.title for row in rich.coverage.sources] == [
        "La Lettre des frontières",
        "鸭绿江观察",
        "The Long Crossing",
        "Borderland Courier",
        "두만강 통신",
    ]


def test_the_sums_close(rich: Digest) -> None:
    seen = rich.coverage
    assert seen.entries == sum(one.count for one in seen.set_aside) + seen.articles
    assert seen.articles == sum(one.count for one in seen.labels) == sum(one.count for one in seen.judged)
    assert [(one.key, one.count) for one in seen.judged] == [("report", 6), ("near_miss", 3), ("below_threshold", 14)]
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
        "Quieter than usual: The Long Crossing, nothing since 4 November 2026; it publishes about every two days.",
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


def test_a_source_that_fell_silent_is_told_and_told_again_when_it_publishes(
    visit: Callable[..., Run], watched: Callable[..., SourceStatus]
) -> None:
    runs = [visit("a", SourceOutcome.NOTHING_NEW)]
    silence = Silence(since=runs[0].started_at - timedelta(days=30), usual=timedelta(days=7))
    silent = watched("a", "Title of a", runs[-1], quiet=silence)
    seen = coverage([silent], runs, since=None, near_misses=0, zone=UTC)
    assert "Quieter than usual: Title of a, nothing since 23 October 2026; it publishes about every week." in truth(
        seen
    )
    failing = coverage(
        [watched("a", "Title of a", runs[-1], quiet=silence, failures=1.0, last_failed=visit("a", SourceOutcome.GONE))],
        [visit("a", SourceOutcome.NOT_MODIFIED)],
        since=None,
        near_misses=0,
        zone=UTC,
    )
    assert failing.quiet == (), "that it fails is why nothing comes"
    assert failing.sources[0].outcome is SourceOutcome.GONE
    awake = watched("a", "Title of a", runs[-1])
    back = coverage([awake], runs, since=None, near_misses=0, zone=UTC, were_quiet=["a"])
    assert "Had fallen silent and publishes again: Title of a." in truth(back)


def test_what_stood_in_the_way_is_named(visit: Callable[..., Run], watched: Callable[..., SourceStatus]) -> None:
    walled = one_source([visit("a", SourceOutcome.BLOCKED, wall=Wall.LOGIN)], watched, failures=0.5)
    assert truth(walled)[0] == "1 source is failing: Title of a (wants a log-in)."


def test_an_empty_list_is_no_failure_the_first_time(
    visit: Callable[..., Run], watched: Callable[..., SourceStatus]
) -> None:
    once = one_source([visit("a", SourceOutcome.EMPTY)], watched, empty_in_a_row=1)
    assert once.failing == ()
    again = one_source([visit("a", SourceOutcome.EMPTY)], watched, empty_in_a_row=3)
    assert truth(again)[0] == "1 source is failing: Title of a (answered with an empty list, 3 times in a row)."


def test_older_cases_are_counted_by_the_source_in_which_they_were_found(cards: dict[str, CaseCard]) -> None:
    assert older_found([cards["older"], cards["older"], cards["death"]]) == (
        "1 older report found in Borderland Courier: listed, and not announced as new.",
        "2 older reports found in The Long Crossing: listed, and not announced as new.",
    )
    assert older_found([]) == ()


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
