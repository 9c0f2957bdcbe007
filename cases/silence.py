"""times of a source's articles → is it quieter than its own normal? Pure: the present is an argument.

Every source has a normal of its own; one floor for all would hide a dead source behind four lively ones. What is normal is
learned from the waits between the days on which it published: a source is quiet when it waits longer than nearly all of them,
with a margin, and longer than a long weekend.

Measured with twelve publishers of each kind, three years each, asked every six hours on the last 60 articles
(``tests/cases/test_silence.py`` plays a part of it):

====================================  =======================  ================================
publisher                             false alarms a quarter   found dead after, median (most)
====================================  =======================  ================================
by chance, 3 or 10 a day              0.00                     4.2 days (4.2)
by chance, 1 a day                    0.31                     5.5 days (7.2)
by chance, every 2 days               0.30                     12.5 days (16)
by chance, 1 a week                   0.14                     42 days (56)
weekdays only, 1 or 10 a day          0.00                     5.5 days (5.5)
weekdays only, every fifth left out   0.06                     7.2 days (7.2)
once a week, five at once             0.00                     12.5 days (12.5)
====================================  =======================  ================================
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from cases.model import Value

SHOWN = 60
"""So many of a source's newest articles are enough to know its normal."""

_DAY = timedelta(days=1)
_LONG_WEEKEND = timedelta(days=4)
"""From Friday morning to Tuesday morning: nobody is quiet before."""

_FIRST_WEEKS = timedelta(days=14)
"""A source that was only just added is not known well enough to be missed."""

_ENOUGH_TIMES = 12
_ENOUGH_DAYS = timedelta(days=28)
_FEWEST = 4
"""Waits below which even four weeks of knowing a source teach nothing."""

_QUANTILE = 0.95
_MARGIN = 1.75
_EXPECTED_TIMES = 2
"""So many of the waits that a source file expects must pass."""


class Rhythm(Value, frozen=True, kw_only=True):
    """What is known of when a source publishes."""

    times: tuple[datetime, ...]
    """When its newest articles were published, or first kept where they state no time; in any order."""
    watched_since: datetime | None
    """Its first visit; None before it."""
    expected: timedelta | None = None
    """How long between two articles, as the source file says; used until enough is known."""


class Silence(Value, frozen=True, kw_only=True):
    """A source that is quieter than usual."""

    since: datetime
    """Its last article; its first visit when it never gave one."""
    usual: timedelta
    """How long it usually is between two days on which it publishes, on average."""


def silence(known: Rhythm, now: datetime) -> Silence | None:
    """Tell whether a source is quieter than usual; None when it is not, or too little is known of it."""
    if known.watched_since is None or now - known.watched_since < _FIRST_WEEKS:
        return None
    times = sorted(time for time in known.times if time <= now)
    last = times[-1] if times else known.watched_since
    learned = _learned(times)
    if learned is None and known.expected is not None:
        learned = known.expected, max(_LONG_WEEKEND, known.expected * _EXPECTED_TIMES)
    if learned is None:
        return None
    usual, limit = learned
    return Silence(since=last, usual=usual) if now - last > limit else None


def _learned(times: Sequence[datetime]) -> tuple[timedelta, timedelta] | None:
    """Give how long a source usually waits, and how long it must wait to be called quiet; None when too little is known."""
    days = sorted({time.date() for time in times})
    waits = sorted((later - earlier for earlier, later in pairwise(days)), reverse=True)
    enough = len(times) >= _ENOUGH_TIMES or (bool(times) and times[-1] - times[0] >= _ENOUGH_DAYS)
    if len(waits) < _FEWEST or not enough:
        return None
    usual = (days[-1] - days[0]) / len(waits)
    longest = waits[int(len(waits) * (1 - _QUANTILE))]
    return usual, max(_LONG_WEEKEND, _MARGIN * longest)
