"""Claims of many at once, and what is left when their visits are over."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cases.ledger import Run, SourceOutcome
from cases.store import Conclusion, RobotsCopy, SourceSlot, Store, Validators, open_store
from cases.store.claims import Wanted, _stages
from cases.store.database import connect

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=30)


def slot(name: str, host: str | None = None) -> SourceSlot:
    return SourceSlot(name=name, title=name.title(), host=host or f"{name}.example", every_s=1800)


def claimed(store: Store, n: int = 10, *, now: datetime = NOW, who: str = "me") -> list[str]:
    return [claim.source for claim in store.sources.claim(n, now=now, who=who, lease_s=300)]


def visit(source: str, outcome: SourceOutcome, at: datetime, **further: object) -> Run:
    given = {"trigger": "schedule", "started_at": at, "finished_at": at + timedelta(seconds=2), "requests": 1}
    return Run(source=source, outcome=outcome, **(given | further))  # type: ignore[arg-type]  # a table of a test


def conclusion(run: Run, **further: object) -> Conclusion:
    return Conclusion(**{"run": run, "next_due": LATER, "failures": 0.0} | further)  # type: ignore[arg-type]


def test_one_host_with_hundreds_of_due_sources_hides_no_other(store: Store) -> None:
    store.sources.sync([*(slot(f"a{n:03}", "crowded.example") for n in range(300)), slot("z1"), slot("z2")])
    assert claimed(store, 3) == ["a000", "z1", "z2"]


def test_those_that_wait_longest_come_first_and_new_ones_before_them(store: Store) -> None:
    store.sources.sync([slot("late"), slot("long"), slot("new")])
    claimed(store, 2)
    store.sources.release("late", now=NOW, next_due=NOW + timedelta(minutes=2), failures=0)
    store.sources.release("long", now=NOW, next_due=NOW + timedelta(minutes=1), failures=0)
    assert claimed(store, 1, now=LATER) == ["new"]
    assert claimed(store, 1, now=LATER) == ["long"]
    assert claimed(store, 1, now=LATER) == ["late"]


def test_what_is_asked_for_while_everything_is_due_comes_first(store: Store) -> None:
    store.sources.sync(slot(f"s{n:02}") for n in range(40))
    request_id = store.sources.request(["s39"], now=NOW)
    (claim,) = store.sources.claim(1, now=NOW, who="me", lease_s=300)
    assert (claim.source, claim.request_id) == ("s39", request_id)


def test_candidates_are_found_by_index_and_not_by_reading_every_source(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/watch.db"
    open_store(url).close()
    database = connect(url)
    with database.read() as connection:
        for stage in _stages(NOW, Wanted()):
            plain = stage.limit(10).compile(database.engine, compile_kwargs={"literal_binds": True})
            plan = connection.exec_driver_sql(f"explain query plan {plain}").all()
            assert not [row for row in plan if str(row[3]).startswith("SCAN source")], plan
    database.close()


def test_a_group_of_visits_is_kept_and_given_back_at_once(store: Store) -> None:
    store.sources.sync([slot("east"), slot("west")])
    claimed(store)
    runs = [visit("east", SourceOutcome.OK, NOW), visit("west", SourceOutcome.UNREACHABLE, NOW, detail="silent")]
    known = {"https://east.example/feed/": Validators(etag='"1"', sha256="0" * 64)}
    store.sources.conclude(
        [conclusion(runs[0], remembered=known, interval_s=900), conclusion(runs[1], failures=0.25)], who="me"
    )
    assert store.runs.since(NOW) == runs
    assert store.runs.known(["https://east.example/feed/", "https://west.example/feed/"]) == known
    east, west = store.sources.status(NOW)
    assert (east.last_success, east.failures, east.running) == (runs[0].finished_at, 0.0, False)
    assert (west.last_success, west.failures, west.next_due) == (None, 0.25, LATER)
    again = store.sources.claim(2, now=LATER, who="me", lease_s=300)
    assert [claim.interval_s for claim in again] == [900, None]


def test_one_who_lost_a_source_meanwhile_keeps_the_run_and_not_the_source(store: Store) -> None:
    store.sources.sync([slot("north")])
    claimed(store, who="slow")
    claimed(store, who="quick", now=LATER)
    store.sources.conclude([conclusion(visit("north", SourceOutcome.OK, NOW))], who="slow")
    assert store.sources.holders() == {"north": "quick"}
    assert len(store.runs.since(NOW)) == 1


def test_a_request_is_answered_with_the_conclusion_and_a_later_one_still_waits(store: Store) -> None:
    store.sources.sync([slot("north")])
    first = store.sources.request(["north"], now=NOW)
    claimed(store)
    second = store.sources.request(["north"], now=NOW)
    run = visit("north", SourceOutcome.OK, NOW, trigger="request")
    store.sources.conclude([conclusion(run, request_id=first)], who="me")
    assert store.sources.request_state(first).done
    assert [one.state for one in store.sources.request_state(second).sources] == ["waiting"]


def test_visits_that_change_nothing_are_one_row_that_counts_them(store: Store) -> None:
    store.sources.sync([slot("north")])
    times = [NOW + timedelta(hours=n) for n in range(4)]
    for at in times[:3]:
        store.runs.record(visit("north", SourceOutcome.NOT_MODIFIED, at))
    (run,) = store.runs.since(NOW)
    assert (run.visits, run.requests, run.started_at) == (3, 3, times[0])
    assert run.finished_at == times[2] + timedelta(seconds=2)
    assert store.runs.last("north") == run
    store.runs.record(visit("north", SourceOutcome.NOTHING_NEW, times[3]))
    assert [one.visits for one in store.runs.since(NOW)] == [3, 1]


@pytest.mark.parametrize(
    "different",
    [{"outcome": SourceOutcome.SAME_BYTES}, {"warnings": ("gap",)}, {"reader": "listing"}, {"trigger": "request"}],
)
def test_visits_that_differ_in_anything_told_stay_apart(store: Store, different: dict[str, object]) -> None:
    store.sources.sync([slot("north")])
    store.runs.record(visit("north", SourceOutcome.NOT_MODIFIED, NOW))
    store.runs.record(visit("north", **{"outcome": SourceOutcome.NOT_MODIFIED, "at": LATER} | different))  # type: ignore[arg-type]
    assert len(store.runs.since(NOW)) == 2


def test_a_lease_that_is_renewed_runs_on(store: Store) -> None:
    store.sources.sync([slot("north"), slot("south")])
    claimed(store)
    store.sources.renew(["north"], now=NOW + timedelta(seconds=200), who="me", lease_s=300)
    store.sources.renew(["north"], now=NOW + timedelta(seconds=300), who="somebody", lease_s=300)
    assert claimed(store, now=NOW + timedelta(seconds=400), who="other") == ["south"]
    assert claimed(store, now=NOW + timedelta(seconds=501), who="other") == ["north"]


def test_robots_txt_is_kept_as_read_until_it_is_given_up(store: Store) -> None:
    first = RobotsCopy(site="https://m.example", fetched_at=NOW, status=200, body=b"User-agent: *\nDisallow: /\xff")
    second = RobotsCopy(site="https://m.example", fetched_at=LATER, status=404, body=b"")
    store.robots.keep(first)
    assert store.robots.copies(["https://m.example", "https://other.example"]) == {"https://m.example": first}
    store.robots.keep(second)
    assert store.robots.copies(["https://m.example"])["https://m.example"] == second
    store.robots.forget("https://m.example")
    assert store.robots.copies(["https://m.example"]) == {}
