"""page → where it says that its article stood first: source lines and reprint notices, with their links. Pure.

Such a line stands at one end of an article. What it says is partly outside of the text, or is cut from it as furniture ("Source: …"), and its link never was
part of it. The words are those of ``cases.credits``; pictures, menus and lists of other articles are passed over.
"""

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from lxml import etree

from cases.credits import stated_in

_STORY = etree.XPath("(//article | //main)[1]")
_LINES = etree.XPath(
    "(.//p | .//div | .//li | .//footer)[position() <= $first or position() > last() - $last]"
    "[not(ancestor::figure or ancestor::aside or ancestor::nav or ancestor::header or ancestor::form)]"
)
_PARTS = ("p", "div", "li", "footer", "article")
_FIRST, _LAST = 8, 40
"""Parts of an article at its two ends that are looked at: menus of sharing and related articles stand there too."""
_LONGEST = 200


def stated_originals(tree: etree._Element, url: str, lang: str | None) -> list[str]:
    """Give the addresses on other hosts that such lines link to, and the names of those that link to none."""
    found: list[str] = []
    for line in _LINES(next(iter(_STORY(tree)), tree), first=_FIRST, last=_LAST):
        text = _text_of(line)
        if text and (names := stated_in(text, lang)):
            found += list(_elsewhere(line, url)) or names
    return list(dict.fromkeys(found))


def _text_of(line: etree._Element) -> str:
    """Give the text of a line; nothing for a part that holds lines itself, and for what is too long to be one."""
    if next(line.iterdescendants(*_PARTS), None) is not None:
        return ""
    text = " ".join("".join(line.itertext()).split())
    return text if len(text) <= _LONGEST else ""


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
