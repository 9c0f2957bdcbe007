"""The register: numbers that last, candidates by index, and people's decisions."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from cases.corroboration import disagreements
from cases.linking import link
from cases.model import Age, Article, Event, Judgement, Label, Mention, Persons, Place, Report, Stage, Verdict, Victim
from cases.register import CaseStatus, Decision, Opened
from cases.store import By, Kept, Store, open_store

Keep = Callable[..., Kept]
MakePage = Callable[..., Article]
MakeReport = Callable[..., Report]


def arrested(day: str, end: str | None = None) -> tuple[Event, ...]:
    last = date.fromisoformat(end or day)
    return (Event(type="arrest", start=date.fromisoformat(day), end=last, precision="day" if end is None else "range"),)


def opening(report: Report) -> Decision:
    verdict = Verdict(label=Label.CASE_REPORT, report=True, score=0.9)
    judgement = Judgement(verdict=verdict, lang="en", reports=(report,))
    return Decision(judgement=judgement, effects=(Opened(report=report),))


def test_a_case_has_a_number_of_its_year_and_an_id_of_its_time(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, now: datetime
) -> None:
    keep(page("a"), woman())
    keep(page("b"), woman(from_state="RU"))
    keep(page("c"), woman(from_state="VN"), at=now + timedelta(days=60))
    first, second, third = sorted(store.cases.rows(), key=lambda case: case.number)
    assert [case.number for case in (first, second, third)] == ["2026-0001", "2026-0002", "2027-0001"]
    assert first.id[14] == "7"
    assert store.cases.get("2026-0002") == second == store.cases.get(second.id)
    assert store.cases.get("2026-0099") is None


def test_cases_opened_at_once_never_share_a_number(
    store: Store, store_url: str, page: MakePage, woman: MakeReport, now: datetime
) -> None:
    def open_some(who: int) -> None:
        with open_store(store_url) as own:
            for one in range(8):
                article = page(f"outlet{who}", url=f"https://outlet{who}.example/{one}")
                own.articles.keep(article, None, opening(woman()), now=now)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(open_some, range(4)))
    assert sorted(case.number for case in store.cases.rows()) == [f"2026-{i:04d}" for i in range(1, 33)]


def test_one_article_kept_by_two_at_once_opens_one_case(
    store: Store, store_url: str, page: MakePage, woman: MakeReport, now: datetime
) -> None:
    def keep_it(_: int) -> Kept:
        with open_store(store_url) as own:
            return own.articles.keep(page(), None, opening(woman()), now=now)

    with ThreadPoolExecutor(4) as pool:
        kept = list(pool.map(keep_it, range(4)))
    assert sorted(len(one.changes) for one in kept) == [0, 0, 0, 1]
    assert len(store.cases.rows()) == 1


@pytest.mark.parametrize(
    ("known", "asked", "found"),
    [
        ({}, {}, True),
        ({"events": arrested("2026-10-30")}, {"events": arrested("2026-11-01")}, True),
        ({"events": arrested("2026-01-01", "2026-12-31")}, {"events": arrested("2026-05-05")}, True),
        ({"events": arrested("2026-05-05")}, {"events": arrested("2026-01-01", "2026-12-31")}, True),
        ({"events": ()}, {"events": ()}, True),
        ({"to_state": None}, {}, True),
        ({}, {"to_state": None}, True),
        ({"from_state": None}, {}, True),
        ({"from_state": "RU"}, {}, False),
        ({"to_state": "CN"}, {}, False),
    ],
)
def test_candidates_share_the_route_and_the_time(
    store: Store,
    *,
    keep: Keep,
    page: MakePage,
    woman: MakeReport,
    known: dict[str, object],
    asked: dict[str, object],
    found: bool,
) -> None:
    keep(page("north"), woman(**known))
    assert bool(store.cases.candidates(woman(**asked), page("south"))) is found


def test_a_case_of_another_month_told_in_another_season_is_no_candidate(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, now: datetime
) -> None:
    keep(page("north", published=now - timedelta(days=200)), woman(events=arrested("2026-04-01")))
    assert store.cases.candidates(woman(), page("south")) == []


def test_what_contradicts_is_no_candidate_and_what_linking_would_look_at_is_one(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport
) -> None:
    """The same route and days, but another age: another woman. Linking decides alike with all cases and with the candidates."""
    for number, age in enumerate((22, 34, 61)):
        keep(page(f"north-{number}"), woman(victims=(Victim(label="V1", sex="female", age=Age(min=age, max=age)),)))
    told = woman(victims=(Victim(label="V1", sex="female", age=Age(min=34, max=34)),))
    found = store.cases.candidates(told, page("south"))
    assert [case.number for case in found] == ["2026-0002"]
    every = store.cases.rows()
    assert link(told, page("south"), found) == link(told, page("south"), every)


def test_the_search_for_candidates_goes_by_index(store: Store, page: MakePage, woman: MakeReport) -> None:
    """A scan of the buckets would make every article dearer as the register grows."""
    with store._database.read() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("set local enable_seqscan = off"))
            explain = "explain select case_id from case_bucket where bucket in ('KP/2026-11', '-/2026-11')"
        else:
            explain = "explain query plan select case_id from case_bucket where bucket in ('KP/2026-11', '-/2026-11')"
        plan = " ".join(str(row) for row in connection.execute(text(explain)))
    assert "pk_case_bucket" in plan or "sqlite_autoindex_case_bucket" in plan


def test_an_edited_article_finds_the_cases_it_told_whatever_it_says_now(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport
) -> None:
    keep(page(), woman())
    elsewhere = woman(from_state="RU", events=arrested("2011-01-01"))
    assert [case.number for case in store.cases.candidates(elsewhere, page())] == ["2026-0001"]


def test_a_case_that_may_be_another_is_suggested_to_a_person(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport
) -> None:
    unnamed = woman(events=(), victims=(Victim(label="V1", sex="female"),))
    keep(page("north"), unnamed)
    keep(page("south"), unnamed)
    second, first = store.cases.rows()
    assert store.cases.suggestions(first.id) == [second.id]
    assert store.cases.suggestions(second.id) == [first.id]


def test_a_withheld_case_stays_withheld_when_another_outlet_tells_it(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, now: datetime
) -> None:
    keep(page("north"), woman())
    case = store.cases.rows()[0]
    held = store.rulings.hold(case.number, CaseStatus.WITHHELD, By(actor="Mina", at=now))
    assert (held.status, held.revision) == (CaseStatus.WITHHELD, 2)
    assert store.cases.revisions(case.id)[-1].kind == "withdrawn"
    keep(page("south"), woman())
    assert [one.status for one in store.cases.rows()] == [CaseStatus.WITHHELD]
    assert store.cases.rows(status=[CaseStatus.NEW]) == []


def test_a_case_mentioned_in_passing_is_announced_once_it_is_told(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport
) -> None:
    keep(page("north"), woman(mention=Mention.BACKGROUND))
    assert not store.cases.rows()[0].announce
    (change,) = keep(page("south"), woman()).changes
    assert (change.kind, change.case.announce) == ("new", True)


def test_a_case_keeps_its_times(store: Store, keep: Keep, page: MakePage, woman: MakeReport, now: datetime) -> None:
    keep(page("north"), woman())
    later = now + timedelta(days=3)
    keep(page("south", published=later), woman(stage=Stage.COMPLETED), at=later)
    (case,) = store.cases.rows()
    assert (case.opened_at, case.changed_at) == (now, later)


def test_a_group_told_by_three_outlets_that_disagree_ends_as_one_case_without_an_average(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport
) -> None:
    def seven(town: str, first: str, last: str, age: int) -> Report:
        return woman(
            multiplicity="group",
            persons=Persons(min=7, max=7),
            victims=(Victim(label="V1", sex="female", minor=True, age=Age(min=age, max=age)),),
            events=arrested(first, None if first == last else last),
            places=(Place(role="held", name=town, parents=("Liaoning",), country="CN", level="prefecture"),),
        )

    published = datetime(2019, 4, 29, tzinfo=UTC)
    keep(page("a", published=published), seven("Shenyang", "2019-04-22", "2019-04-28", 9))
    keep(page("b", published=published + timedelta(days=16)), seven("Anshan", "2019-04-28", "2019-04-28", 10))
    keep(page("c", published=published + timedelta(days=1)), seven("Shenyang", "2019-04-27", "2019-04-28", 9))
    (case,) = store.cases.rows()
    assert [telling.source for telling in case.tellings] == ["a", "b", "c"]
    assert case.report.persons == Persons(min=7, max=7)
    assert [conflict.field for conflict in disagreements(case.tellings)] == ["places.held"]


def test_of_more_cases_than_are_compared_those_come_first_that_share_most(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.store.register._MOST_CANDIDATES", 1)
    keep(page("north"), woman())
    for day, outlet in ((2, "south"), (24, "west")):
        seized = Event(type="arrest", start=date(2026, 11, day), end=date(2026, 11, day), precision="day")
        keep(page(outlet), woman(events=(seized,)))
    assert [case.number for case in store.cases.candidates(woman(), page("east"))] == ["2026-0001"]
