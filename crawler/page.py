"""page → article: the body alone, and what the page says of itself. Pure: bytes in, a value out.

The source's own selectors are tried first, then those of common themes, then trafilatura finds the main text. Furniture
(menus, sharing, author box, related articles, most read, "Tagged With") never becomes text, and neither does the deck,
the summary above the story, which tells the story a second time. Tags are read before the body is cleaned.
"""

import logging
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import trafilatura
from lxml import etree
from parsel import Selector

from cases.errors import Unreadable
from cases.identity import canonical_url
from cases.language import detect
from cases.model import Article
from crawler.encoding import decoded
from crawler.markup import blocks
from crawler.metadata import Metadata
from crawler.published import parse_published
from crawler.sources import Layout, Source

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # says of every odd page that it is odd

_BODIES = (
    "article .entry-content",
    "main .entry-content",
    "[itemprop=articleBody]",
    ".wp-block-post-content",
    "article .post-content",
    ".article-body",
    ".article__body",
    ".entry-content",
    "#article-view-content-div",
)
_TITLES = ("h1.entry-title", "h1.wp-block-post-title", "article h1", "main h1", "h1")
_DATES = ("article time[datetime]", "main time[datetime]", ".entry-time", ".entry-date", "[itemprop=datePublished]")
_AUTHORS = (".entry-author-name", ".author-name", "article [rel=author]", "[itemprop=author]")
_TAGS = (".entry-tags a", ".post-tags a", ".tags-links a", ".taxonomy-post_tag a", "a[rel~=tag]")
_CRUMBS = (".breadcrumb", ".breadcrumbs", "nav[aria-label=Breadcrumb]", "nav[aria-label=breadcrumb]")
_AUTHOR_BOXES = ".author-box, .about-author, .author-bio, .post-author, .wp-block-post-author"
_FURNITURE = (
    "nav, aside, footer, form, figure, figcaption, .deck, .standfirst, .entry-subtitle, .sharedaddy, .addtoany_content, "
    ".share, .social, .wp-caption-text, .author-box, .about-author, .author-bio, .related, .related-posts, "
    ".jp-relatedposts, .keep-reading, .most-read, .newsletter, .entry-tags, .post-tags, .entry-categories, .entry-meta, "
    ".breadcrumb, .comments-area, #comments, .screen-reader-text, .wp-block-buttons, .wp-block-post-terms"
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LEAD = re.compile(r"(by|von|par|di)\s+\S.{0,60}|(photo|image|credits?|courtesy)\b.{0,120}", re.IGNORECASE)
_TAIL = re.compile(
    r"((reported by|tagged with|filed under|share this|source)\b"
    r"|(topics?|tags?|keywords?|thèmes?|mots-clés|schlagworte|etiquetas|temas|argomenti|теги|темы|태그|키워드|标签|標籤|タグ|キーワード)"
    r"\s?[:：]).{0,200}",
    re.IGNORECASE | re.DOTALL,
)
_LABEL_WORDS = """
by from on at in and date published updated modified posted written edited text words topic topics tag tags tagged keywords
filed under section category categories par publié le mis à jour von veröffentlicht am por publicado el di
january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept
oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun pm utc gmt
"""
_LABELS = frozenset(_LABEL_WORDS.split())
"""Words that only lead to what a page says of itself: "Published 9 October by Una Hale. Topics: harbour"."""
_WORD = re.compile(r"[^\W\d_]+")
_PARTS = " or ".join(f"self::{tag}" for tag in ("p", "div", "ul", "ol", "dl", "h1", "h2", "header", "section"))
_LONGEST_LABEL = 400
_MOST_FACTS = 60
_PSEUDONYM = re.compile(r"\b(uses?|under) a pseudonym|\bpseudonym for security", re.IGNORECASE)
_FOREIGN_CATEGORY = ("/category/", "?cat=")
_NUMERIC_DATE = re.compile(r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}[./-]\d{1,2}[./-]\d{1,2})(?!\d)")
_LONGEST_TITLE = 1_000
_LONGEST_HEAD = 500


