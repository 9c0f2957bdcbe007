"""The only spider: asks for what readers want and for the pages of admitted entries, and hands on what comes.

It decides nothing. Which reader's turn it is, what an answer means and what becomes of an entry is asked of ``turns``,
``trouble`` and ``visit``.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from cases.errors import StoreError, WatchError
from crawler.capture import Archive
from crawler.fetching import capture_of
from crawler.guard import Guard
from crawler.keeping import FetchedPage
from crawler.memory import Seen
from crawler.pool import PoolClosed
from crawler.readers import Answer, Ask, Entry, Listing, Reader, unreadable
from crawler.robots import RobotsUnread
from crawler.trouble import Trouble, trouble_in, trouble_of
from crawler.turns import Turn
from crawler.visit import Visit

_logger = logging.getLogger(__name__)
_LISTING_FIRST = 10
_NOT_MODIFIED = 304


class VisitSpider(Spider):
    """One visit. ``turns`` are the readers still to be asked, in order; the first that serves is ``turn`` at the end."""

    name = "visit"

    def __init__(
        self,
        *,
        visit: Visit,
        turns: list[Turn],
        guard: Guard,
        archive: Archive,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__()
        self.visit = visit
        self.guard, self.archive, self.now = guard, archive, now
        self.requests = 0
        self.stopping = False
        self.failure: WatchError | None = None
        self.turn: Turn | None = None
        self.over: list[Turn] = []
        """Readers that did not serve."""
        self._coming = list(turns)
        self._reading = asyncio.Semaphore(visit.order.collection.reading_processes + 1)

    async def start(self) -> AsyncIterator[Request]:
        """Begin with the first reader."""
        for request in self._next_turn():
            yield request

    # -- listings

    def listed(self, response: Response, ask: Ask) -> Iterator[Request]:
        """Take the answer to a reader's request."""
        turn = self._current()
        if response.status == _NOT_MODIFIED:
            turn.unchanged += 1
        elif not turn.ended(ask, response.status):
            headers = headers_of(response)
            trouble = trouble_in(response.status, response.body, headers, response.url)
            if trouble is not None:
                turn.troubles.append(trouble)
            else:
                answer = Answer(url=response.url, headers=headers, body=response.body)
                listing = turn.take(ask, _read(turn.reader, ask, answer))
                if listing is not None:
                    yield from self._entered(turn, listing)
                    self.visit.listed(ask.url, {} if _was_redirected(response) else headers)
        yield from self._answered(turn)

    def listing_lost(self, failure: Failure) -> Iterator[Request]:
        """Take the news that a reader's request was not answered."""
        ask: Ask = failure.request.cb_kwargs["ask"]  # type: ignore[attr-defined]  # Scrapy puts it there
        self._raise_own(failure)
        turn = self._current()
        turn.troubles.append(trouble_of(failure.value, ask.url))
        yield from self._answered(turn)

    def _entered(self, turn: Turn, listing: Listing) -> Iterator[Request]:
        admitted = self.visit.admit(listing, kind=turn.kind)
        for entry, seen in admitted:
            yield self._page_request(entry, seen)
        if self.visit.goes_on(listing, admitted=bool(admitted)):
            yield from self._requests(turn, listing.asks)

    def _answered(self, turn: Turn) -> Iterator[Request]:
        """One request less is open; with the last, the reader's turn is over."""
        turn.open -= 1
        if turn.open > 0:
            return
        if turn.serves:
            for trouble in turn.troubles:
                self._note(trouble)
            self.visit.compare(turn)
        else:
            self.over.append(turn)
            self.turn = None
            if not any(trouble.final for trouble in turn.troubles):
                yield from self._next_turn()

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
        for ask in asks:
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
        if response.status == _NOT_MODIFIED:
            self.visit.unchanged(entry, seen)
            return
        trouble = trouble_in(response.status, response.body, headers, response.url)
        if trouble is not None:
            self.visit.lost(entry, seen, trouble)
            return
        fetched = FetchedPage(
            url=response.url,
            content_type=headers.get("content-type", ""),
            body=response.body,
            capture=capture_of(response),
        )
        async with self._reading:
            if self.stopping:
                return  # fetched, but not begun with: the next visit fetches it again
            try:
                kept = await self.visit.read(entry, seen, fetched)
                # an answer that was not kept must come whole again, and one from elsewhere says nothing of this address
                self.visit.memory.remember_answer(entry.url, headers if kept and not _was_redirected(response) else {})
            except (StoreError, PoolClosed) as error:
                self._give_up(error)

    def page_lost(self, failure: Failure) -> None:
        """Take the news that a page's request was not answered."""
        self._raise_own(failure)
        given = failure.request.cb_kwargs  # type: ignore[attr-defined]  # Scrapy puts it there
        self.visit.lost(given["entry"], given["seen"], trouble_of(failure.value, given["entry"].url))

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

    def _give_up(self, error: WatchError) -> None:
        """End the visit: without store, archive or pool nothing that comes can be used."""
        self.failure = error
        self.stopping = True
        raise CloseSpider("store")


def _read(reader: Reader, ask: Ask, answer: Answer) -> Listing:
    """Let a reader read an answer; one that breaks at it has not read it, and the next reader has its turn."""
    try:
        return reader.read(ask, answer)
    except Exception as fault:
        _logger.exception("reading the listing %s failed", answer.url)
        return unreadable(f"{answer.url} breaks the reading of it: {type(fault).__name__}: {fault}")


def _was_redirected(response: Response) -> bool:
    return "redirect_urls" in response.meta


def headers_of(response: Response) -> Mapping[str, str]:
    """Give the headers by their names in small letters, each with its last value."""
    return {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }
