"""Days and intervals → words of a language, never finer than the value is. No clock, and no locale of the machine.

What both ends of an interval share is said once, at the end where the language says it: ``16 to 23 November 2026`` in English,
``2026년 11월 16일~23일`` in Korean.
"""

from datetime import UTC, date, datetime, timedelta

from cases.disclosure import DisclosedEvent
from digests.speech import ENGLISH, Speech

_DECEMBER = 12


def day(value: date, speech: Speech = ENGLISH) -> str:
    """Write a day: ``9 September 2018``."""
    return speech.day(value)


def month(value: date, speech: Speech = ENGLISH) -> str:
    """Write the month of a day: ``September 2018``."""
    return speech.month(value)


def days(start: date, end: date, speech: Speech = ENGLISH) -> str:
    """Write a stretch of days: ``16 to 23 November 2026``."""
    if start == end:
        return speech.day(end)
    first, last = _sparing(start, end, speech)
    return speech.gettext("{start} to {end}", start=first, end=last)


def moment(value: datetime, speech: Speech = ENGLISH) -> str:
    """Write an instant in its own zone: ``21 November 2026, 07:00 UTC``."""
    zone = "UTC" if value.tzinfo is UTC else value.tzname() or ""
    said = speech.gettext("{day}, {time} {zone}", day=speech.day(value.date()), time=f"{value:%H:%M}", zone=zone)
    return said.strip()


def when(event: DisclosedEvent, speech: Speech = ENGLISH) -> str:
    """Write when something happened, no finer than the value is: ``January 2016``, ``2014 to 2016``, ``by May 2018``."""
    start, end = event.start, event.end
    if start is not None and end is not None:
        return _interval(start, end, speech)
    if end is not None:
        return speech.gettext("by {day}", day=_edge(end, event, speech, last=True))
    if start is not None:
        return speech.gettext("{day} or later", day=_edge(start, event, speech, last=False))
    return speech.gettext("date not stated")


def _edge(value: date, event: DisclosedEvent, speech: Speech, *, last: bool) -> str:
    """Write one end of an open interval: as a month when it lies on the edge of one and no day was told."""
    on_edge = value.day == 1 if not last else _ends_month(value)
    return speech.month(value) if on_edge and event.precision != "day" else speech.day(value)


def _interval(start: date, end: date, speech: Speech) -> str:
    """Write a closed interval of days: as years or months when it fills them, else by its days."""
    if start == end:
        return speech.day(start)
    if start.day == 1 and _ends_month(end):
        return _whole_months(start, end, speech)
    first, last = _sparing(start, end, speech)
    return speech.gettext("between {start} and {end}", start=first, end=last)


def _whole_months(start: date, end: date, speech: Speech) -> str:
    """Write an interval that fills its months: ``2014 to 2016``, ``January 2016``, ``March to May 2016``."""
    if (start.year, start.month) == (end.year, end.month):
        return speech.month(start)
    if start.month == 1 and end.month == _DECEMBER:
        if start.year == end.year:
            return speech.year(start)
        first, last = speech.year(start), speech.year(end)
    else:
        first, last = speech.month(start), speech.month(end)
        if start.year == end.year:
            first, last = (first, speech.month_alone(end)) if speech.year_first else (speech.month_alone(start), last)
    return speech.gettext("{start} to {end}", start=first, end=last)


def _sparing(start: date, end: date, speech: Speech) -> tuple[str, str]:
    """Write two days, leaving out of one of them the month and the year that the other one says."""
    short = speech.day
    if start.year == end.year:
        short = speech.day_of_month if start.month == end.month else speech.day_of_year
    return (speech.day(start), short(end)) if speech.year_first else (short(start), speech.day(end))


def _ends_month(value: date) -> bool:
    return value == date.max or (value + timedelta(days=1)).day == 1
