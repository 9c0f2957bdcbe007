"""Importing this loads all that reading and judging a page needs, by doing it once: for the fork server of the pool alone.

A worker lives for some hundred pages. Forked from a server that has done this, it begins at once and shares the memory of
language model and word lists with the others; by itself it would take two seconds to load them, each time.
"""

import contextlib
import gc

from crawler.pages.reading import ReadingJob, read_page
from crawler.readers import Entry
from crawler.sources import source_of

_HOME = "https://page.example/"
_PAGES = (
    "On 4 March police arrested a North Korean woman aged thirty in the border town. She was forcibly returned to North Korea.",
    "3월 4일 공안이 국경 마을에서 탈북 여성 한 명을 체포했다. 그 여성은 다음 날 강제 북송되었다.",
)


def warm() -> None:
    """Read and judge a page in each of the languages that most sources write in."""
    source = source_of({"title": "Page", "home": _HOME, "readers": [{"kind": "feed"}]}, name="page", origin="warming")
    for text in _PAGES:
        body = f"<html><head><title>T</title></head><body><main><h1>T</h1><article><p>{text}</p></article></main></body></html>"
        read_page(
            ReadingJob(
                url=_HOME,
                body=body.encode(),
                content_type="text/html",
                source=source,
                watched=(),
                listed=Entry(url=_HOME),
            )
        )


with contextlib.suppress(Exception):  # what fails here fails again in the worker, where it is told
    warm()
gc.freeze()  # what is loaded stays: a worker's collector need not walk through it, and so leaves it shared
