"""source → entry, by feeds: of the watched tags, page by page, or one feed that is named. RSS, RDF, Atom and JSON Feed.

Feeds hold a window of time (ten items by default on WordPress). A feed that names the page with its earlier items is
followed there; one that names none, and was not made by another system than WordPress, is asked for ``?paged=N``.
"""

import re
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote, urlencode, urljoin, urlsplit, urlunsplit

from pydantic import ConfigDict

from cases.errors import Unreadable
from crawler.pages.published import parse_published
from crawler.readers import (
    Answer,
    Ask,
    Entry,
    Listing,
    ListingState,
    Window,
    absolute,
    may_follow,
    own_table,
    stamp_of,
    unreadable,
)
from crawler.readers.feed_dates import plain_date
from crawler.readers.feeds import Feed, FeedItem, in_words, read_feed
from crawler.readers.json_feeds import is_json, read_json_feed
from crawler.sources import ReaderTable, Source
from crawler.tags import addressed

_LEAST_WHOLE = 500
"""Characters of an item's text from which it is taken for the article: a short one costs a page, never an article."""
_CUT_SHORT = re.compile(
    r"(\[\s*(…|\.{3})\s*\]|…|\.{3}|continue reading|read (more|the full \w+|the rest)|weiterlesen|lire la suite|leggi tutto"
    r"|seguir leyendo|читать далее|더 ?보기|전문 ?보기|阅读全文|閱讀全文|続きを読む)\W*$",
    re.IGNORECASE,
)
_TAIL = 80
_NAMED = "named"
"""Step of a page that the one before it names: when it names none itself, it is the last."""


class FeedTable(ReaderTable):
    """Keys of a reader of the kind ``feed``."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    full_text: bool = False
    """True when the feed holds whole articles: then no page is fetched for those of its items that are whole."""


class FeedReader:
    """Reads the feed that ``url`` names; without one, the feeds of the watched tags, and the main feed where none is."""

    table_model: ClassVar = FeedTable

    def __init__(self, source: Source, table: ReaderTable, window: Window) -> None:
        self._table = own_table(FeedTable, table, source)
        self._source = source
        self._watches_all = not window.watched
        forms = addressed(window.watched)
        self._tag_of = {urljoin(source.home, f"tag/{quote(form)}/feed/"): tag for form, tag in forms.items()}

    def first(self) -> tuple[Ask, ...]:
        """Ask for the first page of each feed."""
        if self._table.url is not None:
            return (Ask(url=self._table.url, series=self._table.url),)
        urls = self._tag_of or (urljoin(self._source.home, "feed/"),)
        return tuple(Ask(url=url, series=url) for url in urls)

    def read(self, ask: Ask, answer: Answer) -> Listing:
        """Read one page of a feed."""
        try:
            feed = _read(answer)
        except Unreadable as cause:
            return unreadable(str(cause))
        if not feed.items and not feed.nameless:
            return Listing(state=ListingState.EMPTY, why=f"the feed {answer.url} holds no entry")
        if not feed.items:
            return unreadable(f"no entry of the feed {answer.url} names an address")
        own = (self._tag_of[ask.series],) if ask.series in self._tag_of else ()
        silent = not any(item.tags for item in feed.items)
        following = self._following(feed, ask, answer)
        return Listing(
            state=ListingState.READ,
            entries=tuple(self._entry(item, answer.url, own, silent=silent) for item in feed.items),
            asks=following,
            nameless=feed.nameless,
            newest_only=not following and ask.page == 1,
            fresh=feed.fresh,
        )

    def _following(self, feed: Feed, ask: Ask, answer: Answer) -> tuple[Ask, ...]:
        if feed.following is not None:
            url = absolute(answer.url, feed.following)
            may = may_follow(self._source, answer.url, url)
            return (Ask(url=url, step=_NAMED, series=ask.series, page=ask.page + 1),) if may else ()
        if ask.step == _NAMED or is_json(answer.body) or (feed.generator and "wordpress" not in feed.generator.lower()):
            return ()
        return (Ask(url=_paged(ask.series, ask.page + 1), series=ask.series, page=ask.page + 1),)

    def _entry(self, item: FeedItem, base: str, own: tuple[str, ...], *, silent: bool) -> Entry:
        """Make an entry; ``own`` is the tag whose feed this is, ``silent`` that no item of the page states a tag."""
        says_nothing = silent and not own
        published, modified = self._time(item.published), self._time(item.modified)
        return Entry(
            url=absolute(base, item.url),
            title=item.title,
            published=published,
            published_raw=item.published,
            modified=modified if modified != published else None,
            tags=None if says_nothing else (*item.tags, *own),
            watched=bool(own),
            stamp=stamp_of(item.title, item.summary, item.content, item.modified or ""),
            # without tags it is the page that must say whether it is watched
            content=item.content if self._is_whole(item) and (self._watches_all or not says_nothing) else None,
            authors=item.authors,
        )

    def _is_whole(self, item: FeedItem) -> bool:
        if not self._table.full_text:
            return False
        text = in_words(item.content)
        return len(text) >= _LEAST_WHOLE and _CUT_SHORT.search(text[-_TAIL:]) is None

    def _time(self, stated: str | None) -> datetime | None:
        if stated is None:
            return None
        return parse_published(plain_date(stated), order=self._source.date_order, zone=self._source.zone)


def _read(answer: Answer) -> Feed:
    if is_json(answer.body):
        return read_json_feed(answer.body, url=answer.url)
    return read_feed(answer.body, url=answer.url, content_type=answer.headers.get("content-type", ""))


def _paged(url: str, page: int) -> str:
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, urlencode({"paged": page}))))
    return urlunsplit(parts._replace(query=query))
