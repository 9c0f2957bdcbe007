"""source → run: one visit from start to end, in the process that asks for it.

Never raises for a site's fault: that is the run's outcome. Raises ConfigError and PluginError before anything is asked
for, StoreError when what came cannot be kept, and PoolClosed when it cannot be read.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar, cast

from scrapy import signals
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from twisted.python.failure import Failure

from cases.errors import Unreachable
from cases.ledger import Run, Trigger
from cases.recognition import Judging, classifier_named
from cases.store import Store
from crawler.conclusion import concluded
from crawler.discovery.errand import ErrandSpider, Fetch
from crawler.evidence.capture import Archive
from crawler.keeping import FetchedPage
from crawler.options import Collection
from crawler.order import Order
from crawler.polling import InHand
from crawler.pool import ReadingPool
from crawler.progress import Progress
from crawler.readers import Answer, make_reader
from crawler.sources import Source
from crawler.spider import VisitSpider
from crawler.trouble import Trouble
from crawler.turns import Turn
from crawler.visit import Visit
from crawler.wire.guard import Guard
from crawler.wire.rendering import need_browser
from crawler.wire.robots import KeptRobots
from crawler.wire.settings import scrapy_settings

__all__ = ["FetchedPage", "Stop", "crawl", "fetch_page", "run_errand", "twisted_on_running_loop"]


ERRAND_LIMIT = 30
"""Most addresses that one errand may ask for."""

Result = TypeVar("Result")


class Stop:
    """Handed to ``crawl`` by whoever may want it to end: ``stop()`` ends it after the page that is being worked on."""

    def __init__(self) -> None:
        self._wanted = asyncio.Event()

    def stop(self) -> None:
        """Ask the crawl to end; it returns its run with the outcome ``stopped``."""
        self._wanted.set()

    async def wanted(self) -> None:
        """Wait until somebody asks."""
        await self._wanted.wait()


@contextlib.asynccontextmanager
async def twisted_on_running_loop() -> AsyncIterator[Any]:
    """Put Twisted's reactor on the running loop, once a process: crawls inside use Twisted's client, as the service does.

    Without it crawls run reactorless. Both cannot be had in one process, and a second loop cannot have it at all.
    """
    from twisted.internet import asyncioreactor  # noqa: PLC0415 - importing it is part of choosing it

    asyncioreactor.install(asyncio.get_running_loop())  # type: ignore[no-untyped-call]  # Twisted annotates only parts
    from twisted.internet import reactor  # noqa: PLC0415 - there is none before the line above

    running: Any = reactor
    running.startRunning(installSignalHandlers=False)  # starts the resolver's threads; the loop is running already
    try:
        yield running
    finally:
        running.getThreadPool().stop()  # its threads would keep the process from ending


async def crawl(
    source: Source,
    *,
    store: Store,
    pool: ReadingPool,
    captures: Path,
    collection: Collection,
    watched_tags: Sequence[str],
    trigger: Trigger,
    now: Callable[[], datetime],
    since: datetime | None = None,
    judging: Judging = Judging(),  # noqa: B008 - a frozen value
    on_progress: Callable[[Progress], None] | None = None,
    stop: Stop | None = None,
    in_hand: InHand | None = None,
) -> Run:
    """Visit a source: list it, fetch what is new or changed, read, judge and keep it; gives the run, which is not stored.

    ``since`` reads back to that time whatever the horizon, and asks for everything unconditionally. Cancelling the task
    ends the crawl cleanly first. ``in_hand`` is what a poll of the source has just brought: it is not asked for again. Two
    visits of one host at once are for the caller to prevent.
    """
    classifier_named(judging.classifier)  # one that is not installed is told before anything is asked for
    if source.javascript:
        need_browser(source.name)
    order = Order(
        source=source,
        collection=collection,
        watched=tuple(watched_tags),
        trigger=trigger,
        since=since,
        judging=judging,
    )
    visit = Visit(order, store=store, pool=pool, now=now, on_progress=on_progress)
    with _archive(visit, captures, store) as archive:
        given = _given(visit, store, now) | {"archive": archive, "in_hand": in_hand or InHand()}
        spider = await _visited(visit, given, stop)
    return concluded(visit, spider, now())


def _archive(visit: Visit, captures: Path, store: Store) -> Archive:
    return Archive(
        captures,
        visit.source.name,
        at=visit.started_at,
        software=f"Returnwatch/{version('returnwatch')}",
        reason=f"visit by {visit.order.trigger}",
        register=store.evidence.register,
    )


def _given(visit: Visit, store: Store, now: Callable[[], datetime]) -> dict[str, Any]:
    """Give what the spider of a visit is made with, beside the archive."""
    scope, source = visit.scope, visit.source
    readers = [(one.kind, make_reader(source, one, scope.window)) for one in source.readers]
    return {
        "visit": visit,
        "turns": [Turn(kind, reader, partial=scope.partial) for kind, reader in readers],
        "guard": Guard(allow_private=visit.order.collection.allow_private_addresses),
        "robots": KeptRobots(store.robots, now=now, thorough=scope.thorough),
        "now": now,
    }


async def _visited(visit: Visit, given: dict[str, Any], stop: Stop | None) -> VisitSpider:
    """Let a spider make the visit; raises what made it give up."""
    crawler = _crawler(VisitSpider, visit.order.collection)

    def broke(failure: Failure) -> None:
        visit.broke(f"{type(failure.value).__name__}: {failure.value}")

    crawler.signals.connect(broke, signals.spider_error)
    try:
        await _run(crawler, given, stop)
    finally:
        await _end_browser(crawler)
    spider = crawler.spider
    if not isinstance(spider, VisitSpider):
        raise TypeError("Scrapy made no spider")
    if spider.failure is not None:
        raise spider.failure
    return spider


async def _end_browser(crawler: Crawler) -> None:
    if isinstance(crawler.spider, VisitSpider) and crawler.spider.scripts is not None:
        await crawler.spider.scripts.close()


async def fetch_page(url: str, *, collection: Collection, now: Callable[[], datetime]) -> FetchedPage:
    """Fetch one page for a person: robots.txt, guard and limits as in a crawl. Unreachable says why there is none."""

    async def ask(fetch: Fetch) -> Answer | Trouble:
        return await fetch(url)

    answer = await run_errand(ask, collection=collection, now=now)
    if isinstance(answer, Trouble):
        raise Unreachable(answer.why)
    return FetchedPage(url=answer.url, content_type=answer.headers.get("content-type", ""), body=answer.body)


async def run_errand(
    errand: Callable[[Fetch], Awaitable[Result]],
    *,
    collection: Collection,
    now: Callable[[], datetime],
    limit: int = ERRAND_LIMIT,
) -> Result:
    """Run an errand of a person: it is given what fetches one address after the other, and its result is handed on.

    ``limit`` is the most addresses it may ask for. Nothing is kept: no capture, no memory of what came.
    """
    crawler = _crawler(ErrandSpider, collection)
    guard = Guard(allow_private=collection.allow_private_addresses)
    await _run(crawler, {"errand": errand, "guard": guard, "now": now, "limit": limit}, None)
    spider = crawler.spider
    if not isinstance(spider, ErrandSpider):
        raise TypeError("Scrapy made no spider")
    if spider.failure is not None:
        raise spider.failure
    return cast(Result, spider.result)


def _crawler(kind: type[VisitSpider | ErrandSpider], collection: Collection) -> Crawler:
    return AsyncCrawlerRunner(scrapy_settings(collection)).create_crawler(kind)


async def _run(crawler: Crawler, given: dict[str, Any], stop: Stop | None) -> None:
    """Run a crawl to its end, or stop it: a cancelled task alone would leave Scrapy's engine running."""
    started = asyncio.Event()
    mark = started.set  # Scrapy holds its listeners weakly
    crawler.signals.connect(mark, signals.engine_started)
    task = asyncio.create_task(crawler.crawl_async(**given))
    stopping = asyncio.create_task((stop or Stop()).wanted())
    try:
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            await _stop(crawler, task, started)
        await task
    except asyncio.CancelledError:
        await _stop(crawler, task, started)
        await task
        raise
    finally:
        stopping.cancel()


async def _stop(crawler: Crawler, task: asyncio.Task[None], started: asyncio.Event) -> None:
    """Stop an engine that runs; one that is only starting is given the moment it needs, for it cannot be stopped."""
    if isinstance(crawler.spider, VisitSpider):
        crawler.spider.stopping = True
    running = asyncio.create_task(started.wait())
    await asyncio.wait({task, running}, return_when=asyncio.FIRST_COMPLETED)
    running.cancel()
    await _end_browser(crawler)  # a page whose scripts run would keep the engine waiting
    await crawler.stop_async()
