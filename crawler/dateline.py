"""page → the lines in which it may print its date, the likeliest first. Pure; ``published`` reads them.

Taken are elements that are made for it, and short lines around the headline: never the text of the story, which tells of
other days, and nothing that stands apart from the article, whose days are those of others. What is printed as the time of an
edit is none of publication.
"""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from crawler.published import date_in
from crawler.queries import query

_MADE_FOR_IT = tuple(
    query(css)
    for css in (
        "article time[datetime]",
        "main time[datetime]",
        ".entry-time",
        ".entry-date",
        "[itemprop=datePublished]",
    )
)
_HEADS = query("article header .entry-meta, .entry-header, article header")
_NAMED = etree.XPath(
    "//*[not(self::script) and not(self::style) and (contains(@class, 'date') or contains(@class, 'Date')"
    " or contains(@class, 'time') or contains(@class, 'publish') or contains(@class, 'posted') or contains(@class, 'byline')"
    " or contains(@class, 'info') or contains(@class, 'meta') or contains(@id, 'date') or self::time)]"
    "[not(ancestor::aside | ancestor::nav | ancestor::footer)]"
)
_HEADLINE = etree.XPath("(//h1)[1]")
_AFTER = etree.XPath("following::*[not(self::script) and not(self::style)][position() <= 60]")
_BEFORE = etree.XPath("preceding::*[not(self::script) and not(self::style)][position() <= 8]")
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
_LONGEST_HEAD = 500
_LONGEST_LINE = 160
_MOST_AROUND = 60
"""Characters that may stand beside a date in its line: a name, an office, how long the reading takes."""
_ENDS = (".", "!", "?", "。", "”", '"')
_STORY_BEGINS = 200
"""Characters of a text of its own from which an element is taken for the story's first paragraph."""
_MOST_NAMED = 40


def lines(tree: etree._Element, own: str | None) -> list[str]:
    """Give what may be the printed date, best first: where the layout says (``own``), then where sites put it."""
    made_for_it = [text for css in _queries(own) for node in css(tree)[:1] for text in _texts(node)]
    found = [*made_for_it, *_glued(tree), *_around(tree), *_named(tree)]
    return list(dict.fromkeys(text for line in found if (text := _of_publication(line))))


def _queries(own: str | None) -> Iterable[etree.XPath]:
    return (*((query(own),) if own else ()), *_MADE_FOR_IT)


def _texts(node: etree._Element) -> list[str]:
    """Give a ``datetime`` attribute before the text that it stands on."""
    return [text for text in (" ".join(node.get("datetime", "").split()), _flat(node)) if text]


def _glued(tree: etree._Element) -> list[str]:
    """Give the date that stands in an article's head with no element of its own, glued to the byline."""
    return [match[0] for head in _HEADS(tree) for match in _NUMERIC_DATE.finditer(_flat(head)[:_LONGEST_HEAD])]


def _around(tree: etree._Element) -> Iterator[str]:
    """Give the short lines with a year after the headline, up to the first paragraph; then those just before it."""
    for headline in _HEADLINE(tree):
        for node in _AFTER(headline):
            own = " ".join((node.text or "").split())
            if len(own) >= _STORY_BEGINS:
                break
            yield from _dated(node)
        for node in _BEFORE(headline):
            yield from _dated(node)


def _named(tree: etree._Element) -> Iterator[str]:
    for node in _NAMED(tree)[:_MOST_NAMED]:
        if not any(
            _ASIDE.search(f"{one.get('class', '')} {one.get('id', '')}") for one in (node, *node.iterancestors())
        ):
            yield from _dated(node)


def _dated(node: etree._Element) -> Iterator[str]:
    if node.tag == "time" and node.get("datetime"):
        yield " ".join(node.get("datetime").split())
    text = _flat(node)
    if _YEAR.search(text) and gives_a_date(text) and not any(date_in(_flat(inner)) for inner in node.iterchildren(etree.Element)):
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


def _flat(node: etree._Element) -> str:
    return " ".join("".join(node.itertext()).split())
