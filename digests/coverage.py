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
from digests.speech import ENGLISH, Speech
from digests.view import CaseCard, Counted, Coverage, SourceRow
from digests.words import FILTERS, JUDGED, LABELS, SET_ASIDE, about_every, ended

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
    speech: Speech = ENGLISH,
) -> Coverage:
    """Sum what every enabled source gave since ``since``; ``None`` stands for the first visit of all.

    ``were_quiet`` names the sources that were quieter than usual at that time.
    """
    by_source: dict[str, list[Run]] = {}
    for run in sorted(runs, key=lambda one: one.started_at):
        by_source.setdefault(run.source, []).append(run)
    rows = tuple(
        _row(status, by_source.get(status.name, []), zone, speech, was_quiet=status.name in were_quiet)
        for status in statuses
        if status.enabled
    )
    told = [run for row in rows for run in by_source.get(row.name, [])]
    return Coverage(
        since=since,
        since_words=day(since.astimezone(zone).date(), speech) if since else speech.gettext("the first visit"),
        sources=tuple(sorted(rows, key=_worst_first)),
        entries=sum(run.entries for run in told),
        articles=sum(run.articles for run in told),
        reports=sum(run.reports for run in told),
        requests=sum(run.requests for run in told),
        set_aside=reasons((run.set_aside for run in told), speech),
        labels=labels((run.labels for run in told), speech),
        judged=judged((run.judged for run in told), speech),
        near_misses=near_misses,
    )


def truth(seen: Coverage, speech: Speech = ENGLISH) -> tuple[str, ...]:
    """Say in sentences what was looked at and what was not, worst news first."""
    sentences = [*_bad_news(seen, speech)]
    if seen.sources:
        answered = sum(row.outcome is not None and not row.failing for row in seen.sources)
        sentences += [
            # Translators: {answered} of {count} news sites answered since the day {since}, or since "the first visit".
            speech.ngettext(
                "{answered} of {count} source could be read since {since}.",
                "{answered} of {count} sources could be read since {since}.",
                len(seen.sources),
                answered=speech.figures(answered),
                since=seen.since_words,
            ),
            speech.gettext(
                "{entries} seen, {articles} read and judged, {reports} of forced returns found.",
                entries=entries(seen.entries, speech),
                articles=articles(seen.articles, speech),
                reports=reports(seen.reports, speech),
            ),
        ]
    else:
        sentences.append(speech.gettext("No source is being watched."))
    if seen.recovered:
        sentences.append(speech.gettext("Can be read again: {sources}.", sources=_titles(seen.recovered, speech)))
    if seen.resumed:
        sentences.append(
            speech.gettext("Had fallen silent and publishes again: {sources}.", sources=_titles(seen.resumed, speech))
        )
    if seen.near_misses:
        sentences.append(
            speech.ngettext(
                "{count} article came near and waits for a person to look at.",
                "{count} articles came near and wait for a person to look at.",
                seen.near_misses,
            )
        )
    return tuple(sentences)


def entries(count: int, speech: Speech = ENGLISH) -> str:
    """Count what was listed: ``1 entry``, ``2 entries``."""
    # Translators: an entry is a page that a site lists, before anybody has read it.
    return speech.ngettext("{count} entry", "{count} entries", count)


def articles(count: int, speech: Speech = ENGLISH) -> str:
    """Count what was read: ``1 article``, ``2 articles``."""
    return speech.ngettext("{count} article", "{count} articles", count)


def reports(count: int, speech: Speech = ENGLISH) -> str:
    """Count what was found to tell of a forced return: ``1 report``, ``2 reports``."""
    # Translators: an article that tells of a forced return.
    return speech.ngettext("{count} report", "{count} reports", count)


def reasons(given: Iterable[Mapping[str, int]], speech: Speech = ENGLISH) -> tuple[Counted, ...]:
    """Sum why entries were set aside, most frequent first and what was known last; a reason without a name keeps its code."""
    total: Counter[str] = Counter()
    for each in given:
        total.update(each)
    names = {str(key): speech.gettext(words) for key, words in SET_ASIDE.items()}
    found = [
        Counted(key=key, words=names.get(key, key.replace("_", " ")), count=n) for key, n in total.items() if n > 0
    ]
    return tuple(sorted(found, key=lambda one: (one.key == _LEAST_TELLING, -one.count, one.key)))


def labels(given: Iterable[Mapping[str, int]], speech: Speech = ENGLISH) -> tuple[Counted, ...]:
    """Sum how articles were judged, in the order in which the labels are defined."""
    total: Counter[str] = Counter()
    for each in given:
        total.update(each)
    return tuple(
        Counted(key=label.value, words=speech.ngettext(*LABELS[label], total[label.value]), count=total[label.value])
        for label in Label
        if total[label.value] > 0
    )


def judged(given: Iterable[Mapping[str, int]], speech: Speech = ENGLISH) -> tuple[Counted, ...]:
    """Sum how far articles came, reports first."""
    total: Counter[str] = Counter()
    for each in given:
        total.update(each)
    order = (Judged.REPORT, Judged.NEAR_MISS, Judged.BELOW_THRESHOLD, Judged.OTHER_LANGUAGE)
    return tuple(
        Counted(key=one.value, words=speech.ngettext(*JUDGED[one], total[one.value]), count=total[one.value])
        for one in order
        if total[one.value] > 0
    )


