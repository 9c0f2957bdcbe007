"""Read pages as news-please proposes for a list of addresses, in one process: ``python read_news_please.py ADDRESSES``."""

import sys
from pathlib import Path

from newsplease import NewsPlease


def main(addresses: Path) -> None:
    """Read every page; print how many had a text."""
    found = NewsPlease.from_urls(addresses.read_text().split())
    print(sum(1 for article in found.values() if getattr(article, "maintext", None)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
