"""request → response: the doors through which Scrapy reaches the network, each guarded and each keeping what came.

Two doors, for the two ways Scrapy can run: over Twisted (the service) and without a reactor (tests, and one-off reading).
Both check the address of a request and of the connection itself, and hand every answer to the archive as it came from the
wire, before any middleware decompresses or parses it.
"""

import asyncio
import socket
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_address
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp
from aiohttp.connector import TCPConnector
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.core.downloader.handlers._base_streaming import BaseStreamingDownloadHandler
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _BindAddressAgent, _ScrapyAgent
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.utils._download_handlers import make_response, wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.ssl import _make_ssl_context
from twisted.internet.interfaces import IReactorPluggableNameResolver
from twisted.web.client import Agent
from zope.interface import implementer

from cases.model import Capture
from crawler.evidence.capture import Archive
from crawler.evidence.record import Exchange
from crawler.wire.guard import ForbiddenAddress, Guard
from crawler.wire.heads import LONGEST_LINE, MOST_LINES, BoundedFactory

CAPTURE = "capture"
"""Key of a request's meta under which the capture of its answer lies."""
LONGEST_HEADER = LONGEST_LINE
CONDITIONS = (b"If-None-Match", b"If-Modified-Since")
_NOT_MODIFIED = 304
_UNAVAILABLE = 503
_PEACE = frozenset({429, _UNAVAILABLE})


class Watched(Protocol):
    """What the spider of a crawl brings along for the doors: who guards, who keeps, and what time it is."""

    guard: Guard
    archive: Archive | None
    now: Callable[[], datetime]
    requests: int
    in_hand: dict[str, Exchange]
    """Answers that are there already, by their addresses: who asks for one is given it, once."""
    left_alone: bool
    """The site asked for peace: nothing more goes out."""


class LeftAlone(IgnoreRequest):
    """The site has asked for peace since this request was made, so it was not sent."""


class ReactorDoor(HTTP11DownloadHandler):
    """Scrapy's own handler over Twisted, guarded, with a bound to the headers of an answer."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = BoundedFactory  # noqa: SLF001 - as Scrapy tells its pool
        self._turns = _turns()

    async def download_request(self, request: Request) -> Response:
        """Fetch one address; ForbiddenAddress when it may not be visited, StoreError when its answer cannot be kept."""
        watched = _watched(self.crawler)
        if (answer := await _at_hand(watched, request)) is not None:
            return answer
        await _let_out(watched, request)
        agent = _GuardedAgent(
            watched.guard,
            contextFactory=self._contextFactory,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self.crawler,
        )
        async with self._turns[_host(request)]:
            watched.requests += 1
            with wrap_twisted_exceptions():
                response = await maybe_deferred_to_future(agent.download_request(request))
        return await _kept(watched, request, response)


class LoopDoor(AiohttpDownloadHandler):
    """Scrapy's handler without a reactor, guarded, and open for headers longer than 8 kB, which real sites send."""

    experimental = False

    def __init__(self, crawler: Crawler) -> None:
        BaseStreamingDownloadHandler.__init__(self, crawler)  # not its own: that opens an unguarded session
        self._turns = _turns()
        self._ssl_context = _make_ssl_context(crawler.settings)
        self._session = aiohttp.ClientSession(
            connector=TCPConnector(limit=self._pool_size_total, socket_factory=self._socket),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            response_class=_ClientResponse,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            max_line_size=LONGEST_HEADER,
            max_field_size=LONGEST_HEADER,
            max_headers=MOST_LINES,
        )

    async def download_request(self, request: Request) -> Response:
        """Fetch one address; errors as of ``ReactorDoor``."""
        watched = _watched(self.crawler)
        if (answer := await _at_hand(watched, request)) is not None:
            return answer
        await _let_out(watched, request)
        async with self._turns[_host(request)]:
            watched.requests += 1
            response = await super().download_request(request)
        return await _kept(watched, request, response)

    @staticmethod
    def _extract_headers(response: _ClientResponse) -> Headers:
        """Take headers as they came: aiohttp's texts of them cannot be turned back when they hold other than UTF-8."""
        return Headers(list(response.raw_headers))

    def _socket(self, found: tuple[Any, ...]) -> Any:  # noqa: ANN401 - as aiohttp hands it over
        family, kind, protocol, _, address = found
        _watched(self.crawler).guard.check_connection(str(address[0]))
        return socket.socket(family=family, type=kind, proto=protocol)


