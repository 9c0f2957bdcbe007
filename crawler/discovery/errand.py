"""question of a person → answers: addresses fetched in turn, as politely as in a crawl, and nothing kept or remembered."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from scrapy import Request, Spider

from cases.ledger import SourceOutcome
from crawler.answers import headers_of
from crawler.evidence.record import Exchange
from crawler.readers import Answer
from crawler.trouble import Trouble, trouble_in, trouble_of
from crawler.wire.guard import ForbiddenAddress, Guard, check_url
from crawler.wire.robots import KeptRobots


class Fetch(Protocol):
    """What an errand is given: fetch one address, or say why there is nothing. Never raises for what a site does."""

    async def __call__(self, url: str) -> Answer | Trouble:
        """Fetch one address, by way of robots.txt, guard, delay and limits."""
        ...


Errand = Callable[[Fetch], Awaitable[Any]]
"""What is to be done with the answers: which address is asked next may depend on what came."""


class ErrandSpider(Spider):
    """Runs one errand and ends with it. ``limit`` is the most requests it may ask for, without robots.txt and redirects."""

    name = "errand"

    def __init__(self, *, errand: Errand, guard: Guard, now: Callable[[], datetime], limit: int) -> None:
        super().__init__()
        self.guard, self.archive, self.now = guard, None, now
        self.robots: KeptRobots | None = None  # asked for once an errand, and remembered no longer
        self.requests = 0
        self.left_alone = False
        self.in_hand: dict[str, Exchange] = {}
        self.result: Any = None
        self.failure: Exception | None = None
        self._errand = errand
        self._limit = limit
        self._asked = 0
        self._over: dict[str, Trouble] = {}
        """Hosts that do not answer, or that ask for peace: nothing more is asked of them."""
        self._answers: dict[str, Answer | Trouble] = {}

    async def start(self) -> AsyncIterator[Request]:
        """Run the errand; nothing is scheduled, for each answer is waited for."""
        try:
            self.result = await self._errand(self.fetch)
        except Exception as error:  # noqa: BLE001 - handed on by whoever started the crawl, where Scrapy would only log it
            self.failure = error
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    async def fetch(self, url: str) -> Answer | Trouble:
        """Fetch one address, once: who asks for it again is given the same answer."""
        try:
            check_url(url)  # Scrapy refuses to make a request of what is no address, in words of its own
        except ForbiddenAddress as error:
            return trouble_of(error, url)
        host = urlsplit(url).netloc
        if url in self._answers or host in self._over:
            return self._answers.get(url) or self._over[host]
        if self._asked >= self._limit:
            return Trouble(outcome=SourceOutcome.STOPPED, why=f"{url}: not asked for, after {self._limit} requests")
        self._asked += 1
        answer = self._answers[url] = await self._fetched(url)
        if isinstance(answer, Trouble) and answer.final:
            self._over[host] = answer
        return answer

    async def _fetched(self, url: str) -> Answer | Trouble:
        try:
            response = await self.crawler.engine.download_async(Request(url, dont_filter=True))
        except Exception as error:  # noqa: BLE001 - whatever the client raises is news about the address
            return trouble_of(error, url)
        headers = headers_of(response)
        trouble = trouble_in(response.status, response.body, headers, response.url, asked=url, now=self.now())
        return trouble or Answer(url=response.url, headers=headers, body=response.body)
