"""The register of one crawl of the demonstration's sites, to be copied by whoever decides on it or exports it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.demo.demonstration import prepared


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A configuration whose sites were crawled once, in a process of its own: one loop, one reactor."""
    with prepared(tmp_path_factory.mktemp("crawled") / "watch") as config:
        crawl = [str(Path(sys.executable).with_name("returnwatch")), "--config", str(config), "crawl"]
        subprocess.run(crawl, check=True, capture_output=True, timeout=120)
        yield config


@pytest.fixture
def register(crawled: Path, tmp_path: Path) -> Path:
    """The register that the crawl left, for one test alone."""
    home = tmp_path / "watch"
    shutil.copytree(crawled.parent, home)
    settings = home / crawled.name / "returnwatch.toml"
    settings.write_text(settings.read_text("utf-8").replace(str(crawled.parent), str(home)), "utf-8")
    return settings.parent
