"""A backup of an installation at work, the loss of everything, and the return of it: by the commands, as a person types them."""

import json
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cases.store import DigestRecord, OutMessage, open_store, refill
from cases.store.schema import metadata
from scheduler.assembly import present
from scheduler.cli import commands
from scheduler.demo.demonstration import prepared

COMMAND = str(Path(sys.executable).with_name("returnwatch"))


@dataclass(frozen=True)
class Done:
    stdout: str
    error: str


def run(config: Path, *arguments: str, fails: bool = False) -> Done:
    """Run a command in this process, which no command but a crawl minds."""
    done = CliRunner().invoke(commands, ["--config", str(config), *arguments])
    assert (done.exit_code != 0) == fails, (done.output, done.exception)
    return Done(done.stdout, str(done.exception))


def content(database: Path) -> dict[str, list[Any]]:
    """Give every row of every table that says what was found and told; leases and signs of life come and go."""
    fleeting = {"heartbeat", "source", "crawl_request", "crawl_request_source"}
    with closing(sqlite3.connect(database)) as connection:
        return {
            table.name: [
                tuple(map(plain, row)) for row in connection.execute(f"select * from {table.name} order by 1, 2")
            ]
            for table in metadata.sorted_tables
            if table.name not in fleeting
        }


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    """Give a JSON document as what it says: PostgreSQL keeps it in an order of its own."""
    return json.loads(value) if isinstance(value, str) and value[:1] in {"{", "["} else value


def files(captures: Path) -> dict[str, bytes]:
    return {str(path.relative_to(captures)): path.read_bytes() for path in captures.rglob("*.warc.gz")}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("backup") / "watch"
    with prepared(out) as config:
        subprocess.run([COMMAND, "--config", str(config), "crawl", "estuary-dispatch"], check=True, timeout=120)
    with open_store(f"sqlite:///{out}/data/returnwatch.db") as store:
        store.custody.close_days(present())
        waiting = DigestRecord(name="demo", period="waits", made_at=present(), subject="x")
        store.outbox.record(waiting, [OutMessage(channel="file", recipient="", payload=b"x")])
    return out


@pytest.fixture
def watch(crawled: Path, tmp_path: Path) -> Path:
    """A copy of an installation that has collected something."""
    copy = tmp_path / "watch"
    shutil.copytree(crawled, copy)
    settings = copy / "config" / "returnwatch.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace(str(crawled), str(copy)), encoding="utf-8")
    return copy


def test_a_service_writes_while_the_backup_is_taken_and_all_of_it_comes_back(tmp_path: Path) -> None:
    out, archive = tmp_path / "watch", tmp_path / "backup.tar"
    with prepared(out) as config:
        crawl = subprocess.Popen(
            [COMMAND, "--config", str(config), "crawl", "frost-courier"], stderr=subprocess.DEVNULL
        )
        while not list((out / "data" / "captures").rglob("*.warc.gz")):
            assert crawl.poll() is None
            time.sleep(0.05)
        run(config, "backup", str(archive))
        assert crawl.poll() is None, "the crawl ended before the backup was taken: this would prove nothing"
        crawl.kill()
        crawl.wait()
        shutil.rmtree(out / "data")
        told = run(config, "restore", str(archive))
        assert "are what was kept" in told.stdout
        assert "never closed" in run(config, "verify").stdout  # it was being written


def test_everything_is_equal_after_the_folder_was_lost(watch: Path, tmp_path: Path) -> None:
    config, data, archive = watch / "config", watch / "data", tmp_path / "backup.tar"
    rows, captures = content(data / "returnwatch.db"), files(data / "captures")
    verified = run(config, "verify").stdout
    assert "file" in run(config, "backup", str(archive)).stdout
    shutil.rmtree(data)
    told = run(config, "restore", str(archive)).stdout
    assert "1 message that waited may have gone out since" in told
    assert run(config, "verify").stdout == verified
    assert files(data / "captures") == captures
    back = content(data / "returnwatch.db")
    assert {**back, "delivery": None} == {**rows, "delivery": None}
    with open_store(f"sqlite:///{data}/returnwatch.db") as store:
        (held,) = store.deliveries.unsettled()
    assert held.state == "unknown"
    assert "it may have gone out since" in str(held.error)
    assert {path.stat().st_mode & 0o077 for path in data.rglob("*")} == {0}
    assert archive.stat().st_mode & 0o077 == 0


