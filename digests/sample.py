"""Digests of invented cases, made by the same steps as real ones: to check templates with, and to look at.

``sample`` has every section and every kind of value; ``sample_of`` has as many cases as are asked for.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import cycle, islice

import msgspec

from cases.disclosure import Policy
from cases.ledger import Run, SourceOutcome, SourceStatus
from cases.model import Evidence, Report
from cases.register import Case, CaseStatus, ChangeKind, Telling
from cases.silence import Silence
from cases.store import CaseChange
from digests.digest import compose
from digests.material import DigestBefore, LookBefore, Material, TellingBefore
from digests.spec import DigestSpec
from digests.speech import ENGLISH, Speech
from digests.stories import RETOLD, STORIES, Story
from digests.view import Digest

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
"""When the invented digests are made."""

_KINDS: Sequence[ChangeKind] = ("new", "new", "new", "new", "new", "new", "updated", "corroborated")
_SPEC = DigestSpec.model_validate({"name": "weekly", "schedule": "Mon 07:00", "timezone": "Asia/Seoul"})
_WEEK = timedelta(days=7)


@cache
def sample(speech: Speech = ENGLISH) -> Digest:
    """Make a digest in which every section, and each thing that a card may say, comes at least once."""
    changes = [
        change_of(story, number, kind) for number, (story, kind) in enumerate(zip(STORIES, _KINDS, strict=True), 1)
    ]
    changes.append(change_of(STORIES[2], 9, "backfilled"))
    changes.append(change_of(STORIES[4], 10, "repeated"))
    changes.append(change_of(STORIES[6], 11, "withdrawn", status=CaseStatus.REJECTED))
    return _composed(changes, speech)


@cache
def quiet_sample(speech: Speech = ENGLISH) -> Digest:
    """Make a digest that has nothing to tell but what was looked at."""
    return _composed([], speech)


def sample_of(cases: int, speech: Speech = ENGLISH) -> Digest:
    """Make a digest of so many new or changed cases, no two of them alike in number and people."""
    told = islice(zip(cycle(STORIES), cycle(_KINDS), strict=False), cases)
    return _composed([change_of(story, number, kind) for number, (story, kind) in enumerate(told, 1)], speech)


def change_of(story: Story, number: int, kind: ChangeKind, *, status: CaseStatus = CaseStatus.NEW) -> CaseChange:
    """Make the step of the register by which an invented story is told as the case of that number."""
    report = msgspec.structs.replace(story.report, evidence=_says(story))
    tellings = [_telling(story, number, report)]
    if other := RETOLD.get(kind):
        tellings.append(_telling(other, number, msgspec.structs.replace(other.report, evidence=_says(other))))
    known = kind in {"updated", "corroborated"}
    case = Case(
        id=f"01930000-0000-7000-8000-{number:012}",
        number=f"2026-{number:04}",
        revision=2 if known else 1,
        status=status,
        report=report,
        tellings=tuple(tellings),
        opened_at=NOW - (_WEEK if known else timedelta(hours=5)),
        changed_at=NOW - timedelta(hours=5),
        announce=kind != "backfilled",
    )
    fields = ("persons", "events[0]") if known else ()
    return CaseChange(id=number, case=case, kind=kind, revision=case.revision, changed_fields=fields, at=NOW)


def looked_at() -> tuple[list[SourceStatus], list[Run]]:
    """Make what was looked at: sources that gave something, one that failed, one that fell silent, one never visited."""
    runs = [
        _run(
            "courier",
            SourceOutcome.OK,
            entries=118,
            articles=16,
            reports=4,
            cases_new=3,
            set_aside={"known": 80, "untagged": 20, "too_old": 2},
            labels={"case_report": 4, "policy_or_law": 5, "unrelated": 7},
            judged={"report": 4, "near_miss": 2, "below_threshold": 10},
        ),
        _run(
            "tumen",
            SourceOutcome.OK,
            entries=40,
            articles=7,
            reports=2,
            set_aside={"known": 31, "unreadable": 2},
            warnings=("the site says that it has 45 articles, 40 were listed",),
        ),
        _run("crossing", SourceOutcome.NOTHING_NEW, entries=12, set_aside={"known": 12}),
        _run(
            "lettre",
            SourceOutcome.UNREACHABLE,
            detail="lettre.example.org gave no answer within 20 seconds, three times",
        ),
        _run("maabar", SourceOutcome.UNREACHABLE, hours=30),
        _run("maabar", SourceOutcome.OK, entries=8, articles=3, reports=1),
    ]
    statuses = [
        _status("courier", "Borderland Courier", runs[0]),
        _status("tumen", "두만강 통신", runs[1]),
        _status(
            "crossing", "The Long Crossing", runs[2], quiet=Silence(since=NOW - 3 * _WEEK, usual=timedelta(days=2))
        ),
        _status("lettre", "La Lettre des frontières", runs[3], failures=2.0),
        _status("maabar", "أخبار المعبر", runs[5]),
        _status("yalu", "鸭绿江观察", None, last_success=None),
    ]
    return statuses, runs


def _composed(changes: Sequence[CaseChange], speech: Speech) -> Digest:
    statuses, runs = looked_at()
    material = Material(
        now=NOW,
        period="2026-11-23",
        since=NOW - _WEEK,
        changes=tuple(changes),
        statuses=tuple(statuses),
        runs=tuple(runs),
        were_quiet=frozenset({"courier"}),
        near_misses=3,
        before=tuple(_earlier(weeks, new) for weeks, new in ((3, 2), (2, 0), (1, 4))),
    )
    return compose(_SPEC, material, policy=Policy(), speech=speech)


def _earlier(weeks: int, new: int) -> DigestBefore:
    cases = tuple(TellingBefore(number=f"2026-{weeks}{n}", change="new", urgent=n == 0) for n in range(new))
    return DigestBefore(created_at=NOW - weeks * _WEEK, cases=cases, coverage=LookBefore(articles=20 + 3 * weeks))


def _says(story: Story) -> tuple[Evidence, ...]:
    start = story.text.index(story.says)
    return (Evidence(field="stage", text=story.says, start=start, end=start + len(story.says)),)


def _telling(story: Story, number: int, report: Report) -> Telling:
    return Telling(
        report=report,
        url=f"https://news.example.org/{story.lang}/{number}-{len(story.title)}",
        title=story.title,
        source=story.outlet,
        source_title=story.outlet,
        published=NOW - timedelta(days=2),
        lang=story.lang,
        article_text=story.text,
    )


def _run(source: str, outcome: SourceOutcome, *, hours: int = 6, **more: object) -> Run:
    at = NOW - timedelta(hours=hours)
    return Run(source=source, trigger="schedule", outcome=outcome, started_at=at, finished_at=at, **more)  # type: ignore[arg-type]  # the fields of the run


def _status(name: str, title: str, last: Run | None, **more: object) -> SourceStatus:
    given: dict[str, object] = {"last_success": NOW - timedelta(hours=6), "failures": 0.0, **more}
    return SourceStatus(
        name=name,
        title=title,
        enabled=True,
        next_due=NOW,
        running=False,
        last_run=last,
        articles=100,
        reports=4,
        **given,  # type: ignore[arg-type]  # as above
    )
