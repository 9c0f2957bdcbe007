"""calendar words → intervals of days. Pure arithmetic: no text, no clock."""

from calendar import monthrange
from datetime import date, timedelta

from cases.model import Precision

Days = tuple[date, date]

SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11)}
"""First and last month of the northern seasons. Winter lies across two years and has its own rule."""

YEAR_PARTS = {"early": (1, 4), "middle": (5, 8), "late": (9, 12), "first half": (1, 6), "second half": (7, 12)}
MONTH_PARTS = {"early": (1, 10), "middle": (11, 20), "late": (21, 31), "first half": (1, 15), "second half": (16, 31)}
"""Our convention for "early", "mid-" and "late": thirds, as in 上旬, 中旬, 下旬; "early 2018" is January to April."""

FEW = {"hour": (0, 1), "day": (2, 7), "week": (2, 5), "month": (2, 6), "year": (2, 9), "decade": (2, 9)}
"""How many "a few" and "several" may be, by unit."""

_UNIT_DAYS = {
    "hour": (0, 0),
    "day": (1, 0),
    "week": (7, 3),
    "month": (30, 15),
    "year": (365, 182),
    "decade": (3650, 1825),
}
"""Days in a unit, and how far "later" may miss it."""

PRECISION_OF: dict[str, Precision] = {
    "hour": "day",
    "day": "day",
    "week": "week",
    "month": "month",
    "year": "year",
    "decade": "range",
}
"""The precision of a time counted in a unit."""


def days_in(unit: str) -> int:
    """Give about how many days a unit has; an hour has none."""
    return _UNIT_DAYS[unit][0]


def day_of(year: int, month: int, day: int) -> date | None:
    """Give a day, or ``None`` when the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_of(year: int, month: int, part: str | None = None) -> Days:
    """Give a month, or the named part of it."""
    length = monthrange(year, month)[1]
    first, last = MONTH_PARTS[part] if part else (1, length)
    return date(year, month, first), date(year, month, min(last, length))


def year_of(year: int, part: str | None = None) -> Days:
    """Give a year, or the named part of it."""
    first, last = YEAR_PARTS[part] if part else (1, 12)
    return month_of(year, first)[0], month_of(year, last)[1]


def season_of(year: int, season: str) -> Days:
    """Give a season; "the winter of 2016" may have begun or ended in that year, so both winters are in the interval."""
    if season == "winter":
        return date(year - 1, 12, 1), month_of(year + 1, 2)[1]
    first, last = SEASONS[season]
    return month_of(year, first)[0], month_of(year, last)[1]


def shifted_month(day: date, months: int) -> tuple[int, int]:
    """Give year and month so many months after the month of a day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1


def latest_year(published: date, month: int, day: int = 1) -> int:
    """Give the year of the most recent such day that is not after the publication."""
    year = published.year if (month, day) <= (published.month, published.day) else published.year - 1
    while month == 2 and day == 29 and day_of(year, month, day) is None:  # noqa: PLR2004 - the leap day
        year -= 1
    return year


def latest_month(published: date, day: int) -> tuple[int, int]:
    """Give year and month of the most recent such day of a month that is not after the publication."""
    back = 0 if day <= published.day else -1
    while day_of(*shifted_month(published, back), day) is None:
        back -= 1
    return shifted_month(published, back)


def week_around(day: date) -> Days:
    """Give the week, Monday to Sunday, that a day lies in."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def ago(published: date, number: int, unit: str) -> Days:
    """Give what "so many units ago" says: a day, week, month or year, never finer than the unit."""
    match unit:
        case "year":
            return year_of(published.year - number)
        case "decade":
            return year_of(published.year - 10 * number - 1)[0], year_of(published.year - 10 * number + 1)[1]
        case "month":
            return month_of(*shifted_month(published, -number))
        case "week":
            return week_around(published - timedelta(weeks=number))
        case "hour":
            return published - timedelta(days=1 + number // 24), published - timedelta(days=number // 24)
        case _:
            day = published - timedelta(days=number)
            return day, day


def later(least: int, most: int, unit: str) -> tuple[int, int]:
    """Give the days that lie between an event and another so many units later."""
    if unit == "hour":
        return least // 24, most // 24 + 1
    days, blur = _UNIT_DAYS[unit]
    return least * days - blur, most * days + blur
