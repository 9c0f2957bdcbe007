"""parsed page → its elements by CSS selector: compiled once a process, and asked only where the page has what it names. Pure.

A page is asked some forty selectors of themes that it mostly does not have. What it does have is gathered once: its tags,
classes, and a few attributes. A selector that needs something else finds nothing, and costs nothing.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from cssselect import HTMLTranslator
from lxml import etree

Element = Any
"""An element of lxml, which has no types."""
Query = Callable[[Element], list[Element]]

_CLASSES = etree.XPath("//@class", smart_strings=False)
_TEXTS = etree.XPath(".//text()[not(parent::script or parent::style)]", smart_strings=False)
_MARKS = {name: etree.XPath(f"boolean(//@{name})") for name in ("itemprop", "rel", "aria-label")}
_NEEDED = re.compile(r"(?<![\w.#\[-])[a-z][a-z0-9]*|\.[\w-]+|\[(?:itemprop|rel|aria-label)")
_COMMA_WITHIN = re.compile(r"[\[(][^\])]*,")
_VALUES = re.compile(r"(?<=[\w-])[~|^$*]?=[^\]]*|:[\w-]+(?:\([^)]*\))?")


class Page:
    """One parsed page. It is not changed by being asked."""

    def __init__(self, tree: Element) -> None:
        self.tree = tree
        self.elements: list[Element] = list(tree.iter(etree.Element))
        """Every element, in the order of the page."""
        self._has = {node.tag for node in self.elements}
        self._has |= {f".{name}" for value in _CLASSES(tree) for name in value.split()}
        self._has |= {f"[{name}" for name, is_there in _MARKS.items() if is_there(tree)}

    def find(self, css: str) -> list[Element]:
        """Give the elements that a selector finds, in the order of the page."""
        possible = [part for part, needed in _alternatives(css) if needed <= self._has]
        return query(",".join(possible))(self.tree) if possible else []

    def has(self, attribute: str) -> bool:
        """Tell whether any element has an attribute; of ``itemprop``, ``rel`` and ``aria-label`` alone this is known."""
        return f"[{attribute}" in self._has

    def first_text(self, *selectors: str) -> str:
        """Give the text of the first element with one, of the first selector that finds any."""
        return next((text for css in selectors for node in self.find(css) if (text := flat(node))), "")


@lru_cache(maxsize=1_024)
def query(css: str) -> Query:
    """Compile a selector; what it gives stands below the element that it is called with, in the order of the page.

    Raises cssselect.SelectorError for what is no selector. Pseudo-elements of parsel (``::text``) are none here.
    """
    compiled: Query = etree.XPath(HTMLTranslator().css_to_xpath(css))
    return compiled


def flat(node: Element) -> str:
    """Give the text of an element on one line, scripts and styles excepted."""
    return " ".join("".join(_TEXTS(node)).split())


def flats(nodes: Iterable[Element]) -> list[str]:
    """Give the texts of elements, those that have any."""
    return [text for node in nodes if (text := flat(node))]


@lru_cache(maxsize=1_024)
def _alternatives(css: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Give the alternatives of a selector, each with what it needs; of what stands in brackets, only the attribute's name."""
    if _COMMA_WITHIN.search(css):
        return ((css, frozenset()),)
    return tuple((part, frozenset(_NEEDED.findall(_VALUES.sub("", part)))) for part in css.split(","))
