"""A process that crawls: its queue, its reading pool, its polls and its signs of life, put together around crawls on the running loop."""

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from cases.ledger import Run
from cases.store import Role
from crawler.polling import Polls
from crawler.progress import Progress
from crawler.run import twisted_on_running_loop
from scheduler.assembly import Watch, present
from scheduler.crawls import Crawls, reading_pool
from scheduler.liveness import showing_life
from scheduler.process import this_process
from scheduler.queue import opened_queue


@asynccontextmanager
async def crawls_here(
    watch: Watch,
    *,
    role: Role = "command",
    slots: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_end: Callable[[Run], None] | None = None,
) -> AsyncIterator[Crawls]:
    """Give crawls on the running loop, with everything they need, and show the others that they live; a process can do this once.

    ``slots`` bounds the sites that are crawled at the same time, instead of the configured number.
    """
    polling = Polls(watch.store, watch.settings.collection, now=present)
    at_once = watch.settings.service.crawls_at_once if slots is None else slots
    async with (
        opened_queue(watch, this_process()) as queue,
        twisted_on_running_loop(),
        reading_pool(watch) as pool,
        polling as polls,
    ):
        crawls = Crawls(watch, pool, at_once=at_once, polls=polls, on_progress=on_progress, on_end=on_end, queue=queue)
        async with showing_life(watch, crawls, queue, role=role, slots=at_once):
            await crawls.take_over()
            gc.freeze()  # programs and catalogue stay: the collector need not walk through all of them again and again
            try:
                yield crawls
            finally:
                await crawls.stop(watch.settings.service.stop_within_s)
