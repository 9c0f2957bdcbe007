"""page → what it states of itself for machines: JSON-LD, meta elements, microdata and links. Nothing is taken on trust."""

import re
from collections import defaultdict
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree

from crawler.pages.linked_data import main_article, names, texts
from crawler.pages.queries import Page
from crawler.tags import parted
from crawler.wire.guard import ForbiddenAddress, check_url

_SCRIPTS = etree.XPath("//script[contains(@type, 'ld+json')]")
_APART = etree.XPath("boolean(ancestor::aside | ancestor::footer)")
_CANONICAL = etree.XPath("string(//link[@rel='canonical' or @rel='Canonical']/@href)")
_TAB = etree.XPath("string((//title[not(ancestor::svg)])[1])")
_NAMED_BY = ("property", "name", "itemprop")
_PUBLISHED = [
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "pubdate",
    "date.issued",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "dcsext.articlefirstpublished",
    "citation_publication_date",
    "originalpublicationdate",
    "article_date_original",
    "cxenseparse:recs:publishtime",
    "bt:pubdate",
    "rnews:datepublished",
    "datecreated",
    "dc.created",
    "created",
    "date",
]
_MODIFIED = ["article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified", "lastmod"]
_TAGS = ["article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords"]
_MOST_ITEMS = 400
_FREE = frozenset({"false", "no", "0"})
_ADDRESSED_DAY = re.compile(r"/((?:19|20)\d\d)/(0[1-9]|1[0-2])/(0[1-9]|[12]\d|3[01])(?=/)")


