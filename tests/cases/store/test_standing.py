"""How each source stands: its last word, what it gave, and whether it is quieter than usual."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from cases.ledger import Run, SourceOutcome, SourceStatus
from cases.model import Article, Judgement, Label, Verdict
from cases.register import Decision
from cases.silence import SHOWN
from cases.store import SourceSlot, Store

DAY = timedelta(days=1)
UNRELATED = Decision(judgement=Judgement(verdict=Verdict(label=Label.UNRELATED, report=False, score=0.0), lang="en"))


@pytest.fixture
def watched(store: Store, now: datetime) -> Store:
    store.sources.sync([slot("north"), slot("south")])
    record(store, "north", SourceOutcome.OK, now - 60 * DAY)
    return store


def slot(name: str, expected_s: int | None = None) -> SourceSlot:
    return SourceSlot(name=name, title=name.title(), host=f"{name}.example", every_s=1800, expected_s=expected_s)


def record(store: Store, source: str, outcome: SourceOutcome, at: datetime, *, failures: float = 0.0) -> None:
    run = Run(source=source, trigger="schedule", outcome=outcome, started_at=at, finished_at=at, detail=outcome.value)
    store.runs.record(run)
    store.sources.release(source, now=at, next_due=at, failures=failures)


def standing(store: Store, now: datetime, name: str = "north") -> SourceStatus:
    return next(one for one in store.sources.status(now) if one.name == name)


def keep(store: Store, page: Callable[..., Article], times: list[datetime | None], now: datetime) -> None:
    for number, time in enumerate(times):
        article = page("north", url=f"https://north.example/{number}", published=time)
        store.articles.keep(article, None, UNRELATED, now=now)


def test_an_answer_that_nothing_changed_does_not_hide_the_failure_that_stands(watched: Store, now: datetime) -> None:
    record(watched, "north", SourceOutcome.LAYOUT_CHANGED, now - DAY, failures=1.0)
    record(watched, "north", SourceOutcome.NOT_MODIFIED, now, failures=1.0)
    found = standing(watched, now)
    assert found.failing
    assert found.last_run is not None
    assert found.says is not None
    assert (found.last_run.outcome, found.says.outcome) == (SourceOutcome.NOT_MODIFIED, SourceOutcome.LAYOUT_CHANGED)
    record(watched, "north", SourceOutcome.NOTHING_NEW, now)
    mended = standing(watched, now)
    assert (mended.failing, mended.last_failed) == (False, None)


def test_an_empty_list_is_told_as_a_failure_from_the_second_in_a_row(watched: Store, now: datetime) -> None:
    record(watched, "north", SourceOutcome.EMPTY, now)
    assert (standing(watched, now).empty_in_a_row, standing(watched, now).failing) == (1, False)
    record(watched, "north", SourceOutcome.EMPTY, now + DAY)
    assert (standing(watched, now).empty_in_a_row, standing(watched, now).failing) == (2, True)
    record(watched, "north", SourceOutcome.OK, now + 2 * DAY)
    record(watched, "north", SourceOutcome.EMPTY, now + 3 * DAY)
    assert standing(watched, now).empty_in_a_row == 1


def test_the_newest_articles_of_a_source_tell_its_rhythm(
    watched: Store, page: Callable[..., Article], now: datetime
) -> None:
    times: list[datetime | None] = [now - (100 - n) * DAY for n in range(100)]
    keep(watched, page, times, now)
    rhythm = watched.sources.rhythms()["north"]
    assert sorted(rhythm.times) == times[-SHOWN:]
    assert rhythm.watched_since == now - 60 * DAY
    assert watched.sources.rhythms()["south"].times == ()


def test_an_article_without_a_date_counts_when_it_was_kept(
    watched: Store, page: Callable[..., Article], now: datetime
) -> None:
    keep(watched, page, [now - 3 * DAY, None], now)
    assert sorted(watched.sources.rhythms()["north"].times) == [now - 3 * DAY, now]


def test_a_source_that_fell_silent_is_told_in_its_status(
    watched: Store, page: Callable[..., Article], now: datetime
) -> None:
    keep(watched, page, [now - n * DAY for n in range(20, 60)], now)
    quiet = standing(watched, now).quiet
    assert quiet is not None
    assert (quiet.since, quiet.usual) == (now - 20 * DAY, DAY)
    assert standing(watched, now - 18 * DAY).quiet is None


def test_what_the_source_file_expects_is_kept_and_may_change(watched: Store, now: datetime) -> None:
    record(watched, "south", SourceOutcome.NOTHING_NEW, now - 40 * DAY)
    assert standing(watched, now, "south").quiet is None
    watched.sources.sync([slot("north"), slot("south", expected_s=7 * 86400)])
    assert standing(watched, now, "south").quiet is not None
    watched.sources.sync([slot("north"), slot("south", expected_s=90 * 86400)])
    assert standing(watched, now, "south").quiet is None


def test_a_host_that_wants_peace_has_it_from_all_its_sources(store: Store, now: datetime) -> None:
    shared = [SourceSlot(name=name, title=name, host="shared.example", every_s=1800) for name in ("east", "west")]
    store.sources.sync([*shared, slot("north")])
    store.sources.pause("shared.example", until=now + DAY)
    claimed = store.sources.claim(9, now=now + DAY / 2, who="me", lease_s=300)
    assert [claim.source for claim in claimed] == ["north"]
    store.sources.pause("shared.example", until=now + DAY / 3)
    assert {one.next_due for one in store.sources.status(now) if one.name != "north"} == {now + DAY}
