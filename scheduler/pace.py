"""outcome → next visit: when a source is due again, and how much it is failing.

Pure: time and chance are arguments. A failing source slows down, at most to once a day, and is never dropped.
"""

from datetime import datetime, timedelta

from cases.ledger import NEUTRAL, SUCCESS, SourceOutcome

SLOWEST = timedelta(days=1)
"""No failure makes the watch look less often than this, but for the jitter."""

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


def failures_after(outcome: SourceOutcome, failures: float) -> float:
    """Give the weighted sum of failures since the last success: a success clears it, a 304 or an empty list keeps it."""
    if outcome in SUCCESS:
        return 0.0
    if outcome in NEUTRAL:
        return failures
    return failures + WEIGHTS[outcome]


def next_visit(now: datetime, every: timedelta, failures: float, chance: float) -> datetime:
    """Say when a source is due again: its interval, doubled for each whole failure, moved by up to 20 % either way.

    ``chance`` is a number from 0 to 1. Before it is moved, the wait never exceeds one day, or the source's own interval if
    that is longer.
    """
    ceiling = max(every, SLOWEST)
    wait = min(every * 2 ** min(failures, 16.0), ceiling)
    return now + wait * (1 - JITTER + 2 * JITTER * chance)
