"""page → the text of its story: by the source's layout, by what common themes call their body, or by trafilatura. Pure.

The deck, the summary above the story, is left out as furniture is: it tells the story a second time.
"""

import copy
import logging
import re
from collections.abc import Iterable, Sequence

import trafilatura
from lxml import etree, html

from crawler.pages.furniture import furniture_in, only_states, told
from crawler.pages.markup import blocks, evened
from crawler.pages.queries import Page, query
from crawler.sources import Layout

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # says of every odd page that it is odd

_BODIES = (
    "article .entry-content",
    "main .entry-content",
    "[itemprop~=articleBody]",
    ".wp-block-post-content",
    ".amp-wp-article-content",
    "article .post-content",
    ".article-body",
    ".article__body",
    ".article-content",
    ".entry-content",
    "#article-view-content-div",
    ".field--name-body",
    ".field-name-body",
)
_ARTICLE = etree.XPath(
    "ancestor-or-self::*[self::article or contains(concat(' ', @class, ' '), ' hentry ')"
    " or contains(concat(' ', @class, ' '), ' post ')][1]"
)
_HEADLINE = etree.XPath(".//h1")
_APART = etree.XPath("boolean(ancestor::nav | ancestor::aside | ancestor::footer)")
_PARTS = " or ".join(f"self::{tag}" for tag in ("p", "div", "ul", "ol", "dl", "h1", "h2", "header", "section"))
_INNERMOST = etree.XPath(f"//*[{_PARTS}][not(*[{_PARTS}])]")
_SHORT = 250
"""Characters below which a body of a common theme is compared with what else the page holds."""
_FAR_LONGER = 2
_MOST_OF_IT = 0.4
"""Share of the page's paragraphs that a body of a common theme holds at least, if it is one."""


def story(page: Page, layout: Layout, *, facts: Sequence[str], stated: str = "") -> str:
    """Give the text of the story, its paragraphs two line breaks apart; empty when there is none.

    A layout's body is the only one, and is never replaced by guesswork. ``facts`` are what the page says of itself
    elsewhere, so that a line of only that is none of the story; ``stated`` is the text that its JSON-LD holds, which
    serves where the page shows nothing. The page is left as it is.
    """
    if layout.body is not None:
        return _known((layout.body,), page, layout, facts)
    known = _known(_BODIES, page, layout, facts)
    if len(known) >= _SHORT and len(known) >= _MOST_OF_IT * _paragraphs(page.tree):
        return known
    found = _found(page.tree, layout, facts)
    text = found if len(found) > _FAR_LONGER * len(known) else known
    return stated if len(stated) > _FAR_LONGER * len(text) else text


def _known(selectors: Iterable[str], page: Page, layout: Layout, facts: Sequence[str]) -> str:
    """Give the longest of what the selectors find, the first of them being enough when it holds a story's worth."""
    best = ""
    for css in selectors:
        found = [block for part in _of_one_article(page.find(css)) for block in _blocks(part, layout)]
        text = "\n\n".join(told(found, facts))
        if len(text) > len(best):
            best = text
        if len(best) >= _SHORT:
            break
    return best


def _of_one_article(parts: list[etree._Element]) -> list[etree._Element]:
    """Give the parts that belong together: those of the article with the headline, or of the first one.

    A body may be cut into several containers; a page may also show several articles, and only the main one counts.
    """
    groups: dict[etree._Element | None, list[etree._Element]] = {}
    for part in parts:
        if not _APART(part):
            around = _ARTICLE(part)
            group = groups.setdefault(around[0] if around else None, [])
            if not any(one in group for one in part.iterancestors()):
                group.append(part)
    headed = next((group for node, group in groups.items() if node is not None and _HEADLINE(node)), None)
    return headed or next(iter(groups.values()), [])


def _blocks(root: etree._Element, layout: Layout) -> list[tuple[str, str]]:
    removed = [node for css in layout.remove for node in query(css)(root) if node is not root]
    return blocks(root, (*furniture_in(root), *removed))


def _paragraphs(tree: etree._Element) -> int:
    """Count the characters of paragraphs on the page, those that stand apart excepted."""
    return sum(len("".join(node.itertext()).strip()) for node in tree.iter("p") if not _APART(node))


def _found(tree: etree._Element, layout: Layout, facts: Sequence[str]) -> str:
    """Let trafilatura find the main text of a page of no known layout.

    It keeps headlines, bylines and topic lines as text. So all furniture goes before it looks, and with it every short part
    that says nothing but ``facts``.
    """
    bare = copy.deepcopy(tree)
    for node in (*furniture_in(bare), *(node for css in layout.remove for node in query(css)(bare))):
        _drop(node)
    for node in _INNERMOST(bare):
        if only_states(" ".join("".join(node.itertext()).split()), facts):
            _drop(node)
    page = html.document_fromstring(etree.tostring(bare, encoding="unicode", method="html"))
    text = trafilatura.extract(page, include_comments=False, include_tables=True) or ""
    lines = (evened(cell).removeprefix("- ") for line in text.splitlines() for cell in _cells(line))
    return "\n\n".join(told([("p", line) for line in lines if line], facts))


def _cells(line: str) -> list[str]:
    """Give the cells of a line that is a row of a table, as trafilatura writes it; any other line is one."""
    if not (line.startswith("|") and line.rstrip().endswith("|")):
        return [line]
    return [cell for cell in re.split(r"(?<!\\)\|", line) if cell.strip(" -")]


def _drop(node: etree._Element) -> None:
    """Take an element out with all it holds, but for the text after it."""
    parent = node.getparent()
    if parent is None:
        return
    before = node.getprevious()
    if node.tail and before is not None:
        before.tail = (before.tail or "") + node.tail
    elif node.tail:
        parent.text = (parent.text or "") + node.tail
    parent.remove(node)
