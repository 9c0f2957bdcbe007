"""The clock: starts, again and again, what a person could also ask for. The only import of APScheduler.

It holds a handful of jobs in memory and no state of its own: what is due, and whether it was done, stands in the store, so
that a crash, a sleeping laptop or a change of the clocks can neither lose a visit nor repeat a digest.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]


class Timetable:
    """Calls each piece of work at its interval on the running loop, never twice at once.

    A piece of work that fails is logged and called again at its next time; it never stops the others.
    """

    def __init__(self) -> None:
        """Make an empty timetable; nothing runs before ``start``."""
        self._scheduler = AsyncIOScheduler(
            executors={"default": AsyncIOExecutor()},
            # The default of one second drops a run after any hiccup of the loop; a late run is better than none.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )

    def every(self, interval: timedelta, name: str, work: Work) -> None:
        """Call ``work`` now and then once per interval; a call that outlasts the interval delays the next."""
        self._scheduler.add_job(
            _guarded(name, work),
            IntervalTrigger(seconds=max(1, round(interval.total_seconds())), timezone=UTC),
            id=name,
            name=name,
            next_run_time=datetime.now(UTC),
        )

    def start(self) -> None:
        """Begin, on the running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Start nothing more. Work that is under way is cancelled: only work that spawns its own tasks belongs here."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


def _guarded(name: str, work: Work) -> Work:
    """Let a piece of work fail without harm; what fails again and again in one way is told once, and when it is over."""
    told: str | None = None

    async def run() -> None:
        nonlocal told
        try:
            await work()
        except asyncio.CancelledError:
            log.debug("%s was cut off by the end", name)  # no fault: it is called again after the next start
        except Exception as fault:
            why = f"{type(fault).__name__}: {fault}"
            if why != told:
                log.exception("%s failed; it is tried again at its next time", name)
            told = why
        else:
            if told is not None:
                log.warning("%s works again", name)
            told = None

    return run
