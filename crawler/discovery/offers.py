"""page → what its site offers: feeds, an interface, sitemaps, by what the page says and by habit. Pure; nothing is fetched.

What is found here is only a candidate: whether it answers, and with what, is for ``crawler.discovery.trial`` to see.
"""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from urllib.parse import unquote, urljoin, urlsplit

from parsel import Selector

from cases.model import Value
from crawler.pages.encoding import decoded
from crawler.pages.published import DateOrder
from crawler.readers import Answer
from crawler.wire.guard import ForbiddenAddress, check_url

_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
_FEED_ROOTS = frozenset({"rss", "rdf", "feed"})
_SITEMAP_ROOTS = frozenset({"urlset", "sitemapindex"})
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?(\w+)")
_LINK_TO_FEED = re.compile(r"(?:/feed/?|/rss/?|[./]rss\.xml|\.rss|/atom\.xml|/feed\.(?:xml|json))$", re.IGNORECASE)
_LINK_HEADER = re.compile(r'<([^>]+)>\s*;[^,]*rel="?https://api\.w\.org/"?')
_REST = re.compile(r"wp-json/?$")
_TAG_PAGE = re.compile(r"/tags?/([^/]+)/?$")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-]\d{4}(?!\d)")
_SAMPLE = 4_000
_MOST_FEEDS = 5
_MONTHS = 12

USUAL_FEEDS = (
    "feed/",
    "rss.xml",
    "rss",
    "feed.xml",
    "atom.xml",
    "index.xml",
    "feed.json",
    "?feed=rss2",
    "rss/allArticle.xml",
    "feeds/posts/default",
)
"""Where feeds lie on many systems, from the folder of the home page; the last two on ND Soft and Blogger."""


class Nature(StrEnum):
    """What an address turned out to be."""

    FEED = "feed"
    SITEMAP = "sitemap"
    ARTICLE = "article"
    PAGE = "page"
    """A page that may list articles: a front page, a section, a tag's page."""
    OTHER = "other"


class Offer(Value, frozen=True, kw_only=True):
    """What a page, or a feed, says of its site."""

    title: str = ""
    """Name of the site, as it calls itself."""
    language: str | None = None
    home: str | None = None
    """The site's page that a feed names."""
    feeds: tuple[str, ...] = ()
    """Feeds that the page names, in its order, without those of comments."""
    wordpress: str | None = None
    """Root of the WordPress whose REST interface the page names, or whose marks it bears."""
    software: str | None = None


def nature_of(answer: Answer) -> Nature:
    """Tell what came by what it is, not by what the server calls it."""
    body = answer.body[:_SAMPLE].lstrip(b"\xef\xbb\xbf \t\r\n")
    if body.startswith(b"\x1f\x8b") or _plain_sitemap(answer, body):
        return Nature.SITEMAP
    if body.startswith((b"{", b"[")):
        return Nature.FEED if _json_feed(answer.body) is not None else Nature.OTHER
    root = _ROOT.search(re.sub(rb"<!--.*?-->", b"", body, flags=re.DOTALL))
    name = root[1].lower().decode() if root is not None else ""
    if name in _FEED_ROOTS:
        return Nature.FEED
    if name in _SITEMAP_ROOTS:
        return Nature.SITEMAP
    kind = answer.headers.get("content-type", "").lower()
    if not name or not ("html" in kind or "xml" in kind or not kind):
        return Nature.OTHER
    return Nature.ARTICLE if _is_article(answer) else Nature.PAGE


def offered(answer: Answer) -> Offer:
    """Read what a page says of its site."""
    page = Selector(text=decoded(answer.body, answer.headers.get("content-type", "")) or " ")
    generator = _meta(page, "generator")
    root = _rest_root(page, answer)
    if root is None and (generator.startswith("WordPress") or _has_marks_of_wordpress(page)):
        root = site_root(answer.url)
    names = (_meta(page, "og:site_name"), _meta(page, "application-name"), _tab(page))
    return Offer(
        title=next((name for name in names if name), ""),
        language=language_code(page.xpath("string(/html/@lang)").get() or ""),
        feeds=_feeds(page, answer.url),
        wordpress=root,
        software="WordPress" if root is not None else generator or None,
    )


def offered_by_feed(answer: Answer) -> Offer:
    """Read what a feed says of its site: its name, language and page."""
    found = _json_feed(answer.body)
    if found is not None:
        title, home, language = (str(found.get(key) or "") for key in ("title", "home_page_url", "language"))
    else:
        # parsel opens no entity and fetches nothing
        feed = Selector(text=decoded(answer.body, answer.headers.get("content-type", "")) or "<a/>", type="xml")
        channel = "(//*[local-name()='channel'] | /*[local-name()='feed'])[1]"
        title = feed.xpath(f"string({channel}/*[local-name()='title'])").get() or ""
        language = feed.xpath(f"string({channel}/*[local-name()='language'] | /*/@xml:lang)").get() or ""
        link = f"{channel}/*[local-name()='link'][not(@rel) or @rel='alternate']"
        home = feed.xpath(f"string({link}/@href)").get() or feed.xpath(f"string({link}[not(@href)])").get() or ""
    address = (_joined(answer.url, home) or None) if home.strip() else None
    return Offer(title=" ".join(title.split()), language=language_code(language), home=address)


