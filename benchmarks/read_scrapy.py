"""A bare spider that reads pages with trafilatura in its callback and keeps nothing: ``python read_scrapy.py ADDRESSES``."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import scrapy
import trafilatura
from scrapy.crawler import CrawlerProcess
from scrapy.http import TextResponse

AT_ONCE = 16


class Reading(scrapy.Spider):
    """Asks for each page once, and extracts its text."""

    name = "reading"
    read = 0

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Ask for every page."""
        for address in self.addresses:
            yield scrapy.Request(address, dont_filter=True)

    def parse(self, response: TextResponse) -> None:
        """Extract the text, as trafilatura's documentation proposes."""
        if trafilatura.extract(response.text, url=response.url):
            self.read += 1


def main(addresses: Path) -> None:
    """Crawl, with every service switched off that a request does not need; print how many pages had a text."""
    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": AT_ONCE,
            "DOWNLOAD_DELAY": 0,
            "ROBOTSTXT_OBEY": False,
            "COOKIES_ENABLED": False,
            "RETRY_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "LOG_ENABLED": False,
            "STATS_DUMP": False,
        }
    )
    crawler = process.create_crawler(Reading)
    process.crawl(crawler, addresses=addresses.read_text().split())
    process.start()
    print(crawler.spider.read)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
