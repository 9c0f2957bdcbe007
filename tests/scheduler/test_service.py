"""The service as a person or systemd runs it: a process of its own, asked from outside, ended by SIGTERM."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cases.store import DigestRecord
from cases.store.files import names_in
from scheduler.assembly import open_watch, present

COMMAND = [str(Path(sys.executable).with_name("returnwatch"))]
PATIENCE_S = 150.0


def replaced(config: Path, old: str, new: str) -> None:
    """Change a line of the configuration that a test is about."""
    path = config / "returnwatch.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def until(condition: Callable[[], object], what: str) -> None:
    """Wait until a condition holds; fail by name when it never does."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.2)
    pytest.fail(f"after {PATIENCE_S:.0f} s: {what}")


class Supervisor:
    """Listens as systemd does."""

    def __init__(self, address: str) -> None:
        self.address, self.heard = address, list[str]()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + address[1:])
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while words := self._socket.recv(4096):
            self.heard.append(words.decode())

    def end(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"", "\0" + self.address[1:])
        self._thread.join(10)
        self._socket.close()


class Service:
    """A running ``returnwatch serve`` and what can be asked of it."""

    def __init__(self, config: Path, port: int) -> None:
        self.config, self.port = config, port
        self.log = config.parent / "service.log"
        with self.log.open("wb") as log:
            self.supervisor = Supervisor(f"@returnwatch-test-{port}")
            environment = os.environ | {"NOTIFY_SOCKET": self.supervisor.address, "WATCHDOG_USEC": "4000000"}
            self.process = subprocess.Popen(
                [*COMMAND, "--config", str(config), "--log-format", "json", "serve"],
                stdout=log,
                stderr=log,
                env=environment,
            )

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, "--config", str(self.config), *arguments],
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    def status(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.run("status", "--json").stdout)
        return document

    def end(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=PATIENCE_S)
            self.supervisor.end()
        return self.process.wait(timeout=PATIENCE_S)


@pytest.fixture
def service(config: Path) -> Iterator[Service]:
    port = free_port()
    replaced(config, "[[digests]]", f"[service]\nport = {port}\n\n[[digests]]")
    running = Service(config, port)
    try:
        until(running.is_ready, "the service is ready")
        yield running
    finally:
        running.end()


def visited(service: Service) -> bool:
    """Whether the smaller site was; the other is crawled meanwhile, and is the load."""
    return bool(standing(service)["last_run"])


def standing(service: Service) -> dict[str, Any]:
    """Tell how the smaller site stands."""
    [found] = [source for source in service.status()["sources"] if source["name"] == "estuary-dispatch"]
    return dict(found)


def test_it_crawls_what_is_due_answers_for_others_and_ends_in_order(service: Service) -> None:
    until(lambda: visited(service), "the smaller source was visited")
    assert service.status()["service"]["pid"] == service.process.pid
    run = standing(service)["last_run"]
    assert (run["outcome"], run["trigger"]) == ("ok", "schedule")
    assert service.run("health").returncode == 0
    with urllib.request.urlopen(f"http://127.0.0.1:{service.port}/metrics", timeout=10) as answer:
        figures = answer.read().decode()
    assert 'returnwatch_visits_total{outcome="ok"}' in figures
    assert not [name for name in names_of_people(service.config) if name in figures]

    asked = service.run("crawl", "estuary-dispatch", "--json")
    assert asked.returncode == 0, asked.stderr
    [run] = [json.loads(line) for line in asked.stdout.splitlines()]
    assert (run["source"], run["articles"]) == ("estuary-dispatch", 0)
    until(lambda: standing(service)["last_run"]["trigger"] == "request", "the service did it")

    second = service.run("serve")
    assert second.returncode == 1
    assert "another service" in second.stderr

    assert service.end() == 0
    status = service.status()
    assert status["service"] is None
    assert not any(source["running"] for source in status["sources"])
    heard = service.supervisor.heard
    assert (heard[0], "WATCHDOG=1" in heard, "STOPPING=1" in heard) == ("READY=1", True, True)
    assert any(words.startswith("STATUS=watching 2 sources; ") for words in heard)
    data = service.config.parent / "data"
    assert {path.stat().st_mode & 0o077 for path in (data, *data.rglob("*"))} == {0}
    lines = [json.loads(line) for line in service.log.read_text().splitlines()]
    assert any("estuary-dispatch: ok" in line["event"] for line in lines)
    assert not any("fault" in line for line in lines)
    names = names_of_people(service.config)
    assert len(names) > 2
    assert [name for name in names if name.lower() in service.log.read_text().lower()] == []


def names_of_people(config: Path) -> set[str]:
    """Give every name of a victim, informant or relative in the store."""
    names: set[str] = set()
    with open_watch(config) as watch:
        for row in watch.store.articles.rows():
            stored = watch.store.articles.get(row.url)
            assert stored is not None
            names |= {*names_in(stored.latest.judgement)}
    return names


def test_a_digest_whose_turn_has_come_is_sent_once(config: Path) -> None:
    hour = (present() - timedelta(minutes=2)).strftime("%H:%M")
    replaced(config, 'schedule = "daily 07:00"', f'schedule = "daily {hour}"')
    port = free_port()
    replaced(config, "[[digests]]", f"[service]\nport = {port}\n\n[[digests]]")
    yesterday = DigestRecord(name="demo", period="earlier", made_at=present() - timedelta(days=1), subject="x")
    with open_watch(config) as watch:
        watch.store.outbox.record(yesterday, [])
    first = Service(config, port)
    try:
        until(first.is_ready, "the service is ready")
        until(lambda: told(config), "the digest had its turn")
    finally:
        assert first.end() == 0, first.log.read_text()
    again = Service(config, port)
    try:
        until(again.is_ready, "the service is ready again")
        until(lambda: visited(again), "the smaller source was visited")
    finally:
        assert again.end() == 0, again.log.read_text()
    assert told(config) == 1


def told(config: Path) -> int:
    """Count the turns that the digest has had, beside the one that the test recorded."""
    with open_watch(config) as watch:
        return len(watch.store.outbox.past("demo")) - 1


def test_it_refuses_to_start_with_a_channel_that_is_not_configured(config: Path) -> None:
    replaced(config, 'channels = ["file"]', 'channels = ["file", "email"]\nrecipients = ["desk@example.org"]')
    done = subprocess.run(
        [*COMMAND, "--config", str(config), "serve"], capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert done.returncode == 1
    assert "channels.email" in done.stderr
