"""The only spider of a visit: asks for what readers want and, by its other half, for the pages of admitted entries.

It decides nothing. Which reader's turn it is, what an answer means and what becomes of an entry is asked of ``turns``,
``trouble`` and ``visit``.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from cases.errors import Unreadable
from crawler.answers import headers_of, listing_trouble, moved, new_address, not_modified, was_redirected
from crawler.memory import Seen
from crawler.page_spider import PageSpider
from crawler.pages.told import told_page
from crawler.pool import PoolClosed
from crawler.readers import Answer, Ask, Entry, Listing, ListingState, unreadable
from crawler.readers.listings import ListingJob
from crawler.trouble import OK, Trouble, no_article, trouble_of
from crawler.turns import Turn
from crawler.wire.fetching import LeftAlone, capture_of

_LISTING_FIRST = 10


class VisitSpider(PageSpider):
    """One visit. ``turns`` are the readers still to be asked, in order; those that served are ``served`` at the end."""

    name = "visit"

    def __init__(self, *, turns: list[Turn], **given: Any) -> None:  # noqa: ANN401 - those of ``PageSpider``
        super().__init__(**given)
        self.turn: Turn | None = None
        """Whose turn it is; None between turns and after the last."""
        self.served: list[Turn] = []
        """One reader that serves is enough; a second is asked when the first could not show everything."""
        self.over: list[Turn] = []
        """Readers that did not serve."""
        self.fell_back_from: tuple[str, ...] = ()
        """Those that had their turn before one served, each with its reason."""
        self._coming = list(turns)
        self._listing = asyncio.Lock()

    async def start(self) -> AsyncIterator[Request]:
        """Begin with the first reader."""
        for request in self._next_turn():
            yield request

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
        turn.hear(headers, listing)
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
