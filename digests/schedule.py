"""When a digest is due: a day and an hour on a wall clock, turned into instants and periods. No clock is read here."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from cases.model import Value

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

EXPECTED = 'expected "hourly", "daily 07:00" or a day by name and a time, such as "Mon 07:00"'

_FORM = re.compile(r"(?P<day>[A-Za-z]+) (?P<hour>\d{2}):(?P<minute>\d{2})", re.ASCII)


class Schedule(Value, frozen=True, kw_only=True):
    """A rhythm on a wall clock. ``weekday`` counts from Monday as 0 and is ``None`` unless the rhythm is weekly."""

    every: Literal["hour", "day", "week"]
    weekday: int | None = None
    hour: int = 0
    minute: int = 0

    def __str__(self) -> str:
        if self.every == "hour":
            return "hourly"
        day = "daily" if self.weekday is None else WEEKDAYS[self.weekday][:3]
        return f"{day} {self.hour:02}:{self.minute:02}"

    def latest(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Give the last instant at or before ``now`` at which a digest was due, in ``zone``.

        On the night when clocks go back, the first of two equal wall times counts; an instant that falls into the gap
        of spring is moved forward by the gap. Either way one wall time is due exactly once.
        """
        local = now.astimezone(zone)
        if self.every == "hour":
            return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0).astimezone(zone)
        day = local.date()
        if self.weekday is not None:
            day -= timedelta(days=(local.weekday() - self.weekday) % 7)
        due = self._on(datetime.combine(day, time(self.hour, self.minute)), zone)
        step = timedelta(days=7 if self.every == "week" else 1)
        return due if due <= now else self._on(datetime.combine(day - step, time(self.hour, self.minute)), zone)

    def next(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Give the first instant after ``now`` at which a digest is due, in ``zone``."""
        last = self.latest(now, zone)
        if self.every == "hour":
            return (last.astimezone(UTC) + timedelta(hours=1)).astimezone(zone)
        wall = datetime.combine(last.date(), time(self.hour, self.minute))
        return self._on(wall + timedelta(days=7 if self.every == "week" else 1), zone)

    def period(self, now: datetime, zone: ZoneInfo) -> str:
        """Name the period that ``now`` lies in: ``2026-11-23``, or ``2026-11-23T0700Z`` for an hourly digest."""
        last = self.latest(now, zone)
        if self.every == "hour":  # in UTC: the hour that autumn repeats is two hours
            return last.astimezone(UTC).strftime("%Y-%m-%dT%H%MZ")
        return last.date().isoformat()

    @staticmethod
    def _on(wall: datetime, zone: ZoneInfo) -> datetime:
        """Turn a wall time into an instant: a wall time in a gap moves forward, of two equal ones the first counts."""
        return wall.replace(tzinfo=zone, fold=0).astimezone(UTC).astimezone(zone)


def parse_schedule(text: str) -> Schedule:
    """Read ``hourly``, ``daily 07:00`` or ``Mon 07:00``; the name of a day may be written out, in any case.

    Raises ValueError for everything else. Days are never numbers: cron and calendars disagree on where a week begins.
    """
    if text.strip().lower() == "hourly":
        return Schedule(every="hour")
    found = _FORM.fullmatch(" ".join(text.split()))
    if found is None:
        raise ValueError(f"{text!r} is not a schedule; {EXPECTED}")
    hour, minute = int(found["hour"]), int(found["minute"])
    if hour > 23 or minute > 59:  # noqa: PLR2004 - a clock has 24 hours of 60 minutes
        raise ValueError(f"{text!r} names no time of day; {EXPECTED}")
    if found["day"].lower() == "daily":
        return Schedule(every="day", hour=hour, minute=minute)
    return Schedule(every="week", weekday=_weekday(found["day"], text), hour=hour, minute=minute)


def _weekday(word: str, text: str) -> int:
    """Find the day that a word of three letters or more begins: ``Mon``, ``Thurs``, ``Sunday``."""
    shortest = 3
    for number, name in enumerate(WEEKDAYS):
        if len(word) >= shortest and name.lower().startswith(word.lower()):
            return number
    raise ValueError(f"{text!r} names no day of the week; {EXPECTED}")
