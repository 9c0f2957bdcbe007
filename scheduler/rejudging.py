"""stored articles → judged again: what today's rules make of what was collected before.

Asks no site: the text is the one that was kept. Articles of which the judgement stays are left as they are, so that a second round
finds nothing to do, and one that was broken off goes on where it stopped. Nothing found this way is news, and nothing that people
decided is undone: an article whose case somebody has ruled on keeps its judgement where the new one would not tell that case.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date, datetime
from itertools import islice

from cases.decision import decide, judge
from cases.model import Article, Judgement, Value
from cases.recognition import Judging, classifier_named
from cases.register import Case, CaseStatus, Decision, Joined
from cases.store import ArticleVersion, CaseChange, Store
from crawler.pool import WorkPool
from scheduler.assembly import Watch

_AT_ONCE = 32
"""Articles that are with the workers at the same time."""


class JudgingJob(Value, frozen=True, kw_only=True):
    """An article as it was kept, and what judges it."""

    article: Article
    judging: Judging


class Rejudged(Value, frozen=True, kw_only=True):
    """What a round gave so far."""

    total: int
    """Articles that there are to judge."""
    done: int = 0
    changed: int = 0
    """Articles that are judged otherwise than before."""
    reports_gained: int = 0
    """Articles that are reports now, and were none."""
    reports_lost: int = 0
    cases_new: int = 0
    cases_changed: int = 0
    left_to_people: int = 0
    """Articles that keep their judgement because somebody ruled on their case."""
    failed: int = 0
    """Articles that could not be judged: it took too long, or broke."""


def judged(job: JudgingJob) -> Judgement:
    """Judge one article; runs in a worker process."""
    return judge(job.article, classifier=classifier_named(job.judging.classifier), profile=job.judging.profile)


async def rejudge(
    watch: Watch,
    *,
    now: Callable[[], datetime],
    since: datetime | None = None,
    source: str | None = None,
    on_progress: Callable[[Rejudged], None] | None = None,
) -> Rejudged:
    """Judge the stored articles again, all or those published since a time, or of one source; gives what came of it.

    Raises StoreError when something cannot be kept, and PluginError when the classifier is not installed.
    """
    classifier_named(watch.settings.judging.classifier)
    store, collection = watch.store, watch.settings.collection
    so_far = Rejudged(total=store.articles.count(since=since, source=source))
    pool = WorkPool(judged, processes=collection.reading_processes, timeout_s=collection.reading_timeout_s)
    async with pool:
        kept = store.articles.judged(since=since, source=source)
        async for version, title, judgement in _judgements(watch, pool, kept):
            so_far = _counted(so_far, version, _applied(store, version, title, judgement, now()))
            if on_progress is not None:
                on_progress(so_far)
    return so_far


_Judged = tuple[ArticleVersion, str, Judgement | None]


async def _judgements(
    watch: Watch, pool: WorkPool[JudgingJob, Judgement], kept: Iterator[tuple[ArticleVersion, str]]
) -> AsyncIterator[_Judged]:
    """Let the workers judge, some articles at a time; None for one that broke them. In order: cases are numbered by it."""
    while some := list(islice(kept, _AT_ONCE)):
        jobs = [
            JudgingJob(article=version.article, judging=judging_of(watch, version.article.source))
            for version, _ in some
        ]
        found = await asyncio.gather(*(pool.run(job) for job in jobs), return_exceptions=True)
        for (version, title), judgement in zip(some, found, strict=True):
            yield version, title, judgement if isinstance(judgement, Judgement) else None


def judging_of(watch: Watch, source: str) -> Judging:
    """Say what judges the articles of a source; one that is no longer in the catalogue is judged like any other."""
    known, judging = watch.sources.get(source), watch.settings.judging
    profile = known.recognition.over(judging.profile) if known is not None else judging.profile
    return Judging(classifier=judging.classifier, profile=profile)


class _Outcome(Value, frozen=True, kw_only=True):
    judgement: Judgement | None
    changes: tuple[CaseChange, ...] = ()
    changed: bool = False
    left: bool = False


def _applied(store: Store, version: ArticleVersion, title: str, judgement: Judgement | None, now: datetime) -> _Outcome:
    if not version.article.text:  # retention took it away: it stays as it was judged
        return _Outcome(judgement=version.judgement)
    if judgement is None or judgement == version.judgement:
        return _Outcome(judgement=judgement)
    article = version.article
    found = [
        case
        for report in (*judgement.reports, *version.judgement.reports)
        for case in store.cases.candidates(report, article)
    ]
    candidates = list({case.id: case for case in found}.values())
    decision = decide(article, judgement, candidates, source_title=title, announce_since=date.max)
    if takes_from_people(article.url, decision, candidates):
        return _Outcome(judgement=judgement, left=True)
    kept = store.articles.judge_again(article.url, version.version, decision, now=now)
    return _Outcome(judgement=judgement, changes=kept.changes, changed=kept.version is not None)


def takes_from_people(url: str, decision: Decision, cases: list[Case]) -> bool:
    """Tell whether a decision would take an article away from a case that somebody has ruled on."""
    joined = {effect.case_id for effect in decision.effects if isinstance(effect, Joined)}
    return any(
        case.id not in joined
        and any(telling.url == url for telling in case.tellings)
        and (case.status is not CaseStatus.NEW or bool(case.corrections) or bool(case.apart))
        for case in cases
    )


def _counted(so_far: Rejudged, version: ArticleVersion, outcome: _Outcome) -> Rejudged:
    was = version.judgement.verdict.report
    now_is = outcome.judgement.verdict.report if outcome.judgement is not None and outcome.changed else was
    opened = {change.case.id for change in outcome.changes if change.revision == 1}
    others = {change.case.id for change in outcome.changes if change.kind != "repeated"} - opened
    return Rejudged(
        total=so_far.total,
        done=so_far.done + 1,
        changed=so_far.changed + outcome.changed,
        reports_gained=so_far.reports_gained + (now_is and not was),
        reports_lost=so_far.reports_lost + (was and not now_is),
        cases_new=so_far.cases_new + len(opened),
        cases_changed=so_far.cases_changed + len(others),
        left_to_people=so_far.left_to_people + outcome.left,
        failed=so_far.failed + (outcome.judgement is None),
    )
