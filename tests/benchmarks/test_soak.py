"""The soak in its short form: the service over sites that misbehave, killed and started again."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_nothing_is_lost_or_doubled_while_the_service_is_killed_again_and_again() -> None:
    size = ["--seconds", "30", "--sites", "60", "--kill-every", "5"]
    lenient = ["--ready-ms", "3000", "--asked-s", "60"]  # others use this machine as well
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.soak", *size, *lenient],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=175,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout)
    assert figures["kills"] > 0
    assert figures["busiest"] == 1
    assert (figures["articles"], figures["cases"]) == (378, 6)
    assert figures["mails"] > 0
