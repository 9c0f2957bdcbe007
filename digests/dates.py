"""Days and intervals → English words, never finer than the value is. No clock, and no locale of the machine."""

from datetime import UTC, date, datetime, timedelta

from cases.disclosure import DisclosedEvent

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DECEMBER = 12


def day(value: date) -> str:
    """Write a day: ``9 September 2018``."""
    return f"{value.day} {month(value)}"


def month(value: date) -> str:
    """Write the month of a day: ``September 2018``."""
    return f"{_MONTHS[value.month - 1]} {value.year}"


def days(start: date, end: date) -> str:
    """Write a stretch of days: ``16 to 23 November 2026``."""
    return day(end) if start == end else f"{_sparing(start, end)} to {day(end)}"


def moment(value: datetime) -> str:
    """Write an instant in its own zone: ``21 November 2026, 07:00 UTC``."""
    zone = "UTC" if value.tzinfo is UTC else value.tzname() or ""
    return f"{day(value.date())}, {value:%H:%M} {zone}".strip()


def when(event: DisclosedEvent) -> str:
    """Write when something happened, no finer than the value is: ``January 2016``, ``2014 to 2016``, ``by May 2018``."""
    start, end = event.start, event.end
    if start is None and end is None:
        return "date not stated"
    if start is None and end is not None:
        return f"by {_edge(end, event, last=True)}"
    if start is not None and end is None:
        return f"{_edge(start, event, last=False)} or later"
    return _interval(start, end) if start and end else ""


def _edge(value: date, event: DisclosedEvent, *, last: bool) -> str:
    """Write one end of an open interval: as a month when it lies on the edge of one and no day was told."""
    on_edge = value.day == 1 if not last else _ends_month(value)
    return month(value) if on_edge and event.precision != "day" else day(value)


def _interval(start: date, end: date) -> str:
    """Write a closed interval of days: as years or months when it fills them, else by its days."""
    if start == end:
        return day(start)
    if start.day == 1 and _ends_month(end):
        if start.month == 1 and end.month == _DECEMBER:
            return str(start.year) if start.year == end.year else f"{start.year} to {end.year}"
        if (start.year, start.month) == (end.year, end.month):
            return month(start)
        return (
            f"{_MONTHS[start.month - 1]} to {month(end)}"
            if start.year == end.year
            else f"{month(start)} to {month(end)}"
        )
    return f"between {_sparing(start, end)} and {day(end)}"


def _sparing(start: date, end: date) -> str:
    """Write the first of two days, leaving out the month and the year that the second one says."""
    if (start.year, start.month) == (end.year, end.month):
        return str(start.day)
    return f"{start.day} {_MONTHS[start.month - 1]}" if start.year == end.year else day(start)


def _ends_month(value: date) -> bool:
    return value == date.max or (value + timedelta(days=1)).day == 1
