"""due or asked for → visited: what the clock starts and what a person starts are the same work.

Many sources are polled at once, a handful of sites crawled, one a site. What is claimed is leased in the store. A process that
stops in order gives its sources back at once; those of one that died are taken over by whoever notices first: at once on its own
machine, and elsewhere when it has given no sign of life for a while.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta

from cases.errors import StoreError
from cases.ledger import Run
from cases.store import Claim, Conclusion, Wanted
from crawler.order import Order
from crawler.places import Places
from crawler.polling import Poll, Polls, Unchanged
from crawler.pool import ReadingPool
from crawler.progress import Progress
from crawler.run import Stop
from scheduler.assembly import Watch, present
from scheduler.books import Books
from scheduler.process import has_died, this_process
from scheduler.queue import LEASE, CrawlQueue, Leases, lost
from scheduler.visits import Visits, concluded, order_of

log = logging.getLogger(__name__)

SHARE = 4
"""Sources that a process holds for each of its places, at most, where others work on the same store: they shall have their share."""

SPARE = 2
"""Places beyond the configured ones that only what a person asked for may take: it waits for no routine crawl to end."""

_TRY_AGAIN_S = 2.0


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
        queue: CrawlQueue | None = None,
    ) -> None:
        """Take nothing yet; without ``queue`` it will be from the leases in the store. ``at_once`` bounds the sites that are crawled at the same time, 0 visits nothing; without ``polls`` every visit is a crawl."""
        self._queue = queue or Leases(watch.store.sources, this_process())
        self.who = self._queue.who
        self.keeps_trying = False
        """Whether what cannot be written now is tried again, as a service does; else it is an error."""
        self._watch = watch
        self._polls = polls
        self._at_once = at_once
        self._on_end = on_end
        self._visits = Visits(watch, pool, on_progress)
        self._places = Places(at_once, spare=SPARE)
        self._books = Books(self._queue, self._kept)
        self._claiming = asyncio.Lock()
        self._going_on: asyncio.Task[None] | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._stops: dict[str, Stop] = {}
        self._urgent: set[str] = set()
        self._hurried: set[str] = set()
        self._held_since = present()
        self._more_is_due = False
        self._stopping = False

    @property
    def pages_waiting(self) -> int:
        """How many pages and listings are being read, or wait for it."""
        return self._visits.pages_waiting

    @property
    def running(self) -> frozenset[str]:
        """Names of the sources that are being visited here."""
        return frozenset(self._tasks)

    async def start_due(self, *, request_id: int | None = None) -> int:
        """Claim as many sources as there are free places, and start visiting them; returns how many.

        With ``request_id``, only what that request still waits for. Waits for no visit: they go on as tasks, and where more is
        due than there was room for, they are followed by others.
        """
        async with self._claiming:
            if self._stopping or self._at_once == 0:
                return 0
            await self._hold_on()
            self._hurry()
            free = self._room(request_id)
            wanted = Wanted(request_id=request_id, only_asked=free <= 0)
            most = free if free > 0 else SPARE - len(self._urgent)
            if most <= 0 or (free <= 0 and request_id is not None):
                return 0
            claims = await self._queue.claim(most, now=present(), wanted=wanted)
            if free > 0:
                self._more_is_due = request_id is None and len(claims) == free
            self._start(claims)
            return len(claims)

    def _hurry(self) -> None:
        """Let a routine visit that waits for a place come first where a person asks for its source: it is not free before."""
        asked = self._watch.store.sources.asked_for() & (self.running - self._urgent)
        self._hurried |= asked
        self._places.hurry(asked)

    def _start(self, claims: Sequence[Claim]) -> None:
        polls = self._prepared(claims)
        for claim in claims:
            self._stops[claim.source] = Stop()
            task = asyncio.create_task(self._visit(claim, polls.get(claim.source)), name=f"visit to {claim.source}")
            self._tasks[claim.source] = task
            if claim.request_id is not None:
                self._urgent.add(claim.source)
            task.add_done_callback(lambda ended, name=claim.source: self._forget(name, ended))  # type: ignore[misc]  # mypy cannot type a default of a lambda

    async def answer(self, request_id: int) -> None:
        """Crawl here and now what a request asks for; returns when each of its sources has its run.

        Raises StoreError when what came cannot be kept.
        """
        told: set[str] = set()
        while not (state := self._watch.store.sources.request_state(request_id)).done:
            await self.start_due(request_id=request_id)
            if self._tasks:
                done, _ = await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            else:  # somebody else crawls that site: it must be given back, or its lease must end
                self._tell_who_holds([one.source for one in state.sources if one.state != "done"], told)
                await asyncio.sleep(0.5)
                await self.take_over()

    async def take_over(self, silent: Collection[str] = ()) -> None:
        """Give back what the dead held: processes of this machine that are gone, and ``silent`` ones, of which nobody has heard.

        One that died may have had the name of this one: after a restart, a container counts its processes from one again.
        """
        async with self._claiming:
            holders = set(self._watch.store.sources.holders().values())
            signs = {sign.who for sign in self._watch.store.presence.signs()}
            for who in sorted(holders | signs):
                is_older_self = who == self.who and who in holders and not self._held
                if is_older_self or (who != self.who and (who in silent or has_died(who))):
                    names = await self._queue.bury(who)
                    if names:
                        log.warning("%s died while it crawled: given back %s", who, lost(names))
                    self._watch.store.presence.farewell(who)

    async def stop(self, within_s: float) -> None:
        """Let each crawl finish the page that it is at, give its source back, and end; cut off what takes longer."""
        self._stopping = True
        async with self._claiming:
            self.let_go()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks.values(), timeout=within_s)
            for task in late:
                task.cancel()
            if late:
                log.warning("cut off after %.0f s: %s", within_s, ", ".join(task.get_name() for task in late))
                await asyncio.wait(late)
        await self._books.close()
        await self._queue.bury(self.who)

    def let_go(self) -> None:
        """Tell every visit to end after the page that it is at."""
        for stop in self._stops.values():
            stop.stop()

    # -- one visit

    async def _visit(self, claim: Claim, poll: Poll | None) -> None:
        """Poll a source, and crawl it unless that was enough; whatever happens, it is given back."""
        try:
            answer = await self._polls.ask(poll) if self._polls is not None and poll is not None else None
            if isinstance(answer, Unchanged):
                self._books.add(concluded(claim, answer.run, answer.remembered))
                return
            async with self._places.place(urgent=self._is_urgent(claim), who=claim.source):
                if self._stopping:
                    return  # it is given back with all the others, due as before
                if self._polls is not None and answer is None:
                    await self._polls.turn(claim.host)
                urgent = self._is_urgent(claim)
                run = await self._visits.crawl(claim, self._stops[claim.source], answer, urgent=urgent)
                if self._polls is not None:
                    self._polls.left(claim.host)
            await self._books.keep(concluded(claim, run))
            if run.not_before is not None:
                self._watch.store.sources.pause(claim.host, until=run.not_before)
        except Exception:
            await self._give_back(claim)
            raise

    def _is_urgent(self, claim: Claim) -> bool:
        """Tell whether a person waits for this visit, or for its source to be free again."""
        return claim.request_id is not None or claim.source in self._hurried

    async def _give_back(self, claim: Claim) -> None:
        """Give a source back after its visit failed; on a disk that is full, a service tries until there is room."""
        while True:
            due = present() + timedelta(seconds=claim.every_s)
            try:
                await self._queue.give_back(claim.source, now=present(), next_due=due, failures=claim.failures)
            except StoreError:
                if self._stopping or not self.keeps_trying:
                    raise
                await asyncio.sleep(_TRY_AGAIN_S)
            else:
                return

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
        if self._watch.settings.store.is_shared:
            most = min(most, SHARE * self._at_once)
        if request_id is not None:
            most = self._at_once
        return most - len(self._held)

    async def _hold_on(self) -> None:
        """Keep what is held: a source may wait for a place for longer than a lease."""
        if present() - self._held_since > LEASE / 3:
            self._held_since = present()
            await self._queue.renew(self._held, now=self._held_since)

    @property
    def _held(self) -> frozenset[str]:
        return self.running | self._books.waiting

    def _kept(self, conclusions: Sequence[Conclusion]) -> None:
        for conclusion in conclusions:
            if self._on_end is not None:
                self._on_end(conclusion.run)
        if self._more_is_due and not self._stopping and (self._going_on is None or self._going_on.done()):
            self._going_on = asyncio.get_running_loop().create_task(self._go_on())

    async def _go_on(self) -> None:
        while self._more_is_due and not self._stopping:
            try:
                if not await self.start_due():
                    return
            except StoreError as error:
                log.error("nothing can be claimed: %s", error)  # noqa: TRY400 - the message says all
                return

    def _tell_who_holds(self, wanted: Sequence[str], told: set[str]) -> None:
        holders = self._watch.store.sources.holders()
        for source in sorted({*wanted} & {*holders} - told):
            log.warning("%s is held by %s: waiting until it is given back, or its lease ends", source, holders[source])
            told.add(source)

    def _forget(self, name: str, task: asyncio.Task[None]) -> None:
        if self._tasks.get(name) is task:  # one that is due again at once may have been claimed already
            del self._tasks[name]
            del self._stops[name]
            self._urgent.discard(name)
            self._hurried.discard(name)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("visit to %s failed: %s", name, error, exc_info=error)


def reading_pool(watch: Watch) -> ReadingPool:
    """Make the pool of processes that read pages, as the configuration says; use it as an async context manager."""
    collection = watch.settings.collection
    return ReadingPool(processes=collection.reading_processes, timeout_s=collection.reading_timeout_s)
