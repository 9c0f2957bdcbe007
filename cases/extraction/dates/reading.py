"""found form → interval: what each kind of form says, given the publication and the date named just before.

Every reader takes a ``Found`` and gives a ``Told``, or ``None`` when the form says no possible time ("February 30").
"""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from cases.extraction.dates import intervals
from cases.extraction.dates.calendar_dates import told_calendar
from cases.extraction.dates.found import Found, Told, bounded
from cases.extraction.numerals import number_in

_LONGEST_DAYS = 200 * 366
"""A relative time further away than two centuries is no time of an event."""

_SATURDAY = 5


def read(found: Found) -> Told | None:
    """Say what time a found form tells; ``None`` when there is no such time."""
    return _READERS[found.hit.form.kind](found)


class _Quantity(NamedTuple):
    """A number of units as told: least, greatest, unit."""

    least: int
    most: int
    unit: str


def _quantity(found: Found) -> _Quantity | None:
    """Read "two years", "a few days", "a week"; ``None`` beyond two centuries."""
    if (days := found.meaning("days")) is not None:
        return _Quantity(days, days, "day")
    unit: str = found.meaning("unit") or "day"
    if (raw := found.slot("number")) is not None:
        number = number_in(raw, found.grammar.language)
        if number is None or number * intervals.days_in(unit) > _LONGEST_DAYS:
            return None
        return _Quantity(number, number, unit)
    if found.slot("few") is not None:
        return _Quantity(*intervals.FEW[unit], unit)
    return _Quantity(1, 1, unit)


def _either_order(found: Found) -> Told | None:
    """Read 03/04/2018: both orders when the language's press uses both, else day first."""
    first, second, year = (int(found.hit.slots[key]) for key in ("first", "second", "year"))
    orders = (
        [(second, first)] if "." in found.raw or found.settings.get("day_first") else [(first, second), (second, first)]
    )
    days = sorted({day for month, number in orders if (day := intervals.day_of(year, month, number))})
    if not days:
        return None
    told = Told(days[0], days[-1], "day" if days[0] == days[-1] else "range", None)
    return bounded(told, found)


def _weekday(found: Found) -> Told:
    """Read a weekday: the latest one not after the publication, unless a word points to a week."""
    if (published := found.published) is None:
        return Told.open("publication")
    number: int = found.meaning("weekday")
    this = intervals.week_around(published)[0] + timedelta(days=number)
    latest = this if this <= published else this - timedelta(days=7)
    days = {latest}
    if (week := found.meaning("week_word")) is not None:
        days = {this + timedelta(days=7 * week)}
    else:
        match found.meaning("which"):
            case "past":
                days = {this - timedelta(days=7), latest if latest < published else latest - timedelta(days=7)}
            case "near":
                days = {this}
            case "coming":
                days = {this + timedelta(days=7), latest + timedelta(days=7)}
    told = Told(min(days), max(days), "day" if len(days) == 1 else "range", "publication")
    return bounded(told, found)


def _weekdays(found: Found) -> Told:
    """Read "from Monday to Tuesday": the latest second day not after the publication, and the first one before it."""
    if (published := found.published) is None:
        return Told.open("publication")
    first, last = (found.grammar.meaning("weekday", found.hit.slots[slot]) for slot in ("weekday", "weekday2"))
    end = published - timedelta(days=(published.weekday() - last) % 7)
    start = end - timedelta(days=(last - first) % 7)
    return Told(start, end, "day" if start == end else "few_days", "publication")


def _weekday_in_week(found: Found) -> Told:
    """Read 上周三: a weekday of a named week."""
    if (published := found.published) is None:
        return Told.open("publication")
    week, number = found.meaning("week_day")
    day = intervals.week_around(published)[0] + timedelta(days=7 * week + number)
    return Told(day, day, "day", "publication")


def _week(found: Found) -> Told:
    """Read "last week"; "earlier this week" ends with the publication."""
    if (published := found.published) is None:
        return Told.open("publication")
    monday, sunday = intervals.week_around(published + timedelta(days=7 * found.meaning("week_word")))
    end = min(sunday, published) if monday <= published else sunday
    return bounded(Told(monday, end, "week", "publication"), found)


def _weekend(found: Found) -> Told:
    """Read "over the weekend": Saturday and Sunday, the last ones that began before the publication."""
    if (published := found.published) is None:
        return Told.open("publication")
    saturday = published - timedelta(days=(published.weekday() - _SATURDAY) % 7)
    return Told(saturday, saturday + timedelta(days=1), "few_days", "publication")


def _day_word(found: Found) -> Told:
    """Read "yesterday"."""
    if found.published is None:
        return Told.open("publication")
    day = found.published + timedelta(days=found.meaning("day_word"))
    return bounded(Told(day, day, "day", "publication"), found)


def _ago(found: Found) -> Told | None:
    """Read "two years ago": the year, and never a day of it. "More than two years ago" is open below."""
    if (quantity := _quantity(found)) is None:
        return None
    if (published := found.published) is None:
        return Told.open("publication")
    try:
        first = intervals.ago(published, quantity.most, quantity.unit)[0]
        last = intervals.ago(published, quantity.least, quantity.unit)[1]
    except (ValueError, OverflowError):  # before the first year of the calendar
        return Told.open("publication")
    if found.slot("over") is not None:
        return Told(None, last, "range", "publication")
    precision = intervals.PRECISION_OF[quantity.unit] if quantity.least == quantity.most else "range"
    return bounded(Told(first, last, precision, "publication"), found)


def _span(found: Found) -> Told | None:
    """Read "in the past two months": from then to the publication."""
    quantity = _quantity(found)
    if quantity is None:
        return None
    if (published := found.published) is None:
        return Told.open("publication")
    most = (
        1
        if found.slot("number") is None and found.slot("few") is None and not found.settings.get("few")
        else quantity.most
    )
    first = published - timedelta(days=most * intervals.days_in(quantity.unit))
    return Told(first, published, "range", "publication")


def _vague(_: Found) -> Told:
    """Read "recently": a time that the text leaves open."""
    return Told.open("publication")


def _after(found: Found) -> Told:
    """Read "the next day"."""
    least, most = found.meaning("after")
    return Told.relative(least, most)


def _later(found: Found) -> Told | None:
    """Read "after a few days", "two weeks later"; ``earlier`` in the form counts backwards."""
    if (quantity := _quantity(found)) is None:
        return None
    least, most = intervals.later(*quantity)
    return Told.relative(-most, -least) if found.settings.get("earlier") else Told.relative(least, most)


def _within(found: Found) -> Told | None:
    """Read "within two weeks" of the event before."""
    if (quantity := _quantity(found)) is None:
        return None
    return Told.relative(0, max(1, quantity.most * intervals.days_in(quantity.unit)))


def _soon(_: Found) -> Told:
    """Read "soon": not before the event told last, and without a limit."""
    return Told.relative(0, None)


_READERS: dict[str, Callable[[Found], Told | None]] = {
    "calendar": told_calendar,
    "either order": _either_order,
    "weekday": _weekday,
    "weekdays": _weekdays,
    "weekday in week": _weekday_in_week,
    "week": _week,
    "weekend": _weekend,
    "day word": _day_word,
    "ago": _ago,
    "span": _span,
    "vague": _vague,
    "after": _after,
    "later": _later,
    "within": _within,
    "soon": _soon,
}
