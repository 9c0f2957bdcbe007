"""Two workers on PostgreSQL, one of them killed: small, and both on one host, where it is noticed at once."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.postgresql
@pytest.mark.parametrize("queue", ["leases", "procrastinate"])
def test_what_a_killed_worker_held_is_taken_over_and_every_article_is_kept_once(
    queue: str, postgresql_databases: Callable[[str], str]
) -> None:
    url = postgresql_databases("migrated")
    how = ["--small", "--where", "here", "--queue", queue, "--postgresql", url]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.workers", *how],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout)
    assert figures["busiest"] == 1, "the sites never saw two requests at a time"
    assert figures["versions"] == figures["articles"] == 36
    assert figures["held"] > 0
