"""source → entry, by the pages that list a tag's articles for people: the last resort, without exact times.

Selectors come from the reader's table; those that stand here fit WordPress's classic and block themes. A page without a
single entry under them is unreadable when it is the first, and the end when it is a later one.
"""

from urllib.parse import quote, urljoin

from parsel import Selector
from pydantic import BaseModel, ConfigDict, ValidationError

from cases.errors import ConfigError
from crawler.encoding import decoded
from crawler.published import parse_published
from crawler.readers import Answer, Ask, Entry, Listing, ListingState, Window, absolute, stamp_of, unreadable
from crawler.sources import ReaderTable, Source
from crawler.tags import slug


class ListingTable(BaseModel):
    """Keys of a ``[[readers]]`` table of the kind ``listing``; ``{slug}`` and ``{page}`` stand for their values."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first: str = "tag/{slug}/"
    """Address of a tag's first page, from ``home``."""
    further: str = "tag/{slug}/page/{page}/"
    entry: str = "main article, article.entry, article.post, li.wp-block-post, .archive article"
    link: str = "h2 a, h3 a, .entry-title a, a[rel=bookmark], .wp-block-post-title a"
    date: str = "time"
    summary: str = "p:not(.entry-meta), .entry-content, .entry-summary"


class ListingReader:
    """Reads the listing pages of the watched tags; ``url`` in its table names one listing in their place."""

    def __init__(self, source: Source, table: ReaderTable, window: Window) -> None:
        try:
            self._table = ListingTable.model_validate(table.model_extra or {})
        except ValidationError as cause:
            first = cause.errors()[0]
            raise ConfigError(f"{source.name}: reader listing: {first['loc'][0]}: {first['msg'].lower()}") from cause
        self._source = source
        self._url = table.url
        self._watched = window.watched

    def first(self) -> tuple[Ask, ...]:
        """Ask for the first page of each watched tag."""
        if self._url is not None or not self._watched:
            url = self._url or self._source.home
            return (Ask(url=url, series=""),)
        return tuple(self._page(slug(tag), 1) for tag in self._watched)

    def read(self, ask: Ask, answer: Answer) -> Listing:
        """Read the entries of one page. Of a tag's own page it is known that its entries carry the tag."""
        page = Selector(text=decoded(answer.body, answer.headers.get("content-type", "")))
        tags = tuple(tag for tag in self._watched if slug(tag) == ask.series) or None
        items = (self._entry(item, answer.url, tags) for item in page.css(self._table.entry))
        entries = tuple({entry.url: entry for entry in items if entry is not None}.values())
        if not entries:
            if ask.page > 1:
                return Listing(state=ListingState.END)
            return unreadable(f"{answer.url} shows no article where a listing has them")
        asks = (self._page(ask.series, ask.page + 1),) if ask.series else ()
        return Listing(state=ListingState.READ, entries=entries, asks=asks)

    def _entry(self, item: Selector, base: str, tags: tuple[str, ...] | None) -> Entry | None:
        link = next(iter(item.css(self._table.link)), None)
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

    def _page(self, tag_slug: str, page: int) -> Ask:
        pattern = self._table.first if page == 1 else self._table.further
        path = pattern.replace("{slug}", quote(tag_slug)).replace("{page}", str(page))
        return Ask(url=urljoin(self._source.home, path), series=tag_slug, page=page)


def _text(node: Selector) -> str:
    return " ".join("".join(node.xpath(".//text()").getall()).split())
