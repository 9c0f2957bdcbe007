"""a person's wish → done: by the running service when there is one, in place when there is none."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from cases.errors import StoreError
from cases.ledger import Run
from cases.store import RequestState
from crawler.progress import Progress
from scheduler.assembly import ALIVE_WITHIN, Watch, present
from scheduler.process import has_died

ASK_EVERY_S = 0.3


async def crawl_now(
    watch: Watch,
    names: Sequence[str],
    *,
    since: datetime | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_end: Callable[[Run], None] | None = None,
) -> list[Run]:
    """Crawl these sources now and give their runs, one each, in the order of their names.

    The running service does it, and then progress cannot be shown; when it stops before the end, StoreError says so and the
    request waits for its return. Without a service it is done here.
    """
    book = watch.store.sources
    served = _is_served(watch)
    request_id = book.request(names, now=present(), since=since)
    if served:
        await _wait_for_service(watch, request_id, on_end)
    else:
        from scheduler.workplace import crawls_here  # noqa: PLC0415 - it loads Scrapy: who only asks need not wait for that

        async with crawls_here(watch, on_progress=on_progress, on_end=on_end) as crawls:
            await crawls.answer(request_id)
    return [one.run for one in book.request_state(request_id).sources if one.run is not None]


async def _wait_for_service(watch: Watch, request_id: int, on_end: Callable[[Run], None] | None) -> None:
    told: set[str] = set()
    while True:
        state = watch.store.sources.request_state(request_id)
        for run in _ended(state, told):
            told.add(run.source)
            if on_end is not None:
                on_end(run)
        if state.done:
            return
        if not _is_served(watch):
            waiting = ", ".join(one.source for one in state.sources if one.state != "done")
            raise StoreError(f"the service stopped before it had crawled {waiting}; it will when it is started again")
        await asyncio.sleep(ASK_EVERY_S)


def _is_served(watch: Watch) -> bool:
    """Whether a service or a worker works on the store: it gave a sign of life, and did not die since on this machine."""
    signs = watch.store.presence.alive(present(), ALIVE_WITHIN.total_seconds(), "service", "worker")
    return any(not has_died(sign.who) for sign in signs)


def _ended(state: RequestState, told: set[str]) -> list[Run]:
    return [one.run for one in state.sources if one.run is not None and one.source not in told]
