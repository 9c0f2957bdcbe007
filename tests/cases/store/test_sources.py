"""The clock's side of the store: who crawls what, and who asked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from cases.errors import UsageError
from cases.ledger import Run, SourceOutcome
from cases.store import SourceSlot, Store, open_store

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=30)


def slot(name: str, host: str | None = None, *, enabled: bool = True) -> SourceSlot:
    return SourceSlot(name=name, title=name.title(), host=host or f"{name}.example", every_s=1800, enabled=enabled)


def visit(source: str, outcome: SourceOutcome = SourceOutcome.OK, *, at: datetime = NOW) -> Run:
    return Run(source=source, trigger="schedule", outcome=outcome, started_at=at, finished_at=at + timedelta(seconds=5))


def claimed(store: Store, n: int = 10, *, now: datetime = NOW, who: str = "me") -> list[str]:
    return [claim.source for claim in store.sources.claim(n, now=now, who=who, lease_s=300)]


def test_a_new_source_is_due_at_once_and_leased_once(store: Store) -> None:
    store.sources.sync([slot("north")])
    assert claimed(store) == ["north"]
    assert claimed(store, who="another") == []


def test_a_lease_that_ran_out_brings_the_source_back(store: Store) -> None:
    store.sources.sync([slot("north")])
    claimed(store)
    assert claimed(store, now=NOW + timedelta(seconds=301)) == ["north"]


def test_a_released_source_waits_for_its_time_and_keeps_its_failures(store: Store) -> None:
    store.sources.sync([slot("north")])
    claimed(store)
    store.sources.release("north", now=NOW, next_due=LATER, failures=1.5)
    assert claimed(store, now=LATER - timedelta(seconds=1)) == []
    (claim,) = store.sources.claim(1, now=LATER, who="me", lease_s=300)
    assert (claim.failures, claim.every_s, claim.host, claim.trigger) == (1.5, 1800, "north.example", "schedule")


def test_one_who_lost_the_lease_cannot_give_the_source_back(store: Store) -> None:
    store.sources.sync([slot("north")])
    claimed(store, who="slow")
    claimed(store, who="quick", now=LATER)
    store.sources.release("north", now=LATER, next_due=LATER, failures=0, who="slow")
    assert store.sources.status(LATER)[0].running


def test_one_source_a_host_is_claimed_and_none_on_a_busy_host(store: Store) -> None:
    store.sources.sync([slot("east", "shared.example"), slot("west", "shared.example"), slot("north")])
    assert claimed(store) == ["east", "north"]
    assert claimed(store, who="another") == [], "the shared host is in use by the lease on east"


def test_what_a_person_asked_for_comes_before_what_is_due(store: Store) -> None:
    store.sources.sync([slot("east", "shared.example"), slot("north"), slot("west", "shared.example")])
    request_id = store.sources.request(["west"], now=NOW, since=NOW - timedelta(days=30))
    (claim,) = store.sources.claim(1, now=NOW, who="me", lease_s=300)
    assert (claim.source, claim.trigger, claim.request_id) == ("west", "request", request_id)
    assert claim.since == NOW - timedelta(days=30)


def test_two_requests_for_a_source_are_answered_by_one_crawl_as_far_back_as_either(store: Store) -> None:
    store.sources.sync([slot("north")])
    first = store.sources.request(["north"], now=NOW, since=NOW - timedelta(days=3))
    second = store.sources.request(["north"], now=NOW, since=NOW - timedelta(days=9))
    (claim,) = store.sources.claim(5, now=NOW, who="me", lease_s=300)
    assert (claim.request_id, claim.since) == (first, NOW - timedelta(days=9))
    store.runs.record(visit("north"), claim.request_id)
    assert store.sources.request_state(first).done
    assert store.sources.request_state(second).done


def test_the_outcome_of_a_request_is_read_by_another_process(store: Store, store_url: str) -> None:
    store.sources.sync([slot("east"), slot("north")])
    request_id = store.sources.request(["north", "east"], now=NOW)
    with open_store(store_url) as elsewhere:
        assert [one.state for one in elsewhere.sources.request_state(request_id).sources] == ["waiting", "waiting"]
        claimed(store, 1)
        assert [one.state for one in elsewhere.sources.request_state(request_id).sources] == ["running", "waiting"]
        run = visit("east", SourceOutcome.NOTHING_NEW)
        store.runs.record(run, request_id)
        state = elsewhere.sources.request_state(request_id)
    assert [(one.state, one.run) for one in state.sources] == [("done", run), ("waiting", None)]
    assert not state.done


def test_a_request_whose_crawl_died_is_taken_up_again(store: Store) -> None:
    store.sources.sync([slot("north")])
    request_id = store.sources.request(["north"], now=NOW)
    claimed(store, who="dead")
    assert store.sources.holders() == {"north": "dead"}
    assert len(store.sources.release_all("dead")) == 1
    assert store.sources.holders() == {}
    assert store.sources.request_state(request_id).sources[0].state == "waiting"
    (claim,) = store.sources.claim(1, now=NOW, who="heir", lease_s=300)
    assert claim.request_id == request_id


@pytest.mark.parametrize("names", [["nowhere"], ["off"], []])
def test_a_request_for_what_cannot_be_crawled_asks_for_nothing(store: Store, names: list[str]) -> None:
    store.sources.sync([slot("north"), slot("off", enabled=False)])
    with pytest.raises(UsageError, match=r"nowhere|off|no source"):
        store.sources.request(["north", *names] if names else [], now=NOW)
    assert store.sources.claim(1, now=NOW, who="me", lease_s=1)[0].trigger == "schedule"


def test_an_unknown_request_is_named_in_the_error(store: Store) -> None:
    with pytest.raises(UsageError, match="41"):
        store.sources.request_state(41)


def test_a_source_that_configuration_no_longer_names_is_disabled_not_deleted(store: Store) -> None:
    store.sources.sync([slot("east"), slot("north")])
    store.sources.sync([slot("north")])
    assert [(one.name, one.enabled) for one in store.sources.status(NOW)] == [("east", False), ("north", True)]
    assert claimed(store) == ["north"]


def test_configuration_read_again_leaves_the_next_time_alone(store: Store) -> None:
    store.sources.sync([slot("north")])
    claimed(store)
    store.sources.release("north", now=NOW, next_due=LATER, failures=2)
    store.sources.sync([slot("north")])
    (status,) = store.sources.status(NOW)
    assert (status.next_due, status.failures) == (LATER, 2)


def test_the_status_tells_the_last_run_and_the_last_success(store: Store) -> None:
    store.sources.sync([slot("north")])
    good, bad = visit("north"), visit("north", SourceOutcome.UNREACHABLE, at=LATER)
    store.runs.record(good)
    store.runs.record(bad)
    (status,) = store.sources.status(LATER)
    assert (status.last_run, status.last_success, status.running) == (bad, good.finished_at, False)
    assert (status.articles, status.reports) == (0, 0)


def test_two_processes_that_claim_at_once_never_share_a_source_or_a_host(store: Store, store_url: str) -> None:
    store.sources.sync(slot(f"s{i}", f"host{i % 12}.example") for i in range(24))

    def claim(who: str) -> list[str]:
        with open_store(store_url) as own:
            return [one.host for _ in range(6) for one in own.sources.claim(2, now=NOW, who=who, lease_s=300)]

    with ThreadPoolExecutor(4) as pool:
        hosts = [host for part in pool.map(claim, ["a", "b", "c", "d"]) for host in part]
    assert sorted(hosts) == sorted(f"host{i}.example" for i in range(12))
