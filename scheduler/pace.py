"""run → next visit: when a source is due again, how much it is failing, and how often it earns a visit.

Pure: time and chance are arguments. A failing source slows down, at most to once a day, and is never dropped. A healthy one is
visited as its listing asks for: so often that nothing falls between two visits, and more rarely while nothing comes.
"""

from datetime import datetime, timedelta

from cases.ledger import NEUTRAL, SUCCESS, UNCHANGED, Run, SourceOutcome
from cases.model import Value

SLOWEST = timedelta(days=1)
"""No failure makes the watch look less often than this, but for the jitter."""

OFTENEST = timedelta(minutes=5)
"""No listing makes the watch look oftener than this; an operator may."""

SLOWER = 2
"""A source that gives nothing new is visited at least once in so many of its intervals: what is urgent cannot wait longer."""

WEIGHTS = {
    SourceOutcome.UNREACHABLE: 0.25,
    SourceOutcome.BLOCKED: 0.5,
    SourceOutcome.FORBIDDEN: 1.0,
    SourceOutcome.GONE: 1.0,
    SourceOutcome.MOVED: 1.0,
    SourceOutcome.PARSE_FAILED: 1.0,
    SourceOutcome.LAYOUT_CHANGED: 1.0,
    SourceOutcome.FAILED: 1.0,
}
"""What a failure counts, by how soon its kind tends to pass; the ratios are those that Media Cloud's fetcher uses."""

JITTER = 0.2
"""Share of the interval by which visits are moved, so that sources do not march in step."""

_ENOUGH = 5
"""Entries that a listing must show before the known among them say anything of the pace."""

_GROWTH = 1.1
"""By so much the interval grows after a visit that found nothing new, so that it takes several to make a difference."""

_MOST_DOUBLINGS = 16.0


class Pace(Value, frozen=True, kw_only=True):
    """What a visit leaves for the next."""

    next_due: datetime
    failures: float
    interval: timedelta
    """Between visits while the source is healthy, before it is moved by chance."""


def pace_after(
    run: Run, *, every: timedelta, interval: timedelta | None, failures: float, now: datetime, chance: float
) -> Pace:
    """Say when a source is due after a visit. ``interval`` is the one learned so far, ``chance`` a number from 0 to 1.

    A visit that was told to end goes on at once. A site that asks for peace is left alone until then, whatever else is said.
    """
    failing, learned = failures_after(run.outcome, failures), interval_after(run, every, interval)
    if run.outcome is SourceOutcome.STOPPED:
        return Pace(next_due=now, failures=failing, interval=learned)
    due = next_visit(now, waiting(run, every, learned, failing), failing, chance)
    if run.not_before is not None:
        due = max(due, run.not_before + OFTENEST * JITTER * chance)
    return Pace(next_due=due, failures=failing, interval=learned)


def failures_after(outcome: SourceOutcome, failures: float) -> float:
    """Give the weighted sum of failures since the last success: a success clears it, a 304 or an empty list keeps it."""
    if outcome in SUCCESS:
        return 0.0
    if outcome in NEUTRAL:
        return failures
    return failures + WEIGHTS[outcome]


def interval_after(run: Run, every: timedelta, interval: timedelta | None) -> timedelta:
    """Learn from a visit how long to wait while all is well; a failure teaches nothing.

    Half of what a listing shows first should be known at each visit: then nothing can have fallen between. Less makes the
    interval half as long, nothing known a quarter; visits that find nothing new let it grow, up to twice the configured one, and
    something new brings it back. It is never longer than half of the time that the listing shows.
    """
    shortest, longest = min(every, OFTENEST), every * SLOWER
    learned = every if interval is None else interval
    if run.outcome in SUCCESS | UNCHANGED:
        learned = _adapted(run, learned, every)
    return max(shortest, min(learned, longest, _half_of_what_is_shown(run) or longest))


def waiting(run: Run, every: timedelta, learned: timedelta, failures: float) -> timedelta:
    """Give the wait from which back-off and jitter start: what was learned, or longer where the listing asks for it.

    A failing source is slowed down from its configured interval. A listing that calls itself fresh for long is believed up to
    the longest interval of a source in good health, and as far as nothing can be missed by it.
    """
    if failures > 0:
        return every
    stated = timedelta(seconds=run.fresh_s or 0)
    return max(learned, min(stated, every * SLOWER, _half_of_what_is_shown(run) or stated))


def next_visit(now: datetime, every: timedelta, failures: float, chance: float) -> datetime:
    """Say when a source is due again: its interval, doubled for each whole failure, moved by up to 20 % either way.

    ``chance`` is a number from 0 to 1. Before it is moved, the wait never exceeds one day, or the source's own interval if
    that is longer.
    """
    ceiling = max(every, SLOWEST)
    wait = min(every * 2 ** min(failures, _MOST_DOUBLINGS), ceiling)
    return now + wait * (1 - JITTER + 2 * JITTER * chance)


def _adapted(run: Run, learned: timedelta, every: timedelta) -> timedelta:
    overlap = run.overlap
    if overlap is not None and overlap.listed >= _ENOUGH:
        if overlap.known == 0:
            return learned / 4
        if 2 * overlap.known < overlap.listed:
            return learned / 2
    return min(learned, every) if run.outcome is SourceOutcome.OK else learned * _GROWTH


def _half_of_what_is_shown(run: Run) -> timedelta | None:
    """Give half of the time that a listing reaches back; None where it shows all it has, or too little, or no times."""
    overlap = run.overlap
    if overlap is None or overlap.oldest is None or overlap.listed < _ENOUGH:
        return None
    return max((run.finished_at - overlap.oldest) / 2, OFTENEST)
