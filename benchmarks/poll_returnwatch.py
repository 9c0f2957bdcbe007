"""Poll all that is due in a watch, as its service does, and end: ``python poll_returnwatch.py CONFIG COUNT``."""

import asyncio
import json
import resource
import sys
from collections import Counter
from pathlib import Path

from cases.ledger import Run
from scheduler.assembly import Watch, open_watch
from scheduler.workplace import crawls_here


async def visit_all(watch: Watch, count: int) -> dict[str, int]:
    """Visit until so many visits have ended; gives how they ended."""
    outcomes: Counter[str] = Counter()
    done = asyncio.Event()

    def note(run: Run) -> None:
        outcomes[run.outcome] += 1
        if outcomes.total() == count:
            done.set()

    async with crawls_here(watch, on_end=note) as crawls:
        while not done.is_set():  # the service's clock
            await crawls.start_due()
            await asyncio.wait([asyncio.ensure_future(done.wait())], timeout=1)
    return dict(outcomes)


def main(config: Path, count: int) -> None:
    """Print in one line what it took to start, and how the visits ended."""
    with open_watch(config) as watch:
        started = resource.getrusage(resource.RUSAGE_SELF)
        outcomes = asyncio.run(visit_all(watch, count))
    ended = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "start_cpu_s": _cpu(started),
                "start_peak_mb": started.ru_maxrss / 1024,
                "own_cpu_s": _cpu(ended) - _cpu(started),
                "outcomes": outcomes,
            }
        )
    )


def _cpu(usage: resource.struct_rusage) -> float:
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
