"""What the command line says of workers, and moving a store."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cases.store import Heartbeat, open_store
from scheduler.assembly import open_watch, present
from scheduler.cli import commands
from scheduler.demo.demonstration import prepared
from scheduler.process import this_host


@pytest.fixture
def config(tmp_path: Path) -> Path:
    with prepared(tmp_path / "watch") as folder:
        return folder  # its sites are not needed here


def run(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(commands, ["--config", str(config), *arguments])


def show_life(config: Path, who: str) -> None:
    with open_watch(config) as watch:
        watch.store.presence.beat(Heartbeat(who=who, pid=7, at=present(), role="worker", slots=8, busy=3))


def test_a_worker_of_this_machine_is_told_from_one_of_another(config: Path) -> None:
    show_life(config, "elsewhere:7")
    refused = run(config, "health", "--worker")
    assert f"no worker on {this_host()}" in str(refused.exception)
    show_life(config, f"{this_host()}:{os.getpid()}")
    assert run(config, "health", "--worker").output.strip() == f"{this_host()}:{os.getpid()}: alive"


def test_status_shows_every_worker_and_no_service(config: Path) -> None:
    show_life(config, "annex:7")
    shown = run(config, "status").output
    assert "worker   annex:7 with 8 slots, visits 3 sources" in shown
    assert "service  not running" in shown
    document = json.loads(run(config, "status", "--json").output)
    assert (document["service"], [one["who"] for one in document["workers"]]) == (None, ["annex:7"])


def test_a_worker_needs_a_store_that_can_be_shared(config: Path) -> None:
    assert "PostgreSQL" in str(run(config, "worker").exception)


def test_a_store_is_copied_and_says_what_to_write_then(config: Path, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path}/target.db"
    assert "there is none" in str(run(config, "db", "copy", "--to", target).exception)
    with open_watch(config):
        pass
    done = run(config, "db", "copy", "--to", target)
    assert done.exit_code == 0, done.exception
    assert f'url = "{target}"' in done.output
    with open_store(target, migrate=False) as store:
        assert [one.name for one in store.sources.status(present())] == ["estuary-dispatch", "frost-courier"]
    assert "not empty" in str(run(config, "db", "copy", "--to", target).exception)


def test_a_password_on_the_command_line_is_refused(config: Path) -> None:
    refused = run(config, "db", "copy", "--to", "postgresql+psycopg://watch:hunter2@db/watch")
    assert "PGPASSFILE" in str(refused.exception)
    assert "hunter2" not in str(refused.exception)
