"""source → entry, by sitemaps: every address of a site, with the time of its last change and little else.

What is found: the sitemap that ``url`` names; else those that robots.txt names; else, one after the other, the addresses at
which publishing systems keep theirs. An index is followed to its parts, newest first, and parts that were last changed
before the time that the visit reaches to are left alone.

A ``<lastmod>`` says when a page was changed, never when it was published. So an address without a news date stays undated,
and its page decides; only what was not even changed since the horizon is too old by its sitemap alone. Addresses without
any date come after those with one, so that they are the ones that wait when there are more than a visit may fetch.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from pydantic import ConfigDict

from cases.errors import Unreadable
from crawler.pages.encoding import decoded
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
from crawler.readers.sitemaps import MOST_ADDRESSES, Item, Sitemap, read_sitemap
from crawler.sources import ReaderTable, Source
from crawler.tags import is_watched, parted

_WELL_KNOWN = ("sitemap_index.xml", "wp-sitemap.xml", "sitemap.xml", "news-sitemap.xml")
_NAMED = re.compile(r"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(\S+)")
_MOST_NAMED = 20
_DEEPEST = 3
"""Indexes below one another: the protocol allows one, some sites have two."""
_MOST_PARTS = 500
_MOST_ENTRIES = 200_000
_NO_ARTICLES = (
    "*/wp-sitemap-taxonomies-*",
    "*/wp-sitemap-users-*",
    "*/wp-sitemap-posts-page-*",
    "*/category-sitemap*",
    "*/post_tag-sitemap*",
    "*/post_format-sitemap*",
    "*/author-sitemap*",
    "*/page-sitemap*",
)
"""Parts that WordPress and its plugins make of everything that is no article."""
_BEGINNING = datetime.min.replace(tzinfo=UTC)


class SitemapTable(ReaderTable):
    """Keys of a reader of the kind ``sitemap``.

    A pattern is compared with the path of an address: one without ``*`` is how the path begins, in others ``*`` stands for
    anything: ``/english/``, ``*/2026/*``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    include: tuple[str, ...] = ()
    """Only addresses that fit one of these patterns are articles; empty takes all."""
    exclude: tuple[str, ...] = ("/tag/", "/category/", "/author/")
    """Addresses that are no articles; they are counted."""
    parts: tuple[str, ...] = ()
    """Only these parts of an index; empty takes all but those that WordPress makes of tags, authors and plain pages."""


class SitemapReader:
    """Reads the sitemaps of a site."""

    table_model: ClassVar = SitemapTable

    def __init__(self, source: Source, table: ReaderTable, window: Window) -> None:
        self._table = own_table(SitemapTable, table, source)
        self._source = source
        self._window = window
        self._listed = 0

    def first(self) -> tuple[Ask, ...]:
        """Ask for the sitemap that is named; without one, for robots.txt, which may name some."""
        if self._table.url is not None:
            return (_map(self._table.url),)
        robots = urljoin(self._source.home, "/robots.txt")
        return (Ask(url=robots, step="robots", series=robots, otherwise=self._well_known()),)

    def read(self, ask: Ask, answer: Answer) -> Listing:
        """Read a sitemap, an index, or the lines of robots.txt that name them."""
        if ask.step == "robots":
            return self._read_robots(answer)
        try:
            sitemap = read_sitemap(answer.body)
        except Unreadable as cause:
            return unreadable(f"{answer.url}: {cause}")
        if sitemap.is_index:
            return self._read_index(sitemap, answer.url, depth=int(ask.step))
        return self._read_addresses(sitemap, answer.url)

    def _well_known(self) -> Ask:
        chain: Ask | None = None
        for path in reversed(_WELL_KNOWN):
            chain = _map(urljoin(self._source.home, path), otherwise=chain)
        if chain is None:
            raise RuntimeError("there is no well-known address of a sitemap")
        return chain

    def _read_robots(self, answer: Answer) -> Listing:
        text = decoded(answer.body, answer.headers.get("content-type", ""))
        named = dict.fromkeys(absolute(answer.url, url) for url in _NAMED.findall(text))
        asks = [_map(url, otherwise=None if number else self._well_known()) for number, url in enumerate(named)]
        return Listing(
            state=ListingState.READ,
            asks=tuple(asks[:_MOST_NAMED]) or (self._well_known(),),
            leads=True,
            notice=_beyond(len(asks) - _MOST_NAMED, "sitemaps in robots.txt were not asked for"),
        )

    def _read_index(self, sitemap: Sitemap, url: str, *, depth: int) -> Listing:
        if depth >= _DEEPEST:
            return unreadable(f"{url} is an index below {depth} others, which is deeper than an index is followed")
        parts = [(item, absolute(url, item.url)) for item in sitemap.items]
        wanted = [(item, address) for item, address in parts if self._is_wanted(item, url, address)]
        if not wanted:
            return Listing(state=ListingState.EMPTY, why=f"{url} names no part that was changed since the last visit")
        wanted.sort(key=lambda part: self._time(part[0].lastmod) or _BEGINNING, reverse=True)
        return Listing(
            state=ListingState.READ,
            asks=tuple(_map(address, depth=depth + 1) for _, address in wanted[:_MOST_PARTS]),
            leads=not all(item.lastmod for item, _ in wanted),
            notice=_beyond(len(wanted) - _MOST_PARTS, f"parts of {url} were not asked for"),
        )

    def _is_wanted(self, part: Item, index: str, address: str) -> bool:
        if not may_follow(self._source, index, address):
            return False
        if self._table.parts:
            return _fits(address, self._table.parts) and self._is_recent(part)
        return not _fits(address, _NO_ARTICLES) and self._is_recent(part)

    def _is_recent(self, item: Item) -> bool:
        changed, since = self._time(item.lastmod), self._window.reaches_to
        return changed is None or since is None or changed >= since

    def _read_addresses(self, sitemap: Sitemap, url: str) -> Listing:
        entries = [self._entry(item, absolute(url, item.url)) for item in sitemap.items]
        recent = [entry for entry in entries if not self._is_read_already(entry)]
        wanted = [entry for entry in recent if self._is_article(entry.url)]
        wanted.sort(key=lambda entry: entry.published or entry.modified or _BEGINNING, reverse=True)
        taken = wanted[: max(0, _MOST_ENTRIES - self._listed)]
        self._listed += len(taken)
        return Listing(
            state=ListingState.READ if taken else ListingState.EMPTY,
            entries=tuple(taken),
            nameless=sitemap.nameless,
            excluded=len(recent) - len(wanted),
            why=None if taken else f"{url} names no article{' that is new and included' if entries else ''}",
            notice=_beyond(sitemap.beyond, f"addresses of {url} after the first {MOST_ADDRESSES} were not read")
            or _beyond(len(wanted) - len(taken), f"addresses of {url} are more than one visit lists; name its `parts`")
            or (f"{url}: {sitemap.fault}" if sitemap.fault else None),
        )

    def _is_read_already(self, entry: Entry) -> bool:
        """Tell whether a visit that only wants what changed can pass an address by, as the last complete one read it."""
        after = self._window.modified_after
        return after is not None and entry.modified is not None and entry.modified < after

    def _is_article(self, url: str) -> bool:
        included = not self._table.include or _fits(url, self._table.include)
        return included and not _fits(url, self._table.exclude)

    def _entry(self, item: Item, url: str) -> Entry:
        """Make an entry; keywords, where a publisher gives some, can show that it is watched, never that it is not."""
        keywords = parted(item.keywords)
        shows_it = is_watched(keywords, self._window.watched)
        return Entry(
            url=url,
            title=item.title,
            published=self._time(item.published),
            published_raw=item.published,
            modified=self._time(item.lastmod),
            tags=keywords if shows_it else None,
            stamp=stamp_of(item.lastmod or "", item.title) if item.lastmod or item.title else None,
        )

    def _time(self, stated: str | None) -> datetime | None:
        return parse_published(stated, zone=self._source.zone) if stated else None


def _map(url: str, *, depth: int = 0, otherwise: Ask | None = None) -> Ask:
    return Ask(url=url, step=str(depth), series=url, otherwise=otherwise)


def _fits(url: str, patterns: Iterable[str]) -> bool:
    path = urlsplit(url).path
    return any(fnmatchcase(path, pattern) if "*" in pattern else path.startswith(pattern) for pattern in patterns)


def _beyond(count: int, what: str) -> str | None:
    return f"{count} {what}" if count > 0 else None
