"""page → article: the body alone, and what the page says of itself. Pure: bytes in, a value out.

The source's own selectors are tried first, then those of common themes, then trafilatura finds the main text. Furniture
(menus, sharing, author box, related articles, most read, "Tagged With") never becomes text, and neither does the deck.
Everything is read off one tree: title, names, dates and tags here, the text in ``body``.
"""

import re
from collections.abc import Iterable
from datetime import datetime

from lxml import etree, html

from cases.errors import Unreadable
from cases.identity import canonical_url
from cases.language import detect
from cases.model import Article
from crawler import body as body_of
from crawler import dateline
from crawler.encoding import decoded
from crawler.furniture import facts_of
from crawler.markup import blocks
from crawler.metadata import Metadata
from crawler.originals import stated_originals
from crawler.published import first_published
from crawler.queries import query
from crawler.sources import Layout, Source
from crawler.teaser import is_partial

_TITLES = ("h1.entry-title", "h1.wp-block-post-title", "article h1", "main h1", "h1")
_AUTHORS = (".entry-author-name", ".author-name", "article [rel=author]", "[itemprop=author]")
_TAGS = (".entry-tags a", ".post-tags a", ".tags-links a", ".taxonomy-post_tag a", "a[rel~=tag]")
_CRUMBS = (".breadcrumb", ".breadcrumbs", "nav[aria-label=Breadcrumb]", "nav[aria-label=breadcrumb]")
_SECTIONS = ".entry-categories a, .taxonomy-category a, a[rel~=category]"
_AUTHOR_BOXES = ".author-box, .about-author, .author-bio, .post-author, .wp-block-post-author"
_IN_CATEGORIES = etree.XPath("boolean(ancestor::*[contains(concat(' ', @class, ' '), ' taxonomy-category ')])")
_OF_THE_SITE = re.compile(r"site-?title|site-?name|logo|brand|masthead", re.IGNORECASE)
_PSEUDONYM = re.compile(r"\b(uses?|under) a pseudonym|\bpseudonym for security", re.IGNORECASE)
_FOREIGN_CATEGORY = ("/category/", "?cat=")
_CREDIT = re.compile(r"^(?:(?:by|von|par|por|di)\s+|(?:автор|글|文|作者|撰文|記者|记者)\s?[:：/／=]\s*)", re.IGNORECASE)
_OFFICE = re.compile(r"\s*(?:기자|특파원|記者|记者|記)$")
_SITE_APART = re.compile(r"\s+[|–—·:»-]\s+")
_LONGEST_TITLE = 1_000
_LONGEST_NAME = 120
_PARSER = html.HTMLParser(recover=True, encoding="utf-8", huge_tree=True)


def read(
    body: bytes, *, url: str, content_type: str = "", source: Source | None = None, seen_at: datetime | None = None
) -> Article:
    """Read one HTML page.

    ``url`` is the address that answered, ``seen_at`` when it did: a date after that is not believed. Raises Unreadable
    when the page holds no title or no text where its source's layout, or any known one, has them; a page with a layout of
    its own in the source file is never read by guesswork.
    """
    tree = _parsed(decoded(body, content_type))
    layout = source.layout if source is not None else Layout()
    stated = Metadata(tree, url)
    title = _title(tree, layout, stated)
    printed = dateline.lines(tree, layout.date)
    authors, tags = _authors(tree, layout, stated), _tags(tree, layout, stated)
    facts = facts_of((title, *authors, *_shown_tags(tree, layout), *stated.labels(), *printed, *_printed_times(tree)))
    text = body_of.story(tree, layout, facts=facts, stated=_plain(stated.text()))
    if not title or text in {"", title}:
        which, missing = f"{url}: " if url else "", "text" if title else "title"
        raise Unreadable(f"{which}the page holds no {missing} where its source's layout, or any known one, has it")
    order, zone = (source.date_order, source.zone) if source is not None else (None, "UTC")
    machine = first_published(stated.published(), order=order, zone=zone, seen_at=seen_at)
    told = (*printed, *stated.addressed())
    closed, parts = stated.withheld()
    lang = detect(text)
    return Article(
        url=canonical_url(stated.canonical()),
        title=title,
        text=text,
        lang=lang,
        published=machine or first_published(told, order=order, zone=zone, seen_at=seen_at),
        published_raw=next(iter(_raw(printed, stated)), None),
        modified=first_published(stated.modified(), order=order, zone=zone, seen_at=seen_at),
        authors=authors,
        byline_pseudonymous=True if any(_PSEUDONYM.search(_flat(box)) for box in query(_AUTHOR_BOXES)(tree)) else None,
        tags=tags,
        sections=_sections(tree, stated),
        source=source.name if source is not None else "",
        claims=tuple(dict.fromkeys((*stated.claims(), *stated_originals(tree, url, lang)))),
        partial=is_partial(tree, text, closed=closed, parts=parts),
    )


