"""Quieter than usual: the rules, and years of publishing played through."""

import random
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.silence import SHOWN, Rhythm, Silence, silence

START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
QUARTER = 91 * DAY
Publisher = Callable[[int, random.Random], list[datetime]]


def daily(days: int) -> list[datetime]:
    return [START + n * DAY for n in range(days)]


def known(times: Sequence[datetime], **told: timedelta) -> Rhythm:
    return Rhythm(times=tuple(times), watched_since=START, expected=told.get("expected"))


def test_a_daily_source_that_stops_is_told_with_its_last_article_and_its_usual_wait() -> None:
    times = daily(40)
    assert silence(known(times), times[-1] + 3 * DAY) is None
    assert silence(known(times), times[-1] + 7 * DAY) == Silence(since=times[-1], usual=DAY)


def test_a_source_that_comes_back_is_quiet_no_more() -> None:
    times = daily(40)
    back = times[-1] + 20 * DAY
    assert silence(known(times), back) is not None
    assert silence(known([*times, back]), back + DAY) is None


def test_the_normal_of_each_source_is_its_own() -> None:
    weekly = [START + 7 * n * DAY for n in range(20)]
    assert silence(known(weekly), weekly[-1] + 10 * DAY) is None
    assert silence(known(weekly), weekly[-1] + 13 * DAY) is not None
    assert silence(known(daily(140)), daily(140)[-1] + 10 * DAY) is not None


@pytest.mark.parametrize("watched_since", [None, START + 190 * DAY])
def test_nobody_is_quiet_before_the_first_weeks_are_over(watched_since: datetime | None) -> None:
    rhythm = Rhythm(times=tuple(daily(40)), watched_since=watched_since)
    assert silence(rhythm, START + 200 * DAY) is None


def test_little_that_is_known_teaches_nothing_unless_the_source_file_expects_something() -> None:
    times, late = daily(3), START + 60 * DAY
    assert silence(known(times), late) is None
    assert silence(known(times, expected=7 * DAY), late) == Silence(since=times[-1], usual=7 * DAY)
    assert silence(known(times, expected=40 * DAY), late) is None


def test_a_source_that_never_gave_anything_is_quiet_since_its_first_visit_if_something_was_expected() -> None:
    assert silence(known([]), START + 60 * DAY) is None
    assert silence(known([], expected=DAY), START + 60 * DAY) == Silence(since=START, usual=DAY)


def test_what_was_learned_stands_before_what_was_expected() -> None:
    times = daily(40)
    assert silence(known(times, expected=30 * DAY), times[-1] + 7 * DAY) is not None


@given(
    st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)), max_size=70),  # noqa: DTZ001 - hypothesis adds the zone
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - as above
)
def test_a_silence_lasts_until_the_next_article_and_does_not_depend_on_their_order(
    times: list[datetime], now: datetime
) -> None:
    found = silence(known(times), now)
    assert found == silence(known(sorted(times, reverse=True)), now)
    if found is not None:
        assert silence(known(times), now + 400 * DAY) is not None or any(time > now for time in times)
        assert found.since <= now


# -- years of publishing


def by_chance(a_day: float) -> Publisher:
    def publish(days: int, chances: random.Random) -> list[datetime]:
        times, at = [], 0.0
        while (at := at + chances.expovariate(a_day)) < days:
            times.append(START + at * DAY)
        return times

    return publish


def on_weekdays(kept: float) -> Publisher:
    def publish(days: int, chances: random.Random) -> list[datetime]:
        work = [n for n in range(days) if n % 7 < 5]
        return [START + n * DAY + timedelta(hours=7 + 10 * chances.random()) for n in work if chances.random() < kept]

    return publish


def alarms(times: Sequence[datetime], until: datetime) -> int:
    """Ask every six hours, and count how often a silence begins."""
    count, was_quiet, now = 0, False, START
    while now < until:
        shown = times[: bisect_right(times, now)][-SHOWN:]
        is_quiet = silence(known(shown), now) is not None
        count += is_quiet and not was_quiet
        was_quiet, now = is_quiet, now + timedelta(hours=6)
    return count


@pytest.mark.parametrize(
    ("publisher", "found_within"),
    [
        (by_chance(3), 5),
        (by_chance(1), 8),
        (by_chance(0.5), 18),
        (by_chance(1 / 7), 70),
        (on_weekdays(1), 6),
        (on_weekdays(0.8), 10),
    ],
    ids=["three a day", "one a day", "every two days", "one a week", "weekdays", "most weekdays"],
)
def test_a_living_source_is_hardly_ever_called_quiet_and_a_dead_one_is_found(
    publisher: Publisher, found_within: int
) -> None:
    days, publishers = 2 * 365, 4
    false_alarms = 0
    for seed in range(publishers):
        times = publisher(days, random.Random(seed))
        false_alarms += alarms(times, times[-1])
        assert silence(known(times[-SHOWN:]), times[-1] + found_within * DAY) is not None
    assert false_alarms <= publishers * (days * DAY / QUARTER) / 2
