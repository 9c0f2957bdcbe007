"""page → what it states of itself for machines: JSON-LD, meta elements, and links. Nothing is taken on trust."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from parsel import Selector

_LONGEST_LD = 500_000
_DEEPEST = 40


class Metadata:
    """Answers by name; each answer is empty when the page does not state it."""

    def __init__(self, page: Selector, url: str) -> None:
        self._page = page
        self._url = url
        self._article = next((thing for thing in _things(page) if _is_article(thing)), {})

    def meta(self, *names: str) -> list[str]:
        """Give the contents of the meta elements of these names or properties, in that order."""
        found: list[str] = []
        for name in names:
            query = "//meta[@property=$name or @name=$name or @itemprop=$name]/@content"
            found += [value.strip() for value in self._page.xpath(query, name=name).getall() if value.strip()]
        return found

    def published(self) -> list[str]:
        """Give statements of the time of publication, best first, as written."""
        return [
            *_strings(self._article.get("datePublished")),
            *self.meta("article:published_time", "datePublished", "og:published_time", "date", "DC.date.issued"),
        ]

    def modified(self) -> list[str]:
        """Give statements of the time of the last edit, best first, as written."""
        return [*_strings(self._article.get("dateModified")), *self.meta("article:modified_time", "og:updated_time")]

    def tags(self) -> list[str]:
        """Give the keywords that JSON-LD and ``article:tag`` state."""
        keywords = [part.strip() for value in _strings(self._article.get("keywords")) for part in value.split(",")]
        return [*self.meta("article:tag"), *(word for word in keywords if word)]

    def sections(self) -> list[str]:
        """Give the sections that JSON-LD and ``article:section`` state."""
        return [*_strings(self._article.get("articleSection")), *self.meta("article:section")]

    def authors(self) -> list[str]:
        """Give the names of the authors."""
        stated = self._article.get("author")
        people = stated if isinstance(stated, list) else [stated]
        named = [name for one in people for name in _strings(one.get("name") if isinstance(one, Mapping) else one)]
        written = [value for value in self.meta("author", "article:author") if "://" not in value]
        return named or written

    def title(self) -> list[str]:
        """Give the title as stated for sharing, then that of the browser's tab; both may end with the site's name."""
        tab = " ".join("".join(self._page.xpath("//title[1]//text()").getall()).split())
        return [*_strings(self._article.get("headline")), *self.meta("og:title"), *([tab] if tab else [])]

    def canonical(self) -> str:
        """Give the address that the page calls its own, when it is on the host that answered; else the one asked."""
        stated = self._page.xpath("//link[@rel='canonical']/@href").get() or ""
        try:
            address = urljoin(self._url, stated.strip())
            same = urlsplit(address).hostname == urlsplit(self._url).hostname
        except ValueError:
            return self._url
        return address if stated and same and address.startswith(("http://", "https://")) else self._url


def _things(page: Selector) -> Iterator[Mapping[str, Any]]:
    for text in page.xpath("//script[@type='application/ld+json']/text()").getall():
        if len(text) > _LONGEST_LD:
            continue
        try:
            yield from _objects(json.loads(text), 0)
        except (ValueError, RecursionError):
            continue


def _objects(value: object, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _objects(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        yield from _objects(value.get("@graph"), depth + 1)


def _is_article(thing: Mapping[str, Any]) -> bool:
    kinds = thing.get("@type")
    return any(
        str(kind).endswith(("Article", "BlogPosting")) for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _strings(value: object) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [text for one in found if isinstance(one, str) and (text := " ".join(one.split()))]
