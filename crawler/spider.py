"""The only spider: asks for what readers want and for the pages of admitted entries, and hands on what comes.

It decides nothing. Which reader's turn it is, what an answer means and what becomes of an entry is asked of ``turns``,
``trouble`` and ``visit``.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NoReturn

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from cases.errors import StoreError, Unreadable, WatchError
from cases.ledger import SourceOutcome
from crawler.answers import headers_of, listing_trouble, moved, new_address, not_modified, page_trouble, was_redirected
from crawler.evidence.capture import Archive
from crawler.keeping import FetchedPage
from crawler.memory import Seen
from crawler.pages.told import told_page
from crawler.polling import InHand
from crawler.pool import PoolClosed
from crawler.readers import Answer, Ask, Entry, Listing, ListingState, unreadable
from crawler.readers.listings import ListingJob
from crawler.trouble import OK, Trouble, no_article, trouble_of
from crawler.turns import Turn
from crawler.visit import Visit
from crawler.wire.fetching import LeftAlone, capture_of
from crawler.wire.guard import Guard
from crawler.wire.robots import KeptRobots, RobotsUnread
from crawler.wire.scripts import Scripts

_LISTING_FIRST = 10


class VisitSpider(Spider):
    """One visit. ``turns`` are the readers still to be asked, in order; those that served are ``served`` at the end."""

    name = "visit"

    def __init__(
        self,
        *,
        visit: Visit,
        turns: list[Turn],
        guard: Guard,
        archive: Archive,
        robots: KeptRobots,
        in_hand: InHand,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__()
        self.visit = visit
        self.guard, self.archive, self.robots, self.now = guard, archive, robots, now
        self.in_hand = {exchange.url: exchange for exchange in in_hand.answers}
        self.requests = in_hand.requests
        self.stopping = False
        self.left_alone = False
        self.failure: WatchError | None = None
        self.turn: Turn | None = None
        """Whose turn it is; None between turns and after the last."""
        self.served: list[Turn] = []
        """One reader that serves is enough; a second is asked when the first could not show everything."""
        self.over: list[Turn] = []
        """Readers that did not serve."""
        self.fell_back_from: tuple[str, ...] = ()
        """Those that had their turn before one served, each with its reason."""
        self.scripts: Scripts | None = None
        """Runs the scripts of pages, once there is one that needs it."""
        self._coming = list(turns)
        self._reading = asyncio.Semaphore(visit.order.collection.reading_processes + 1)
        self._listing = asyncio.Lock()

    async def start(self) -> AsyncIterator[Request]:
        """Begin with the first reader."""
        for request in self._next_turn():
            yield request

    # -- listings

    async def listed(self, response: Response, ask: Ask) -> AsyncIterator[Request]:
        """Take the answer to a reader's request."""
        turn = self._current()
        if not_modified(response):
            turn.unchanged += 1
        elif response.status == OK and self.visit.is_same(ask.url, response.body):
            turn.unchanged += 1
            turn.same_bytes = True
        elif not turn.ended(ask, response.status):
            trouble = listing_trouble(response, ask.url, self.visit.source, self.now())
            listing = await self._opened(turn, response, ask) if trouble is None else None
            instead = turn.missed(ask, trouble) if trouble is not None else ()
            for request in self._requests(turn, instead):
                yield request
            if listing is not None:
                admitted = await self._admitted(turn, listing, ask)
                for request in self._following(turn, listing, admitted):
                    yield request
                await self._read_told(admitted, response)
        for request in self._answered(turn):
            yield request
        self._leave_in_peace(turn.troubles)

    async def _admitted(self, turn: Turn, listing: Listing, ask: Ask) -> list[tuple[Entry, Seen]]:
        admitted: list[tuple[Entry, Seen]] = []
        for part in listing.in_parts():  # a sitemap may name 50,000 addresses: two seconds at a stretch
            admitted += self.visit.admit(part, kind=turn.kind, first=ask.page == 1)
            await asyncio.sleep(0)
        return admitted

    async def _opened(self, turn: Turn, response: Response, ask: Ask) -> Listing | None:
        """Let the reader read an answer; what it cannot read may be a log-in. Gives what is new in it, if anything is."""
        headers = headers_of(response)
        read = await self._read(turn, ask, Answer(url=response.url, headers=headers, body=response.body))
        login = no_article(response.body, response.url) if read.state is ListingState.UNREADABLE else None
        if login is not None:
            turn.troubles.append(login)
            return None
        listing = turn.take(ask, read)
        if listing is None:
            return None
        if (words := new_address(response, self.visit.source)) is not None:
            self.visit.warn(words)
        turn.hear(headers)
        if listing.leads or not listing.entries or was_redirected(response):
            self.visit.listed(ask.url, {}, None)  # that it stays as it is would say nothing of the articles
        elif not ask.once:
            self.visit.listed(ask.url, headers, response.body)
        return listing

    async def _read(self, turn: Turn, ask: Ask, answer: Answer) -> Listing:
        """Have an answer read away from the loop, one after the other; a listing that takes its reader's worker down is unread."""
        async with self._listing:
            try:
                done = await self.visit.pool.list(ListingJob(reader=turn.reader, ask=ask, answer=answer))
            except Unreadable as cause:
                return unreadable(f"{answer.url}: {cause}")
            except PoolClosed as error:
                self._give_up(error)
        turn.reader = done.reader
        return done.listing

    def listing_lost(self, failure: Failure) -> Iterator[Request]:
        """Take the news that a reader's request was not answered."""
        ask: Ask = failure.request.cb_kwargs["ask"]  # type: ignore[attr-defined]  # Scrapy puts it there
        self._raise_own(failure)
        if isinstance(failure.value, LeftAlone):
            return
        turn, request = self._current(), failure.request  # type: ignore[attr-defined]  # as above
        trouble = moved(request, request.url, self.visit.source) or trouble_of(failure.value, ask.url)
        yield from self._requests(turn, turn.missed(ask, trouble))
        yield from self._answered(turn)
        self._leave_in_peace(turn.troubles)

    def _following(self, turn: Turn, listing: Listing, admitted: list[tuple[Entry, Seen]]) -> Iterator[Request]:
        for entry, seen in admitted:
            if entry.content is None:
                yield self._page_request(entry, seen)
        if self.visit.goes_on(listing, admitted=bool(admitted)):
            yield from self._requests(turn, listing.asks)

    async def _read_told(self, admitted: list[tuple[Entry, Seen]], response: Response) -> None:
        """Read the articles that a listing holds whole."""
        capture, source = capture_of(response), self.visit.source
        told = [(entry, seen) for entry, seen in admitted if entry.content is not None]
        await asyncio.gather(*(self._read_page(entry, seen, told_page(entry, source, capture)) for entry, seen in told))

    def _answered(self, turn: Turn) -> Iterator[Request]:
        """One request less is open; with the last, the reader's turn is over."""
        turn.open -= 1
        if turn.open > 0:
            return
        self.turn = None
        if turn.serves:
            self.fell_back_from = self.fell_back_from if self.served else tuple(over.reason for over in self.over)
            self.served.append(turn)
            for trouble in turn.troubles:
                self._note(trouble)
            if self.visit.compare(turn):
                yield from self._next_turn()
        else:
            self.over.append(turn)
            if self.served:
                self.visit.warn(f"what may have been missed was looked for in vain: {turn.reason}")
            if not any(trouble.final for trouble in turn.troubles):
                yield from self._next_turn()
        yield from self._second_looks()

    def _second_looks(self) -> Iterator[Request]:
        """Once every reader had its turn, ask for what no listing shows any more."""
        if self.turn is None and self.served and not self.stopping:
            for entry, seen in self.visit.second_looks():
                yield self._page_request(entry, seen)

    def _note(self, trouble: Trouble) -> None:
        """Note what of the listing was missing: a part that is not there needs a word, one that failed another visit."""
        if trouble.outcome == "gone":
            self.visit.warn(trouble.why)
        else:
            self.visit.undone(trouble.why)

    def _next_turn(self) -> Iterator[Request]:
        if not self._coming or self.stopping:
            return
        self.turn = self._coming.pop(0)
        yield from self._requests(self.turn, self.turn.reader.first())

    def _requests(self, turn: Turn, asks: tuple[Ask, ...]) -> Iterator[Request]:
        for ask in filter(turn.is_new, asks):
            if turn.pages >= self.visit.order.collection.max_listing_pages:
                self.visit.undone(f"the listing has more than {turn.pages} pages (collection.max_listing_pages)")
                return
            turn.pages += 1
            turn.open += 1
            yield self._request(ask.url, self.listed, self.listing_lost, priority=_LISTING_FIRST, ask=ask)

    def _current(self) -> Turn:
        if self.turn is None:
            raise RuntimeError("an answer to a listing came when it was no reader's turn")
        return self.turn

    # -- pages

    async def page(self, response: Response, entry: Entry, seen: Seen) -> None:
        """Take the answer to a page's request."""
        headers = headers_of(response)
        if not_modified(response):
            self.visit.unchanged(entry, seen)
            return
        trouble = page_trouble(response, entry.url, self.visit.source, self.now())
        if trouble is not None:
            self.visit.lost(entry, seen, trouble)
            self._leave_in_peace([trouble])
            return
        fetched = FetchedPage(
            url=response.url,
            content_type=headers.get("content-type", ""),
            body=response.body,
            capture=capture_of(response),
        )
        if self.visit.source.javascript:
            await self._run_and_read(entry, seen, fetched)
            return
        # an answer from elsewhere says nothing of this address
        await self._read_page(entry, seen, fetched, {} if was_redirected(response) else headers)

    async def _run_and_read(self, entry: Entry, seen: Seen, fetched: FetchedPage) -> None:
        """Read a page as its scripts leave it; that its frame did not change would say nothing of what fills it."""
        self.scripts = self.scripts or Scripts(self.crawler, self.archive, self.visit.order.collection, self.now)
        try:
            run = await self.scripts.run(fetched)
        except Unreadable as cause:
            if not self.stopping:
                self.visit.lost(entry, seen, Trouble(outcome=SourceOutcome.PARSE_FAILED, why=str(cause)))
        except StoreError as error:
            self._give_up(error)
        else:
            await self._read_page(entry, seen, run, {})

    async def _read_page(
        self, entry: Entry, seen: Seen, fetched: FetchedPage, headers: Mapping[str, str] | None = None
    ) -> None:
        """Have a page read; ``headers`` are those of its own answer, None when it had none."""
        async with self._reading:
            if self.stopping:
                return  # fetched, but not begun with: the next visit fetches it again
            try:
                await self.visit.read(entry, seen, fetched, headers)
            except (StoreError, PoolClosed) as error:
                self._give_up(error)

    def page_lost(self, failure: Failure) -> None:
        """Take the news that a page's request was not answered."""
        self._raise_own(failure)
        if isinstance(failure.value, LeftAlone):
            return  # it waits, and is told as not reached
        given = failure.request.cb_kwargs  # type: ignore[attr-defined]  # Scrapy puts it there
        trouble = trouble_of(failure.value, given["entry"].url)
        self.visit.lost(given["entry"], given["seen"], trouble)
        self._leave_in_peace([trouble])

    def _page_request(self, entry: Entry, seen: Seen) -> Request:
        return self._request(entry.url, self.page, self.page_lost, priority=0, entry=entry, seen=seen)

    # -- both

    def _request(self, url: str, callback: Any, errback: Any, *, priority: int, **given: Any) -> Request:  # noqa: ANN401 - Scrapy's types
        return Request(
            url,
            callback=callback,
            errback=errback,
            headers=self.visit.conditions(url, is_listing="ask" in given),
            priority=priority,
            cb_kwargs=given,
            dont_filter=True,  # entries are told apart by their identity, before they come here
        )

    def _raise_own(self, failure: Failure) -> None:
        error = failure.value.cause if isinstance(failure.value, RobotsUnread) else failure.value
        if isinstance(error, StoreError):
            self._give_up(error)

    def _leave_in_peace(self, troubles: Iterable[Trouble]) -> None:
        """End the visit when the site asks for peace: nothing more goes out, and what was not asked for waits."""
        wanting = [trouble for trouble in troubles if trouble.wait is not None]
        if wanting:
            self.visit.undone(wanting[0].why)
            self.left_alone = True
            raise CloseSpider("peace")

    def _give_up(self, error: WatchError) -> NoReturn:
        """End the visit: without store, archive or pool nothing that comes can be used."""
        self.failure = error
        self.stopping = True
        raise CloseSpider("store")
