"""command → what it cost: wall-clock time, CPU of the process and its children, and peak memory. Several in turn, medians.

The peak that Linux reports of a process is never below that of who started it, so whoever measures stays small.
"""

import contextlib
import ctypes
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

_PR_SET_CHILD_SUBREAPER = 36


class Cost(NamedTuple):
    """What one run of a whole process cost."""

    wall_s: float
    cpu_s: float
    """User and system time, of the children that it waited for too."""
    peak_mb: float
    """Largest resident size of the process or of one of its children, in MiB."""
    said: str
    """Its last line."""


class Rival(NamedTuple):
    """Something to be measured: ``before`` puts things back into the state that a run starts from, unmeasured."""

    name: str
    command: Sequence[str]
    folder: Path
    before: Callable[[], None]
    after: Callable[[], str]
    """Says in a word what the run did, as somebody else saw it; unmeasured as well."""


def measured(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command in a folder; RuntimeError with what it said when it fails."""
    out, errors = folder / "out.txt", folder / "errors.txt"
    _adopt_orphans()
    before = _children()
    with out.open("wb") as output, errors.open("wb") as complaints:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=complaints,
            env={**os.environ, **(environment or {})},
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {errors.read_text()[-2000:]}")
    usages = [usage, *(os.wait4(left, 0)[2] for left in _children() - before)]
    cpu_s = sum(one.ru_utime + one.ru_stime for one in usages)
    lines = out.read_text(errors="replace").splitlines()
    return Cost(wall_s, cpu_s, max(one.ru_maxrss for one in usages) / 1024, lines[-1] if lines else "")


def _adopt_orphans() -> None:
    """Become the parent of what a command leaves behind: workers of a fork server outlive it by a moment, and cost too."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _children() -> set[int]:
    """Give the processes whose parent this one is, as Linux tells them."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            number, _, rest = stat.read_text().partition(" ")
            if int(rest.rpartition(")")[2].split()[1]) == os.getpid():
                found.add(int(number))
    return found


def in_turn(rivals: Sequence[Rival], runs: int) -> dict[str, tuple[Cost, list[Cost], str]]:
    """Measure each rival once, then each again, and so on; gives the medians, every run, and what was last seen of it."""
    costs: dict[str, list[Cost]] = {rival.name: [] for rival in rivals}
    seen: dict[str, str] = {}
    for number in range(runs):
        for rival in rivals:
            rival.before()
            cost = measured(rival.command, rival.folder)
            costs[rival.name].append(cost)
            seen[rival.name] = rival.after()
            print(
                f"  run {number + 1}: {rival.name}: {cost.wall_s:.2f} s, CPU {cost.cpu_s:.2f} s, {seen[rival.name]}",
                flush=True,
            )
    return {name: (_median(found), found, seen[name]) for name, found in costs.items()}


def table(found: Mapping[str, tuple[Cost, list[Cost], str]], ours: str) -> str:
    """Write medians as a table, each figure with its ratio to ours."""
    reference = found[ours][0]
    lines = [f"{'':24}{'wall s':>9}{'x':>7}{'CPU s':>9}{'x':>7}{'peak MiB':>10}{'x':>7}  seen by the server"]
    for name, (cost, _, seen) in found.items():
        pairs = zip(cost[:3], reference[:3], (2, 2, 0), (9, 9, 10), strict=True)
        figures = "".join(f"{value:>{width}.{digits}f}{value / base:>7.2f}" for value, base, digits, width in pairs)
        lines.append(f"{name:24}{figures}  {seen}")
    return "\n".join(lines)


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        median(cost.wall_s for cost in costs),
        median(cost.cpu_s for cost in costs),
        median(cost.peak_mb for cost in costs),
        costs[-1].said,
    )
