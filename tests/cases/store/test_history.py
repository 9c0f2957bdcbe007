"""Opening a store: one history on both engines, and an error that says what is wrong without a secret."""

import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from cases.decision import decide
from cases.errors import StoreError
from cases.model import Article, Judgement, Label, Report, Verdict
from cases.store import Heartbeat, is_current, open_store, upgrade
from cases.store.database import connect
from cases.store.history import configuration
from cases.store.schema import SCHEMA_REVISION, metadata


def test_an_empty_store_is_brought_up_to_date_once(empty_store_url: str) -> None:
    assert not is_current(empty_store_url)
    upgrade(empty_store_url)
    assert is_current(empty_store_url)
    upgrade(empty_store_url)
    with open_store(empty_store_url, migrate=False) as store:
        assert store.cases.rows() == []


def test_the_migrations_make_exactly_the_tables_that_are_described(store_url: str) -> None:
    database = connect(store_url)
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


def test_the_program_knows_the_newest_revision_without_loading_the_history() -> None:
    folder = Path(__file__).parents[3] / "cases/store/migrations"
    assert ScriptDirectory(str(folder)).get_heads() == [SCHEMA_REVISION]


def test_a_store_that_is_behind_is_refused_unless_it_may_be_migrated(empty_store_url: str) -> None:
    with pytest.raises(StoreError, match="returnwatch db upgrade"):
        open_store(empty_store_url, migrate=False)


def test_a_store_of_before_gets_the_keys_by_which_cases_are_ranked(
    tmp_path: Path, migrated_sqlite: Path, page: Callable[..., Article], woman: Callable[..., Report], now: datetime
) -> None:
    newer, older = tmp_path / "newer.db", tmp_path / "older.db"
    shutil.copyfile(migrated_sqlite, newer)
    with open_store(f"sqlite:///{newer}") as store:
        judgement = Judgement(
            verdict=Verdict(label=Label.CASE_REPORT, report=True, score=0.9), lang="en", reports=(woman(),)
        )
        store.articles.keep(page(), None, decide(page(), judgement, []), now=now)
    found = keys_in(newer)
    assert any(key.startswith("=") for key in found)
    write_as_of_revision(older, "0003", newer)
    with sqlite3.connect(older) as opened:
        opened.execute("delete from case_bucket where bucket like '=%'")
    opened.close()
    upgrade(f"sqlite:///{older}")
    assert keys_in(older) == found


def keys_in(file: Path) -> list[str]:
    with sqlite3.connect(file) as opened:
        keys = [row[0] for row in opened.execute("select bucket from case_bucket order by bucket")]
    opened.close()
    return keys


def write_as_of_revision(file: Path, revision: str, newer: Path) -> None:
    """Make a store as an older program left it, with as much of a newer one's rows as its tables have columns for."""
    database = connect(f"sqlite:///{file}")
    with database.write() as connection:
        command.upgrade(configuration(connection), revision)
    database.close()
    with sqlite3.connect(file) as older:
        older.execute("attach ? as newer", (str(newer),))
        for (table,) in older.execute("select name from main.sqlite_master where type = 'table'").fetchall():
            if table != "alembic_version" and not table.startswith("sqlite_"):
                columns = ", ".join(row[1] for row in older.execute(f"pragma main.table_info({table})"))
                older.execute(f"insert into main.{table} ({columns}) select {columns} from newer.{table}")
    older.close()


@pytest.mark.parametrize("migrate", [True, False])
def test_a_store_of_a_newer_program_is_refused(store_url: str, migrate: bool) -> None:
    database = connect(store_url)
    with database.write() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    database.close()
    with pytest.raises(StoreError, match=r"newer Returnwatch \(schema 9999"):
        open_store(store_url, migrate=migrate)


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as other:
        other.execute("create table guests (name text)")
    other.close()
    with pytest.raises(StoreError, match=r"guests"):
        open_store(f"sqlite:///{file}")


def test_the_file_and_its_folder_are_for_their_owner_alone(tmp_path: Path) -> None:
    upgrade(f"sqlite:///{tmp_path}/new/watch.db")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "new").iterdir()} == {0o600}


def test_asking_whether_a_store_is_current_makes_nothing(tmp_path: Path) -> None:
    assert not is_current(f"sqlite:///{tmp_path}/new/watch.db")
    assert not (tmp_path / "new").exists()


def test_a_relative_address_counts_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    upgrade("sqlite:///data/watch.db")
    assert (tmp_path / "data/watch.db").exists()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("mysql://desk:hush@db.example/watch", "'mysql'"),
        ("postgresql+asyncpg://desk:hush@db.example/watch", "asyncpg"),
        ("no address", "not of the form"),
        ("postgresql+psycopg://desk:hush@127.0.0.1:1/watch?password=hush", "127.0.0.1"),
        ("postgresql://desk:hush@127.0.0.1:1/watch", "refused"),
    ],
)
def test_an_address_that_is_no_store_is_explained_without_its_password(url: str, reason: str) -> None:
    with pytest.raises(StoreError, match=reason) as failure:
        open_store(url)
    assert "hush" not in str(failure.value)


def test_a_file_that_is_no_database_is_explained_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("These are notes, and no database at all.\n" * 40)
    with pytest.raises(StoreError, match="not a database"):
        open_store(f"sqlite:///{file}")
    assert file.read_text().startswith("These are notes")


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"file.watch\.db cannot be opened"):
        open_store(f"sqlite:///{tmp_path}/file/watch.db")


def test_a_locked_store_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/watch.db"
    monkeypatch.setattr("cases.store.database.BUSY_MS", 50)
    with open_store(url) as store, sqlite3.connect(tmp_path / "watch.db", isolation_level=None) as other:
        other.execute("begin immediate")
        with pytest.raises(StoreError, match="another program"):
            store.presence.farewell("me")
        assert store.cases.rows() == [], "reading goes on"
        other.execute("rollback")
    other.close()


def test_times_come_back_aware_and_in_utc_and_naive_ones_are_refused(store_url: str) -> None:
    seoul = timezone(timedelta(hours=9))
    at = datetime(2026, 11, 21, 18, 0, 0, 123456, tzinfo=seoul)
    with open_store(store_url) as store:
        store.presence.beat(Heartbeat(who="me", pid=1, at=at))
        (beat,) = store.presence.alive(at, 1)
        assert (beat.at, beat.at.tzinfo) == (at, UTC)
        with pytest.raises(StoreError, match="zone"):
            store.presence.beat(Heartbeat(who="me", pid=1, at=at.replace(tzinfo=None)))


def test_foreign_keys_hold_on_both_engines(store_url: str) -> None:
    database = connect(store_url)
    with pytest.raises(StoreError, match=r"(?i)foreign key"), database.write() as connection:
        connection.execute(text("insert into case_bucket (bucket, case_id) values ('x', 'nowhere')"))
    database.close()
