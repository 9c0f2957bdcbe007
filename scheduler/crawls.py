"""due or asked for → visited: what the clock starts and what a person starts are the same work.

Many sources are polled at once, a handful of sites crawled, one a site. What is claimed is leased in the store. A process that
stops in order gives its sources back at once; those of one that died are given back by the next on its machine, and elsewhere
when the lease ends.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from cases.errors import StoreError
from cases.ledger import Run
from cases.store import Claim, Conclusion
from crawler.order import Order
from crawler.polling import Poll, Polls, Unchanged
from crawler.pool import ReadingPool
from crawler.run import Progress, Stop
from scheduler.assembly import Watch, present
from scheduler.books import Books
from scheduler.places import Places
from scheduler.process import has_died, this_process
from scheduler.visits import Visits, concluded, order_of

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=30)
"""How long a source stays claimed by a process that died."""


class Crawls:
    """The visits of one process. Use it on one running loop."""

    def __init__(
        self,
        watch: Watch,
        pool: ReadingPool,
        *,
        at_once: int,
        polls: Polls | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        on_end: Callable[[Run], None] | None = None,
    ) -> None:
        """Take nothing yet. ``at_once`` bounds the sites that are crawled at the same time; without ``polls`` every visit is a crawl."""
        self.who = this_process()
        self._watch = watch
        self._polls = polls
        self._at_once = at_once
        self._on_end = on_end
        self._visits = Visits(watch, pool, on_progress)
        self._places = Places(at_once)
        self._books = Books(watch.store.sources, self.who, self._kept)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._stops: dict[str, Stop] = {}
        self._held_since = present()
        self._more_is_due = False
        self._stopping = False

    @property
    def running(self) -> frozenset[str]:
        """Names of the sources that are being visited here."""
        return frozenset(self._tasks)

    def start_due(self, *, request_id: int | None = None) -> int:
        """Claim as many sources as there are free places, and start visiting them; returns how many.

        With ``request_id``, only what that request still waits for. Returns at once; the visits go on as tasks, and where more
        is due than there was room for, they are followed by others.
        """
        self._hold_on()
        free = self._room(request_id)
        if free <= 0 or self._stopping:
            return 0
        claims = self._watch.store.sources.claim(
            free, now=present(), who=self.who, lease_s=LEASE.total_seconds(), request_id=request_id
        )
        self._more_is_due = request_id is None and len(claims) == free
        polls = self._prepared(claims)
        for claim in claims:
            self._stops[claim.source] = Stop()
            task = asyncio.create_task(self._visit(claim, polls.get(claim.source)), name=f"visit to {claim.source}")
            self._tasks[claim.source] = task
            task.add_done_callback(lambda ended, name=claim.source: self._forget(name, ended))  # type: ignore[misc]  # mypy cannot type a default of a lambda
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
        """Give back what processes of this machine held when they died. To be called while no visit goes on here.

        One that died may have had the name of this one: after a restart, a container counts its processes from one again.
        """
        book = self._watch.store.sources
        for who in set(book.holders().values()):
            if who == self.who or has_died(who):
                log.warning("%s died while it crawled: given back %d sources", who, book.release_all(who))

    async def stop(self, within_s: float) -> None:
        """Let each crawl finish the page that it is at, give its source back, and end; cut off what takes longer."""
        self._stopping = True
        for stop in self._stops.values():
            stop.stop()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks.values(), timeout=within_s)
            for task in late:
                task.cancel()
            if late:
                log.warning("cut off after %.0f s: %s", within_s, ", ".join(task.get_name() for task in late))
                await asyncio.wait(late)
        self._books.close()
        self._watch.store.sources.release_all(self.who)

    # -- one visit

    async def _visit(self, claim: Claim, poll: Poll | None) -> None:
        """Poll a source, and crawl it unless that was enough; whatever happens, it is given back."""
        try:
            answer = await self._polls.ask(poll) if self._polls is not None and poll is not None else None
            if isinstance(answer, Unchanged):
                self._books.add(concluded(claim, answer.run, answer.remembered))
                return
            async with self._places.place(urgent=claim.request_id is not None):
                if self._stopping:
                    return  # it is given back with all the others, due as before
                if self._polls is not None and answer is None:
                    await self._polls.turn(claim.host)
                run = await self._visits.crawl(claim, self._stops[claim.source], answer)
                if self._polls is not None:
                    self._polls.left(claim.host)
            self._books.keep(concluded(claim, run))
            if run.not_before is not None:
                self._watch.store.sources.pause(claim.host, until=run.not_before)
        except Exception:
            due = present() + timedelta(seconds=claim.every_s)
            self._watch.store.sources.release(
                claim.source, now=present(), next_due=due, failures=claim.failures, who=self.who
            )
            raise

    def _prepared(self, claims: Sequence[Claim]) -> Mapping[str, Poll]:
        """Look up in one go what can be polled; what somebody asked for is always crawled."""
        if self._polls is None:
            return {}
        orders = [self._order(claim) for claim in claims if claim.request_id is None]
        try:
            return self._polls.prepared([order for order in orders if order is not None])
        except StoreError as error:
            log.error("nothing can be polled: %s", error)  # noqa: TRY400 - the message says all
            return {}

    def _order(self, claim: Claim) -> Order | None:
        source = self._watch.sources.get(claim.source)
        return order_of(self._watch, source, claim) if source is not None else None

    # -- what is held

    def _room(self, request_id: int | None) -> int:
        """Say how many sources may be claimed: those that are polled, or wait to be crawled, take a place of the many."""
        most = self._watch.settings.service.polls_at_once if self._polls is not None else self._at_once
        if request_id is not None:
            most = self._at_once
        return most - len(self._held)

    def _hold_on(self) -> None:
        """Keep what is held: a source may wait for a place for longer than a lease."""
        if present() - self._held_since > LEASE / 3:
            self._held_since = present()
            self._watch.store.sources.renew(
                self._held, now=self._held_since, who=self.who, lease_s=LEASE.total_seconds()
            )

    @property
    def _held(self) -> frozenset[str]:
        return self.running | self._books.waiting

    def _kept(self, conclusions: Sequence[Conclusion]) -> None:
        for conclusion in conclusions:
            if self._on_end is not None:
                self._on_end(conclusion.run)
        if self._more_is_due and not self._stopping:
            asyncio.get_running_loop().call_soon(self._go_on)

    def _go_on(self) -> None:
        if self._more_is_due:
            self.start_due()

    def _tell_who_holds(self, wanted: Sequence[str], told: set[str]) -> None:
        holders = self._watch.store.sources.holders()
        for source in sorted({*wanted} & {*holders} - told):
            log.warning("%s is held by %s: waiting until it is given back, or its lease ends", source, holders[source])
            told.add(source)

    def _forget(self, name: str, task: asyncio.Task[None]) -> None:
        if self._tasks.get(name) is task:  # one that is due again at once may have been claimed already
            del self._tasks[name]
            del self._stops[name]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("visit to %s failed: %s", name, error, exc_info=error)


def reading_pool(watch: Watch) -> ReadingPool:
    """Make the pool of processes that read pages, as the configuration says; use it as an async context manager."""
    collection = watch.settings.collection
    return ReadingPool(processes=collection.reading_processes, timeout_s=collection.reading_timeout_s)
