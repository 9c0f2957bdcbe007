"""robots.txt → may we? Obeyed as RFC 9309 asks, and only believed when it was really read.

Scrapy would take any answer for rules, and no answer for permission. Here 401, 403, 404 and 410 mean that there are no
rules; any other answer but 200, or none, means that the rules could not be read, and then the site is left alone.
"""

import asyncio
import logging
from typing import NoReturn

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from crawler.guard import ForbiddenAddress

_logger = logging.getLogger(__name__)
_READ = 200
_NO_RULES = frozenset({401, 403, 404, 410})
_LONGEST_DELAY_S = 120.0


class RobotsForbid(IgnoreRequest):
    """The site's robots.txt asks us not to fetch this address."""


class RobotsUnread(IgnoreRequest):
    """The site's robots.txt could not be read, so nothing of the site is fetched; ``cause`` says why."""

    def __init__(self, host: str, cause: Exception | int) -> None:
        super().__init__(f"robots.txt of {host} could not be read")
        self.cause = cause


class Robots(RobotsTxtMiddleware):
    """Scrapy's middleware, with a careful reading of the answer, and the crawl-delay that it asks for."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._rules: dict[str, asyncio.Future[RobotParser | Exception | int]] = {}

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:  # noqa: ARG002 - Scrapy's signature
        """Let a request pass, or raise RobotsForbid or RobotsUnread."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        netloc = urlparse_cached(request).netloc
        if netloc not in self._rules:
            self._rules[netloc] = asyncio.ensure_future(self._read(request))
        rules = await asyncio.shield(self._rules[netloc])
        if not isinstance(rules, RobotParser):
            _leave_alone(netloc, rules)
        if not rules.allowed(request.url, self._default_useragent):
            raise RobotsForbid(f"robots.txt of {netloc} asks not to fetch {request.url}")

    async def _read(self, request: Request) -> RobotParser | Exception | int:
        """Fetch and read the rules of a host; gives the error or the status when they could not be read."""
        url = urlparse_cached(request)
        asked = Request(
            f"{url.scheme}://{url.netloc}/robots.txt",
            priority=self.DOWNLOAD_PRIORITY,
            meta={"dont_obey_robotstxt": True},
            callback=NO_CALLBACK,
        )
        try:
            response = await self.crawler.engine.download_async(asked)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is handed to the request that asked
            return error
        if response.status not in _NO_RULES | {_READ}:
            return response.status
        rules: RobotParser = self._parserimpl.from_crawler(
            self.crawler, response.body if response.status == _READ else b""
        )
        self._slow_down(rules)
        return rules

    def _slow_down(self, rules: RobotParser) -> None:
        """Take the longer of the site's crawl-delay and ours, for all hosts of this crawl."""
        asked = rules.crawl_delay(self._default_useragent)
        if asked is None:
            return
        if asked > _LONGEST_DELAY_S:
            _logger.warning("robots.txt asks for %s s between requests; %s s are kept", asked, _LONGEST_DELAY_S)
        for slot in self.crawler.engine.downloader.slots.values():
            slot.delay = max(slot.delay, min(float(asked), _LONGEST_DELAY_S))


def _leave_alone(netloc: str, cause: Exception | int) -> NoReturn:
    raise cause if isinstance(cause, ForbiddenAddress) else RobotsUnread(netloc, cause)
