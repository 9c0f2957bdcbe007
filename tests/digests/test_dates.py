from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cases.disclosure import DisclosedEvent
from digests.dates import days, moment, when
from digests.speech import speech


@pytest.mark.parametrize(
    ("start", "end", "precision", "said"),
    [
        (date(2016, 1, 23), date(2016, 1, 23), "day", "23 January 2016"),
        (date(2016, 1, 1), date(2016, 1, 31), "month", "January 2016"),
        (date(2016, 2, 1), date(2016, 2, 29), "month", "February 2016"),
        (date(2016, 3, 1), date(2016, 5, 31), "season", "March to May 2016"),
        (date(2015, 12, 1), date(2016, 1, 31), "month", "December 2015 to January 2016"),
        (date(2014, 1, 1), date(2014, 12, 31), "year", "2014"),
        (date(2014, 1, 1), date(2016, 12, 31), "range", "2014 to 2016"),
        (date(2016, 1, 3), date(2016, 1, 9), "week", "between 3 and 9 January 2016"),
        (date(2016, 1, 28), date(2016, 2, 3), "week", "between 28 January and 3 February 2016"),
        (None, date(2018, 9, 30), "month", "by September 2018"),
        (None, date(2018, 9, 9), "day", "by 9 September 2018"),
        (date(2016, 1, 1), None, "month", "January 2016 or later"),
        (date(2016, 1, 24), None, "day", "24 January 2016 or later"),
        (None, None, "unknown", "date not stated"),
    ],
)
def test_a_date_is_never_finer_than_its_value(start: date | None, end: date | None, precision: Any, said: str) -> None:  # noqa: ANN401 - a literal
    assert when(DisclosedEvent(type="arrest", start=start, end=end, precision=precision)) == said


def test_a_stretch_of_days_names_each_month_once() -> None:
    assert days(date(2026, 11, 16), date(2026, 11, 23)) == "16 to 23 November 2026"
    assert days(date(2026, 10, 26), date(2026, 11, 2)) == "26 October to 2 November 2026"
    assert days(date(2025, 12, 29), date(2026, 1, 5)) == "29 December 2025 to 5 January 2026"
    assert days(date(2026, 11, 23), date(2026, 11, 23)) == "23 November 2026"


def test_an_instant_names_its_zone() -> None:
    instant = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
    assert moment(instant) == "22 November 2026, 22:00 UTC"
    assert moment(instant.astimezone(ZoneInfo("Asia/Seoul"))) == "23 November 2026, 07:00 KST"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "ko",
            [
                *(
                    "2016년 1월 23일",
                    "2016년 1월",
                    "2016년 3월~5월",
                    "2015년 12월~2016년 1월",
                    "2014년",
                    "2014년~2016년",
                ),
                *(
                    "2016년 1월 3일~9일 사이",
                    "2016년 1월 28일~2월 3일 사이",
                    "늦어도 2018년 9월",
                    "2016년 1월 24일 또는 그 이후",
                ),
            ],
        ),
        (
            "zh-Hans",
            [
                *("2016年1月23日", "2016年1月", "2016年3月至5月", "2015年12月至2016年1月", "2014年", "2014年至2016年"),
                *("2016年1月3日至9日之间", "2016年1月28日至2月3日之间", "不晚于2018年9月", "2016年1月24日或之后"),
            ],
        ),
        (
            "ja",
            [
                *("2016年1月23日", "2016年1月", "2016年3月～5月", "2015年12月～2016年1月", "2014年", "2014年～2016年"),
                *(
                    "2016年1月3日～9日の間",
                    "2016年1月28日～2月3日の間",
                    "遅くとも2018年9月",
                    "2016年1月24日またはそれ以降",
                ),
            ],
        ),
    ],
)
def test_a_date_is_written_as_its_language_writes_it(code: str, said: list[str]) -> None:
    given: list[tuple[date | None, date | None, Any]] = [
        (date(2016, 1, 23), date(2016, 1, 23), "day"),
        (date(2016, 1, 1), date(2016, 1, 31), "month"),
        (date(2016, 3, 1), date(2016, 5, 31), "season"),
        (date(2015, 12, 1), date(2016, 1, 31), "month"),
        (date(2014, 1, 1), date(2014, 12, 31), "year"),
        (date(2014, 1, 1), date(2016, 12, 31), "range"),
        (date(2016, 1, 3), date(2016, 1, 9), "week"),
        (date(2016, 1, 28), date(2016, 2, 3), "week"),
        (None, date(2018, 9, 30), "month"),
        (date(2016, 1, 24), None, "day"),
    ]
    events = [DisclosedEvent(type="arrest", start=start, end=end, precision=fine) for start, end, fine in given]
    assert [when(event, speech(code)) for event in events] == said


def test_a_stretch_of_days_names_the_year_where_the_language_does() -> None:
    week = date(2025, 12, 29), date(2026, 1, 5)
    assert [days(*week, speech(code)) for code in ("ko", "zh", "ja")] == [
        "2025년 12월 29일~2026년 1월 5일",
        "2025年12月29日至2026年1月5日",
        "2025年12月29日～2026年1月5日",
    ]
