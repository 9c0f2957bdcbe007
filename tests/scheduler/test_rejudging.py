"""Stored articles under today's rules: what was judged otherwise before is put right, and nobody is told of it as news."""

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from cases.decision import decide, judge
from cases.model import Article, Judgement
from cases.store import By, Kept
from scheduler.assembly import Watch, present
from scheduler.rejudging import Rejudged, rejudge

PUBLISHED = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)


def article(slug: str, *, tells: bool, published: datetime = PUBLISHED) -> Article:
    told = (
        "On March 2, 2026, police in Longtan arrested a North Korean woman, 34, at her home. "
        "The next day she was forcibly deported to North Korea, her husband told the magazine."
    )
    return Article(
        url=f"https://estuary.example/{slug}",
        source="estuary-dispatch",
        title="A woman is sent back" if tells else "The river froze early",
        text=told if tells else "The river froze early this year. Boats stay in the harbour until spring.",
        lang="en",
        published=published,
    )


def keep(watch: Watch, one: Article, judgement: Judgement) -> Kept:
    """Keep an article with a judgement, as a crawl would have under the rules of its day."""
    found = [case for report in judgement.reports for case in watch.store.cases.candidates(report, one)]
    decision = decide(one, judgement, found, source_title="Estuary Dispatch")
    return watch.store.articles.keep(one, None, decision, now=PUBLISHED)


def judgement_as_if(*, tells: bool) -> Judgement:
    """Give the judgement of the text that tells a case, or of the other."""
    return judge(article("model", tells=tells))


def again(watch: Watch) -> Rejudged:
    return asyncio.run(rejudge(watch, now=present))


def pending(watch: Watch) -> list[str]:
    return [change.kind for change in watch.store.outbox.pending("demo")]


def test_a_report_that_was_overlooked_opens_its_case_without_being_told_as_new(watch: Watch) -> None:
    overlooked = article("story", tells=True)
    keep(watch, overlooked, judgement_as_if(tells=False))
    keep(watch, article("harbour", tells=False), judgement_as_if(tells=False))
    seen: list[Rejudged] = []
    came = asyncio.run(rejudge(watch, now=present, on_progress=seen.append))
    assert (came.total, came.done, came.changed, came.reports_gained, came.cases_new) == (2, 2, 1, 1, 1)
    assert [one.done for one in seen] == [1, 2]
    (case,) = watch.store.cases.rows()
    assert not case.announce
    assert pending(watch) == []
    stored = watch.store.articles.get(overlooked.url)
    assert stored is not None
    assert (stored.row.report, stored.row.cases, len(stored.versions)) == (True, (case.number,), 2)
    assert not stored.versions[0].judgement.verdict.report, "the earlier judgement is still to be seen"

    assert again(watch).changed == 0, "a second round finds nothing to do"

    words = (
        "A North Korean woman of 34 was forcibly deported to North Korea on March 3, 2026, after police in Longtan "
        "had seized her the day before, neighbours said."
    )
    of_today = {"source": "frost-courier", "text": words, "title": "Sent back from Longtan", "published": present()}
    fresh = msgspec.structs.replace(article("fresh", tells=True), **of_today)
    keep(watch, fresh, judge(fresh))
    assert pending(watch) == ["new"], "what is published now is told, though the case was known"


def test_a_case_that_today_s_rules_do_not_see_is_withdrawn_unless_somebody_ruled_on_it(watch: Watch) -> None:
    first, second = article("one", tells=False), article("two", tells=False)
    report = judgement_as_if(tells=True)
    later = msgspec.structs.replace(
        report,
        reports=tuple(
            msgspec.structs.replace(one, from_state="RU", places=(), evidence=(), victims=()) for one in report.reports
        ),
    )
    keep(watch, first, report)
    keep(watch, second, later)
    _, two = sorted(watch.store.cases.rows(), key=lambda case: case.number)
    watch.store.rulings.confirm(two.number, By(actor="desk", at=present()))
    before = pending(watch)

    came = again(watch)

    assert (came.reports_lost, came.left_to_people) == (1, 1)
    assert pending(watch) == [*before, "withdrawn"]
    lost = watch.store.articles.get(first.url)
    assert lost is not None
    assert (lost.row.report, lost.row.cases) == (False, ())
    held = watch.store.articles.get(second.url)
    assert held is not None
    assert (held.row.report, held.row.cases) == (True, (two.number,))
    assert len(held.versions) == 1


@pytest.mark.parametrize(("since", "judged"), [(PUBLISHED, 2), (PUBLISHED + timedelta(days=1), 1)])
def test_only_what_was_published_since_a_day_is_judged(watch: Watch, since: datetime, judged: int) -> None:
    unrelated = judgement_as_if(tells=False)
    keep(watch, article("old", tells=False), unrelated)
    keep(watch, article("new", tells=False, published=PUBLISHED + timedelta(days=2)), unrelated)
    assert watch.store.articles.count(since=since) == judged
    assert len(list(watch.store.articles.judged(since=since))) == judged
    assert watch.store.articles.count(source="frost-courier") == 0
