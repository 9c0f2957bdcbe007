"""due or asked for → crawled: what the clock starts and what a person starts are the same work.

A handful of sites at once, one crawl a site. What is claimed is leased in the store: when this process dies, the lease ends
and the source is due again; when it stops in order, it gives the source back at once.
"""

import asyncio
import logging
import os
import random
import socket
from collections.abc import Callable
from datetime import datetime, timedelta

from cases.errors import StoreError, WatchError
from cases.ledger import Run, SourceOutcome
from cases.store import Claim
from crawler.pool import ReadingPool
from crawler.run import Progress, Stop, crawl
from scheduler.assembly import Watch, present
from scheduler.pace import failures_after, next_visit

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=30)
"""How long a source stays claimed by a process that died."""

CRAWL_LIMIT = LEASE - timedelta(minutes=2)
"""When a crawl is told to stop, so that it ends before its lease does; what it left is read at the next visit."""


def this_process() -> str:
    """Name this process for the leases in the store."""
    return f"{socket.gethostname()}:{os.getpid()}"


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
        while not self._watch.store.sources.request_state(request_id).done:
            self.start_due(request_id=request_id)
            if self._tasks:
                done, _ = await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            else:
                await asyncio.sleep(0.5)  # somebody else crawls that site: its lease must end first

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
        except Exception as fault:
            log.exception("crawl of %s failed", claim.source)
            return Run(
                source=claim.source,
                trigger=claim.trigger,
                outcome=SourceOutcome.FAILED,
                started_at=started_at,
                finished_at=present(),
                detail=str(fault) if isinstance(fault, WatchError) else f"{type(fault).__name__}: {fault}",
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
