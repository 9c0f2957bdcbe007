"""found form → interval, for times of the calendar: years, months, days, seasons, and what is left to be understood.

A day or month without its year is the latest one not after the publication, of the last weeks before all. A day of the two weeks to come
is of them, as is one of the year to come by its weekday, unless a year was told just before. Where these are
long past, one that goes on from a day or month just told with its year is of that year, and any other is a range that holds
both readings. A year alone is told in passing ("the protests of 2020"): no day counts from it.
"""

from datetime import date, timedelta
from typing import NamedTuple

from cases.extraction.dates import intervals
from cases.extraction.dates.found import Found, Told, bounded
from cases.extraction.numerals import number_in
from cases.model import Precision

_FOLLOWS_CLOSELY = timedelta(days=183)
_BESIDE = 60
"""A day goes on from another one that stands no more than so many characters before."""
_SHORT_YEARS, _CENTURY = 100, 2000
"""A year of two digits, where a language's table lets one be, is of this century, or of the last one where it would be to come."""
_A_FEW_DAYS = timedelta(days=7)
_SOON = timedelta(days=14)
"""A day without its year that is so near is no day of the year before: a flight that is booked."""
_RECENTLY = timedelta(days=62)
"""What is told without its year and fits the weeks before the publication is of them."""


class _Point(NamedTuple):
    """One end of a calendar time, as far as the text says it."""

    year: int | None
    month: int | None
    day: int | None


def told_calendar(found: Found) -> Told | None:
    """Read a calendar time; ``None`` when the calendar has no such day."""
    if found.published is None and _counts_from_publication(found):
        return Told.open("publication")
    try:
        return _told(found)
    except (ValueError, OverflowError):  # no such day in that month
        return None


def _told(found: Found) -> Told | None:
    start, end = _points(found)
    if start.year is None and found.slot("decade") is None:
        told = _understood(found, start, end)
    else:
        told = _placed(found, start, end)
    return told if told is None or start != end else bounded(told, found)


def _counts_from_publication(found: Found) -> bool:
    slots = ("year_word", "month_word", "which")
    return any(found.slot(slot) is not None for slot in slots)


def _points(found: Found) -> tuple[_Point, _Point]:
    """Read both ends; what the second does not say it takes from the first, and the year the other way round too."""
    year, month = _year(found), _month(found)
    year2, month2, day2 = (found.hit.slots.get(key) for key in ("year2", "month2", "day2"))
    end_year = _as_number(found, year2) if year2 else year
    end_month = _month_called(found, month2) if month2 else month
    day = _number(found, "day")
    if (word := found.slot("month_word")) is not None and found.published is not None:
        year, month = intervals.shifted_month(found.published, found.grammar.meaning("month_word", word))
        end_year, end_month = year, month
        if (word := found.hit.slots.get("month_word2")) is not None:
            end_year, end_month = intervals.shifted_month(found.published, found.grammar.meaning("month_word", word))
    start = _Point(year if year is not None else end_year, month, day)
    return start, _Point(end_year, end_month, _as_number(found, day2) if day2 else day)


def _year(found: Found) -> int | None:
    if (raw := found.hit.slots.get("year")) is not None:
        number = _as_number(found, raw)
        return _of_its_century(found, number) if number is not None and number < _SHORT_YEARS else number
    word = found.meaning("year_word")
    return None if word is None or found.published is None else found.published.year + int(word)


def _of_its_century(found: Found, number: int) -> int:
    """Read a year of two digits as one that is not to come: 98 is 1998, 21 is 2021."""
    year = _CENTURY + number
    return year if found.published is None or year <= found.published.year + 1 else year - 100


def _month(found: Found) -> int | None:
    if (raw := found.hit.slots.get("month")) is not None:
        return _month_called(found, raw)
    return _number(found, "month_number")


def _month_called(found: Found, raw: str) -> int | None:
    """Read a month by name, or by number where months are numbered."""
    return int(found.grammar.meaning("month", raw)) if found.grammar.has("month") else _as_number(found, raw)


def _number(found: Found, slot: str) -> int | None:
    raw = found.hit.slots.get(slot)
    return None if raw is None else _as_number(found, raw)


def _as_number(found: Found, raw: str) -> int | None:
    return int(raw) if raw.isdecimal() else number_in(raw, found.grammar.language)


def _placed(found: Found, start: _Point, end: _Point) -> Told | None:
    """Place a time whose year is known."""
    if (decade := found.slot("decade")) is not None:
        first_year = int(decade[:4])
        return Told(date(first_year, 1, 1), date(first_year + 9, 12, 31), "range", None)
    anchor = "publication" if _counts_from_publication(found) else None
    first, last, precision = _interval(found, start)
    if end != start:
        last = _interval(found, end)[1]
        precision = "few_days" if start.day and last - first <= _A_FEW_DAYS else "range"
    if first > last:
        first, last, precision = last, first, "range"
    return Told(first, last, precision, anchor)


def _interval(found: Found, point: _Point) -> tuple[date, date, Precision]:
    year = point.year or 0
    part, season = found.meaning("part"), found.meaning("season")
    if season is not None:
        return *intervals.season_of(year, season), "season"
    if point.month is None:
        return *intervals.year_of(year, part), "range" if part else "year"
    if point.day is None:
        return *intervals.month_of(year, point.month, part), "range" if part else "month"
    day = date(year, point.month, point.day)
    return day, day, "day"