def passed_over(stopped: Mapping[str, int], speech: Speech = ENGLISH) -> tuple[Counted, ...]:
    """Count the cases that the filters of a list passed over, most frequent first."""
    found = [
        Counted(key=key, words=speech.gettext(FILTERS.get(key, key)), count=count)
        for key, count in stopped.items()
        if count > 0
    ]
    return tuple(sorted(found, key=lambda one: (-one.count, one.key)))


def passed_over_words(stopped: Sequence[Counted], speech: Speech = ENGLISH) -> str:
    """Say how many cases the filters of a list passed over, and why; empty when none."""
    if not stopped:
        return ""
    each = (speech.gettext("{name} ({remarks})", name=one.words, remarks=speech.figures(one.count)) for one in stopped)
    return speech.gettext("Cases that the filters of this list passed over: {counts}.", counts=speech.row(each))


def older_found(cards: Iterable[CaseCard], speech: Speech = ENGLISH) -> tuple[str, ...]:
    """Say in sentences how many cases of long ago were newly found, and where: they are listed, and not announced."""
    found = Counter(card.sources[0].source_title for card in cards if card.sources)
    return tuple(
        speech.ngettext(
            "{count} older report found in {source}: listed, and not announced as new.",
            "{count} older reports found in {source}: listed, and not announced as new.",
            count,
            source=title,
        )
        for title, count in sorted(found.items())
    )


def silent(quiet: Silence, zone: ZoneInfo, speech: Speech = ENGLISH) -> str:
    """Say since when a source is silent, and what is usual with it."""
    since, often = day(quiet.since.astimezone(zone).date(), speech), about_every(quiet.usual, speech)
    # Translators: {often} is "every day", "every two weeks" or the like.
    return speech.gettext("nothing since {day}; it publishes about {often}", day=since, often=often)


def _bad_news(seen: Coverage, speech: Speech) -> Iterable[str]:
    """Name the sources that fail or were not visited."""
    if seen.failing:
        each = [speech.gettext("{name} ({remarks})", name=row.title, remarks=row.outcome_words) for row in seen.failing]
        yield speech.ngettext(
            "{count} source is failing: {sources}.",
            "{count} sources are failing: {sources}.",
            len(each),
            sources=speech.listed(each),
        )
    if seen.unvisited:
        yield speech.gettext("Not visited in this time: {sources}.", sources=_titles(seen.unvisited, speech))
    for row in seen.quiet:
        yield speech.gettext("Quieter than usual: {source}, {since}.", source=row.title, since=row.quiet)


def _titles(rows: Iterable[SourceRow], speech: Speech) -> str:
    return speech.listed([row.title for row in rows])


def _row(status: SourceStatus, runs: Sequence[Run], zone: ZoneInfo, speech: Speech, *, was_quiet: bool) -> SourceRow:
    last = runs[-1] if runs else None
    failing = last is not None and _fails(last.outcome, status)
    word = status.last_failed or last if failing else last
    seen = status.last_success
    return SourceRow(
        name=status.name,
        title=clean_line(status.title or status.name, 120),
        outcome=word.outcome if word else None,
        outcome_words=_outcome_words(word, status, speech),
        failing=failing,
        recovered=last is not None and last.outcome in SUCCESS and any(_is_failure(run.outcome) for run in runs),
        quiet=silent(status.quiet, zone, speech) if status.quiet is not None and not failing else "",
        resumed=was_quiet and status.quiet is None and not failing,
        detail=clean_line(word.detail or "", 300) if word else "",
        visits=sum(run.visits for run in runs),
        requests=sum(run.requests for run in runs),
        entries=sum(run.entries for run in runs),
        articles=sum(run.articles for run in runs),
        reports=sum(run.reports for run in runs),
        cases_new=sum(run.cases_new for run in runs),
        set_aside=reasons((run.set_aside for run in runs), speech),
        labels=labels((run.labels for run in runs), speech),
        judged=judged((run.judged for run in runs), speech),
        warnings=tuple(dict.fromkeys(clean_line(text, 200) for run in runs for text in run.warnings)),
        last_success=seen,
        last_success_words=moment(seen.astimezone(zone), speech) if seen else speech.gettext("never yet"),
    )


def _outcome_words(word: Run | None, status: SourceStatus, speech: Speech) -> str:
    if word is None:
        return speech.gettext("not visited")
    said = ended(word, speech)
    if word.outcome is SourceOutcome.EMPTY and status.empty_in_a_row >= EMPTY_TOO_OFTEN:
        times = speech.figures(status.empty_in_a_row)
        return speech.gettext("{outcome}, {times} times in a row", outcome=said, times=times)
    return said


def _is_failure(outcome: SourceOutcome) -> bool:
    return outcome not in SUCCESS and outcome not in NEUTRAL


def _fails(outcome: SourceOutcome, status: SourceStatus) -> bool:
    """Tell whether a source fails now; an answer that says nothing (not modified, empty) cures no failure."""
    return _is_failure(outcome) or (outcome in NEUTRAL and status.failing)


def _worst_first(row: SourceRow) -> tuple[bool, bool, bool, int, str]:
    return (not row.failing, row.outcome is not None, not row.quiet, -row.reports, row.title.lower())
