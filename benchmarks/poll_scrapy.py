"""A bare spider that makes the conditional request and nothing else: ``python poll_scrapy.py STATE AT_ONCE [ADDRESSES]``.

``STATE`` is a JSON file with what each address said last; with a file of addresses it is made.
"""

import json
import sys
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response


class Asking(scrapy.Spider):
    """Asks each address once."""

    name = "asking"
    handle_httpstatus_list = (304,)

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Ask, with what is known."""
        for address, conditions in self.known.items():
            yield scrapy.Request(address, headers=conditions, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Note what a full answer says of itself."""
        if response.status == HTTPStatus.OK:
            stated = {"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"}
            self.known[response.url] = {
                asked: response.headers[said].decode() for asked, said in stated.items() if said in response.headers
            }


def main(state: Path, at_once: int, addresses: str | None = None) -> None:
    """Crawl, with every service switched off that a request does not need."""
    known = {url: {} for url in Path(addresses).read_text().split()} if addresses else json.loads(state.read_text())
    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": at_once,
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
    process.crawl(Asking, known=known)
    process.start()
    if addresses:
        state.write_text(json.dumps(known))
    print(len(known))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
