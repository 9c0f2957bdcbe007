"""page → the lines in which it may print its date, the likeliest first. Pure; ``published`` reads them.

Taken are elements that are made for it, and short lines around the headline: never the text of the story, which tells of
other days, and nothing that stands apart from the article, whose days are those of others. What is printed as the time of an
edit is none of publication.
"""

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from crawler.pages.published import date_in
from crawler.pages.queries import Element, Page, flat

_MADE_FOR_IT = (
    "article time[datetime]",
    "main time[datetime]",
    ".entry-time",
    ".entry-date",
    "[itemprop=datePublished]",
)
_HEADS = "article header .entry-meta, .entry-header, article header"
_NAMED = re.compile(r"date|time|publish|posted|byline|info|meta", re.IGNORECASE)
_UNREAD = frozenset({"script", "style", "head", "meta", "link", "title"})
_AFTER, _BEFORE = 60, 8
"""Elements after and before the headline among which the date is looked for."""
_NUMERIC_DATE = re.compile(r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}[./-]\d{1,2}[./-]\d{1,2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_EDITED = re.compile(
    r"\b(?:updated|modified|edited|corrected|revised)\b|수정|최종\s?편집|更新|修正|修改|编辑于|обновлено|изменено|mis à jour|actualis"
    r"|actualizad|aggiornat|aktualisiert|geändert",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"comment|related|sidebar|widget|recommend|popular|most-read|archive|calendar|copyright", re.IGNORECASE
)
_APART = frozenset({"aside", "nav", "footer"})
_LONGEST_HEAD = 500
_LONGEST_LINE = 160
_MOST_AROUND = 60
"""Characters that may stand beside a date in its line: a name, an office, how long the reading takes."""
_ENDS = (".", "!", "?", "。", "”", '"')
_STORY_BEGINS = 200
"""Characters of a text of its own from which an element is taken for the story's first paragraph."""
_MOST_NAMED = 40


def lines(page: Page, own: str | None) -> list[str]:
    """Give what may be the printed date, best first: where the layout says (``own``), then where sites put it."""
    selectors = (*((own,) if own else ()), *_MADE_FOR_IT)
    made_for_it = [text for css in selectors for node in page.find(css)[:1] for text in _texts(node)]
    found = [*made_for_it, *_glued(page), *_around(page)] or list(_named(page))
    return list(dict.fromkeys(text for line in found if (text := _of_publication(line))))


def _texts(node: Element) -> list[str]:
    """Give a ``datetime`` attribute before the text that it stands on."""
    return [text for text in (" ".join(node.get("datetime", "").split()), flat(node)) if text]


def _glued(page: Page) -> list[str]:
    """Give the date that stands in an article's head with no element of its own, glued to the byline."""
    return [match[0] for head in page.find(_HEADS) for match in _NUMERIC_DATE.finditer(flat(head)[:_LONGEST_HEAD])]


def _around(page: Page) -> Iterator[str]:
    """Give the short lines with a year after the headline, up to the first paragraph; then those just before it."""
    at = next((at for at, node in enumerate(page.elements) if node.tag == "h1"), None)
    if at is None:
        return
    for node in page.elements[at + 1 : at + 1 + _AFTER]:
        if len(node.text or "") >= _STORY_BEGINS:
            break
        yield from _dated(node)
    for node in page.elements[max(0, at - _BEFORE) : at]:
        yield from _dated(node)


def _named(page: Page) -> Iterator[str]:
    """Give the dates of elements that are called so, wherever they stand in what is no part of something else."""
    named = (node for node in page.elements if node.tag == "time" or _NAMED.search(_names(node)))
    for node in islice(named, _MOST_NAMED):
        around = (node, *node.iterancestors())
        if not any(one.tag in _APART or _ASIDE.search(_names(one)) for one in around):
            yield from _dated(node)


def _names(node: Element) -> str:
    return f"{node.get('class', '')} {node.get('id', '')}"


def _dated(node: Element) -> Iterator[str]:
    if node.tag in _UNREAD:
        return
    if node.tag == "time" and node.get("datetime"):
        yield " ".join(node.get("datetime").split())
    text = flat(node)
    if (
        _YEAR.search(text)
        and gives_a_date(text)
        and not any(date_in(flat(inner)) for inner in node.iterchildren(etree.Element))
    ):
        yield text


def gives_a_date(line: str) -> bool:
    """Tell a line that gives a date from a sentence that tells of one."""
    stated = date_in(line) if len(line) <= _LONGEST_LINE else None
    return stated is not None and len(line) - len(stated) <= _MOST_AROUND and not line.endswith(_ENDS)


def _of_publication(line: str) -> str:
    """Give a line without what it says of edits; empty when it says nothing else."""
    edited = _EDITED.search(line)
    if edited is None:
        return line
    before = line[: edited.start()]
    return before.strip(" |,·•-–(") if _YEAR.search(before) else ""
