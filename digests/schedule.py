"""When a digest is due: days and hours on a wall clock, turned into instants and periods. No clock is read here.

A rhythm names wall times: days by a rule, and one or several times on each. Every one of them is due exactly once, also on
the days when clocks change: a wall time that spring leaves out is due as much later as the clocks jump, and of two equal
ones in autumn the first counts. Two that fall on one instant in this way are one turn.
"""

import calendar
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from cases.model import Value

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

EXPECTED = (
    'expected "hourly", or days and times: "daily 07:00", "daily 07:00 19:00", "Mon 07:00", "Mon Thu 07:00", "1st 07:00" or '
    '"last 07:00" (of the month)'
)

_DAYS_BETWEEN = {"day": 1, "week": 7, "month": 31}
"""The longest that two days of a rhythm lie apart."""

_LAST = 31
"""``last`` is the 31st: of a month that is shorter, its last day is taken."""

_TIME = re.compile(r"(\d{2}):(\d{2})", re.ASCII)
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)", re.ASCII)


class Schedule(Value, frozen=True, kw_only=True):
    """A rhythm on a wall clock; ``days`` are weekdays from Monday as 0, or days of the month from 1, and sorted."""

    every: Literal["hour", "day", "week", "month"]
    days: tuple[int, ...] = ()
    times: tuple[time, ...] = (time(),)

    def __str__(self) -> str:
        if self.every == "hour":
            return "hourly"
        return " ".join([*map(self._day_name, self.days or (0,)), *(f"{one:%H:%M}" for one in self.times)])

    def _day_name(self, number: int) -> str:
        if self.every == "month":
            return "last" if number == _LAST else _ordinal(number)
        return WEEKDAYS[number][:3] if self.every == "week" else "daily"

    def latest(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Give the last instant at or before ``now`` at which a digest was due, in ``zone``."""
        return self._last(now, zone)[0].astimezone(zone)

    def next(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Give the first instant after ``now`` at which a digest is due, in ``zone``."""
        if self.every == "hour":
            return (_hour(now) + timedelta(hours=1)).astimezone(zone)
        return min(due for due, _ in self._near(now, zone) if due > now).astimezone(zone)

    def period(self, now: datetime, zone: ZoneInfo) -> str:
        """Name the period that ``now`` lies in, by its turn: ``2026-11-23``; ``2026-11-23T0700`` with several times a day.

        An hourly one is named in UTC, ``2026-11-23T0700Z``: the hour that autumn repeats is two hours.
        """
        due, wall = self._last(now, zone)
        if self.every == "hour":
            return f"{due:%Y-%m-%dT%H%MZ}"
        return f"{wall:%Y-%m-%dT%H%M}" if len(self.times) > 1 else f"{wall:%Y-%m-%d}"

    def _last(self, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Find the last turn at or before ``now``: its instant in UTC, and the wall time that it stands for."""
        if self.every == "hour":
            return _hour(now), _hour(now)
        return max(turn for turn in self._near(now, zone) if turn[0] <= now)

    def _near(self, now: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """Yield the turns around ``now``, the one before it and the one after it among them."""
        today = now.astimezone(zone).date()
        reach = _DAYS_BETWEEN[self.every] + 1  # and one, for a turn that a change of the clocks moves past midnight
        for offset in range(-reach, reach + 1):
            day = today + timedelta(days=offset)
            if self._falls_on(day):
                for one in self.times:
                    wall = datetime.combine(day, one)
                    yield wall.replace(tzinfo=zone, fold=0).astimezone(UTC), wall

    def _falls_on(self, day: date) -> bool:
        if self.every == "day":
            return True
        if self.every == "week":
            return day.weekday() in self.days
        length = calendar.monthrange(day.year, day.month)[1]
        return day.day in {min(number, length) for number in self.days}


def parse_schedule(text: str) -> Schedule:
    """Read ``hourly``, or days and times in this order: ``daily 07:00``, ``Mon Thu 07:00``, ``1st 07:00 19:00``.

    The name of a weekday may be written out, in any case; a day that a month has not is its last day. Raises ValueError for
    everything else. A weekday is never a number: cron and calendars disagree on where a week begins.
    """
    words = text.replace(",", " ").split()
    if [word.lower() for word in words] == ["hourly"]:
        return Schedule(every="hour")
    names = [word for word in words if not _TIME.fullmatch(word)]
    written = words[len(names) :]
    if not names or not written or words[: len(names)] != names:
        raise ValueError(f"{text!r} is not a schedule; {EXPECTED}")
    every, days = _days(names, text)
    return Schedule(every=every, days=days, times=tuple(sorted({_time(word, text) for word in written})))


def _days(names: list[str], text: str) -> tuple[Literal["day", "week", "month"], tuple[int, ...]]:
    """Read the days of a rhythm: all of one kind."""
    if [name.lower() for name in names] == ["daily"]:
        return "day", ()
    of_month = [_day_of_month(name, text) for name in names]
    if None not in of_month:
        return "month", tuple(sorted({day for day in of_month if day is not None}))
    return "week", tuple(sorted({_weekday(name, text) for name in names}))


def _day_of_month(word: str, text: str) -> int | None:
    """Read ``1st`` … ``31st`` or ``last``; ``None`` for a word of another kind."""
    if word.lower() == "last":
        return _LAST
    found = _ORDINAL.fullmatch(word.lower())
    if found is None:
        return None
    if not 1 <= int(found[1]) <= _LAST:
        raise ValueError(f"{text!r} names no day of a month; {EXPECTED}")
    return int(found[1])


def _weekday(word: str, text: str) -> int:
    """Find the day that a word of three letters or more begins: ``Mon``, ``Thurs``, ``Sunday``."""
    shortest = 3
    for number, name in enumerate(WEEKDAYS):
        if len(word) >= shortest and name.lower().startswith(word.lower()):
            return number
    raise ValueError(f"{text!r} names no day of the week; {EXPECTED}")


def _time(word: str, text: str) -> time:
    hour, _, minute = word.partition(":")
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise ValueError(f"{text!r} names no time of day; {EXPECTED}") from None


def _ordinal(number: int) -> str:
    teens = range(11, 14)
    return f"{number}{'th' if number in teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _hour(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
