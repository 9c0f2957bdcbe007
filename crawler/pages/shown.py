"""page → what it shows of itself: headline, names, tags, sections. Pure.

The source's layout is asked first and alone; then what common themes call these parts, beside what the page states for
machines.
"""

import re

from lxml import etree

from crawler.pages.metadata import Metadata
from crawler.pages.queries import Element, Page, flat
from crawler.sources import Layout

_TITLES = ("h1.entry-title", "h1.wp-block-post-title", "article h1", "main h1", "h1")
_AUTHORS = (".entry-author-name", ".author-name", "article [rel=author]", "[itemprop=author]")
_TAGS = (".entry-tags a", ".post-tags a", ".tags-links a", ".taxonomy-post_tag a", "a[rel~=tag]")
_CRUMBS = (".breadcrumb", ".breadcrumbs", "nav[aria-label=Breadcrumb]", "nav[aria-label=breadcrumb]")
_SECTIONS = ".entry-categories a, .taxonomy-category a, a[rel~=category]"
_IN_CATEGORIES = etree.XPath("boolean(ancestor::*[contains(concat(' ', @class, ' '), ' taxonomy-category ')])")
_OF_THE_SITE = re.compile(r"site-?title|site-?name|logo|brand|masthead", re.IGNORECASE)
_FOREIGN_CATEGORY = ("/category/", "?cat=")
_CREDIT = re.compile(r"^(?:(?:by|von|par|por|di)\s+|(?:автор|글|文|作者|撰文|記者|记者)\s?[:：/／=]\s*)", re.IGNORECASE)
_OFFICE = re.compile(r"\s*(?:기자|특파원|記者|记者|記)$")
_SITE_APART = re.compile(r"\s+[|–—·:»-]\s+")
_LONGEST_TITLE = 1_000
_LONGEST_NAME = 120


def title(page: Page, layout: Layout, stated: Metadata) -> str:
    """Give the headline: where the layout says; else the heading that the page states as its title; else the first one."""
    if layout.title is not None:
        return page.first_text(layout.title)[:_LONGEST_TITLE]
    names = [" ".join(name.split()).casefold() for name in stated.title()]
    headings = [node for node in page.tree.iter("h1") if not _is_of_the_site(node)]
    shown = [text for node in headings if (text := flat(node))]
    same = next((text for text in shown for name in names if name.startswith(text.casefold())), "")
    known = next((text for css in _TITLES for node in page.find(css) if node in headings and (text := flat(node))), "")
    return (same or known or _without_site(next(iter(stated.title()), ""), stated))[:_LONGEST_TITLE]


def _is_of_the_site(heading: Element) -> bool:
    """Tell of a heading that is the site's name: it is called so, or leads to the front page."""
    around = (heading, *list(heading.iterancestors())[:2])
    named = any(_OF_THE_SITE.search(f"{node.get('class', '')} {node.get('id', '')}") for node in around)
    return named or any(link.get("href", "").rstrip("/") == "" for link in heading.iter("a"))


def _without_site(title: str, stated: Metadata) -> str:
    """Cut the site's name from the end of a title; what else follows a dash may belong to it."""
    sites = {name.casefold() for name in stated.site()}
    cuts = [cut for cut in _SITE_APART.finditer(title) if title[cut.end() :].casefold() in sites]
    return title[: cuts[0].start()] if cuts else title


def authors(page: Page, layout: Layout, stated: Metadata) -> tuple[str, ...]:
    """Give the names in the byline, or those that the page states; the site is an author only where nobody else is."""
    for css in (layout.authors,) if layout.authors is not None else _AUTHORS:
        names = [_name(flat(node)) for node in page.find(css)]
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


def tags(page: Page, layout: Layout) -> list[str]:
    """Give the tags that the page shows, without its categories: in the place that the layout names, or in common ones."""
    for css in (layout.tags,) if layout.tags is not None else _TAGS:
        shown = [flat(node).removeprefix("#") for node in page.find(css) if not _is_category(node)]
        if any(shown):
            return [tag for tag in shown if tag]
    return []


def _is_category(link: Element) -> bool:
    """Classic themes mark a category by ``rel``; block themes by the class around it or by its address alone."""
    address = link.get("href", "")
    in_address = any(mark in address for mark in _FOREIGN_CATEGORY)
    return "category" in link.get("rel", "").split() or in_address or bool(_IN_CATEGORIES(link))


def sections(page: Page, stated: Metadata) -> tuple[str, ...]:
    """Give where on its site the article stands, the widest first: its trail, or its categories, or what it states."""
    for css in _CRUMBS:
        crumbs = [part.strip() for part in re.split(r"[/›»>|]", page.first_text(css))]
        trail = [crumb for crumb in crumbs if crumb and crumb.casefold() not in {"home", "start"}]
        if trail:
            return tuple(trail)
    shown = [flat(link) for link in page.find(_SECTIONS)]
    return tuple(dict.fromkeys(shown or stated.sections()))
