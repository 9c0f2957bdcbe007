"""case, report → buckets: the keys under which a case is found again, and those under which a report looks.

A key joins a destination (or ``*`` for any) with a month, a year or a month of publication. A report looks only where
its own route and days lie, so the search costs what that route and month hold, however large the register grows. Where they hold
more than can be compared, those come first that share most of the rarer facts, the traits.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from cases.likeness import DATE_SLACK, SOON, count_of
from cases.model import PlaceLevel, Report
from cases.register import Telling
from cases.spans import Span, spans
from cases.whereabouts import chain, scenes

_NARROW_DAYS = 62
"""Up to two months are kept month by month; what is vaguer, by year."""
_EXACT_DAYS = 10
"""Longer spans say too little to rank cases by them."""
_MOST_YEARS = 6
"""A span of more years points nowhere; then publication must do."""


def buckets_of(tellings: Iterable[Telling]) -> frozenset[str]:
    """Give the keys under which a case with these tellings is kept."""
    return frozenset(
        f"{route}/{when}"
        for telling in tellings
        for route in ("*", *_ends(telling.report))
        for when in _kept_times(telling.report, telling.published)
    )


def buckets_for(report: Report, published: datetime | None) -> frozenset[str]:
    """Give the keys under which the cases that a report may tell are kept."""
    routes = [*_ends(report), "-"] if _ends(report) != ["-"] else ["*"]
    return frozenset(f"{route}/{when}" for route in routes for when in _sought_times(report, published))


def traits_of(tellings: Iterable[Telling]) -> frozenset[str]:
    """Give the keys by which a case is ranked among those of its route and month: the rarer facts of its tellings."""
    return frozenset(trait for telling in tellings for trait in _traits(telling.report, slack=0))


def traits_for(report: Report) -> frozenset[str]:
    """Give the keys that the likeliest cases of a report have; which cases are looked at is not for these to say."""
    return frozenset(_traits(report, slack=DATE_SLACK))


def _traits(report: Report, *, slack: int) -> Iterator[str]:
    """Exact days, places below a province and counts of more than one, each with the route, places and counts with the month."""
    near = [
        Span(start=_shift(span.start, -slack), end=_shift(span.end, slack))
        for span in spans(report)
        if span.days <= _EXACT_DAYS
    ]
    places = {key for place in scenes(report) for key, level in chain(place).items() if _is_rare(key, level)}
    count = count_of(report)
    told = sorted(places | ({f"count:{count.min}"} if count and count.min > 1 else set()))
    for end in _ends(report):
        for span in near:
            yield from (f"={end}/{_shift(span.start, days)}" for days in range(span.days))
            yield from (f"={end}/{month}/{one}" for month in _months(span) for one in told)


def _is_rare(key: str, level: PlaceLevel | None) -> bool:
    return key.startswith("id:") and level not in {"province", "country"}


def _ends(report: Report) -> list[str]:
    return sorted({report.to_state or "-", report.risk_state or report.to_state or "-"})


def _kept_times(report: Report, published: datetime | None) -> set[str]:
    return {key for span in spans(report) for key in _span_keys(span)} | _told_keys(published, 0)


def _sought_times(report: Report, published: datetime | None) -> set[str]:
    """Months and years of the act, wide enough for a seizure and its return; and cases told in the weeks around."""
    sought = _told_keys(published, 31)
    for span in spans(report):
        wider = Span(start=_shift(span.start, -SOON), end=_shift(span.end, SOON))
        if _years(wider):
            sought |= {f"{year}" for year in _years(wider)} | set(_months(wider))
    return sought


def _span_keys(span: Span) -> set[str]:
    if span.days <= _NARROW_DAYS:
        return set(_months(span))
    return {f"{year}" for year in _years(span)}


def _told_keys(published: datetime | None, days: int) -> set[str]:
    if published is None:
        return {"told:?"}
    day = published.date()
    return {f"told:{month}" for month in _months(Span(start=_shift(day, -days), end=_shift(day, days)))}


def _months(span: Span) -> list[str]:
    first, last = (day.year * 12 + day.month - 1 for day in (span.start, span.end))
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, last + 1)]


def _years(span: Span) -> range:
    """Years of a span with both ends told; none when it is too wide, or open."""
    years = range(span.start.year, span.end.year + 1)
    return years if span.bounded and len(years) <= _MOST_YEARS else range(0)


def _shift(day: date, days: int) -> date:
    moved = min(max(day.toordinal() + days, 1), date.max.toordinal())
    return date.min + timedelta(days=moved - 1)
