"""What needs a person is told once when it begins and once when it is over, over the channels of digests."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from cases.ledger import Run, SourceOutcome, SourceStatus
from cases.store import Delivery, Store, open_store
from digests.channels import open_channel
from digests.dispatch import deliver_due
from scheduler.alarm import Alarm
from scheduler.settings import OperatorTable
from scheduler.troubles import Standing, Trouble, troubles
from scheduler.vitals import Room, Vitals

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
LEAST = 200_000_000
TROUBLE = Trouble(key="source courier", words="it could not be read since Monday", mend="look at it")


def source(**more: object) -> SourceStatus:
    run = Run(
        source="courier",
        trigger="schedule",
        outcome=SourceOutcome.UNREACHABLE,
        started_at=NOW - timedelta(hours=1),
        finished_at=NOW - timedelta(hours=1),
        detail="no name",
    )
    whole = SourceStatus(
        name="courier",
        title="The Courier",
        enabled=True,
        next_due=None,
        running=False,
        last_run=run,
        last_success=NOW - timedelta(days=4),
        failures=3,
        articles=0,
        reports=0,
    )
    return msgspec.structs.replace(whole, **more)


def found(standing: Standing, *open_keys: str) -> list[str]:
    return list(troubles(standing, now=NOW, patience=timedelta(days=3), least_free=LEAST, open_keys=open_keys))


def test_a_source_needs_a_person_only_when_it_has_failed_for_long() -> None:
    assert found(Standing(sources=(source(),))) == ["source courier"]
    assert found(Standing(sources=(source(last_success=NOW - timedelta(days=2)),))) == []
    assert found(Standing(sources=(source(failures=0),))) == []
    assert found(Standing(sources=(source(enabled=False),))) == []
    assert found(Standing(sources=(source(last_success=None),))) == []
    assert found(Standing(sources=(source(last_success=None, failures=12),))) == ["source courier"]


def delivery(**more: object) -> Delivery:
    whole = Delivery(
        id=7,
        digest_id=1,
        digest="weekly",
        period="2026-W47",
        channel="email",
        recipient="desk@example.org",
        message_id="",
        payload=b"",
        state="unknown",
        tries=1,
        due_at=None,
        changed_at=NOW,
        error="no answer came",
    )
    return msgspec.structs.replace(whole, **more)


def test_a_message_needs_a_person_when_nothing_will_happen_to_it_by_itself() -> None:
    assert found(Standing(unsettled=(delivery(),))) == ["message 7"]
    assert found(Standing(unsettled=(delivery(state="failed"),))) == ["message 7"]
    assert found(Standing(unsettled=(delivery(state="failed", due_at=NOW),))) == []
    assert found(Standing(unsettled=(delivery(digest="operator"),))) == []
    (trouble,) = troubles(Standing(unsettled=(delivery(),)), now=NOW, patience=timedelta(1), least_free=LEAST).values()
    assert "desk@example.org" not in trouble.words


def test_a_disk_that_ran_low_is_well_only_with_some_room_to_spare() -> None:
    def at(free: int, fault: str | None = None) -> Standing:
        return Standing(vitals=Vitals(at=NOW, rooms=(Room(place="store", free_bytes=free, fault=fault),)))

    assert found(at(LEAST - 1, "too little")) == ["room of store"]
    assert found(at(LEAST + 1)) == []
    assert found(at(LEAST + 1), "room of store") == ["room of store"]
    assert found(at(2 * LEAST), "room of store") == []


def test_store_schema_and_digests_are_told() -> None:
    vitals = Vitals(at=NOW, store_fault="gone", schema_fault="old")
    assert found(Standing(vitals=vitals, digest_failures={"weekly": "a template broke"})) == [
        "store",
        "schema",
        "digest weekly",
    ]


def test_it_is_told_once_and_once_more_when_it_is_well_even_over_a_restart(tmp_path: Path) -> None:
    url, folder = f"sqlite:///{tmp_path}/watch.db", tmp_path / "out"
    table = OperatorTable(channels=("file",))
    channels = {"file": open_channel("file", {"folder": str(folder)})}

    def round_at(minutes: int, *now: Trouble) -> tuple[list[str], list[str]]:
        with open_store(url) as store:
            at = NOW + timedelta(minutes=minutes)
            told = Alarm(store, table, channels).tell({one.key: one for one in now}, at)
            assert all(attempt.error is None for attempt in deliver_due(store, channels, now=at))
            return told

    assert round_at(0) == ([], [])
    assert round_at(1, TROUBLE) == (["source courier"], [])
    assert round_at(2, TROUBLE) == ([], [])
    other = msgspec.structs.replace(TROUBLE, key="store")
    assert round_at(3, TROUBLE, other) == (["store"], [])
    assert round_at(4, other) == ([], ["source courier"])
    assert round_at(5) == ([], ["store"])
    assert round_at(6) == ([], [])
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.txt")}
    assert sorted(texts) == [f"2026-11-22T080{minute}00Z-operator.txt" for minute in (1, 3, 4, 5)]
    assert "Needs you: source courier\n  it could not be read since Monday" in texts["2026-11-22T080100Z-operator.txt"]
    assert "Told before, and not over\n  source courier" in texts["2026-11-22T080300Z-operator.txt"]
    assert "Well again: source courier" in texts["2026-11-22T080400Z-operator.txt"]
    assert "<h2>Needs you: source courier</h2>" in (folder / "2026-11-22T080100Z-operator.html").read_text()


def test_while_the_store_cannot_be_written_it_is_told_later(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/watch.db") as store:
        alarm = Alarm(store, OperatorTable(), {})
        locked(store, readonly=True)
        assert alarm.tell({TROUBLE.key: TROUBLE}, NOW) == ([], [])
        locked(store, readonly=False)
        assert alarm.tell({TROUBLE.key: TROUBLE}, NOW + timedelta(minutes=1)) == ([TROUBLE.key], [])


def locked(store: Store, *, readonly: bool) -> None:
    """Let SQLite refuse to write, as it does on a disk that may only be read."""
    with store._database.engine.connect() as connection:
        connection.exec_driver_sql(f"pragma query_only={'on' if readonly else 'off'}")
