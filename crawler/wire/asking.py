"""address → answer, as it came from the wire: the light door, for the one small question of a poll.

It is guarded as the doors of a crawl are (the address of the request, and of the connection itself), follows no redirect,
keeps no cookie, knows no proxy, and takes no more than it may, before and after decompression. It is aiohttp without Scrapy: a
third of the work a question costs over Twisted (0.4 against 1.6 ms of CPU on loopback). aiohttp refuses some answers that
Twisted forgives; a poll that fails is no outcome, for then a crawl asks.
"""

import socket
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Self

import aiohttp
from scrapy.core.downloader.handlers._aiohttp import _ClientResponse
from scrapy.downloadermiddlewares.httpcompression import ACCEPTED_ENCODINGS
from scrapy.exceptions import IgnoreRequest
from yarl import URL

from crawler.evidence.record import Exchange
from crawler.options import Collection
from crawler.wire.fetching import LONGEST_HEADER
from crawler.wire.guard import Guard
from crawler.wire.settings import user_agent
from crawler.wire.unpacking import without_codings

_CHUNK = 65_536
_NOT_MODIFIED = 304


class TooLarge(IgnoreRequest):
    """An answer is larger than it may be."""


class LightDoor:
    """An async context manager; use it on one running loop."""

    def __init__(self, collection: Collection, *, now: Callable[[], datetime]) -> None:
        self._guard = Guard(allow_private=collection.allow_private_addresses)
        self._now = now
        self._most = collection.max_bytes
        self._timeout = aiohttp.ClientTimeout(total=collection.timeout_s)
        self._headers = {
            "Accept": "*/*",
            "Accept-Encoding": b", ".join(ACCEPTED_ENCODINGS).decode(),
            "User-Agent": user_agent(collection),
        }
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        # a host is asked once in half an hour: no connection is worth keeping
        connector = aiohttp.TCPConnector(limit=0, force_close=True, socket_factory=self._socket)
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            response_class=_ClientResponse,
            max_line_size=LONGEST_HEADER,
            max_field_size=LONGEST_HEADER,
            timeout=self._timeout,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def ask(self, url: str, conditions: Mapping[str, str]) -> Exchange:
        """Ask for one address, whose letters stay as they are. Raises whatever keeps it from a whole answer."""
        return await self._exchanged("GET", url, {**self._headers, **conditions})

    async def post(self, url: str, body: bytes, content_type: str) -> Exchange:
        """Send a body to one address and give the answer; raises as ``ask`` does."""
        return await self._exchanged("POST", url, {**self._headers, "Content-Type": content_type}, body)

    async def _exchanged(self, method: str, url: str, asked: dict[str, str], sent: bytes | None = None) -> Exchange:
        if self._session is None:
            raise RuntimeError("the door is opened with 'async with'")
        await self._guard.check(url)
        address = URL(url, encoded=True)
        async with self._session.request(method, address, headers=asked, data=sent, allow_redirects=False) as response:
            body = b"" if response.status == _NOT_MODIFIED else await self._body(response)
            return Exchange(
                url=url,
                method=method,
                request_headers=list(asked.items()),
                status=response.status,
                headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers],
                body=body,
                ip_address=_address_of(response),
                at=self._now(),
            )

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        parts: list[bytes] = []
        size = 0
        async for part in response.content.iter_chunked(_CHUNK):
            size += len(part)
            if size > self._most:
                raise TooLarge(f"{response.url}: more than {self._most} bytes")
            parts.append(part)
        return b"".join(parts)

    def _socket(self, found: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = found
        self._guard.check_connection(str(address[0]))
        return socket.socket(family=family, type=kind, proto=protocol)


def unpacked(exchange: Exchange, most: int) -> bytes:
    """Give the body without its content coding, as a crawl's spider sees it; raises when it is broken or more than ``most``."""
    codings = [value.encode("latin-1") for name, value in exchange.headers if name.lower() == "content-encoding"]
    return without_codings(exchange.body, codings, most)[0]


def _address_of(response: aiohttp.ClientResponse) -> str | None:
    peer = response._peername if isinstance(response, _ClientResponse) else None  # noqa: SLF001 - Scrapy's class keeps it
    return str(peer[0]) if peer else None
