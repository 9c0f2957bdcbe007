"""Runs and states of sources → what was looked at: the truth about coverage, per source and summed.

Pure: what the store gave goes in, values of the view come out. A source without a visit is told as such; a failure stays told
until the source can be read again.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from cases.ledger import EMPTY_TOO_OFTEN, NEUTRAL, SUCCESS, Judged, Run, SetAside, SourceOutcome, SourceStatus
from cases.model import Label
from cases.silence import Silence
from digests.cleaning import clean_line
from digests.dates import day, moment
from digests.view import CaseCard, Counted, Coverage, SourceRow
from digests.words import JUDGED, LABELS, SET_ASIDE, about_every, counted, ended, listed

_LEAST_TELLING = SetAside.KNOWN
"""Comes last: that an article is known is no loss."""


def coverage(
    statuses: Iterable[SourceStatus],
    runs: Iterable[Run],
    *,
    since: datetime | None,
    near_misses: int,
    zone: ZoneInfo,
    were_quiet: Container[str] = (),
) -> Coverage:
    """Sum what every enabled source gave since ``since``; ``None`` stands for the first visit of all.

    ``were_quiet`` names the sources that were quieter than usual at that time.
    """
    by_source: dict[str, list[Run]] = {}
    for run in sorted(runs, key=lambda one: one.started_at):
        by_source.setdefault(run.source, []).append(run)
    rows = tuple(
        _row(status, by_source.get(status.name, []), zone, was_quiet=status.name in were_quiet)
        for status in statuses
        if status.enabled
    )
    told = [run for row in rows for run in by_source.get(row.name, [])]
    return Coverage(
        since=since,
        since_words=day(since.astimezone(zone).date()) if since else "the first visit",
        sources=tuple(sorted(rows, key=_worst_first)),
        entries=sum(run.entries for run in told),
        articles=sum(run.articles for run in told),
        reports=sum(run.reports for run in told),
        requests=sum(run.requests for run in told),
        set_aside=reasons(run.set_aside for run in told),
        labels=labels(run.labels for run in told),
        judged=judged(run.judged for run in told),
        near_misses=near_misses,
    )


def truth(seen: Coverage) -> tuple[str, ...]:
    """Say in sentences what was looked at and what was not, worst news first."""
    sentences = [*_bad_news(seen)]
    answered = [row for row in seen.sources if row.outcome is not None and not row.failing]
    sentences.append(
        f"{len(answered)} of {counted(len(seen.sources), 'source')} could be read since {seen.since_words}."
        if seen.sources
        else "No source is being watched."
    )
    if seen.sources:
        sentences.append(
            f"{counted(seen.entries, 'entry', 'entries')} seen, {counted(seen.articles, 'article')} read and judged, "
            f"{counted(seen.reports, 'report')} of forced returns found."
        )
    if seen.recovered:
        sentences.append(f"Can be read again: {listed([row.title for row in seen.recovered])}.")
    if seen.resumed:
        sentences.append(f"Had fallen silent and publishes again: {listed([row.title for row in seen.resumed])}.")
    if seen.near_misses:
        waiting = "article came near and waits" if seen.near_misses == 1 else "articles came near and wait"
        sentences.append(f"{seen.near_misses:,} {waiting} for a person to look at.")
    return tuple(sentences)


def reasons(given: Iterable[Mapping[str, int]]) -> tuple[Counted, ...]:
    """Sum why entries were set aside, most frequent first and what was known last; a reason without a name keeps its code."""
    total: Counter[str] = Counter()
    for each in given:
        total.update(each)
    names = {str(key): words for key, words in SET_ASIDE.items()}
    found = [
        Counted(key=key, words=names.get(key, key.replace("_", " ")), count=n) for key, n in total.items() if n > 0
    ]
    return tuple(sorted(found, key=lambda one: (one.key == _LEAST_TELLING, -one.count, one.key)))


def labels(given: Iterable[Mapping[str, int]]) -> tuple[Counted, ...]:
    """Sum how articles were judged, in the order in which the labels are defined."""
    total: Counter[str] = Counter()
    for each in given:
        total.update(each)
    return tuple(
        Counted(key=label.value, words=LABELS[label][total[label.value] != 1], count=total[label.value])
        for label in Label
        if total[label.value] > 0
    )


def judged(given: Iterable[Mapping[str, int]]) -> tuple[Counted, ...]:
    """Sum how far articles came, reports first."""
    total: Counter[str] = Counter()
    for each in given:
        total.update(each)
    order = (Judged.REPORT, Judged.NEAR_MISS, Judged.BELOW_THRESHOLD, Judged.OTHER_LANGUAGE)
    return tuple(
        Counted(key=one.value, words=JUDGED[one][total[one.value] != 1], count=total[one.value])
        for one in order
        if total[one.value] > 0
    )


def older_found(cards: Iterable[CaseCard]) -> tuple[str, ...]:
    """Say in sentences how many cases of long ago were newly found, and where: they are listed, and not announced."""
    found = Counter(card.sources[0].source_title for card in cards if card.sources)
    return tuple(
        f"{counted(count, 'older report')} found in {title}: listed, and not announced as new."
        for title, count in sorted(found.items())
    )


def _bad_news(seen: Coverage) -> Iterable[str]:
    """Name the sources that fail or were not visited."""
    if seen.failing:
        each = [f"{row.title} ({row.outcome_words})" for row in seen.failing]
        yield f"{counted(len(each), 'source is', 'sources are')} failing: {listed(each)}."
    if seen.unvisited:
        yield f"Not visited in this time: {listed([row.title for row in seen.unvisited])}."
    for row in seen.quiet:
        yield f"Quieter than usual: {row.title}, {row.quiet}."


def _row(status: SourceStatus, runs: Sequence[Run], zone: ZoneInfo, *, was_quiet: bool) -> SourceRow:
    last = runs[-1] if runs else None
    failing = last is not None and _fails(last.outcome, status)
    word = status.last_failed or last if failing else last
    seen = status.last_success
    return SourceRow(
        name=status.name,
        title=clean_line(status.title or status.name, 120),
        outcome=word.outcome if word else None,
        outcome_words=_outcome_words(word, status),
        failing=failing,
        recovered=last is not None and last.outcome in SUCCESS and any(_is_failure(run.outcome) for run in runs),
        quiet=_silence_words(status.quiet, zone) if status.quiet is not None and not failing else "",
        resumed=was_quiet and status.quiet is None and not failing,
        detail=clean_line(word.detail or "", 300) if word else "",
        visits=sum(run.visits for run in runs),
        requests=sum(run.requests for run in runs),
        entries=sum(run.entries for run in runs),
        articles=sum(run.articles for run in runs),
        reports=sum(run.reports for run in runs),
        cases_new=sum(run.cases_new for run in runs),
        set_aside=reasons(run.set_aside for run in runs),
        labels=labels(run.labels for run in runs),
        judged=judged(run.judged for run in runs),
        warnings=tuple(dict.fromkeys(clean_line(text, 200) for run in runs for text in run.warnings)),
        last_success=seen,
        last_success_words=moment(seen.astimezone(zone)) if seen else "never yet",
    )


def _outcome_words(word: Run | None, status: SourceStatus) -> str:
    if word is None:
        return "not visited"
    if word.outcome is SourceOutcome.EMPTY and status.empty_in_a_row >= EMPTY_TOO_OFTEN:
        return f"{ended(word)}, {status.empty_in_a_row} times in a row"
    return ended(word)


def _silence_words(quiet: Silence, zone: ZoneInfo) -> str:
    return f"nothing since {day(quiet.since.astimezone(zone).date())}; it publishes about {about_every(quiet.usual)}"


def _is_failure(outcome: SourceOutcome) -> bool:
    return outcome not in SUCCESS and outcome not in NEUTRAL


def _fails(outcome: SourceOutcome, status: SourceStatus) -> bool:
    """Tell whether a source fails now; an answer that says nothing (not modified, empty) cures no failure."""
    return _is_failure(outcome) or (outcome in NEUTRAL and status.failing)


def _worst_first(row: SourceRow) -> tuple[bool, bool, bool, int, str]:
    return (not row.failing, row.outcome is not None, not row.quiet, -row.reports, row.title.lower())
