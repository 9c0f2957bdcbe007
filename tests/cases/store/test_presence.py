from datetime import UTC, datetime, timedelta

import pytest

from cases.errors import StoreError
from cases.store import Heartbeat, Store, open_store

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def sign(who: str, at: datetime = NOW, **more: object) -> Heartbeat:
    return Heartbeat(who=who, pid=4711, at=at, **more)  # type: ignore[arg-type]  # any of its fields


def test_a_service_is_alive_while_its_heart_beats(store: Store) -> None:
    assert store.presence.alive(NOW, 30) == []
    store.presence.beat(sign("desk:1", NOW - timedelta(seconds=20)))
    store.presence.beat(sign("desk:1"))
    assert store.presence.alive(NOW + timedelta(seconds=30), 30) == [sign("desk:1")]
    assert store.presence.alive(NOW + timedelta(seconds=31), 30) == []
    store.presence.farewell("desk:1")
    assert store.presence.signs() == []


def test_workers_and_commands_are_no_service(store: Store) -> None:
    worker = sign("annex:7", role="worker", slots=8, busy=3, started_at=NOW, folder="ab12")
    store.presence.beat(worker)
    store.presence.beat(sign("desk:9", role="command"))
    assert store.presence.alive(NOW, 30, "service") == []
    assert store.presence.alive(NOW, 30, "service", "worker") == [worker]


@pytest.mark.postgresql
def test_one_service_at_a_time_has_a_store_on_a_server_to_itself(request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("postgresql_databases")("migrated")
    with open_store(url) as first, open_store(url) as second:
        first.presence.beat(sign("desk:1"))
        with first.presence.alone() as holds:
            assert holds()
            with pytest.raises(StoreError, match=r"desk:1.*returnwatch worker"), second.presence.alone():
                pass
        with second.presence.alone() as holds:
            assert holds()


@pytest.mark.postgresql
def test_a_service_whose_connection_was_cut_knows_that_it_is_no_longer_alone(request: pytest.FixtureRequest) -> None:
    from sqlalchemy import text

    url = request.getfixturevalue("postgresql_databases")("migrated")
    with open_store(url) as first, open_store(url) as second, first.presence.alone() as holds:
        with second._database.write() as connection:
            connection.execute(
                text(
                    "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()"
                )
            )
        assert not holds()
        with second.presence.alone() as other_holds:
            assert other_holds()
