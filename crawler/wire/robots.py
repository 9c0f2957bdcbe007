"""robots.txt → may we? Obeyed as RFC 9309 asks, and only believed when it was really read.

Scrapy would take any answer for rules, and no answer for permission. Here 401, 403, 404 and 410 mean that there are no
rules; any other answer but 200, or none, means that the rules could not be read, and then the site is left alone. What was
read is kept for a day at most (RFC 9309, 2.4), and serves polls and crawls; what could not be read is asked for again.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NoReturn
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser

from cases.store import RobotsCopy, RobotsShelf
from crawler.wire.fetching import capture_of
from crawler.wire.guard import ForbiddenAddress

_logger = logging.getLogger(__name__)
KEPT_FOR = timedelta(hours=24)
"""How old a copy may be and still be obeyed."""
_NEW_ENOUGH = timedelta(hours=1)
"""How old it may be for a thorough visit, which so renews it before the day is over."""
_READ = 200
_NO_RULES = frozenset({401, 403, 404, 410})
_LONGEST_DELAY_S = 120.0
_LONGEST = 512_000
"""Rules are read so far and no further (RFC 9309, 2.5); to parse ten megabytes of them would hold the loop for seconds."""


class RobotsForbid(IgnoreRequest):
    """The site's robots.txt asks us not to fetch this address."""


class RobotsUnread(IgnoreRequest):
    """The site's robots.txt could not be read, so nothing of the site is fetched; ``cause`` says why."""

    def __init__(self, host: str, cause: Exception | int) -> None:
        super().__init__(f"robots.txt of {host} could not be read")
        self.cause = cause


class KeptRobots:
    """What a visit finds on the store's shelf, and what it leaves there."""

    def __init__(self, shelf: RobotsShelf, *, now: Callable[[], datetime], thorough: bool) -> None:
        self._shelf = shelf
        self._now = now
        self._longest = _NEW_ENOUGH if thorough else KEPT_FOR

    def copy(self, site: str) -> RobotsCopy | None:
        """Give the copy of a site, when it is young enough."""
        found = self._shelf.copies([site]).get(site)
        return found if found is not None and is_young(found, self._now(), self._longest) else None

    def keep(self, copy: RobotsCopy) -> None:
        """Put a copy in the place of the one before."""
        self._shelf.keep(copy)

    def forget(self, site: str) -> None:
        """Give a copy up: the site's rules could not be read again."""
        self._shelf.forget(site)


def site_of(url: str) -> str:
    """Give scheme, host and port: what one robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def is_young(copy: RobotsCopy, now: datetime, longest: timedelta = KEPT_FOR) -> bool:
    """Tell whether a copy may still be obeyed in the place of the rules themselves."""
    return timedelta() <= now - copy.fetched_at < longest


def allows(copy: RobotsCopy, url: str, agent: str) -> bool:
    """Tell whether a site's rules let us fetch one of its addresses."""
    return _rules(copy.status, copy.body).allowed(url, agent)


def pause_asked(copy: RobotsCopy, agent: str) -> float:
    """Give the crawl-delay that a site asks for, in seconds and up to two minutes; 0 when it asks for none."""
    asked = _rules(copy.status, copy.body).crawl_delay(agent)
    return min(float(asked), _LONGEST_DELAY_S) if asked is not None else 0.0


class Robots(RobotsTxtMiddleware):
    """Scrapy's middleware, with a careful reading of the answer, a memory, and the crawl-delay that the site asks for."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._copies: dict[str, asyncio.Future[RobotsCopy | Exception | int]] = {}

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:  # noqa: ARG002 - Scrapy's signature
        """Let a request pass, or raise RobotsForbid or RobotsUnread."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        site = site_of(request.url)
        if site not in self._copies:
            self._copies[site] = asyncio.ensure_future(self._copy(site))
        copy = await asyncio.shield(self._copies[site])
        if not isinstance(copy, RobotsCopy):
            _leave_alone(site, copy)
        if not allows(copy, request.url, self._default_useragent):
            raise RobotsForbid(f"robots.txt of {_netloc(site)} asks not to fetch {request.url}")

    async def _copy(self, site: str) -> RobotsCopy | Exception | int:
        """Find or fetch the rules of a site; gives the error or the status when they could not be read."""
        kept: KeptRobots | None = self._spider.robots
        copy: RobotsCopy | Exception | int | None = kept.copy(site) if kept is not None else None
        if copy is None:
            copy = await self._fetched(site)
            if kept is not None and isinstance(copy, RobotsCopy):
                kept.keep(copy)
            elif kept is not None:
                kept.forget(site)
        if isinstance(copy, RobotsCopy):
            self._slow_down(copy)
        return copy

    async def _fetched(self, site: str) -> RobotsCopy | Exception | int:
        asked = Request(
            f"{site}/robots.txt",
            priority=self.DOWNLOAD_PRIORITY,
            meta={"dont_obey_robotstxt": True},
            callback=NO_CALLBACK,
        )
        try:
            response = await self.crawler.engine.download_async(asked)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is handed to the request that asked
            return error
        if response.status not in _NO_RULES | {_READ}:
            return int(response.status)
        return RobotsCopy(
            site=site,
            fetched_at=self._spider.now(),
            status=response.status,
            body=response.body[:_LONGEST] if response.status == _READ else b"",
            capture=capture_of(response),
        )

    def _slow_down(self, copy: RobotsCopy) -> None:
        """Take the longer of the site's crawl-delay and ours, for all hosts of this crawl."""
        asked = pause_asked(copy, self._default_useragent)
        if asked == _LONGEST_DELAY_S:
            _logger.warning("robots.txt of %s asks for %s s between requests, or more", copy.site, _LONGEST_DELAY_S)
        downloader = self.crawler.engine.downloader
        downloader._delay = max(downloader._delay, asked)  # noqa: SLF001 - of hosts still to come, as AutoThrottle does it
        for slot in downloader.slots.values():
            slot.delay = max(slot.delay, asked)

    @property
    def _spider(self) -> Any:  # noqa: ANN401 - our spiders all bring along what is asked of them
        return self.crawler.spider


@lru_cache(maxsize=64)
def _rules(status: int, body: bytes) -> RobotParser:
    """Parse rules; most sites of one kind of software have the same."""
    return ProtegoRobotParser(body if status == _READ else b"", None)


def _netloc(site: str) -> str:
    return site.partition("//")[2]


def _leave_alone(site: str, cause: Exception | int) -> NoReturn:
    raise cause if isinstance(cause, ForbiddenAddress) else RobotsUnread(_netloc(site), cause)
