"""source → entry, by the pages that list articles for people: the last resort, without exact times.

Selectors come from the reader's table; those that stand here fit WordPress's classic and block themes. A page without a
single entry under them is unreadable when it is the first, and the end when it is a later one. The page after it is the one
that it names (``rel=next``); where it names none, the one that its pattern gives, until a page is missing, empty, or shows
only what its series has shown before.
"""

from typing import Annotated, ClassVar
from urllib.parse import quote, urljoin

from parsel import Selector
from parsel.csstranslator import HTMLTranslator
from pydantic import AfterValidator, ConfigDict, Field

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
from crawler.sources import ReaderTable, Source
from crawler.tags import addressed


def _selector(css: str) -> str:
    try:
        HTMLTranslator().css_to_xpath(css)
    except SyntaxError as cause:  # as cssselect's own errors are
        raise ValueError(f"expected a CSS selector: {cause}") from cause
    return css


Css = Annotated[str, AfterValidator(_selector)]


class ListingTable(ReaderTable):
    """Keys of a reader of the kind ``listing``; in addresses ``{slug}`` and ``{page}`` stand for their values.

    Without ``url``, every watched tag has a listing of its own; with it, the one that it names is read.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    first: str = "tag/{slug}/"
    """Address of a tag's first page, from ``home``."""
    further: str | None = None
    """Address of a further page, from ``home``; without it WordPress's for a tag, and none for ``url``."""
    page_from: int = Field(default=1, ge=0)
    """Value of ``{page}`` on the first page: 0 where pages are counted from zero."""
    page_step: int = Field(default=1, ge=1)
    """How much ``{page}`` grows from page to page: 20 where it is the number of entries that went before."""
    entry: Css = "main article, article.entry, article.post, li.wp-block-post, .archive article"
    """CSS selector of an entry."""
    link: Css = "h2 a, h3 a, .entry-title a, a[rel=bookmark], .wp-block-post-title a"
    """Of its link, inside it; an entry that is a link itself is taken as it is."""
    date: Css = "time"
    """Of its date, inside it."""
    summary: Css = "p:not(.entry-meta), .entry-content, .entry-summary"
    """Of its summary, inside it: a change there shows an edit."""
    next: Css = (
        "link[rel~=next], a[rel~=next], a.next.page-numbers, .pagination-next a, a.wp-block-query-pagination-next"
    )
    """Of the link to the page after this one."""


_TAG_PAGES = "tag/{slug}/page/{page}/"


class ListingReader:
    """Reads the listing pages of the watched tags; ``url`` in its table names one listing in their place."""

    table_model: ClassVar = ListingTable

    def __init__(self, source: Source, table: ReaderTable, window: Window) -> None:
        self._table = own_table(ListingTable, table, source)
        self._source = source
        is_one = self._table.url is not None or not window.watched
        self._tag_of = {} if is_one else addressed(window.watched)
        self._further = self._table.further or ("" if is_one else _TAG_PAGES)

    def first(self) -> tuple[Ask, ...]:
        """Ask for the first page of each watched tag."""
        if not self._tag_of:
            url = self._table.url or self._source.home
            return (Ask(url=url, series=url),)
        return tuple(self._numbered(self._table.first, form, 1) for form in self._tag_of)

    def read(self, ask: Ask, answer: Answer) -> Listing:
        """Read the entries of one page. Of a tag's own page it is known that its entries carry the tag."""
        page = Selector(text=decoded(answer.body, answer.headers.get("content-type", "")) or " ")
        tags = (self._tag_of[ask.series],) if ask.series in self._tag_of else None
        items = (self._entry(item, answer.url, tags) for item in page.css(self._table.entry))
        entries = tuple({entry.url: entry for entry in items if entry is not None}.values())
        if not entries:
            if ask.page > 1:
                return Listing(state=ListingState.END)
            return unreadable(f"{answer.url} shows no article where a listing has them")
        following = self._following(page, ask, answer.url)
        return Listing(
            state=ListingState.READ, entries=entries, asks=following, newest_only=not following and ask.page == 1
        )

    def _following(self, page: Selector, ask: Ask, base: str) -> tuple[Ask, ...]:
        for link in page.css(self._table.next):
            address = absolute(base, link.attrib.get("href", ""))
            if address != base and may_follow(self._source, base, address):
                return (Ask(url=address, series=ask.series, page=ask.page + 1),)
        return (self._numbered(self._further, ask.series, ask.page + 1),) if self._further else ()

    def _entry(self, item: Selector, base: str, tags: tuple[str, ...] | None) -> Entry | None:
        links = [item] if item.root.tag == "a" else item.css(self._table.link)
        link = next(iter(links), None)
        address = link.attrib.get("href", "").strip() if link is not None else ""
        if link is None or not address:
            return None
        title = _text(link)
        when = next(iter(item.css(self._table.date)), None)
        raw = (when.attrib.get("datetime") or _text(when)) if when is not None else None
        summary = " ".join(_text(part) for part in item.css(self._table.summary))
        return Entry(
            url=absolute(base, address),
            title=title,
            published=parse_published(raw, order=self._source.date_order, zone=self._source.zone) if raw else None,
            published_raw=raw or None,
            tags=tags,
            watched=tags is not None,
            stamp=stamp_of(title, summary, raw or ""),
        )

    def _numbered(self, pattern: str, series: str, page: int) -> Ask:
        value = self._table.page_from + (page - 1) * self._table.page_step
        path = pattern.replace("{slug}", quote(series)).replace("{page}", str(value))
        return Ask(url=urljoin(self._source.home, path), series=series, page=page)


def _text(node: Selector) -> str:
    return " ".join("".join(node.xpath(".//text()").getall()).split())