class Metadata:
    """Answers by name; each answer is empty when the page does not state it."""

    def __init__(self, page: Page, url: str) -> None:
        tree = page.tree
        self._url = url
        self._tab = " ".join(_TAB(tree).split())
        self._href = _CANONICAL(tree).strip()
        self._meta: dict[str, list[str]] = defaultdict(list)
        self._items: dict[str, list[etree._Element]] = defaultdict(list)
        for node in tree.iter("meta"):
            if value := " ".join(node.get("content", "").split()):
                for name in {node.get(kind, "").lower() for kind in _NAMED_BY} - {""}:
                    self._meta[name].append(value)
        marked = (node for node in page.elements if node.get("itemprop") and node.tag != "meta" and not _APART(node))
        for node in islice(marked, _MOST_ITEMS if page.has("itemprop") else 0):
            for name in node.get("itemprop").lower().split():
                self._items[name].append(node)
        self._article = main_article(
            ("".join(node.itertext()) for node in _SCRIPTS(tree)),
            addresses=(url, self._href, *self.meta("og:url")),
            titles=(*self.meta("og:title"), self._tab),
        )

    def meta(self, *wanted: str) -> list[str]:
        """Give the contents of the meta elements of these names or properties, in that order; case makes no difference."""
        return [value for name in wanted for value in self._meta.get(name.lower(), ())]

    def published(self) -> list[str]:
        """Give statements of the time of publication, best first, as written."""
        return [
            *texts(self._article.get("datePublished")),
            *self.meta(*_PUBLISHED),
            *self._stated("datepublished", "datetime", "content"),
            *texts(self._article.get("dateCreated")),
        ]

    def addressed(self) -> list[str]:
        """Give the day that stands in the address as a folder, as the permalinks of many systems have it."""
        return ["-".join(match.groups()) for match in _ADDRESSED_DAY.finditer(urlsplit(self.canonical()).path)][:1]

    def modified(self) -> list[str]:
        """Give statements of the time of the last edit, best first, as written."""
        return [
            *texts(self._article.get("dateModified")),
            *self.meta(*_MODIFIED),
            *self._stated("datemodified", "datetime", "content"),
        ]

    def tags(self) -> list[str]:
        """Give the keywords and subjects that JSON-LD, meta elements and microdata state."""
        listed = [*texts(self._article.get("keywords")), *self.meta(*_TAGS[1:]), *self._stated("keywords", "content")]
        about = names(self._article.get("about"))
        return list(dict.fromkeys([*self.meta(_TAGS[0]), *(word for text in listed for word in parted(text)), *about]))

    def labels(self) -> list[str]:
        """Give the tags that are made for people: keywords for search engines are words of the text as well."""
        listed = [word for text in texts(self._article.get("keywords")) for word in parted(text)]
        return [*self.meta(_TAGS[0]), *listed]

    def sections(self) -> list[str]:
        """Give the sections that JSON-LD, meta elements and microdata state."""
        shown = self._stated("articlesection", "content")
        return list(dict.fromkeys([*texts(self._article.get("articleSection")), *self.meta("article:section"), *shown]))

    def authors(self) -> list[str]:
        """Give the names of the authors."""
        stated = names(self._article.get("author"))
        written = self.meta("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl")
        return [name for name in stated or list(dict.fromkeys(written)) if "://" not in name and "@" not in name]

    def title(self) -> list[str]:
        """Give the title as stated for sharing, then that of the browser's tab; both may end with the site's name."""
        headline = texts(self._article.get("headline")) or texts(self._article.get("name"))
        return [*headline, *self.meta("og:title"), *([self._tab] if self._tab else [])]

    def site(self) -> list[str]:
        """Give the names of the site."""
        return [*names(self._article.get("publisher")), *self.meta("og:site_name", "application-name")]

    def text(self) -> str:
        """Give the text of the article as JSON-LD states it, which is rarely the whole and never has paragraphs."""
        body = self._article.get("articleBody")
        return body if isinstance(body, str) else ""

    def withheld(self) -> tuple[bool, list[str]]:
        """Tell whether the page says that it is not free, and the selectors of the parts that are not."""
        parts = self._article.get("hasPart")
        listed = [part for part in (parts if isinstance(parts, list) else [parts]) if isinstance(part, dict)]
        closed = [part for part in listed if _is_no(part.get("isAccessibleForFree"))]
        stated = _is_no(self._article.get("isAccessibleForFree")) or bool(closed)
        tier = {value.lower() for value in self.meta("article:content_tier")}
        return stated or "locked" in tier, [css for part in closed for css in texts(part.get("cssSelector"))]

    def canonical(self) -> str:
        """Give the address that the page calls its own, when it is on the host that answered; else the one asked.

        A front page is no article's address: sites that name it on all their pages would make one article of them all.
        """
        try:
            address = urljoin(self._url, self._href)
            check_url(address)
            own, asked = urlsplit(address), urlsplit(self._url)
        except (ValueError, ForbiddenAddress):
            return self._url
        is_front = own.path in {"", "/"} and not own.query and asked.path not in {"", "/"}
        return address if self._href and own.hostname == asked.hostname and not is_front else self._url

    def claims(self) -> list[str]:
        """Give the addresses on other hosts at which the page says that the article stands, or stood first."""
        stated = (self._href, *self.meta("og:url", "original-source", "syndication-source"), *self._based_on())
        return list(dict.fromkeys(address for address in stated if _is_elsewhere(address, self._url)))

    def _based_on(self) -> list[str]:
        origin = self._article.get("isBasedOn")
        return texts(origin.get("url") if isinstance(origin, dict) else origin)

    def _stated(self, name: str, *attributes: str) -> list[str]:
        """Give what microdata states in an attribute, or in the text where the element has none of these."""
        found = []
        for node in self._items.get(name, ()):
            value = next((node.get(attribute) for attribute in attributes if node.get(attribute)), None)
            found.append(" ".join((value or "".join(node.itertext())).split()))
        return [text for text in found if text]


def _is_elsewhere(address: str, url: str) -> bool:
    try:
        host = urlsplit(address).hostname
        return address.startswith(("http://", "https://")) and host is not None and host != urlsplit(url).hostname
    except ValueError:
        return False


def _is_no(value: object) -> bool:
    return value is False or str(value).lower() in _FREE
