"""source → entry, by RSS and Atom feeds: of the watched tags, page by page, or one feed that is named.

The only module that knows feedparser, which is given a stream and nothing else: handed bytes or text, it would open the
file or address that they name. What it calls malformed is read all the same when it found entries; what it cannot name
a version of is no feed. Feeds hold a window of time (ten entries by default on WordPress); ``?paged=N`` goes back.
"""

import io
import re
import sys
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit, urlunsplit

import feedparser

from cases.errors import ConfigError
from crawler.published import parse_published
from crawler.readers import Answer, Ask, Entry, Listing, ListingState, Window, absolute, stamp_of, unreadable
from crawler.sources import ReaderTable, Source
from crawler.tags import slug

_REFERENCE = re.compile(rb"&#([xX][0-9a-fA-F]+|[0-9]+)")
_LONGEST_CODE = 12
_FIRST_HALF, _LAST_HALF = 0xD800, 0xDFFF
"""Numbers of the halves of characters in UTF-16, which are none by themselves."""


class FeedReader:
    """Reads the feed that ``url`` names; without one, the feeds of the watched tags, and the main feed where none is."""

    def __init__(self, source: Source, table: ReaderTable, window: Window) -> None:
        if table.model_extra:
            raise ConfigError(f"{source.name}: reader feed: unknown key {next(iter(table.model_extra))!r}")
        self._source = source
        self._url = table.url
        self._tag_of = {urljoin(source.home, f"tag/{quote(slug(tag))}/feed/"): tag for tag in window.watched}

    def first(self) -> tuple[Ask, ...]:
        """Ask for the first page of each feed."""
        if self._url is not None:
            return (Ask(url=self._url, series=self._url),)
        urls = self._tag_of or (urljoin(self._source.home, "feed/"),)
        return tuple(Ask(url=url, series=url) for url in urls)

    def read(self, ask: Ask, answer: Answer) -> Listing:
        """Read one page of a feed."""
        feed = feedparser.parse(
            io.BytesIO(_REFERENCE.sub(_writable, answer.body)),
            response_headers={"content-type": answer.headers.get("content-type", "")},
        )
        if not feed.get("version"):
            return unreadable(f"{answer.url} is not a feed")
        own = (self._tag_of[ask.series],) if ask.series in self._tag_of else ()
        silent = not any(item.get("tags") for item in feed.entries)
        if not feed.entries:
            return Listing(state=ListingState.EMPTY, why=f"the feed {answer.url} holds no entry")
        found = (self._entry(item, answer.url, own, silent=silent) for item in feed.entries)
        entries = tuple(entry for entry in found if entry is not None)
        if not entries:
            return unreadable(f"no entry of the feed {answer.url} names an address")
        following = Ask(url=_paged(ask.series, ask.page + 1), series=ask.series, page=ask.page + 1)
        nameless = len(feed.entries) - len(entries)
        return Listing(state=ListingState.READ, entries=entries, asks=(following,), nameless=nameless)

    def _entry(self, item: Any, base: str, own: tuple[str, ...], *, silent: bool) -> Entry | None:  # noqa: ANN401 - feedparser has no types
        """Make an entry; ``own`` is the tag whose feed this is, ``silent`` that no entry of the page states a tag."""
        link = item.get("link")
        if not link:
            return None
        published, raw = self._time(item, "published")
        modified, modified_raw = self._time(item, "updated")
        tags = tuple(str(tag.get("term") or "") for tag in item.get("tags", ()))
        content = "".join(str(part.get("value", "")) for part in item.get("content", ()))
        title, summary = str(item.get("title", "")), str(item.get("summary", ""))
        return Entry(
            url=absolute(base, str(link)),
            title=title,
            published=published,
            published_raw=raw,
            modified=modified if modified_raw and modified_raw != raw else None,
            tags=None if silent and not own else (*tags, *own),
            watched=bool(own),
            stamp=stamp_of(title, summary, content, modified_raw or ""),
        )

    def _time(self, item: Any, field: str) -> tuple[Any, str | None]:  # noqa: ANN401 - feedparser has no types
        # feedparser answers for a missing "updated" with "published"; asked through dict it says what is there
        raw = dict.get(item, field)
        if not raw:
            return None, None
        text = str(raw)
        return parse_published(text, order=self._source.date_order, zone=self._source.zone), text


def _writable(reference: re.Match[bytes]) -> bytes:
    """Put the sign of a missing character where a reference names none, such as half an emoji: feedparser stops at it."""
    digits = reference[1]
    code = -1 if len(digits) > _LONGEST_CODE else int(digits[1:], 16) if digits[:1] in b"xX" else int(digits)
    is_character = 0 <= code < _FIRST_HALF or _LAST_HALF < code <= sys.maxunicode
    return reference[0] if is_character else b"&#xFFFD"


def _paged(url: str, page: int) -> str:
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, urlencode({"paged": page}))))
    return urlunsplit(parts._replace(query=query))
