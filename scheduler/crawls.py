"""due or asked for → crawled: what the clock starts and what a person starts are the same work.

A handful of sites at once, one crawl a site. What is claimed is leased in the store. A process that stops in order gives its
sources back at once; those of one that died are given back by the next on its machine, and elsewhere when the lease ends.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from cases.errors import StoreError, WatchError
from cases.ledger import Run, SourceOutcome
from cases.store import Claim
from crawler.pool import ReadingPool
from crawler.run import Progress, Stop, crawl
from scheduler.assembly import Watch, present
from scheduler.pace import failures_after, next_visit
from scheduler.process import has_died, this_process

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=30)
"""How long a source stays claimed by a process that died."""

CRAWL_LIMIT = LEASE - timedelta(minutes=2)
"""When a crawl is told to stop, so that it ends before its lease does; what it left is read at the next visit."""


class Crawls:
    """The crawls of one process. Use it on one running loop."""

    def __init__(
        self,
        watch: Watch,
        pool: ReadingPool,
        *,
        at_once: int,
        on_progress: Callable[[Progress], None] | None = None,
        on_end: Callable[[Run], None] | None = None,
    ) -> None:
        """Take nothing yet. ``at_once`` bounds the sites that are visited at the same time."""
        self.who = this_process()
        self._watch = watch
        self._pool = pool
        self._at_once = at_once
        self._on_progress = on_progress
        self._on_end = on_end
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._stops: dict[str, Stop] = {}

    @property
    def running(self) -> frozenset[str]:
        """Names of the sources that are being crawled here."""
        return frozenset(self._tasks)

    def start_due(self, *, request_id: int | None = None) -> int:
        """Claim as many sources as there are free places, and start crawling them; returns how many.

        With ``request_id``, only what that request still waits for. Returns at once; the crawls go on as tasks.
        """
        free = self._at_once - len(self._tasks)
        if free <= 0:
            return 0
        claims = self._watch.store.sources.claim(
            free, now=present(), who=self.who, lease_s=LEASE.total_seconds(), request_id=request_id
        )
        for claim in claims:
            self._stops[claim.source] = Stop()
            task = asyncio.create_task(self._visit(claim), name=f"crawl {claim.source}")
            self._tasks[claim.source] = task
            task.add_done_callback(lambda _, name=claim.source: self._forget(name))  # type: ignore[misc]  # mypy cannot type a default of a lambda
        return len(claims)

    async def answer(self, request_id: int) -> None:
        """Crawl here and now what a request asks for; returns when each of its sources has its run.

        Raises StoreError when what came cannot be kept.
        """
        told: set[str] = set()
        while not (state := self._watch.store.sources.request_state(request_id)).done:
            self.start_due(request_id=request_id)
            if self._tasks:
                done, _ = await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            else:  # somebody else crawls that site: it must be given back, or its lease must end
                self._tell_who_holds([one.source for one in state.sources if one.state != "done"], told)
                await asyncio.sleep(0.5)
                self.take_over()

    def take_over(self) -> None:
        """Give back what processes of this machine held when they died. To be called while no crawl goes on here.

        One that died may have had the name of this one: after a restart, a container counts its processes from one again.
        """
        book = self._watch.store.sources
        for who in set(book.holders().values()):
            if who == self.who or has_died(who):
                log.warning("%s died while it crawled: given back %d sources", who, book.release_all(who))

    def _tell_who_holds(self, wanted: Sequence[str], told: set[str]) -> None:
        holders = self._watch.store.sources.holders()
        for source in sorted({*wanted} & {*holders} - told):
            log.warning("%s is held by %s: waiting until it is given back, or its lease ends", source, holders[source])
            told.add(source)

    async def stop(self, within_s: float) -> None:
        """Let each crawl finish the page that it is at, give its source back, and end; cut off what takes longer."""
        for stop in self._stops.values():
            stop.stop()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks.values(), timeout=within_s)
            for task in late:
                task.cancel()
            if late:
                log.warning("cut off after %.0f s: %s", within_s, ", ".join(task.get_name() for task in late))
                await asyncio.wait(late)
        self._watch.store.sources.release_all(self.who)

    def _forget(self, name: str) -> None:
        task = self._tasks.pop(name)
        del self._stops[name]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("crawl of %s failed: %s", name, error, exc_info=error)

    async def _visit(self, claim: Claim) -> None:
        """Crawl one source, keep its run, and say when it is due again; whatever happens, it is given back."""
        store = self._watch.store
        due, failures = present() + timedelta(seconds=claim.every_s), claim.failures
        try:
            run = await self._run_of(claim)
            failures = failures_after(run.outcome, claim.failures)
            due = _due_after(run, claim, failures)
            store.runs.record(run, claim.request_id)
            if self._on_end is not None:
                self._on_end(run)
        finally:
            store.sources.release(claim.source, now=present(), next_due=due, failures=failures, who=self.who)

    async def _run_of(self, claim: Claim) -> Run:
        """Crawl; a fault of this installation, such as a reader that is not installed, becomes a run that says so."""
        started_at = present()
        try:
            return await self._crawled(claim)
        except StoreError:
            raise
        except WatchError as fault:
            why = str(fault)
        except Exception as fault:
            log.exception("crawl of %s failed", claim.source)
            why = f"{type(fault).__name__}: {fault}"
        return Run(
            source=claim.source,
            trigger=claim.trigger,
            outcome=SourceOutcome.FAILED,
            started_at=started_at,
            finished_at=present(),
            detail=why,
        )

    async def _crawled(self, claim: Claim) -> Run:
        watch, stop = self._watch, self._stops[claim.source]
        limit = asyncio.get_running_loop().call_later(CRAWL_LIMIT.total_seconds(), stop.stop)
        try:
            return await crawl(
                watch.sources[claim.source],
                store=watch.store,
                pool=self._pool,
                captures=watch.settings.store.captures,
                collection=watch.settings.collection,
                watched_tags=watch.settings.watch.tags,
                trigger=claim.trigger,
                now=present,
                since=claim.since,
                classifier=watch.settings.watch.classifier,
                on_progress=self._on_progress,
                stop=stop,
            )
        finally:
            limit.cancel()


def _due_after(run: Run, claim: Claim, failures: float) -> datetime:
    """Say when a source is due after a visit; one that was told to end goes on as soon as it can."""
    now = present()
    if run.outcome is SourceOutcome.STOPPED:
        return now
    return next_visit(now, timedelta(seconds=claim.every_s), failures, random.random())  # noqa: S311 - jitter, no secret


def reading_pool(watch: Watch) -> ReadingPool:
    """Make the pool of processes that read pages, as the configuration says; use it as an async context manager."""
    collection = watch.settings.collection
    return ReadingPool(processes=collection.reading_processes, timeout_s=collection.reading_timeout_s)
