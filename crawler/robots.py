"""robots.txt → may we? Obeyed as RFC 9309 asks, and only believed when it was really read.

Scrapy would take any answer for rules, and no answer for permission. Here 401, 403, 404 and 410 mean that there are no
rules; any other answer but 200, or none, means that the rules could not be read, and then the site is left alone.
"""

import logging

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

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
    """Scrapy's middleware, with a careful reading of the answer, and the crawl-delay it asks for."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unread: dict[str, Exception | int] = {}

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:  # noqa: ARG002 - Scrapy's signature
        """Let a request pass, or raise RobotsForbid or RobotsUnread."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        parser = await self.robot_parser(request)
        netloc = urlparse_cached(request).netloc
        if netloc in self._unread:
            raise RobotsUnread(netloc, self._unread[netloc])
        if parser is not None and not parser.allowed(request.url, self._default_useragent):
            raise RobotsForbid(f"robots.txt of {netloc} asks not to fetch {request.url}")

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status not in _NO_RULES | {_READ}:
            self._unread[netloc] = response.status
        rules = response if response.status == _READ else response.replace(body=b"")
        await super()._parse_robots(rules, netloc, request)
        parser = self._parsers[netloc]
        if isinstance(parser, RobotParser):
            self._slow_down(parser)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._unread[netloc] = exc
        super()._robots_error(exc, netloc)

    def _slow_down(self, parser: RobotParser) -> None:
        """Take the longer of the site's crawl-delay and ours, for all hosts of this crawl."""
        asked = parser.crawl_delay(self._default_useragent)
        if asked is None:
            return
        if asked > _LONGEST_DELAY_S:
            _logger.warning("robots.txt asks for %s s between requests; %s s are kept", asked, _LONGEST_DELAY_S)
        for slot in self.crawler.engine.downloader.slots.values():
            slot.delay = max(slot.delay, min(float(asked), _LONGEST_DELAY_S))
