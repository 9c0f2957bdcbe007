"""An answer that names another address → a request for that one. As Scrapy does it, and without a word of where it came from."""

from typing import Self

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware


class Redirect(RedirectMiddleware):
    """Scrapy's middleware; it looks for no other part that would tell the new address of the old one (``Referer``)."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it for a crawl, as Scrapy asks for its parts."""
        made = cls(crawler.settings)
        made.crawler = crawler
        return made