@implementer(IReactorPluggableNameResolver)
class _GuardedReactor:
    """The reactor, but for connections, which are checked by the address that they are made to."""

    def __init__(self, reactor: Any, guard: Guard) -> None:  # noqa: ANN401 - a reactor has no useful type
        self._reactor = reactor
        self._guard = guard

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - hands on what the reactor has
        return getattr(self._reactor, name)

    def connectTCP(self, host: str, port: int, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401, N802 - Twisted's name
        """Connect to an IP address that the guard lets pass."""
        self._guard.check_connection(host)
        return self._reactor.connectTCP(host, port, *args, **kwargs)


class _GuardedAgent(_ScrapyAgent):
    """Scrapy's agent, connecting through the guarded reactor; it knows no proxy."""

    def __init__(self, guard: Guard, **kwargs: Any) -> None:  # noqa: ANN401 - Scrapy's parameters
        super().__init__(**kwargs)
        self._guard = guard

    def _get_agent(self, request: Request, timeout: float) -> Agent:  # noqa: ARG002 - Scrapy's signature
        from twisted.internet import reactor  # noqa: PLC0415 - its import installs a reactor where there is none

        guarded: Any = _GuardedReactor(reactor, self._guard)
        return _BindAddressAgent(
            reactor=guarded, contextFactory=self._contextFactory, connectTimeout=timeout, pool=self._pool
        )


def _turns() -> defaultdict[str, asyncio.Lock]:
    """Give each host its turn: where no delay is kept, Scrapy lets two requests through before it counts the first."""
    return defaultdict(asyncio.Lock)


def _host(request: Request) -> str:
    return (urlsplit(request.url).hostname or "").lower()


def _watched(crawler: Crawler) -> Watched:
    spider: Any = crawler.spider
    return spider  # type: ignore[no-any-return]  # our spiders all bring it along


async def _at_hand(watched: Watched, request: Request) -> Response | None:
    """Give an answer that a poll brought as if it came now, kept like any other."""
    exchange = watched.in_hand.pop(request.url, None)
    if exchange is None:
        return None
    if watched.archive is not None and exchange.status != _NOT_MODIFIED:
        request.meta[CAPTURE] = await watched.archive.kept(exchange)
    return make_response(
        url=request.url,
        status=exchange.status,
        headers=_headers(exchange),
        body=exchange.body,
        ip_address=ip_address(exchange.ip_address) if exchange.ip_address else None,
    )


async def _let_out(watched: Watched, request: Request) -> None:
    if watched.left_alone:
        raise LeftAlone(request.url)
    if request.meta.get("redirect_urls"):  # what one address said of itself is nothing to tell another
        for name in CONDITIONS:
            request.headers.pop(name, None)
    await watched.guard.check(request.url)


async def _kept(watched: Watched, request: Request, response: Response) -> Response:
    if response.status in _PEACE and (response.status != _UNAVAILABLE or b"Retry-After" in response.headers):
        watched.left_alone = True  # at once: the next request waits behind this one already
    if watched.archive is not None and response.status != _NOT_MODIFIED:
        request.meta[CAPTURE] = await watched.archive.kept(_exchange(watched, request, response))
    return response


def _exchange(watched: Watched, request: Request, response: Response) -> Exchange:
    return Exchange(
        url=request.url,
        method=request.method,
        request_headers=_pairs(request.headers),
        status=response.status,
        headers=_pairs(response.headers),
        body=response.body,
        ip_address=str(response.ip_address) if response.ip_address is not None else None,
        at=watched.now(),
        protocol=response.protocol or "HTTP/1.1",
    )


def _headers(exchange: Exchange) -> Headers:
    found = Headers()
    for name, value in exchange.headers:
        found.appendlist(name.encode("latin-1"), value.encode("latin-1"))
    return found


def _pairs(headers: Headers) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values]


def capture_of(response: Response) -> Capture | None:
    """Give the capture of an answer, if there was anything to keep."""
    found: Capture | None = response.meta.get(CAPTURE)
    return found


__all__ = ["CAPTURE", "ForbiddenAddress", "LeftAlone", "LoopDoor", "ReactorDoor", "Watched", "capture_of"]
