"""events → days: what can be said of when an act happened, and whether two tellings can mean the same days."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache

from cases.model import Event, EventType, Report, Value

SEIZURE: frozenset[EventType] = frozenset({"police_visit", "arrest", "detention"})
REMOVAL: frozenset[EventType] = frozenset({"transfer", "return"})
ACT: frozenset[EventType] = SEIZURE | REMOVAL | {"death", "release"}
"""Events of the act itself; flight and arrival lie before it, and a media report only bounds it from above."""


class Span(Value, frozen=True, kw_only=True, order=True):
    """A closed interval of days; an end that nobody told is the first or last day there is."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days it covers: how little is known."""
        return (self.end - self.start).days + 1

    @property
    def bounded(self) -> bool:
        """Whether both ends were told."""
        return self.start > date.min and self.end < date.max


def span_of(event: Event) -> Span | None:
    """Give the days an event may have happened on; ``None`` when nothing bounds it."""
    if event.start is None and event.end is None:
        return None
    start, end = event.start or date.min, event.end or date.max
    return Span(start=min(start, end), end=max(start, end))


def spans(report: Report, types: Iterable[EventType] = ACT) -> tuple[Span, ...]:
    """Days of a report's events of these types, in the order told."""
    return _spans(report.events, frozenset(types))


@lru_cache(maxsize=4_096)
def _spans(events: tuple[Event, ...], types: frozenset[EventType]) -> tuple[Span, ...]:
    found = (span_of(event) for event in events if event.type in types)
    return tuple(span for span in found if span is not None)


def gap(one: Span, other: Span) -> int:
    """Days between two spans; 0 when they touch or overlap."""
    if one.end < other.start:
        return (other.start - one.end).days
    if other.end < one.start:
        return (one.start - other.end).days
    return 0


def act_end(report: Report) -> date | None:
    """Give the last day on which the act may have happened, when the report bounds it."""
    return max((span.end for span in spans(report) if span.end < date.max), default=None)


def days_between(one: datetime | None, other: datetime | None) -> float | None:
    """Days between two publications; ``None`` when one is not dated."""
    if one is None or other is None:
        return None
    return abs(one - other) / timedelta(days=1)
