"""fetched page → the same after its scripts ran, kept as a conversion of it before anything reads it."""

import logging
from collections.abc import Callable
from datetime import datetime

import msgspec
from scrapy import Request
from scrapy.crawler import Crawler

from cases.errors import StoreError
from crawler.answers import headers_of
from crawler.evidence.capture import Archive
from crawler.evidence.record import Conversion
from crawler.keeping import FetchedPage, is_page
from crawler.options import Collection
from crawler.trouble import OK
from crawler.wire.rendering import HOW, Renderer, Supply
from crawler.wire.settings import user_agent

_logger = logging.getLogger(__name__)
_AT_LEAST_S = 30.0
_WAITS = 12
"""So many times the delay of the site may a page wait for what its scripts ask for, one after the other."""
_HTML = "text/html; charset=utf-8"


class Scripts:
    """Runs the scripts of one visit's pages. Whatever they ask for is a request of the crawl, with all its manners."""

    def __init__(self, crawler: Crawler, archive: Archive, collection: Collection, now: Callable[[], datetime]) -> None:
        self._crawler, self._archive, self._now = crawler, archive, now
        self._renderer = Renderer(
            self._supply,
            user_agent=user_agent(collection),
            timeout_s=_AT_LEAST_S + _WAITS * collection.delay_s,
            max_bytes=collection.max_bytes,
        )

    async def run(self, fetched: FetchedPage) -> FetchedPage:
        """Give the page as its scripts leave it. Raises Unreadable when they leave none, StoreError when it cannot be kept."""
        if not is_page(fetched) or fetched.capture is None:
            return fetched
        body = await self._renderer.render(fetched.url, fetched.body, fetched.content_type or _HTML)
        made = Conversion(
            url=fetched.url,
            body=body,
            content_type=_HTML,
            of=fetched.capture.record.partition("#")[2],
            how=HOW,
            at=self._now(),
        )
        capture = await self._archive.converted(made)
        return msgspec.structs.replace(fetched, body=body, content_type=_HTML, capture=capture)

    async def close(self) -> None:
        """End the browser."""
        await self._renderer.close()

    async def _supply(self, url: str) -> Supply | None:
        try:
            response = await self._crawler.engine.download_async(Request(url, dont_filter=True))
        except StoreError:
            raise
        except Exception as refusal:  # noqa: BLE001 - robots.txt, the guard, the site: to the page it is just not there
            _logger.info("a page's script was not given %s: %s", url, refusal)
            return None
        if response.status != OK:
            return None
        kind = headers_of(response).get("content-type", "")
        return Supply(status=response.status, content_type=kind, body=response.body)
