from datetime import UTC, datetime, time, timedelta
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
        ("Mon 07:00", Schedule(every="week", days=(0,), times=(time(7),))),
        ("  sunday   23:59 ", Schedule(every="week", days=(6,), times=(time(23, 59),))),
        ("Thurs 06:30", Schedule(every="week", days=(3,), times=(time(6, 30),))),
        ("Thu, Mon 07:00", Schedule(every="week", days=(0, 3), times=(time(7),))),
        ("daily 00:00", Schedule(every="day")),
        ("daily 19:00, 07:00", Schedule(every="day", times=(time(7), time(19)))),
        ("1st 07:00", Schedule(every="month", days=(1,), times=(time(7),))),
        ("15th last 07:00", Schedule(every="month", days=(15, 31), times=(time(7),))),
        ("Hourly", Schedule(every="hour")),
    ],
)
def test_a_schedule_is_read_from_words(text: str, meant: Schedule) -> None:
    assert parse_schedule(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        *("", "1 07:00", "Mon 7:00", "Mon 24:00", "Mo 07:00", "Mon", "0 7 * * 1", "Mond 07:60", "weekly"),
        *("07:00", "07:00 Mon", "daily Mon 07:00", "1st Mon 07:00", "0th 07:00", "32nd 07:00", "hourly 07:00"),
    ],
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
    text=st.sampled_from(
        [
            "hourly",
            "daily 02:30",
            "daily 23:59",
            "Sun 02:15",
            "Mon 07:00",
            "Wed 00:00",
            "1st 02:30",
            "last 00:00",
            "daily 02:30 03:15",
        ]
    ),
    zone=st.sampled_from(
        [
            "UTC",
            "Europe/Berlin",
            "Asia/Seoul",
            "America/New_York",
            "Australia/Lord_Howe",
            "Pacific/Chatham",
            "Pacific/Apia",
        ]
    ),
)
def test_the_present_lies_between_the_last_turn_and_the_next(now: datetime, text: str, zone: str) -> None:
    schedule, place = parse_schedule(text), ZoneInfo(zone)
    last, following = schedule.latest(now, place), schedule.next(now, place)
    assert last.astimezone(UTC) <= now < following.astimezone(UTC)
    assert schedule.period(now, place) == schedule.period(last, place) != schedule.period(following, place)


ZONES = (
    "Asia/Seoul",  # no change of clocks
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour
    "America/Santiago",  # at midnight
    "Asia/Tehran",  # at midnight until 2022, and half an hour off
)
BEGIN, END = datetime(2018, 1, 1), datetime(2028, 1, 1)  # noqa: DTZ001 - wall times
WALLS = [BEGIN + timedelta(days=n) for n in range((END - BEGIN).days)]


def exists(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether a clock on the wall ever shows this time."""
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall


def turns(text: str, zone: ZoneInfo) -> list[datetime]:
    """Walk from turn to turn through the ten years."""
    schedule, at = parse_schedule(text), BEGIN.replace(tzinfo=zone) - timedelta(minutes=1)
    walked = []
    while (at := schedule.next(at, zone)) < END.replace(tzinfo=zone):
        walked.append(at)
    return walked


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("hour", [0, 2])
def test_in_ten_years_of_clock_changes_every_daily_turn_comes_once(name: str, hour: int) -> None:
    zone, schedule = ZoneInfo(name), parse_schedule(f"daily 0{hour}:30")
    walked = turns(f"daily 0{hour}:30", zone)
    wanted = [wall + timedelta(hours=hour, minutes=30) for wall in WALLS]
    assert [schedule.period(turn, zone) for turn in walked] == [f"{wall:%Y-%m-%d}" for wall in wanted]
    for turn, wall in zip(walked, wanted, strict=True):
        shown = turn.replace(tzinfo=None)
        assert shown == wall or (not exists(wall, zone) and wall < shown <= wall + timedelta(hours=1))


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize(
    ("text", "count"), [("Sun 00:30", 521), ("1st last 02:15", 240), ("Mon Fri 02:15 19:00", 2088)]
)
def test_other_rhythms_come_as_often_in_ten_years_as_the_calendar_says(name: str, text: str, count: int) -> None:
    zone, schedule = ZoneInfo(name), parse_schedule(text)
    walked = turns(text, zone)
    periods = [schedule.period(turn, zone) for turn in walked]
    assert len(walked) == count
    assert periods == sorted(set(periods))
    assert all(schedule.latest(turn, zone) == turn for turn in walked)


def test_two_times_that_a_change_of_the_clocks_makes_one_are_one_turn() -> None:
    both, spring = parse_schedule("daily 02:00 03:00"), datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    first = both.next(spring, BERLIN)
    assert first == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert both.next(first, BERLIN) == datetime(2026, 3, 30, 0, 0, tzinfo=UTC)


def test_a_day_that_a_month_has_not_is_its_last_day() -> None:
    monthly, at = parse_schedule("30th 07:00"), datetime(2027, 1, 31, tzinfo=UTC)
    assert [monthly.period(at + timedelta(days=days), SEOUL) for days in (0, 28, 59)] == [
        "2027-01-30",
        "2027-02-28",
        "2027-03-30",
    ]


@pytest.mark.parametrize(
    "text", ["Mon 07:00", "daily 18:30", "hourly", "daily 07:00 19:00", "Mon Thu 07:00", "1st 22nd 07:00", "last 07:00"]
)
def test_a_schedule_reads_as_it_was_written(text: str) -> None:
    assert str(parse_schedule(text)) == text
