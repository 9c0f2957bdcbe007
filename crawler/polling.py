"""source that was read before → did anything change? Asked without starting a crawl.

Most visits end with "nothing changed", and that answer costs one request. A poll asks for the addresses that the source's
first reader would ask for first, when all of them are known from the last complete visit. When none has changed, the visit is
over. Everything else is for a crawl to find out, which is handed what was answered: no address is asked for twice. A poll
fetches no robots.txt: without a copy that is young enough, the crawl does.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Self, cast
from urllib.parse import urlsplit

import msgspec
from w3lib.url import safe_url_string

from cases.errors import WatchError
from cases.ledger import Run, SourceOutcome
from cases.model import Value
from cases.plugins import READERS, load
from cases.store import RobotsCopy, Store, Validators
from crawler.evidence.record import Exchange
from crawler.memory import LastVisit, conditions_of, last_visit_in, visit_key, written
from crawler.options import Collection
from crawler.order import Order, scope_of
from crawler.readers import ReaderType
from crawler.wire.asking import LightDoor, unpacked
from crawler.wire.hosts import Hosts
from crawler.wire.patience import fresh_for
from crawler.wire.robots import allows, is_young, pause_asked, site_of
from crawler.wire.settings import user_agent

_logger = logging.getLogger(__name__)
_READ = 200
_NOT_MODIFIED = 304


class Question(Value, frozen=True, kw_only=True):
    """An address to ask for, and what is known of it."""

    url: str
    known: Validators


class Poll(Value, frozen=True, kw_only=True):
    """The questions that tell whether a source has changed."""

    order: Order
    last: LastVisit
    questions: tuple[Question, ...]
    pause_s: float
    """Least time between two requests to its hosts."""


class Unchanged(Value, frozen=True, kw_only=True):
    """The visit is over. ``remembered`` is to be kept together with its run."""

    run: Run
    remembered: Mapping[str, Validators]


class InHand(Value, frozen=True, kw_only=True):
    """What a poll brought that did not settle it, for the crawl to begin with. Nothing of it was read or kept yet."""

    answers: tuple[Exchange, ...] = ()
    requests: int = 0


class Polls:
    """The polls of one process; an async context manager, on one running loop."""

    def __init__(self, store: Store, collection: Collection, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._collection = collection
        self._now = now
        self._agent = user_agent(collection)
        self._door = LightDoor(collection, now=now)
        self._hosts = Hosts()
        self._kinds: dict[str, ReaderType] = {}
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._open.enter_async_context(self._door)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    def prepared(self, orders: Sequence[Order]) -> dict[str, Poll]:
        """Find the sources that can be polled, by name, with one look into the store for all of them."""
        now = self._now()
        visits = self._store.runs.known([_key(order) for order in orders])
        drafts = [self._draft(order, visits.get(_key(order)), now) for order in orders]
        asks = {url for draft in drafts if draft is not None for url in draft[2]}
        known = self._store.runs.known(asks)
        copies = self._store.robots.copies({site_of(url) for url in asks}) if self._collection.respect_robots else {}
        polls: dict[str, Poll] = {}
        for order, last, urls in filter(None, drafts):
            poll = self._poll(order, last, urls, known, copies)
            if poll is not None:
                polls[order.source.name] = poll
        return polls

    async def ask(self, poll: Poll) -> Unchanged | InHand:
        """Ask, one address after the other; ends at the first answer that is not "unchanged". Never raises for a site's fault."""
        started_at = self._now()
        answers: list[Exchange] = []
        outcome = SourceOutcome.NOT_MODIFIED
        fresh: list[timedelta] = []
        for question in poll.questions:
            await self._hosts.turn(_host(question.url), poll.pause_s)
            try:
                exchange = await self._door.ask(question.url, conditions_of(question.known))
                answers.append(exchange)
                found = self._told(exchange, question.known)
            except Exception as error:  # noqa: BLE001 - whatever it is, a crawl finds out what it means
                _logger.debug("poll of %s: %s: %s", question.url, type(error).__name__, error)
                await self._hosts.turn(_host(question.url), poll.pause_s)
                return InHand(answers=tuple(answers), requests=len(answers) + 1)
            if found is None:
                return InHand(answers=tuple(answers), requests=len(answers))
            outcome = found if found is SourceOutcome.SAME_BYTES else outcome
            fresh += filter(None, [fresh_for({name.lower(): value for name, value in exchange.headers})])
        return self._unchanged(poll, started_at, outcome, min(fresh, default=None))

    async def turn(self, host: str) -> None:
        """Wait until a crawl may begin on a host."""
        await self._hosts.turn(host, self._collection.delay_s)

    def left(self, host: str) -> None:
        """Note that a crawl of a host has just ended."""
        self._hosts.asked(host)

    def _draft(
        self, order: Order, visited: Validators | None, now: datetime
    ) -> tuple[Order, LastVisit, tuple[str, ...]] | None:
        """Say what would have to be asked, when a poll could be enough."""
        last = last_visit_in(visited)
        scope = scope_of(order, last, now)
        if scope.thorough or not scope.partial:
            return None
        try:
            table = order.source.readers[0]
            reader = self._kind(table.kind)(order.source, table, scope.window)
            urls = tuple(safe_url_string(ask.url) for ask in reader.first())
        except (WatchError, ValueError):
            return None
        return (order, last, urls) if urls else None

    def _poll(
        self,
        order: Order,
        last: LastVisit,
        urls: tuple[str, ...],
        known: Mapping[str, Validators],
        copies: Mapping[str, RobotsCopy],
    ) -> Poll | None:
        if not all(url in known for url in urls):
            return None
        pause_s = self._collection.delay_s
        if self._collection.respect_robots:
            for url in urls:
                copy = copies.get(site_of(url))
                if copy is None or not is_young(copy, self._now()) or not allows(copy, url, self._agent):
                    return None
                pause_s = max(pause_s, pause_asked(copy, self._agent))
        questions = tuple(Question(url=url, known=known[url]) for url in urls)
        return Poll(order=order, last=last, questions=questions, pause_s=pause_s)

    def _told(self, exchange: Exchange, known: Validators) -> SourceOutcome | None:
        """Say in which way an answer is "unchanged", or None when it is not."""
        if exchange.status == _NOT_MODIFIED and conditions_of(known):  # said unasked, it says nothing
            return SourceOutcome.NOT_MODIFIED
        if exchange.status != _READ or known.sha256 is None:
            return None
        body = unpacked(exchange, self._collection.max_bytes)
        return SourceOutcome.SAME_BYTES if sha256(body).hexdigest() == known.sha256 else None

    def _unchanged(
        self, poll: Poll, started_at: datetime, outcome: SourceOutcome, fresh: timedelta | None
    ) -> Unchanged:
        source = poll.order.source
        fresh = max(filter(None, (fresh, poll.last.fresh)), default=None)
        run = Run(
            source=source.name,
            trigger=poll.order.trigger,
            outcome=outcome,
            started_at=started_at,
            finished_at=self._now(),
            fresh_s=fresh.total_seconds() if fresh is not None else None,
            reader=source.readers[0].kind,
            requests=len(poll.questions),
        )
        visited = msgspec.structs.replace(poll.last, complete_at=started_at)
        return Unchanged(run=run, remembered={_key(poll.order): written(visited)})

    def _kind(self, name: str) -> ReaderType:
        """Find a kind of reader once: looking through what is installed takes milliseconds."""
        if name not in self._kinds:
            self._kinds[name] = cast(ReaderType, load(READERS, name))
        return self._kinds[name]


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def _key(order: Order) -> str:
    return visit_key(order.source.home, order.source.name)
