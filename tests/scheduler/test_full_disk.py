"""A disk that is really full, or may really only be read: small file systems in memory, where this machine lets a test mount one."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cases.store import open_store
from scheduler.assembly import present
from scheduler.demo.demonstration import prepared
from scheduler.doctor import examine
from scheduler.settings import ServiceTable, Settings, StoreTable
from scheduler.vitals import measured

COMMAND = str(Path(sys.executable).with_name("returnwatch"))
PATIENCE_S = 120.0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m,mode=0700", "returnwatch-test", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("needs the right to mount a small disk in memory: root, and a machine that allows it")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Leave no byte free."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    return filler


def until(condition: Callable[[], bool], what: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.2)
    pytest.fail(f"{what}; the log says:\n{log.read_text()}")


def readiness(port: int) -> tuple[int, dict[str, Any]]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, json.load(refusal)
    except OSError:
        return 0, {}


def test_a_service_outlives_a_full_disk_says_so_and_goes_on_when_there_is_room(
    disk: Path, tmp_path: Path, unused_port: int
) -> None:
    log = tmp_path / "log"
    with prepared(disk / "watch") as config, log.open("wb") as output:
        settings = config / "returnwatch.toml"
        more = f"[service]\nport = {unused_port}\nleast_free_mb = 1\n\n[[digests]]"
        settings.write_text(settings.read_text().replace("[[digests]]", more, 1))
        other = config / "sources" / "frost-courier.toml"
        other.write_text("enabled = false\n" + other.read_text())
        once = config / "sources" / "estuary-dispatch.toml"
        once.write_text('every = "1s"\n' + once.read_text())
        service = subprocess.Popen([COMMAND, "--config", str(config), "serve"], stdout=output, stderr=output)
        try:
            until(lambda: readiness(unused_port)[0] == 200, "it never was ready", log)
            filler = fill(disk)
            until(lambda: "room" in readiness(unused_port)[1].get("faults", {}), "it did not notice", log)
            status, said = readiness(unused_port)
            assert (status, "No space left on device" in said["faults"]["room"]) == (503, True)
            time.sleep(3)  # some ticks that cannot write
            assert service.poll() is None, log.read_text()
            filler.unlink()
            assert articles(config) < 4, "the crawl was over before the disk was full: this would prove nothing"
            until(lambda: readiness(unused_port)[0] == 200, "it did not recover", log)
            until(lambda: articles(config) == 4, "it did not go on", log)
            assert "needs a person: room of captures" in log.read_text() or "not ready" in log.read_text()
        finally:
            service.terminate()
            assert service.wait(60) == 0, log.read_text()
        proved = subprocess.run(
            [COMMAND, "--config", str(config), "verify"], capture_output=True, text=True, check=False
        )
        assert proved.returncode == 0, proved.stdout


def articles(config: Path) -> int:
    with open_store(f"sqlite:///{config.parent}/data/returnwatch.db") as store:
        return len(store.articles.rows())


def test_a_full_disk_stops_a_start_with_a_sentence(disk: Path) -> None:
    with prepared(disk / "watch") as config:
        fill(disk)
        done = subprocess.run(
            [COMMAND, "--config", str(config), "crawl"], capture_output=True, text=True, check=False, timeout=60
        )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "the disk is full" in done.stderr or "No space left" in done.stderr


def test_a_disk_that_may_only_be_read_is_told_by_measure_and_doctor(disk: Path) -> None:
    with prepared(disk / "watch") as config:
        url = f"sqlite:///{disk}/watch/data/returnwatch.db"
        open_store(url).close()
        (disk / "watch" / "data" / "captures").mkdir()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    settings = Settings(
        store=StoreTable(url=url, captures=disk / "watch" / "data" / "captures"), service=ServiceTable(least_free_mb=0)
    )
    with open_store(f"sqlite:///{config.parent.parent.parent}/elsewhere.db") as elsewhere:
        vitals = measured(elsewhere, settings, present())
    assert [room.place for room in vitals.rooms if "Read-only file system" in str(room.fault)] == ["captures", "store"]
    found = {one.check: one.words for one in examine(config, now=present()).findings}
    assert "Read-only file system" in found["captures"]
    assert "may not be written" in found["store"] or "cannot be opened for writing" in found["store"]