def usual_feeds(home: str) -> tuple[str, ...]:
    """Give the addresses at which sites of many kinds have their feed."""
    return tuple(urljoin(home, path) for path in USUAL_FEEDS)


def tag_of_page(url: str) -> str | None:
    """Give the tag whose page an address looks like, as its words: ``/tag/north-korea/`` is "north korea"."""
    found = _TAG_PAGE.search(urlsplit(url).path)
    return " ".join(unquote(found[1]).replace("-", " ").split()) or None if found else None


def home_of(url: str) -> str:
    """Give the folder that a page stands for: the page itself, unless it is a file or a search in one."""
    parts = urlsplit(url)
    last = parts.path.rpartition("/")[2]
    if parts.query or "." in last:
        return urljoin(url, ".")
    return parts._replace(path=parts.path if parts.path.endswith("/") else f"{parts.path}/", fragment="").geturl()


def site_root(url: str) -> str:
    """Give the root of the host."""
    return urljoin(url, "/")


def language_code(stated: str) -> str | None:
    """Give the language of a code such as ``en-US`` or ``zh_TW``; None when it is none."""
    found = re.match(r"\s*([a-zA-Z]{2,3})(?:$|[-_\s])", stated)
    return found[1].lower() if found else None


def order_of(printed: Iterable[tuple[str, datetime | None]]) -> DateOrder | None:
    """Tell in which order a site prints day and month, when one of its numeric dates proves it and none contradicts.

    Takes each printed date with the time that is known of it from elsewhere, if any. ``09/20/2018`` proves the month first;
    ``03/09/2018`` proves something only beside a time that says which of the two it is.
    """
    proofs = {order for text, known in printed if (order := _proof(text, known)) is not None}
    return proofs.pop() if len(proofs) == 1 else None


def _proof(text: str, known: datetime | None) -> DateOrder | None:
    match = _NUMERIC.search(text[:_SAMPLE])
    if match is None:
        return None
    first, second = int(match[1]), int(match[2])
    if first == second:
        return None
    if max(first, second) > _MONTHS:
        return "DMY" if second <= _MONTHS else "MDY" if first <= _MONTHS else None
    if known is None or (known.month, known.day) not in {(first, second), (second, first)}:
        return None
    return "MDY" if (known.month, known.day) == (first, second) else "DMY"


def _plain_sitemap(answer: Answer, body: bytes) -> bool:
    return urlsplit(answer.url).path.endswith(".txt") and body.startswith((b"http://", b"https://"))


def _json_feed(body: bytes) -> dict[str, object] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    is_feed = isinstance(found, dict) and str(found.get("version", "")).startswith("https://jsonfeed.org/version/")
    return found if is_feed else None


def _is_article(answer: Answer) -> bool:
    """Tell an article by what it says of itself, or by the one headline inside the one article of the page."""
    page = Selector(text=decoded(answer.body, answer.headers.get("content-type", "")) or " ")
    if urlsplit(answer.url).path in {"", "/"}:
        return False
    if kind := _meta(page, "og:type"):
        return kind.lower() == "article"
    return bool(_meta(page, "article:published_time")) or (
        len(page.css("article")) == 1 and bool(page.css("article h1"))
    )


def _rest_root(page: Selector, answer: Answer) -> str | None:
    """Give the root of the WordPress whose interface a header or a link names, where it lies at the usual place."""
    named = [match[1] for match in _LINK_HEADER.finditer(answer.headers.get("link", ""))]
    named += page.xpath("//link[@rel='https://api.w.org/']/@href").getall()
    roots = (_REST.sub("", _joined(answer.url, link)) for link in named if _REST.search(link))
    return next(roots, None)


def _has_marks_of_wordpress(page: Selector) -> bool:
    return bool(page.xpath("//*[contains(@href, '/wp-content/') or contains(@src, '/wp-content/')]"))


def _feeds(page: Selector, url: str) -> tuple[str, ...]:
    """Give the feeds that a page names for programs, and after them those that it links for people."""
    named = [
        link.root.get("href", "")  # its attrib would break at an attribute with a control character in its name
        for link in page.xpath("//link[contains(concat(' ', normalize-space(@rel), ' '), ' alternate ')]")
        if link.root.get("type", "").split(";")[0].strip().lower() in _FEED_TYPES
    ]
    linked = [link for link in page.xpath("//a/@href").getall() if _LINK_TO_FEED.search(_path(link))]
    addresses = (_joined(url, link) for link in (*named, *linked) if link.strip())
    kept = dict.fromkeys(address for address in addresses if address and "/comments/" not in address)
    return tuple(kept)[:_MOST_FEEDS]


def _meta(page: Selector, name: str) -> str:
    found = page.xpath("//meta[@property=$name or @name=$name]/@content", name=name).get() or ""
    return " ".join(found.split())


def _tab(page: Selector) -> str:
    return " ".join((page.xpath("string(//title[1])").get() or "").split())


def _path(link: str) -> str:
    try:
        return urlsplit(link.strip()).path
    except ValueError:
        return ""


def _joined(base: str, link: str) -> str:
    """Complete a link; nothing when it is no address that may be visited: of another scheme, with a password, or none."""
    try:
        address = urljoin(base, link.strip())
        check_url(address)
    except (ValueError, ForbiddenAddress):
        return ""
    return address
