"""Dates as feeds write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.published import parse_published
from crawler.readers.feed_dates import plain_date

DAY = datetime(2026, 3, 4, tzinfo=UTC)
EARLIER = datetime(2026, 3, 3, 20, 6, 7, tzinfo=UTC)
MORNING = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stated", "when"),
    [
        ("Wed, 04 Mar 2026 05:06:07 +0900", EARLIER),
        ("Wed,04 Mar 2026 05:06:07 +0900", EARLIER),
        ("Wed,  04  Mar  2026  05:06:07  +0900", EARLIER),
        ("Wed, 04 March 2026 05:06:07 +09:00", EARLIER),
        ("04 Mar 2026 05:06:07 KST", EARLIER),
        ("Wed Mar 04 05:06:07 KST 2026", EARLIER),
        ("2026-03-04 05:06:07 +0900", EARLIER),
        ("2026-03-04T05:06:07+09:00", EARLIER),
        ("Wednesday, 04-Mar-26 05:06:07 GMT", MORNING),
        ("Wed, 4 Mar 26 05:06:07 UT", MORNING),
        ("Wed Mar  4 05:06:07 2026", MORNING),
        ("2026-03-04 05:06:07", MORNING),
        ("2026-03-04", DAY),
        ("2026년 3월 4일", DAY),
        ("04 03 2026", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_date_is_the_same_moment_however_it_is_written(stated: str, when: datetime | None) -> None:
    assert parse_published(plain_date(stated)) == when


def test_years_of_two_digits_are_of_the_century_that_mail_says() -> None:
    assert parse_published(plain_date("4 Mar 99 05:06 GMT")) == datetime(1999, 3, 4, 5, 6, tzinfo=UTC)


@given(st.text(max_size=60))
def test_what_is_no_such_date_comes_back_as_it_is(text: str) -> None:
    assert plain_date(text) == text or any(digit in text for digit in "0123456789")