def test_what_stands_there_is_only_ever_moved_aside(watch: Path, tmp_path: Path) -> None:
    config, archive = watch / "config", tmp_path / "backup.tar"
    run(config, "backup", str(archive))
    assert "there already" in run(config, "restore", str(archive), fails=True).error
    assert "there already" in run(config, "backup", str(archive), fails=True).error
    run(config, "backup", str(archive), "--replace")
    before = files(watch / "data" / "captures")
    told = run(config, "restore", str(archive), "--replace").stdout
    assert told.count("what stood there before is now") == 2
    (aside,) = (watch / "data").glob("captures.before-restore-*")
    assert files(aside) == files(watch / "data" / "captures") == before


def test_a_damaged_backup_replaces_nothing(watch: Path, tmp_path: Path) -> None:
    config, archive = watch / "config", tmp_path / "backup.tar"
    run(config, "backup", str(archive))
    content_of_it = bytearray(archive.read_bytes())
    content_of_it[len(content_of_it) // 2] ^= 1
    archive.write_bytes(content_of_it)
    rows = content(watch / "data" / "returnwatch.db")
    assert "refused" in run(config, "restore", str(archive), "--replace", fails=True).error
    assert content(watch / "data" / "returnwatch.db") == rows
    assert sorted(path.name for path in (watch / "data").iterdir()) == ["captures", "returnwatch.db"]


def test_a_whole_installation_is_made_in_another_folder_without_its_secrets(watch: Path, tmp_path: Path) -> None:
    config, archive, elsewhere = watch / "config", tmp_path / "backup.tar", tmp_path / "elsewhere"
    (config / "smtp-password").write_text("correct horse", encoding="utf-8")
    run(config, "backup", str(archive))
    shutil.rmtree(watch)
    with tarfile.open(archive) as tar:
        assert not [name for name in tar.getnames() if "password" in name]
    run(Path("nowhere"), "restore", str(archive), "--to", str(elsewhere))
    status = json.loads(run(elsewhere / "config", "status", "--json").stdout)
    assert status["store"] == f"sqlite:///{elsewhere}/data/returnwatch.db"
    assert len(json.loads(run(elsewhere / "config", "articles", "list", "--json").stdout)) == 4
    run(elsewhere / "config", "verify")


def test_a_restore_waits_for_no_service_and_refuses_while_one_runs(watch: Path, tmp_path: Path) -> None:
    from scheduler.lock import alone

    archive = tmp_path / "backup.tar"
    run(watch / "config", "backup", str(archive))
    with alone(watch / "data" / "captures"):
        told = run(watch / "config", "restore", str(archive), "--replace", fails=True)
    assert "another service already works" in told.error


@pytest.mark.postgresql
def test_a_store_on_a_server_is_backed_up_and_restored_too(
    watch: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    databases = request.getfixturevalue("postgresql_databases")
    first, second = databases("migrated"), databases("template1")
    file = f"sqlite:///{watch}/data/returnwatch.db"
    refill(file, first)
    settings, archive = watch / "config" / "returnwatch.toml", tmp_path / "backup.tar"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace(file, first), encoding="utf-8")
    run(watch / "config", "backup", str(archive))
    settings.write_text(text.replace(file, second), encoding="utf-8")
    shutil.move(watch / "data" / "captures", tmp_path / "lost")
    run(watch / "config", "restore", str(archive))
    refill(second, f"sqlite:///{tmp_path}/again.db")
    again, before = content(tmp_path / "again.db"), content(watch / "data" / "returnwatch.db")
    assert again.pop("delivery") != before.pop("delivery")
    assert again == before
    assert "is not empty" in run(watch / "config", "restore", str(archive), "--replace", fails=True).error
    with open_store(second) as store:  # what is added now has numbers of its own
        waiting = DigestRecord(name="demo", period="later", made_at=present(), subject="x")
        assert store.outbox.record(waiting, []) == 2
