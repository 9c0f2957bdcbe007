"""claim → run, and run → when the source is due again: one visit, as the watch is configured."""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from datetime import timedelta

from cases.errors import StoreError, WatchError
from cases.ledger import Run, SourceOutcome
from cases.store import Claim, Conclusion, Validators
from crawler.order import Order
from crawler.polling import InHand
from crawler.pool import ReadingPool
from crawler.progress import Progress
from crawler.run import Stop, crawl
from crawler.sources import Source
from scheduler.assembly import Watch, present
from scheduler.pace import pace_after

log = logging.getLogger(__name__)

CRAWL_LIMIT = timedelta(minutes=28)
"""When a crawl is told to stop, so that it ends before a lease of half an hour does; what it left is read at the next visit."""


class Visits:
    """Crawls sources as the watch is configured."""

    def __init__(self, watch: Watch, pool: ReadingPool, on_progress: Callable[[Progress], None] | None) -> None:
        self._watch = watch
        self._pool = pool
        self._on_progress = on_progress

    @property
    def pages_waiting(self) -> int:
        """How many pages and listings are being read, or wait for it."""
        return self._pool.waiting

    async def crawl(self, claim: Claim, stop: Stop, in_hand: InHand | None, *, urgent: bool) -> Run:
        """Crawl, ``urgent`` pages being read before others; a fault of this installation, such as a reader that is not installed, becomes a run that says so.

        Raises StoreError when what came cannot be kept.
        """
        started_at = present()
        try:
            return await self._crawled(claim, stop, in_hand, self._pool.hurried() if urgent else self._pool)
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

    async def _crawled(self, claim: Claim, stop: Stop, in_hand: InHand | None, pool: ReadingPool) -> Run:
        watch = self._watch
        limit = asyncio.get_running_loop().call_later(CRAWL_LIMIT.total_seconds(), stop.stop)
        try:
            return await crawl(
                watch.sources[claim.source],
                store=watch.store,
                pool=pool,
                captures=watch.settings.store.captures,
                collection=watch.settings.collection,
                watched_tags=watch.settings.watch.tags,
                trigger=claim.trigger,
                now=present,
                since=claim.since,
                judging=watch.settings.judging,
                on_progress=self._on_progress,
                stop=stop,
                in_hand=in_hand,
            )
        finally:
            limit.cancel()


def order_of(watch: Watch, source: Source, claim: Claim) -> Order:
    """Say what a claim wants of a source."""
    return Order(
        source=source,
        collection=watch.settings.collection,
        watched=watch.settings.watch.tags,
        trigger=claim.trigger,
        since=claim.since,
        judging=watch.settings.judging,
    )


def concluded(claim: Claim, run: Run, remembered: Mapping[str, Validators] | None = None) -> Conclusion:
    """Say what is left of a visit: its run, and when its source is due again."""
    pace = pace_after(
        run,
        every=timedelta(seconds=claim.every_s),
        interval=timedelta(seconds=claim.interval_s) if claim.interval_s is not None else None,
        failures=claim.failures,
        now=present(),
        chance=random.random(),  # noqa: S311 - jitter, no secret
    )
    return Conclusion(
        run=run,
        next_due=pace.next_due,
        failures=pace.failures,
        interval_s=round(pace.interval.total_seconds()),
        request_id=claim.request_id,
        remembered=remembered or {},
    )
