from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.schedule import Schedule, parse_schedule

BERLIN = ZoneInfo("Europe/Berlin")
SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Mon 07:00", Schedule(every="week", weekday=0, hour=7)),
        ("  sunday   23:59 ", Schedule(every="week", weekday=6, hour=23, minute=59)),
        ("Thurs 06:30", Schedule(every="week", weekday=3, hour=6, minute=30)),
        ("daily 00:00", Schedule(every="day")),
        ("Hourly", Schedule(every="hour")),
    ],
)
def test_a_schedule_is_read_from_words(text: str, meant: Schedule) -> None:
    assert parse_schedule(text) == meant


@pytest.mark.parametrize(
    "text", ["", "1 07:00", "Mon 7:00", "Mon 24:00", "Mo 07:00", "Mon", "0 7 * * 1", "Mond 07:60", "weekly"]
)
def test_what_is_no_schedule_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        parse_schedule(text)


def test_a_week_is_named_by_the_day_on_which_its_digest_was_due() -> None:
    monday = parse_schedule("Mon 07:00")
    assert monday.period(datetime(2026, 11, 22, 22, 0, tzinfo=UTC), SEOUL) == "2026-11-23"
    assert monday.period(datetime(2026, 11, 22, 21, 59, tzinfo=UTC), SEOUL) == "2026-11-16"
    assert monday.period(datetime(2026, 11, 29, 21, 59, tzinfo=UTC), SEOUL) == "2026-11-23"


@pytest.mark.parametrize("wall", ["00:00", "02:00", "02:30", "03:00"])
@pytest.mark.parametrize("night", [datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)])
def test_a_night_on_which_clocks_change_has_one_digest_a_day(wall: str, night: datetime) -> None:
    daily = parse_schedule(f"daily {wall}")
    minutes = [night + timedelta(minutes=n) for n in range(48 * 60)]
    named = [daily.period(minute, BERLIN) for minute in minutes]
    changes = [b for a, b in pairwise(named) if a != b]
    assert len(changes) == 2
    assert len(set(changes)) == 2


def test_the_hour_that_autumn_repeats_is_two_hours() -> None:
    hourly = parse_schedule("hourly")
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert hourly.period(first, BERLIN) != hourly.period(first + timedelta(hours=1), BERLIN)


@given(
    now=st.integers(1_577_836_800, 2_051_222_400).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    text=st.sampled_from(["hourly", "daily 02:30", "daily 23:59", "Sun 02:15", "Mon 07:00", "Wed 00:00"]),
    zone=st.sampled_from(
        ["UTC", "Europe/Berlin", "Asia/Seoul", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]
    ),
)
def test_the_present_lies_between_the_last_turn_and_the_next(now: datetime, text: str, zone: str) -> None:
    schedule, place = parse_schedule(text), ZoneInfo(zone)
    last, following = schedule.latest(now, place), schedule.next(now, place)
    assert last.astimezone(UTC) <= now < following.astimezone(UTC)
    assert schedule.period(now, place) == schedule.period(last, place) != schedule.period(following, place)


def test_a_schedule_reads_as_it_was_written() -> None:
    assert [str(parse_schedule(text)) for text in ("Mon 07:00", "daily 18:30", "hourly")] == [
        "Mon 07:00",
        "daily 18:30",
        "hourly",
    ]
