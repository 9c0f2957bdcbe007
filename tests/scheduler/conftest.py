"""A watch over the bundled magazines, served on loopback, in a folder of its own."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.assembly import Watch, open_watch
from scheduler.demo.demonstration import prepared


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Path]:
    """Folder of a configuration whose sources answer while the test runs."""
    with prepared(tmp_path / "watch") as folder:
        yield folder


@pytest.fixture
def watch(config: Path) -> Iterator[Watch]:
    with open_watch(config) as opened:
        yield opened


@pytest.fixture
def unused_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
