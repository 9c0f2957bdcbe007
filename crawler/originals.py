"""page → where it says that its article stood first: source lines and reprint notices, with their links. Pure.

What such a line says stands partly outside of the text, or is cut from it as furniture ("Source: …"), and its link never was
part of it. The words are those of ``cases.credits``; pictures, menus and lists of other articles are passed over.
"""

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from lxml import etree

from cases.credits import stated_in

_LINES = ("p", "div", "li", "footer")
_WITHIN = frozenset({"article", "main"})
_FURNITURE = frozenset({"figure", "aside", "nav", "header", "form"})
_LONGEST = 200


def stated_originals(tree: etree._Element, url: str, lang: str | None) -> list[str]:
    """Give the addresses on other hosts that such lines link to, and the names of those that link to none."""
    is_marked = next(tree.iter(*_WITHIN), None) is not None
    found: list[str] = []
    for line in tree.iter(*_LINES):
        text = _text_of(line)
        names = stated_in(text, lang) if text else ()
        if names and _is_of_the_article(line, is_marked=is_marked):
            found += list(_elsewhere(line, url)) or names
    return list(dict.fromkeys(found))


def _text_of(line: etree._Element) -> str:
    """Give the text of a line; nothing for a part that holds lines itself, and for what is too long to be one."""
    if next(line.iterdescendants(*_LINES, "article"), None) is not None:
        return ""
    text = " ".join("".join(line.itertext()).split())
    return text if len(text) <= _LONGEST else ""


def _is_of_the_article(line: etree._Element, *, is_marked: bool) -> bool:
    around = {node.tag for node in line.iterancestors()}
    return not around & _FURNITURE and (not is_marked or bool(around & _WITHIN))


def _elsewhere(line: etree._Element, url: str) -> Iterator[str]:
    for link in line.iter("a"):
        try:
            address = urljoin(url, link.get("href", "").strip())
            if urlsplit(address).netloc not in {"", urlsplit(url).netloc} and address.startswith(
                ("http://", "https://")
            ):
                yield address
        except ValueError:
            continue