def _understood(found: Found, start: _Point, end: _Point) -> Told | None:
    """Place a time that leaves its year, or year and month, to be understood."""
    if start.month is None and start.day is None:
        return _season_of_word(found)
    meant = _of_that_year(found, start) if "years_on" in found.settings else _years_meant(found, start)
    readings = [_placed(found, *_with_year(start, end, year, month)) for year, month in meant]
    placed = [reading for reading in readings if reading is not None]
    if not placed:
        return Told.open("publication") if found.published is None else None
    first = min(reading.first for reading in placed if reading.first)
    last = max(reading.last for reading in placed if reading.last)
    same = all(reading[:2] == placed[0][:2] for reading in placed)
    return Told(first, last, placed[0].precision if same else "range", "publication")


def _of_that_year(found: Found, start: _Point) -> list[tuple[int, int]]:
    """Give the year that a form with ``years_on`` counts from the one named before: "in October of that year"."""
    named = _named(found, start)
    return [(named[0] + int(found.settings["years_on"]), named[1])] if named else []


def _with_year(start: _Point, end: _Point, year: int, month: int) -> tuple[_Point, _Point]:
    start_month, end_month = start.month or month, end.month or month
    end_year = year + 1 if end_month < start_month else year
    return _Point(year, start_month, start.day), _Point(end_year, end_month, end.day)


def _years_meant(found: Found, start: _Point) -> list[tuple[int, int]]:
    """Give the years and months that may be meant: the latest, and the one named just before.

    A day without its month is of that one alone where its form is marked ``same_month``, or it goes on from a day beside it.
    """
    latest = _latest(found, start)
    named = _named(found, start)
    if named is None or found.meaning("which") is not None:
        return [latest] if latest else []
    year, month = named
    if latest is None:
        return [named]
    day = intervals.day_of(year, month, start.day or 1)
    if start.month is not None and _is_recent(found, latest, start):
        return [latest]
    if start.month is not None and found.named and found.named.precision == "year":
        return [latest] if start.day else [latest, named]
    closely = day and found.named and found.named.first.replace(day=1) <= day <= found.named.first + _FOLLOWS_CLOSELY
    if closely and (start.month is not None or found.settings.get("same_month") or _goes_on(found, day)):
        return [named]
    return [latest] if day and found.published and day > found.published else [latest, named]


def _goes_on(found: Found, day: date | None) -> bool:
    """Tell whether a day without its month comes right after another one of the same month: "held on March 12 and deported on the 20th"."""
    named = found.named
    beside = named is not None and named.precision == "day" and found.hit.start - named.end <= _BESIDE
    return beside and named is not None and day is not None and named.first < day


def _is_recent(found: Found, latest: tuple[int, int], start: _Point) -> bool:
    """Tell whether the latest such day is of the weeks before the publication: then it is meant, whatever year stands near."""
    day = intervals.day_of(*latest, start.day or 1)
    return day is not None and found.published is not None and found.published - day <= _RECENTLY


def _latest(found: Found, start: _Point) -> tuple[int, int] | None:
    if (published := found.published) is None:
        return None
    which = found.meaning("which")
    if start.month is None:
        year, month = intervals.latest_month(published, start.day or 1)
        return intervals.shifted_month(date(year, month, 1), 1) if which == "coming" else (year, month)
    if which == "near":
        return published.year, start.month
    year = intervals.latest_year(published, start.month, start.day or 1)
    if which == "coming":
        year += 1
    if which == "past" and (year, start.month) == (published.year, published.month) and start.day is None:
        year -= 1
    if which is None and start.day is not None and _is_to_come(found, (year, start.month, start.day)):
        year += 1
    return year, start.month


def _is_to_come(found: Found, latest: tuple[int, int, int]) -> bool:
    """Tell whether a day without its year is the one to come: by its weekday, where one is told, else by how soon that is."""
    year, month, day = latest
    coming, weekday, published = intervals.day_of(year + 1, month, day), found.meaning("weekday"), found.published
    if coming is None or published is None or found.meaning("lead") == "since":
        return False
    last = intervals.day_of(*latest)
    if (found.named is not None and found.named.with_year) or (last and published - last <= _RECENTLY):
        return False
    if weekday is not None:
        return coming.weekday() == int(weekday)
    return timedelta() < coming - published <= _SOON


def _named(found: Found, start: _Point) -> tuple[int, int] | None:
    """Give the year, and where the text leaves it open the month, that was named just before.

    A form marked ``own_year`` does not lean on a bare year: there a month without its year is of the latest one.
    """
    named = found.named
    if named is None or (named.precision == "year" and found.settings.get("own_year")):
        return None
    if start.month is not None:
        return (named.first.year, start.month) if named.with_year else None
    return (named.first.year, named.first.month) if named.precision in {"day", "month", "few_days"} else None


def _season_of_word(found: Found) -> Told | None:
    """Read "last spring": the latest one that had begun before the publication, or the one to come."""
    published, season = found.published, found.meaning("season")
    if season is None or published is None:
        return None
    starts = {"winter": 12, **{name: months[0] for name, months in intervals.SEASONS.items()}}
    year = intervals.latest_year(published, starts[season])
    if found.meaning("which") == "coming":
        year += 1
    if season == "winter":
        return Told(date(year, 12, 1), intervals.month_of(year + 1, 2)[1], "season", "publication")
    return Told(*intervals.season_of(year, season), "season", "publication")
