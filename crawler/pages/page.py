"""page → article: the body alone, and what the page says of itself. Pure: bytes in, a value out.

The source's own selectors are tried first, then those of common themes, then trafilatura finds the main text. Furniture
(menus, sharing, author box, related articles, most read, "Tagged With") never becomes text, and neither does the deck.
Everything is read off one tree: title, names, dates and tags here, the text in ``body``.
"""

import re
from collections.abc import Iterable
from datetime import datetime

from lxml import etree

from cases.errors import Unreadable
from cases.identity import canonical_url
from cases.language import detect
from cases.model import Article
from crawler.pages import body as body_of
from crawler.pages import dateline, shown
from crawler.pages.encoding import decoded
from crawler.pages.furniture import facts_of
from crawler.pages.markup import blocks
from crawler.pages.metadata import Metadata
from crawler.pages.originals import stated_originals
from crawler.pages.published import first_published
from crawler.pages.queries import Page, flats
from crawler.pages.teaser import is_partial
from crawler.sources import Layout, Source

_AUTHOR_BOXES = ".author-box, .about-author, .author-bio, .post-author, .wp-block-post-author"
_PSEUDONYM = re.compile(r"\b(uses?|under) a pseudonym|\bpseudonym for security", re.IGNORECASE)
_PARSER = etree.HTMLParser(recover=True, encoding="utf-8", huge_tree=True)


def read(
    body: bytes, *, url: str, content_type: str = "", source: Source | None = None, seen_at: datetime | None = None
) -> Article:
    """Read one HTML page.

    ``url`` is the address that answered, ``seen_at`` when it did: a date after that is not believed. Raises Unreadable
    when the page holds no title or no text where its source's layout, or any known one, has them; a page with a layout of
    its own in the source file is never read by guesswork.
    """
    page = Page(_parsed(decoded(body, content_type)))
    layout = source.layout if source is not None else Layout()
    stated = Metadata(page, url)
    title, authors, tags = (
        shown.title(page, layout, stated),
        shown.authors(page, layout, stated),
        shown.tags(page, layout),
    )
    printed = dateline.lines(page, layout.date)
    facts = facts_of((title, *authors, *tags, *stated.labels(), *printed, *flats(page.tree.iter("time"))))
    text = body_of.story(page, layout, facts=facts, stated=_plain(stated.text()))
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
        byline_pseudonymous=True if any(_PSEUDONYM.search(box) for box in flats(page.find(_AUTHOR_BOXES))) else None,
        tags=tuple(dict.fromkeys((*tags, *stated.tags()))),
        sections=shown.sections(page, stated),
        source=source.name if source is not None else "",
        claims=tuple(dict.fromkeys((*stated.claims(), *stated_originals(page.tree, url, lang)))),
        partial=is_partial(page, text, closed=closed, parts=parts),
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