def read(body: bytes, *, url: str, content_type: str = "", source: Source | None = None) -> Article:
    """Read one HTML page.

    ``url`` is the address that answered. Raises Unreadable when the page holds no title or no text where its source's
    layout, or any known one, has them; a page with a layout of its own in the source file is never read by guesswork.
    """
    page = Selector(text=decoded(body, content_type) or " ")
    layout = source.layout if source is not None else Layout()
    stated = Metadata(page, url)
    title = _title(page, layout, stated)
    published, raw = _published(page, layout, stated, source)
    authors, tags = _authors(page, layout, stated), _tags(page, layout, stated)
    text = _text(page, layout, stated=(title, *authors, *tags, *_printed_dates(page), raw or ""))
    if not title or text in {"", title}:
        which, missing = f"{url}: " if url else "", "text" if title else "title"
        raise Unreadable(f"{which}the page holds no {missing} where its source's layout, or any known one, has it")
    return Article(
        url=canonical_url(stated.canonical()),
        title=title,
        text=text,
        lang=detect(text),
        published=published,
        published_raw=raw,
        modified=_first_time(stated.modified(), source),
        authors=authors,
        byline_pseudonymous=True if any(_PSEUDONYM.search(_flat(box)) for box in page.css(_AUTHOR_BOXES)) else None,
        tags=tags,
        sections=_sections(page, stated),
        source=source.name if source is not None else "",
    )


def _title(page: Selector, layout: Layout, stated: Metadata) -> str:
    if layout.title is not None:
        return _first_text(page, (layout.title,))[:_LONGEST_TITLE]
    return (_first_text(page, _TITLES) or next(iter(stated.title()), ""))[:_LONGEST_TITLE]


def _text(page: Selector, layout: Layout, *, stated: Iterable[str]) -> str:
    for query in (layout.body,) if layout.body is not None else _BODIES:
        for part in page.css(query):
            text = _body_text(part.root, layout)
            if text:
                return text
    return "" if layout.body is not None else _main_text(page, _facts(stated))


def _body_text(root: etree._Element, layout: Layout) -> str:
    part = Selector(root=root)
    furniture = [
        node.root for query in (_FURNITURE, *layout.remove) for node in part.css(query) if node.root is not root
    ]
    return "\n\n".join(_without_edges(blocks(root, furniture)))


def _without_edges(found: list[tuple[str, str]]) -> list[str]:
    """Drop headings, bylines and picture credits before the first paragraph, and the reporter's line after the last."""
    start, end = 0, len(found)
    while start < end and (found[start][0] in _HEADINGS or _LEAD.fullmatch(found[start][1])):
        start += 1
    while end > start and _TAIL.fullmatch(found[end - 1][1]):
        end -= 1
    return [text for _, text in found[start:end]]


def _main_text(page: Selector, facts: Sequence[str]) -> str:
    """Let trafilatura find the main text of a page of no known layout; whole-page dumps are not accepted from it.

    It keeps headlines, bylines and topic lines as text. So all furniture goes before it looks, and with it every short part
    that says nothing but ``facts`` stated elsewhere: title, authors, tags, dates.
    """
    bare = Selector(text=page.get() or " ")
    for node in bare.css(_FURNITURE):
        node.drop()
    for node in bare.xpath(f"//*[{_PARTS}][not(*[{_PARTS}])]"):
        if _only_states(_flat(node), facts):
            node.drop()
    text = trafilatura.extract(bare.get(), include_comments=False, include_tables=False, favor_precision=True)
    lines = (" ".join(line.split()) for line in (text or "").splitlines())
    return "\n\n".join(_without_edges([("p", line) for line in lines if line and not _only_states(line, facts)]))


def _facts(stated: Iterable[str]) -> list[str]:
    """Give what is stated as it is looked for: folded, the longest first, and no more of it than a page of news has."""
    facts = {" ".join(fact.split()).casefold() for fact in stated}
    return sorted(facts - {""}, key=lambda fact: (-len(fact), fact))[:_MOST_FACTS]


