"""status of sources → rows and remarks: what fails first, each told apart in words, with the reason."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from cases.ledger import EMPTY_TOO_OFTEN, SourceOutcome, SourceStatus
from cases.silence import Silence

COLUMNS = ("source", "state", "last success", "next visit", "articles", "reports")
_MOST_WARNINGS = 3
_SPANS = ((timedelta(days=2), timedelta(days=1), "d"), (timedelta(hours=2), timedelta(hours=1), "h"))


def worst_first(sources: Sequence[SourceStatus]) -> list[SourceStatus]:
    """Put what fails before what is silent, what was never visited and what is well; what is switched off comes last."""
    return sorted(
        sources,
        key=lambda one: (not one.enabled, not one.failing, one.quiet is None, one.last_run is not None, one.name),
    )


def headline(sources: Sequence[SourceStatus]) -> str:
    """Count the sources by how they stand."""
    watched = [one for one in sources if one.enabled]
    failing = sum(one.failing for one in watched)
    quiet = sum(one.quiet is not None and not one.failing for one in watched)
    unvisited = sum(one.last_run is None for one in watched)
    counts = ((failing, "failing"), (quiet, "quieter than usual"), (unvisited, "never visited"))
    said = [f"{count} {words}" for count, words in counts if count]
    return f"{len(watched)} watched" + "".join(f", {one}" for one in said)


def line(one: SourceStatus, now: datetime) -> tuple[object, ...]:
    """Tell of one source as a row; the columns are ``COLUMNS``."""
    last = f"{_span(now - one.last_success)} ago" if one.last_success else "never" if one.last_run else ""
    return (one.name, state(one), last, _due(one, now), one.articles, one.reports)


def state(one: SourceStatus) -> str:
    """Say in words how a source stands."""
    from digests.words import ended

    if not one.enabled:
        return "switched off"
    if one.says is None:
        return "never visited"
    if one.failing:
        often = f", {one.empty_in_a_row} times in a row" if one.empty_in_a_row >= EMPTY_TOO_OFTEN else ""
        return f"FAILING: {ended(one.says)}{often}"
    return f"QUIET: {ended(one.says)}" if one.quiet is not None else ended(one.says)


def remarks(one: SourceStatus) -> Iterator[str]:
    """Say what a row has no room for: why a source fails, since when it is silent, and the warnings of its last visit."""
    if not one.enabled or one.says is None:
        return
    if one.says.detail and (one.failing or one.says.outcome in {SourceOutcome.EMPTY, SourceOutcome.STOPPED}):
        yield one.says.detail
    if one.quiet is not None and not one.failing:
        yield silence_words(one.quiet)
    warnings = [words for words in (one.last_run or one.says).warnings if words != one.says.detail]
    yield from warnings[:_MOST_WARNINGS]
    if len(warnings) > _MOST_WARNINGS:
        yield f"and {len(warnings) - _MOST_WARNINGS} more warnings (--json shows them)"


def silence_words(quiet: Silence) -> str:
    """Say since when a source is silent, and what is usual with it."""
    from digests.dates import day
    from digests.words import about_every

    return f"nothing since {day(quiet.since.date())}; it publishes about {about_every(quiet.usual)}"


def _due(one: SourceStatus, now: datetime) -> str:
    if not one.enabled:
        return ""
    if one.running:
        return "under way"
    return f"in {_span(one.next_due - now)}" if one.next_due and one.next_due > now else "now"


def _span(time: timedelta) -> str:
    """Write a time roughly: ``35 min``, ``3 h``, ``12 d``."""
    for least, unit, letter in _SPANS:
        if time >= least:
            return f"{time // unit} {letter}"
    return f"{max(0, time // timedelta(minutes=1))} min"
