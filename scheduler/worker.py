"""``returnwatch worker``: crawls beside a service, on this host or another.

It takes its share of what is due and of what was asked for, and nothing else: the service alone sends digests and keeps the books
of custody. Any number of workers may come and go; without a service they crawl all the same.
"""

import asyncio
import logging
from datetime import timedelta

from cases.errors import ConfigError
from scheduler.announcing import Announcer
from scheduler.assembly import Watch, present
from scheduler.health import Pulse
from scheduler.signals import stop_on_signals
from scheduler.supervisor import notify, watchdog_interval
from scheduler.timetable import Timetable
from scheduler.workplace import crawls_here

log = logging.getLogger(__name__)

TICK = timedelta(seconds=1)


async def work(watch: Watch, slots: int | None) -> None:
    """Crawl until SIGTERM or SIGINT. Raises ConfigError for a store that cannot be shared between processes."""
    if not watch.settings.store.is_shared:
        raise ConfigError(
            "returnwatch.toml: store.url: workers need a store on PostgreSQL, which this is not; on one machine "
            "'returnwatch serve' does all the work (service.crawls_at_once says how much at a time)"
        )
    announcer, timetable, pulse = Announcer(log), Timetable(), Pulse(present)
    async with crawls_here(watch, role="worker", slots=slots, on_end=announcer.visited) as crawls:

        async def tick() -> None:
            await crawls.start_due()
            pulse.beat()

        async def feed_watchdog() -> None:
            if pulse.is_fresh:
                notify("WATCHDOG=1")

        timetable.every(TICK, "tick", tick)
        if (interval := watchdog_interval()) is not None:
            timetable.every(timedelta(seconds=interval), "watchdog", feed_watchdog)
        stop = asyncio.Event()
        with stop_on_signals(stop):
            timetable.start()
            notify("READY=1")
            log.info("%s crawls with the others on %s", crawls.who, watch.store.name)
            await stop.wait()
        notify("STOPPING=1")
        timetable.stop()