def _parsed(text: str) -> etree._Element:
    tree = etree.fromstring(text.encode() or b" ", _PARSER) if text.strip() else None
    return tree if tree is not None else etree.fromstring(b"<html></html>", _PARSER)


def _plain(stated: str) -> str:
    """Make paragraphs of a text that JSON-LD states: of its lines, or of its markup where it has any."""
    if "<" not in stated:
        return "\n\n".join(" ".join(line.split()) for line in stated.splitlines() if line.strip())
    return "\n\n".join(text for _, text in blocks(_parsed(stated)))


def _raw(printed: Iterable[str], stated: Metadata) -> list[str]:
    return [*printed, *stated.published(), *stated.addressed()]


def _title(tree: etree._Element, layout: Layout, stated: Metadata) -> str:
    """Give the headline: where the layout says; else the heading that the page states as its title; else the first one."""
    if layout.title is not None:
        return _first_text(tree, (layout.title,))[:_LONGEST_TITLE]
    names = [" ".join(name.split()).casefold() for name in stated.title()]
    headings = [node for node in tree.iter("h1") if not _is_of_the_site(node)]
    shown = [text for node in headings if (text := _flat(node))]
    same = next((text for text in shown for name in names if name.startswith(text.casefold())), "")
    known = next(
        (text for css in _TITLES for node in query(css)(tree) if node in headings and (text := _flat(node))), ""
    )
    return (same or known or _without_site(next(iter(stated.title()), ""), stated))[:_LONGEST_TITLE]


def _is_of_the_site(heading: etree._Element) -> bool:
    """Tell of a heading that is the site's name: it is called so, or leads to the front page."""
    around = (heading, *list(heading.iterancestors())[:2])
    named = any(_OF_THE_SITE.search(f"{node.get('class', '')} {node.get('id', '')}") for node in around)
    return named or any(link.get("href", "").rstrip("/") == "" for link in heading.iter("a"))


def _without_site(title: str, stated: Metadata) -> str:
    """Cut the site's name from the end of a title; what else follows a dash may belong to it."""
    sites = {name.casefold() for name in stated.site()}
    cuts = [cut for cut in _SITE_APART.finditer(title) if title[cut.end() :].casefold() in sites]
    return title[: cuts[0].start()] if cuts else title


def _printed_times(tree: etree._Element) -> list[str]:
    return [text for node in tree.iter("time") if (text := _flat(node))]


def _authors(tree: etree._Element, layout: Layout, stated: Metadata) -> tuple[str, ...]:
    for css in (layout.authors,) if layout.authors is not None else _AUTHORS:
        names = [_name(_flat(node)) for node in query(css)(tree)]
        if any(names):
            return tuple(dict.fromkeys(filter(None, names)))
    sites = {name.casefold() for name in stated.site()}
    names = [_name(name) for name in stated.authors()]
    return tuple(dict.fromkeys(name for name in names if name and name.casefold() not in sites)) or tuple(
        dict.fromkeys(filter(None, names))
    )


def _name(printed: str) -> str:
    """Give a name without "by" before it and the office after it; what is longer than any name is none."""
    name = _OFFICE.sub("", _CREDIT.sub("", printed)).strip(" ,|·")
    return name if len(name) <= _LONGEST_NAME else ""


def _tags(tree: etree._Element, layout: Layout, stated: Metadata) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*_shown_tags(tree, layout), *stated.tags())))


def _shown_tags(tree: etree._Element, layout: Layout) -> list[str]:
    for css in (layout.tags,) if layout.tags is not None else _TAGS:
        shown = [_flat(node).removeprefix("#") for node in query(css)(tree) if not _is_category(node)]
        if any(shown):
            return [tag for tag in shown if tag]
    return []


def _is_category(link: etree._Element) -> bool:
    """Classic themes mark a category by ``rel``; block themes by the class around it or by its address alone."""
    address = link.get("href", "")
    in_address = any(mark in address for mark in _FOREIGN_CATEGORY)
    return "category" in link.get("rel", "").split() or in_address or bool(_IN_CATEGORIES(link))


def _sections(tree: etree._Element, stated: Metadata) -> tuple[str, ...]:
    for css in _CRUMBS:
        crumbs = [part.strip() for part in re.split(r"[/›»>|]", _first_text(tree, (css,)))]
        trail = [crumb for crumb in crumbs if crumb and crumb.casefold() not in {"home", "start"}]
        if trail:
            return tuple(trail)
    shown = [_flat(link) for link in query(_SECTIONS)(tree)]
    return tuple(dict.fromkeys(shown or stated.sections()))


def _first_text(tree: etree._Element, selectors: Iterable[str]) -> str:
    return next((text for css in selectors for node in query(css)(tree) if (text := _flat(node))), "")


def _flat(node: etree._Element) -> str:
    return " ".join("".join(node.xpath(".//text()[not(ancestor::script or ancestor::style)]")).split())
