"""printed date → time, or nothing: a date is read as the source writes it, never guessed."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal
from zoneinfo import ZoneInfo

DateOrder = Literal["MDY", "DMY", "YMD"]

_MONTH_NAMES = """
january jan januar janvier janv enero ene gennaio gen janeiro январь января янв
february feb februar février févr fevrier febrero febbraio fevereiro fev февраль февраля фев
march mar märz mrz mars marzo março март марта мар
april apr avril avr abril abr aprile апрель апреля апр
may mai mayo maggio mag maio май мая
june jun juni juin junio giugno giu junho июнь июня июн
july jul juli juillet juil julio luglio lug julho июль июля июл
august aug août aout agosto ago август августа авг
september sept sep septembre septiembre settembre set setembro сентябрь сентября сен сент
october oct oktober okt octobre octubre ottobre ott outubro октябрь октября окт
november nov novembre noviembre novembro ноябрь ноября ноя нояб
december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro декабрь декабря дек
"""
_MONTHS = {
    name: number
    for number, line in enumerate(_MONTH_NAMES.strip().splitlines(), start=1)
    for name in (line.split() if line else ())
}
"""Names of months in English, German, French, Spanish, Italian, Portuguese and Russian: those of our sources."""
_HOURS_FROM_UTC = {
    "utc": 0, "gmt": 0, "z": 0, "kst": 9, "jst": 9, "msk": 3, "cet": 1, "cest": 2,
    "est": -5, "edt": -4, "pst": -8, "pdt": -7, "мск": 3,
}  # fmt: skip
"""Abbreviations of zones that mean one zone; CST, IST and BST mean several, so a time in these is only a day."""
_AFTERNOON = frozenset({"pm", "p.m.", "p.m", "오후", "午後", "下午", "晚上"})
_TIME = (
    r"(?:[\]T,|\s]*(?:[(（][^()（）\d]{1,4}[)）]|at\b|um\b|à|в\b|[-–|]|[월화수목금토일]요일)?[,\s]*"
    r"(?P<half>오전|오후|午前|午後|上午|下午|晚上|早上)?\s?"
    r"(?P<hour>\d{1,2})\s?[:：시時时h]\s?(?P<minute>\d{2})(?:\s?[:：분分]\s?(?P<second>\d{2}))?[분分]?(?!\d)"
    r"(?:\s?(?P<late>[ap]\.?m\b\.?))?(?:\s?\(?(?P<zone>(?-i:[A-Z]{2,5}|МСК|мск))\b)?)?"
)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[\s./-]{1,2}(\d{1,2})[\s./-]{1,2}(\d{4})(?!\d)" + _TIME, re.IGNORECASE)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(\d{4})\s?[-./年년]\s{0,2}(\d{1,2})\s?[-./月월]\s{0,2}(\d{1,2})(?!\d)\s?[日일.]?" + _TIME, re.IGNORECASE
)
_MONTH_FIRST = re.compile(r"\b([^\W\d_]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b" + _TIME, re.IGNORECASE)
_DAY_FIRST = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.|º)?\s+(?:de\s+)?([^\W\d_]{3,10})\.?,?\s+(?:de\s+)?(\d{4})\b(?:\s?г\.|\s?года)?"
    + _TIME,
    re.IGNORECASE,
)
_BEFORE = re.compile(_TIME.removesuffix("?") + r",?\s+(?:on\s+)?$", re.IGNORECASE)
"""A time that stands before its day: "15:30 March 04, 2026"."""
_LONGEST = 200
_YEARS = range(1800, 2200)
"""In which a page can have been published; a date at the ends of the calendar cannot be told in another time zone."""
_EARLY = timedelta(days=1)
"""How far ahead of us a date may be: a day, for zones and clocks. Nothing was published later than it was fetched."""
_NOON = 12


def parse_published(
    raw: str, *, order: DateOrder | None = None, zone: str = "UTC", seen_at: datetime | None = None
) -> datetime | None:
    """Read a date as a feed, a page's metadata or a printed line states it; aware UTC, or None when it is not certain.

    ISO 8601 and RFC 5322 are read with the zone they state. ``03/04/2018`` needs ``order``; ``09/20/2018`` and
    ``09/09/2018`` read the same either way. A day without a time is that day at 00:00 UTC, so that the day stays the
    one that was printed; a time without a zone is in ``zone``. A year in which nothing was published is not certain, and
    neither is a day after ``seen_at``, when it was fetched. What counts from today ("3 hours ago") is no date.
    """
    text = " ".join(raw[:_LONGEST].split())
    found = _iso(text, zone) or _mail(text, zone) or _printed(text, order, zone)
    if found is None or found.year not in _YEARS:
        return None
    return found if is_past(found, seen_at) else None


def date_in(text: str) -> str | None:
    """Give the part of a text that is written as a date, whether it can be read or not; None when there is none."""
    for form in (_YEAR_FIRST, _MONTH_FIRST, _DAY_FIRST, _NUMERIC):
        match = form.search(text[:_LONGEST])
        if match and not any(part and part.isalpha() and part.lower() not in _MONTHS for part in match.groups()[:3]):
            return match[0]
    return None


def is_past(moment: datetime, seen_at: datetime | None) -> bool:
    """Tell whether something that was fetched at ``seen_at`` can be of that moment; True when that is not known."""
    return seen_at is None or moment <= seen_at + _EARLY


def first_published(
    statements: Iterable[str], *, order: DateOrder | None = None, zone: str = "UTC", seen_at: datetime | None = None
) -> datetime | None:
    """Read the first of several statements that can be read, as ``parse_published`` does."""
    times = (parse_published(text, order=order, zone=zone, seen_at=seen_at) for text in statements)
    return next((time for time in times if time is not None), None)


def _iso(text: str, zone: str) -> datetime | None:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
        return _aware(datetime.fromisoformat(text), zone) if len(text) > len("20260304") else None
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
    clock_of = match if match["hour"] is not None else _BEFORE.search(match.string[: match.start()])
    try:
        named = (clock_of["zone"] or "").lower() if clock_of else ""
        if clock_of is None or (named and named not in _HOURS_FROM_UTC):
            return datetime(year, month, day, tzinfo=UTC)
        clock = (_hour(clock_of), int(clock_of["minute"]), int(clock_of["second"] or 0))
        moment = datetime(year, month, day, *clock)  # noqa: DTZ001 - the zone is put on in the next step
        if named:
            return moment.replace(tzinfo=UTC) - timedelta(hours=_HOURS_FROM_UTC[named])
        return _aware(moment, zone)
    except (ValueError, OverflowError):
        return None


def _hour(match: re.Match[str]) -> int:
    """Count the hour from midnight: 12 at night is 0, and 3 in the afternoon is 15."""
    hour, half = int(match["hour"]), (match["half"] or match["late"] or "").lower()
    if not half or hour > _NOON:
        return hour
    return hour % _NOON + (_NOON if half in _AFTERNOON else 0)


def _aware(moment: datetime, zone: str) -> datetime:
    stated = moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(zone))
    return stated.astimezone(UTC)
