"""Printed dates: read as they are written, unknown when they are not certain."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.published import DateOrder, date_in, first_published, parse_published


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # the parts of a date


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2026-03-04", utc(2026, 3, 4)),
        ("2026-03-04T05:06:07Z", utc(2026, 3, 4, 5, 6, 7)),
        ("2026-03-04T05:06:07+09:00", utc(2026, 3, 3, 20, 6, 7)),
        ("Wed, 04 Mar 2026 05:06:07 +0000", utc(2026, 3, 4, 5, 6, 7)),
        ("4 Mar 2026 05:06 GMT", utc(2026, 3, 4, 5, 6)),
        ("March 4, 2026", utc(2026, 3, 4)),
        ("Sept. 4, 2026", utc(2026, 9, 4)),
        ("4th March 2026", utc(2026, 3, 4)),
        ("2026년 3월 4일", utc(2026, 3, 4)),
        ("2026年3月4日", utc(2026, 3, 4)),
        ("2026.03.04 05:06", utc(2026, 3, 4, 5, 6)),
        ("2026/3/4", utc(2026, 3, 4)),
        ("09/20/2026", utc(2026, 9, 20)),
        ("20/09/2026", utc(2026, 9, 20)),
        ("09/09/2026", utc(2026, 9, 9)),
        ("09/20/2026Wen Example |", utc(2026, 9, 20)),
    ],
)
def test_what_is_certain_is_read(raw: str, expected: datetime) -> None:
    assert parse_published(raw) == expected


@pytest.mark.parametrize(
    "raw", ["", "yesterday", "03/04/2026", "13/13/2026", "2026-02-30", "99999-01-01", "Smarch 4, 2026", "30 02 2026"]
)
def test_what_is_not_certain_stays_unknown(raw: str) -> None:
    assert parse_published(raw) is None


@pytest.mark.parametrize("raw", ["9999-12-31T23:59:59Z", "0001-01-01", "Fri, 31 Dec 9999 23:59:59 GMT", "31/12/9999"])
def test_a_date_in_which_nothing_was_published_stays_unknown(raw: str) -> None:
    assert parse_published(raw) is None


@pytest.mark.parametrize(("order", "expected"), [("MDY", utc(2026, 3, 4)), ("DMY", utc(2026, 4, 3))])
def test_the_source_tells_the_order(order: DateOrder, expected: datetime) -> None:
    assert parse_published("03/04/2026", order=order) == expected


def test_an_order_that_the_date_contradicts_leaves_it_unknown() -> None:
    assert parse_published("20/09/2026", order="MDY") is None
    assert parse_published("27 09 2026", order="DMY") == utc(2026, 9, 27)


def test_a_time_without_a_zone_is_in_the_sources_zone_and_a_day_stays_the_day_printed() -> None:
    assert parse_published("2026-03-04 01:00", zone="Asia/Seoul") == utc(2026, 3, 3, 16)
    assert parse_published("2026.03.04", zone="Asia/Seoul") == utc(2026, 3, 4)


@given(st.text())
def test_no_text_breaks_it(raw: str) -> None:
    read = parse_published(raw)
    assert read is None or read.tzinfo is UTC


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("입력 2026.03.04 15:30", utc(2026, 3, 4, 6, 30)),
        ("2026년 3월 4일 오후 3:05", utc(2026, 3, 4, 6, 5)),
        ("2026年3月4日（水） 15時30分", utc(2026, 3, 4, 6, 30)),
        ("2026年3月4日 下午3:05", utc(2026, 3, 4, 6, 5)),
        ("4 марта 2026 г., 15:30", utc(2026, 3, 4, 6, 30)),
        ("4 марта 2026, 15:30 МСК", utc(2026, 3, 4, 12, 30)),
        ("4. März 2026", utc(2026, 3, 4)),
        ("le 4 mars 2026 à 14h05", utc(2026, 3, 4, 5, 5)),
        ("4 de marzo de 2026", utc(2026, 3, 4)),
        ("March 4, 2026 9:31 p.m. EST", utc(2026, 3, 5, 2, 31)),
        ("March 4, 2026 at 12:05 AM", utc(2026, 3, 3, 15, 5)),
        ("15:30 March 4, 2026", utc(2026, 3, 4, 6, 30)),
        ("March 4, 2026 2:00 a.m. ET", utc(2026, 3, 4)),
    ],
)
def test_dates_are_read_as_newsrooms_in_many_countries_print_them(printed: str, expected: datetime) -> None:
    assert parse_published(printed, zone="Asia/Seoul") == expected


@pytest.mark.parametrize(
    "printed", ["3 hours ago", "어제", "2 дня назад", "昨日", "March 2026", "1772000000", "20260304"]
)
def test_what_counts_from_today_or_names_no_day_is_no_date(printed: str) -> None:
    assert parse_published(printed) is None


def test_a_day_after_it_was_fetched_is_not_certain() -> None:
    seen_at = utc(2026, 3, 4, 12)
    assert parse_published("2026-03-05T11:00:00Z", seen_at=seen_at) == utc(2026, 3, 5, 11)
    assert parse_published("2026-03-06", seen_at=seen_at) is None
    assert first_published(["2027-01-01", "2026-03-01"], seen_at=seen_at) == utc(2026, 3, 1)


def test_the_part_that_is_a_date_is_found_even_where_it_cannot_be_read() -> None:
    assert date_in("Posted 03/04/2026 by Wen") == "03/04/2026"
    assert date_in("In 2014 it was 12 of 2,016 boats") is None
