"""When a source is due again, and how often it earns a visit: figures, and weeks of publishing played through."""

import random
from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.ledger import Overlap, Run, SourceOutcome
from scheduler.pace import JITTER, OFTENEST, SLOWER, SLOWEST, failures_after, interval_after, next_visit, pace_after

NOW = datetime(2026, 11, 21, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ODDS: dict[str, Any] = {"every": HOUR, "interval": None, "failures": 0.0, "now": NOW, "chance": 0.5}


def visit(outcome: SourceOutcome = SourceOutcome.NOTHING_NEW, at: datetime = NOW, **told: Any) -> Run:  # noqa: ANN401 - any field
    return Run(source="a", trigger="schedule", outcome=outcome, started_at=at, finished_at=at, **told)


def test_a_healthy_source_is_visited_after_its_interval_give_or_take_a_fifth() -> None:
    assert next_visit(NOW, HOUR, 0.0, 0.5) == NOW + HOUR
    assert next_visit(NOW, HOUR, 0.0, 0.0) == NOW + 0.8 * HOUR
    assert next_visit(NOW, HOUR, 0.0, 1.0) == NOW + 1.2 * HOUR


def test_each_whole_failure_doubles_the_wait() -> None:
    assert next_visit(NOW, HOUR, 2.0, 0.5) == NOW + 4 * HOUR


def test_a_success_clears_the_failures_and_a_304_or_an_empty_list_keeps_them() -> None:
    assert failures_after(SourceOutcome.NOTHING_NEW, 3.0) == 0.0
    assert failures_after(SourceOutcome.NOT_MODIFIED, 3.0) == 3.0
    assert failures_after(SourceOutcome.EMPTY, 3.0) == 3.0
    assert failures_after(SourceOutcome.STOPPED, 3.0) == 3.0


def test_every_outcome_has_a_place_in_the_arithmetic() -> None:
    assert {failures_after(outcome, 1.0) for outcome in SourceOutcome} == {0.0, 1.0, 1.25, 1.5, 2.0}


@given(st.floats(0, 1e6), st.floats(0, 1), st.timedeltas(timedelta(seconds=1), timedelta(days=30)))
def test_no_wait_is_longer_than_a_day_or_the_sources_own(failures: float, chance: float, every: timedelta) -> None:
    wait = next_visit(NOW, every, failures, chance) - NOW
    assert timedelta(0) < wait <= max(every, SLOWEST) * (1 + JITTER) + timedelta(seconds=1)


@pytest.mark.parametrize("outcome", [outcome for outcome in SourceOutcome if failures_after(outcome, 0.0) > 0])
def test_a_year_of_failures_drops_no_source(outcome: SourceOutcome) -> None:
    waits: list[timedelta] = []
    interval: timedelta | None = None
    chances, now, failures = random.Random(7), NOW, 0.0
    while now < NOW + 365 * DAY:
        run = visit(outcome, now, not_before=now + DAY if len(waits) % 5 == 0 else None)
        pace = pace_after(run, every=HOUR, interval=interval, failures=failures, now=now, chance=chances.random())
        waits.append(pace.next_due - now)
        now, failures, interval = pace.next_due, pace.failures, pace.interval
    assert max(waits) <= SLOWEST * (1 + JITTER)
    assert len(waits) > 365 / (1 + JITTER)
    mended = pace_after(visit(at=now), every=HOUR, interval=interval, failures=failures, now=now, chance=0.5)
    assert mended.failures == 0
    assert mended.next_due - now <= SLOWER * HOUR


def test_a_site_that_asks_for_peace_has_it() -> None:
    for outcome in (SourceOutcome.OK, SourceOutcome.BLOCKED, SourceOutcome.UNREACHABLE):
        asked = visit(outcome, not_before=NOW + 5 * HOUR)
        assert pace_after(asked, **ODDS).next_due >= NOW + 5 * HOUR


def test_a_visit_that_was_told_to_end_goes_on_at_once() -> None:
    assert pace_after(visit(SourceOutcome.STOPPED), **ODDS).next_due == NOW


def test_a_listing_that_calls_itself_fresh_is_believed_as_far_as_nothing_can_be_missed() -> None:
    def wait(**told: Any) -> timedelta:  # noqa: ANN401 - any field of the run
        return pace_after(visit(SourceOutcome.OK, **told), **ODDS).next_due - NOW

    assert wait(fresh_s=60) == HOUR
    assert wait(fresh_s=90 * 60) == 1.5 * HOUR
    assert wait(fresh_s=365 * 86400) == SLOWER * HOUR
    assert wait(fresh_s=90 * 60, overlap=Overlap(listed=10, known=8, oldest=NOW - 2 * HOUR)) == HOUR


def test_a_listing_of_strangers_makes_the_visits_more_frequent_and_a_known_one_rarer() -> None:
    def after(known: int, outcome: SourceOutcome) -> timedelta:
        return interval_after(visit(outcome, overlap=Overlap(listed=10, known=known)), HOUR, HOUR)

    assert after(0, SourceOutcome.OK) == HOUR / 4
    assert after(4, SourceOutcome.OK) == HOUR / 2
    assert after(5, SourceOutcome.OK) == HOUR
    assert HOUR < after(10, SourceOutcome.NOTHING_NEW) < 1.2 * HOUR


def test_a_failure_and_a_listing_of_two_entries_teach_nothing() -> None:
    assert interval_after(visit(SourceOutcome.BLOCKED), HOUR, HOUR / 2) == HOUR / 2
    assert interval_after(visit(SourceOutcome.OK, overlap=Overlap(listed=2, known=0)), HOUR, HOUR) == HOUR


@given(
    outcome=st.sampled_from(SourceOutcome),
    listed=st.integers(0, 50),
    share=st.floats(0, 1),
    age=st.none() | st.timedeltas(timedelta(), timedelta(days=900)),
    every=st.timedeltas(timedelta(seconds=1), timedelta(days=60)),
    learned=st.none() | st.timedeltas(timedelta(seconds=1), timedelta(days=365)),
)
def test_the_interval_keeps_its_bounds(
    outcome: SourceOutcome,
    listed: int,
    share: float,
    age: timedelta | None,
    every: timedelta,
    learned: timedelta | None,
) -> None:
    overlap = Overlap(listed=listed, known=int(listed * share), oldest=None if age is None else NOW - age)
    found = interval_after(visit(outcome, overlap=overlap), every, learned)
    assert min(every, OFTENEST) <= found <= every * SLOWER


# -- weeks of publishing


def poisson(a_day: float, days: int, chances: random.Random) -> list[datetime]:
    times, at = [], NOW
    while (at := at + DAY * chances.expovariate(a_day)) < NOW + days * DAY:
        times.append(at)
    return times


def played(
    published: Sequence[datetime], shown: int, every: timedelta, days: int
) -> tuple[list[timedelta], set[datetime]]:
    """Visit a feed that shows its newest entries; gives the intervals as they were learned, and what was never seen."""
    chances, now, last, interval = random.Random(3), NOW + 7 * DAY, NOW + 7 * DAY, None
    seen, intervals = set(published[: bisect_right(published, now)]), []
    while now < NOW + days * DAY:
        window = published[: bisect_right(published, now)][-shown:]
        known = sum(time <= last for time in window)
        seen |= set(window)
        outcome = SourceOutcome.OK if known < len(window) else SourceOutcome.NOTHING_NEW
        overlap = Overlap(listed=len(window), known=known, oldest=window[0]) if window else None
        pace = pace_after(
            visit(outcome, now, overlap=overlap),
            every=every,
            interval=interval,
            failures=0.0,
            now=now,
            chance=chances.random(),
        )
        last, now, interval = now, pace.next_due, pace.interval
        intervals.append(pace.interval)
    return intervals, {time for time in published if time <= last} - seen


@pytest.mark.parametrize("seed", range(5))
def test_a_feed_that_is_too_fast_for_its_interval_is_caught_up_with(seed: int) -> None:
    published = poisson(60, 28, random.Random(seed))  # ten entries are four hours
    intervals, missed = played(published, 10, 12 * HOUR, 28)
    assert intervals[-1] < 4 * HOUR
    week_in = NOW + 9 * DAY
    late = [time for time in missed if time > week_in]
    assert len(late) < 0.005 * len(published), "after two days of learning next to nothing falls between"


@pytest.mark.parametrize("seed", range(5))
def test_a_feed_of_two_or_three_a_day_loses_nothing_and_is_visited_no_rarer_than_twice_its_interval(seed: int) -> None:
    published = poisson(2.5, 56, random.Random(seed))
    intervals, missed = played(published, 10, 45 * timedelta(minutes=1), 56)
    assert not missed
    assert min(intervals) >= timedelta(minutes=45)
    assert max(intervals) == timedelta(minutes=90)


def test_a_feed_that_falls_asleep_and_wakes_up_is_followed_both_ways() -> None:
    chances = random.Random(1)
    busy = poisson(100, 14, chances)
    awake = [time + 42 * DAY for time in poisson(100, 14, chances)]
    intervals, missed = played([*busy, *awake], 10, 2 * HOUR, 56)
    assert min(intervals) < HOUR
    assert max(intervals) == 4 * HOUR
    assert len(missed) < 0.05 * len([*busy, *awake])
