from datetime import UTC, datetime, timedelta

from prometheus_client.parser import text_string_to_metric_families

from cases.ledger import Run, SourceOutcome
from cases.store import DigestRecord, OutMessage, SourceSlot, Store
from scheduler.metrics import Metrics
from scheduler.vitals import Room, Vitals

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def metrics(store: Store, vitals: Vitals | None = None) -> Metrics:
    return Metrics(
        store,
        clock=lambda: NOW,
        tick_age_s=lambda: 0.5,
        crawls_running=lambda: 3,
        pages_waiting=lambda: 7,
        vitals=lambda: vitals,
    )


def samples(page: bytes) -> dict[str, float]:
    """Read a page as Prometheus does: every figure by its name and its labels."""
    return {
        sample.name + "".join(f" {name}={value}" for name, value in sample.labels.items()): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
    }


def visit(outcome: SourceOutcome, source: str = "courier") -> Run:
    return Run(
        source=source,
        trigger="schedule",
        outcome=outcome,
        started_at=NOW - timedelta(minutes=2),
        finished_at=NOW - timedelta(minutes=1),
        articles=4,
        requests=9,
        set_aside={"reading_timed_out": 1, "known": 5},
    )


def test_every_figure_is_one_that_prometheus_can_read(store: Store) -> None:
    slots = [
        SourceSlot(name=name, title=name, host=name, every_s=60, enabled=name != "off")
        for name in ("courier", "herald", "off")
    ]
    store.sources.sync(slots)
    store.runs.record(visit(SourceOutcome.OK))
    record = DigestRecord(name="weekly", period="2026-W47", made_at=NOW - timedelta(hours=1), subject="x")
    store.outbox.record(record, [OutMessage(channel="file", recipient="", payload=b"x")])
    told = metrics(store, Vitals(at=NOW, rooms=(Room(place="captures", free_bytes=5_000),)))
    told.visited(visit(SourceOutcome.OK))
    told.visited(visit(SourceOutcome.UNREACHABLE))
    found = samples(told.page())
    assert found["returnwatch_pages_read_total"] == 8
    assert found["returnwatch_pages_timed_out_total"] == 2
    assert found["returnwatch_visits_total outcome=unreachable"] == 1
    assert found["returnwatch_tick_age_seconds"] == 0.5
    assert (found["returnwatch_crawls_running"], found["returnwatch_pages_waiting"]) == (3, 7)
    assert found["returnwatch_healthy"] == 1
    assert found["returnwatch_disk_free_bytes place=captures"] == 5_000
    assert found["returnwatch_sources state=disabled"] == 1
    assert (found["returnwatch_sources state=ok"], found["returnwatch_sources state=never_visited"]) == (1, 1)
    assert found["returnwatch_outbox_messages state=ready"] == 1
    assert found["returnwatch_outbox_oldest_seconds state=ready"] == 3_600
    assert found["returnwatch_digest_last_timestamp_seconds digest=weekly"] == (NOW - timedelta(hours=1)).timestamp()
    assert found["returnwatch_store_bytes"] > 0
    assert found["returnwatch_near_misses"] == 0


def test_two_of_them_in_one_process_do_not_disturb_each_other(store: Store) -> None:
    one, other = metrics(store), metrics(store)
    one.visited(visit(SourceOutcome.OK))
    assert samples(one.page())["returnwatch_pages_read_total"] == 4
    assert samples(other.page())["returnwatch_pages_read_total"] == 0


def test_a_store_that_is_gone_leaves_the_figures_of_the_process(store: Store) -> None:
    told = metrics(store, Vitals(at=NOW, store_fault="it is gone"))
    store.figures = Broken()  # type: ignore[assignment]
    found = samples(told.page())
    assert found["returnwatch_healthy"] == 0
    assert "returnwatch_articles" not in found


class Broken:
    def now(self) -> None:
        from cases.errors import StoreError

        raise StoreError("the store does not answer")
