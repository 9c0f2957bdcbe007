"""The sender is killed while it sends through real programs, in small; ``make crash-delivery`` does it in earnest."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.postfix
def test_a_sender_that_is_killed_loses_no_mail_and_doubles_none() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "benchmarks.crash_delivery",
            "--mails",
            "40",
            "--kills",
            "3",
            "--cut",
            "0.1",
            "--grace",
            "12",
            "--seed",
            "7",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = dict(line.strip().rsplit("  ", 1) for line in done.stdout.splitlines())
    assert (figures["mails"], figures["lost"], figures["doubled"]) == ("40", "0", "0")
    assert int(figures["kills"]) >= 1
    assert int(figures["found already accepted"]) >= int(figures["answers lost on the wire"]) >= 1