def _only_states(text: str, facts: Iterable[str]) -> bool:
    """Tell whether a short text holds nothing but what is stated, figures, and words that lead to it."""
    if not text or len(text) > _LONGEST_LABEL:
        return False
    rest = text.casefold()
    for fact in facts:
        rest = rest.replace(fact, " ")
    return all(word in _LABELS for word in _WORD.findall(rest))


def _printed_dates(page: Selector) -> list[str]:
    return [text for node in page.css("time") if (text := _flat(node))]


def _published(
    page: Selector, layout: Layout, stated: Metadata, source: Source | None
) -> tuple[datetime | None, str | None]:
    """Give the time and what was printed: metadata first, then the printed date, which is kept as raw when there is one."""
    printed = [text for query in (layout.date, *_DATES) if query for text in _dates(page, query)] + _glued_dates(page)
    machine = _first_time(stated.published(), source)
    raw = next(iter(printed), None) or next(iter(stated.published()), None)
    return machine or _first_time(printed, source), raw


def _dates(page: Selector, query: str) -> list[str]:
    """Give ``datetime`` attributes before the texts they stand on."""
    nodes = page.css(query)[:1]
    return [text for node in nodes for text in (node.attrib.get("datetime", "").strip(), _flat(node)) if text]


def _glued_dates(page: Selector) -> list[str]:
    """Give the date that stands in an article's head with no element of its own, glued to the byline."""
    heads = page.css("article header .entry-meta, .entry-header, article header")
    return [match[0] for head in heads for match in _NUMERIC_DATE.finditer(_flat(head)[:_LONGEST_HEAD])]


def _first_time(statements: Iterable[str], source: Source | None) -> datetime | None:
    order, zone = (source.date_order, source.zone) if source is not None else (None, "UTC")
    times = (parse_published(text, order=order, zone=zone) for text in statements)
    return next((time for time in times if time is not None), None)


def _authors(page: Selector, layout: Layout, stated: Metadata) -> tuple[str, ...]:
    for query in (layout.authors,) if layout.authors is not None else _AUTHORS:
        names = [_flat(node) for node in page.css(query)]
        if any(names):
            return tuple(dict.fromkeys(filter(None, names)))
    return tuple(dict.fromkeys(stated.authors()))


def _tags(page: Selector, layout: Layout, stated: Metadata) -> tuple[str, ...]:
    shown: list[str] = []
    for query in (layout.tags,) if layout.tags is not None else _TAGS:
        shown += [_flat(node) for node in page.css(query) if not _is_category(node)]
        if shown:
            break
    return tuple(dict.fromkeys(tag for tag in (*shown, *stated.tags()) if tag))


def _is_category(link: Selector) -> bool:
    """Classic themes mark a category by ``rel``; block themes by the class around it or by its address alone."""
    rel = link.attrib.get("rel", "").split()
    inside = link.xpath("ancestor::*[contains(concat(' ', @class, ' '), ' taxonomy-category ')]")
    address = link.attrib.get("href", "")
    return "category" in rel or bool(inside) or any(mark in address for mark in _FOREIGN_CATEGORY)


def _sections(page: Selector, stated: Metadata) -> tuple[str, ...]:
    for query in _CRUMBS:
        crumbs = [part.strip() for part in re.split(r"[/›»>|]", _first_text(page, (query,)))]
        trail = [crumb for crumb in crumbs if crumb and crumb.casefold() not in {"home", "start"}]
        if trail:
            return tuple(trail)
    shown = [_flat(link) for link in page.css(".entry-categories a, .taxonomy-category a, a[rel~=category]")]
    return tuple(dict.fromkeys(shown or stated.sections()))


def _first_text(page: Selector, queries: Iterable[str]) -> str:
    return next((text for query in queries for node in page.css(query) if (text := _flat(node))), "")


def _flat(node: Selector) -> str:
    return " ".join("".join(node.xpath(".//text()[not(ancestor::script or ancestor::style)]").getall()).split())
