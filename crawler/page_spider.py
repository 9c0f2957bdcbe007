"""The half of the spider that asks for pages, and what the asking for listings shares with it.

It decides nothing: what an answer means and what becomes of an entry is asked of ``trouble`` and ``visit``.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NoReturn

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from cases.errors import StoreError, Unreadable, WatchError
from cases.ledger import SourceOutcome
from crawler.answers import headers_of, not_modified, page_trouble, was_redirected
from crawler.evidence.capture import Archive
from crawler.keeping import FetchedPage
from crawler.memory import Seen
from crawler.polling import InHand
from crawler.pool import PoolClosed
from crawler.readers import Entry
from crawler.trouble import Trouble, trouble_of
from crawler.visit import Visit
from crawler.wire.fetching import LeftAlone, capture_of
from crawler.wire.guard import Guard
from crawler.wire.robots import KeptRobots, RobotsUnread
from crawler.wire.scripts import Scripts


class PageSpider(Spider):
    """Asks for the pages of a visit, and hands on what comes."""

    def __init__(
        self,
        *,
        visit: Visit,
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
        self.scripts: Scripts | None = None
        """Runs the scripts of pages, once there is one that needs it."""
        self._reading = asyncio.Semaphore(visit.order.collection.reading_processes + 1)

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
