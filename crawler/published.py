"""printed date → time, or nothing: a date is read as the source writes it, never guessed."""

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Literal
from zoneinfo import ZoneInfo

DateOrder = Literal["MDY", "DMY", "YMD"]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_TIME = r"(?:[T,\s]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?!\d))?"
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[\s./-]{1,2}(\d{1,2})[\s./-]{1,2}(\d{4})(?!\d)" + _TIME)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?[-./年년]\s?(\d{1,2})\s?[-./月월]\s?(\d{1,2})(?!\d)[日일.]?" + _TIME)
_MONTH_FIRST = re.compile(r"\b([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b" + _TIME)
_DAY_FIRST = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})\b" + _TIME)
_LONGEST = 200
_YEARS = range(1800, 2200)
"""In which a page can have been published; a date at the ends of the calendar cannot be told in another time zone."""


def parse_published(raw: str, *, order: DateOrder | None = None, zone: str = "UTC") -> datetime | None:
    """Read a date as a feed, a page's metadata or a printed line states it; aware UTC, or None when it is not certain.

    ISO 8601 and RFC 5322 are read with the zone they state. ``03/04/2018`` needs ``order``; ``09/20/2018`` and
    ``09/09/2018`` read the same either way. A day without a time is that day at 00:00 UTC, so that the day stays the
    one that was printed; a time without a zone is in ``zone``. A year in which nothing was published is not certain.
    """
    text = " ".join(raw[:_LONGEST].split())
    found = _iso(text, zone) or _mail(text, zone) or _printed(text, order, zone)
    return found if found is not None and found.year in _YEARS else None


def _iso(text: str, zone: str) -> datetime | None:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
        return _aware(datetime.fromisoformat(text), zone)
    except (ValueError, OverflowError):
        return None


def _mail(text: str, zone: str) -> datetime | None:
    if not re.match(r"(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4} \d", text):
        return None
    try:
        return _aware(parsedate_to_datetime(text), zone)
    except (ValueError, OverflowError):
        return None


def _printed(text: str, order: DateOrder | None, zone: str) -> datetime | None:
    if match := _YEAR_FIRST.search(text):
        return _moment(match, int(match[1]), int(match[2]), int(match[3]), zone)
    if (match := _MONTH_FIRST.search(text)) and (month := _MONTHS.get(match[1].lower())):
        return _moment(match, int(match[3]), month, int(match[2]), zone)
    if (match := _DAY_FIRST.search(text)) and (month := _MONTHS.get(match[2].lower())):
        return _moment(match, int(match[3]), month, int(match[1]), zone)
    if match := _NUMERIC.search(text):
        return _numeric(match, order, zone)
    return None


def _numeric(match: re.Match[str], order: DateOrder | None, zone: str) -> datetime | None:
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    month_first = _moment(match, year, first, second, zone)
    day_first = _moment(match, year, second, first, zone)
    if order == "MDY":
        return month_first
    if order == "DMY":
        return day_first
    if month_first and day_first and month_first != day_first:
        return None
    return month_first or day_first


def _moment(match: re.Match[str], year: int, month: int, day: int, zone: str) -> datetime | None:
    try:
        if match["hour"] is None:
            return datetime(year, month, day, tzinfo=UTC)
        clock = (int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
        return _aware(datetime(year, month, day, *clock), zone)  # noqa: DTZ001 - the zone is put on in the next step
    except (ValueError, OverflowError):
        return None


def _aware(moment: datetime, zone: str) -> datetime:
    stated = moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(zone))
    return stated.astimezone(UTC)
