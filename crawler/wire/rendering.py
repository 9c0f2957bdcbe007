"""page that came → page as its scripts leave it, by a browser without a network of its own.

Some pages are empty until a script has filled them. The browser that runs it never speaks to anybody: whatever a page asks
for is stopped, and answered with what the crawl itself fetches, so that robots.txt, the guard, the delay, the limits and
the capture hold for it as for every other request. Scripts and data are let through, by GET alone; pictures, media, fonts,
styles, frames, further pages, sockets, workers and downloads are not. What is not stopped (there should be nothing) finds a
proxy that does not exist and names that do not resolve.

Each visit has a browser and a profile of its own, both gone with it. Without the extra ``javascript`` nothing here runs.
"""

import asyncio
import logging
import os
import shutil
from collections.abc import Awaitable, Callable, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING

from cases.errors import ConfigError, StoreError, Unreadable
from cases.model import Value

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, Playwright, Route, WebSocketRoute

_logger = logging.getLogger(__name__)
HOW = "the page's DOM after its scripts ran in a browser that could ask for nothing but scripts and data; not as sent"
_LET_THROUGH = frozenset({"script", "xhr", "fetch"})
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_CUT_OFF = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=socks5://0.0.0.0:1",
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--dns-prefetch-disable",
    "--no-pings",
    "--js-flags=--max-old-space-size=256",
)
_MOST_REQUESTS = 40
_QUIET_MS = 500
_CLOSING_S = 10.0
_MOST_KEPT_BYTES = 20_000_000
"""Of scripts that are kept for the next page of the visit."""


class Supply(Value, frozen=True, kw_only=True):
    """What the crawl fetched for a page."""

    status: int
    content_type: str
    body: bytes


Fetch = Callable[[str], Awaitable[Supply | None]]
"""Fetches one address for a page; None when it may not be had, or is not there. StoreError when it cannot be kept."""


def need_browser(source: str) -> None:
    """Raise ConfigError when a source wants its scripts run, and nothing here can run them."""
    if find_spec("playwright") is None:
        raise ConfigError(f"{source}: javascript: needs the extra: pip install 'returnwatch[javascript]'")
    if _program() is None:
        raise ConfigError(f"{source}: javascript: needs Chromium on this machine: apt-get install chromium")


def _program() -> str | None:
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


class Renderer:
    """The browser of one visit; it is started for the first page, one page at a time is in it."""

    def __init__(self, fetch: Fetch, *, user_agent: str, timeout_s: float, max_bytes: int) -> None:
        self._fetch = fetch
        self._user_agent = user_agent
        self._timeout_s, self._max_bytes = timeout_s, max_bytes
        self._one_page = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._kept: dict[str, Supply] = {}
        self._closed = False

    async def render(self, url: str, body: bytes, content_type: str) -> bytes:
        """Give a page's DOM as UTF-8. Raises Unreadable when its scripts take too long or make too much of it, StoreError."""
        async with self._one_page:
            if self._closed:
                raise Unreadable(f"{url}: the visit ended before its scripts ran")
            errand = _Errand(url, Supply(status=200, content_type=content_type, body=body), self._supplied)
            try:
                async with asyncio.timeout(self._timeout_s):
                    page = await self._run(errand, url)
            except TimeoutError as cause:
                await self._end()
                raise Unreadable(f"{url}: its scripts did not end within {self._timeout_s:g} s") from cause
            except (StoreError, Unreadable):
                await self._end()
                raise
            except Exception as cause:  # Playwright's errors, which are there only with the extra
                await self._end()
                raise Unreadable(f"{url}: the browser failed: {str(cause).splitlines()[0][:200]}") from cause
            if errand.failure is not None:
                raise errand.failure
            if len(page) > self._max_bytes:
                raise Unreadable(f"{url}: its scripts made a page of more than {self._max_bytes} bytes of it")
            return page

    async def close(self) -> None:
        """End the browser for good, with what is in it; harmless when there is none."""
        self._closed = True
        await self._end()

    async def _end(self) -> None:
        ends: list[Callable[[], Awaitable[None]]] = []
        if self._browser is not None:
            ends.append(self._browser.close)
        if self._playwright is not None:
            ends.append(self._playwright.stop)
        self._browser = self._playwright = None
        for end in ends:
            try:
                async with asyncio.timeout(_CLOSING_S):
                    await end()
            except Exception:  # a browser that is gone, or does not listen, must not keep the visit from ending
                _logger.warning("a browser did not end in order", exc_info=True)

    async def _run(self, errand: "_Errand", url: str) -> bytes:
        context = await self._context()
        try:
            if self._closed:
                raise Unreadable(f"{url}: the visit ended before its scripts ran")
            await context.route("**/*", errand.answer)
            await context.route_web_socket("**/*", _refuse)
            page = await context.new_page()
            await page.goto(url, wait_until="load")
            await _settled(page, errand)
            return (await page.content()).encode("utf-8", "replace")
        finally:
            await context.close()

    async def _context(self) -> "BrowserContext":
        if self._browser is None:
            from playwright.async_api import async_playwright  # noqa: PLC0415 - only there with the extra

            self._playwright = await async_playwright().start()
            self._browser = await self._playwright.chromium.launch(
                executable_path=_program(),
                args=list(_CUT_OFF),
                chromium_sandbox=os.geteuid() != 0,  # which Chromium cannot build for root
            )
        return await self._browser.new_context(
            user_agent=self._user_agent, service_workers="block", accept_downloads=False, ignore_https_errors=False
        )

    async def _supplied(self, url: str) -> Supply | None:
        if url in self._kept:
            return self._kept[url]
        found = await self._fetch(url)
        if found is not None and "javascript" in found.content_type:
            held = sum(len(one.body) for one in self._kept.values())
            if held + len(found.body) <= _MOST_KEPT_BYTES:
                self._kept[url] = found
        return found


class _Errand:
    """One page in the browser: answers what it asks for."""

    def __init__(self, url: str, page: Supply, supply: Fetch) -> None:
        self._url, self._page, self._supply = url, page, supply
        self._begun = False
        self._asked = 0
        self.open = 0
        self.failure: StoreError | None = None

    async def answer(self, route: "Route") -> None:
        """Answer one request of the page, or stop it."""
        request = route.request
        if not self._begun and request.is_navigation_request():
            self._begun = True
            await _fulfil(route, self._page)
            return
        self._asked += 1
        if request.method != "GET" or request.resource_type not in _LET_THROUGH or self._asked > _MOST_REQUESTS:
            await route.abort("blockedbyclient")
            return
        self.open += 1
        try:
            found = await self._supply(request.url)
        except StoreError as failure:
            self.failure, found = failure, None
        finally:
            self.open -= 1
        await (_fulfil(route, found) if found is not None else route.abort("blockedbyclient"))


async def _fulfil(route: "Route", supply: Supply) -> None:
    headers: Mapping[str, str] = {"content-type": supply.content_type, "access-control-allow-origin": "*"}
    await route.fulfill(status=supply.status, headers=dict(headers), body=supply.body)


async def _settled(page: "Page", errand: _Errand) -> None:
    """Wait until nothing that the page asked for is under way, and stays so for half a second."""
    while True:
        await page.wait_for_timeout(_QUIET_MS)
        if errand.open == 0:
            await page.wait_for_load_state("networkidle")
            if errand.open == 0:
                return


async def _refuse(socket: "WebSocketRoute") -> None:
    await socket.close()
