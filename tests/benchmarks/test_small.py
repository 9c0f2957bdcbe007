"""The measurements run: at a size that measures nothing, against the real web server."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.nginx
def test_the_measurement_of_polls_polls_and_grows_its_store(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--small", "--results", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "8 x 304" in done.stdout, "each of the feeds was asked once, and none had changed"
    assert "12 x 304" in done.stdout, "those that were added by SQL are polled like the others"
    assert (tmp_path / "polling-8.json").exists()
    assert "  16  " in done.stdout, "pages that were read"
    assert (tmp_path / "reading-16.json").exists()
