"""How long a site wants to be left alone, as its headers say."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.wire.patience import AFTER_TOO_MANY, LONGEST, fresh_for, retry_after, wait_asked

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("stated", "wait"),
    [
        ("120", timedelta(seconds=120)),
        (" 0 ", timedelta()),
        ("86401", LONGEST),
        ("9" * 400, LONGEST),
        ("Sat, 21 Nov 2026 13:00:00 GMT", HOUR),
        ("Sat, 21 Nov 2026 14:00:00 +0100", HOUR),
        ("Sat, 21 Nov 2026 13:00:00 -0000", HOUR),
        ("Sat, 21 Nov 2026 11:00:00 GMT", timedelta()),
        ("Sat, 21 Nov 2099 11:00:00 GMT", LONGEST),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣٠", None),
        ("Sat, 99 Nov 2026 13:00:00 GMT", None),
    ],
)
def test_seconds_and_dates_are_read_and_nothing_else(stated: str | None, wait: timedelta | None) -> None:
    assert retry_after(stated, NOW) == wait


def test_without_the_time_a_date_says_nothing() -> None:
    assert retry_after("Sat, 21 Nov 2026 13:00:00 GMT", None) is None
    assert retry_after("60", None) == timedelta(minutes=1)


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} \d{1,6} \d\d:\d\d:\d\d .{0,6}"))
def test_whatever_a_header_holds_the_wait_is_none_or_between_nothing_and_a_day(stated: str) -> None:
    wait = retry_after(stated, NOW)
    assert wait is None or timedelta() <= wait <= LONGEST


@given(st.integers(0, 86_400))
def test_seconds_and_the_date_that_they_lead_to_say_the_same(seconds: int) -> None:
    date = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert retry_after(date, NOW) == retry_after(str(seconds), NOW) == timedelta(seconds=seconds)


def test_429_wants_half_a_minute_at_least_and_503_what_it_says() -> None:
    assert wait_asked(429, {}, NOW) == AFTER_TOO_MANY
    assert wait_asked(429, {"retry-after": "1"}, NOW) == AFTER_TOO_MANY
    assert wait_asked(429, {"retry-after": "3600"}, NOW) == HOUR
    assert wait_asked(503, {"retry-after": "3600"}, NOW) == HOUR
    assert wait_asked(503, {}, NOW) is None
    assert wait_asked(500, {"retry-after": "3600"}, NOW) is None


@pytest.mark.parametrize(
    ("stated", "fresh"),
    [
        ("max-age=600", timedelta(minutes=10)),
        ('public, MAX-AGE="60", must-revalidate', timedelta(minutes=1)),
        ("max-age=31536000", LONGEST),
        ("s-maxage=600", None),
        ("no-store", None),
        ("max-age=", None),
        ("", None),
    ],
)
def test_how_long_an_answer_stays_fresh(stated: str, fresh: timedelta | None) -> None:
    assert fresh_for({"cache-control": stated}) == fresh


@given(st.text())
def test_no_header_breaks_the_reading_of_freshness(stated: str) -> None:
    fresh = fresh_for({"cache-control": stated})
    assert fresh is None or timedelta() <= fresh <= LONGEST
