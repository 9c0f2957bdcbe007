"""entry with its whole text → page: what a feed tells of an article, put where the reading of pages looks for it.

So a feed's text is cleaned, read and judged as every page is. The capture is that of the feed's own answer.
"""

import re
from html import escape

from cases.model import Capture
from crawler.keeping import FetchedPage
from crawler.readers import Entry
from crawler.sources import Layout, Source

_TITLE = "h1.told-title"
_BODY = "div.told-body"
_AUTHORS = "span.told-author"
_SIGNATURE = re.compile(
    r"<p>\s*The post .{1,1500}?\b(?:appeared first|first appeared) on .{1,1500}?</p>\s*$", re.IGNORECASE | re.DOTALL
)
"""What WordPress's plugins put below every article of a feed."""


def told_page(entry: Entry, source: Source, capture: Capture | None) -> FetchedPage:
    """Make the page of an entry that holds its ``content``; what is to be removed from a body is as the source file says."""
    authors = "".join(f'<span class="told-author">{escape(name)}</span>' for name in entry.authors)
    page = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><article>'
        f'<h1 class="told-title">{escape(entry.title)}</h1>{authors}'
        f'<div class="told-body">{_SIGNATURE.sub("", entry.content or "")}</div></article></body></html>'
    )
    return FetchedPage(
        url=entry.url,
        content_type="text/html; charset=utf-8",
        body=page.encode("utf-8", "replace"),
        capture=capture,
        layout=Layout(title=_TITLE, body=_BODY, authors=_AUTHORS, remove=source.layout.remove),
    )
