"""parsed page → its elements by CSS selector: compiled once a process, and asked only where the page has what it names. Pure.

A page is asked some forty selectors of themes that it mostly does not have. What it does have is gathered once: its tags,
classes, and a few attributes. A selector that needs something else finds nothing, and costs nothing; one that ends in a
class is asked of the elements of that class alone, instead of the whole page.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from cssselect import HTMLTranslator
from lxml import etree

Element = Any
"""An element of lxml, which has no types."""
Query = Callable[[Element], list[Element]]

_TEXTS = etree.XPath(".//text()[not(parent::script or parent::style)]", smart_strings=False)
_MARKS = {name: etree.XPath(f"boolean(//@{name})") for name in ("itemprop", "rel", "aria-label")}
_NEEDED = re.compile(r"(?<![\w.#\[-])[a-z][a-z0-9]*|\.[\w-]+|\[(?:itemprop|rel|aria-label)")
_COMMA_WITHIN = re.compile(r"[\[(][^\])]*,")
_VALUES = re.compile(r"(?<=[\w-])[~|^$*]?=[^\]]*|:[\w-]+(?:\([^)]*\))?")
_DESCENDANTS = re.compile(r"(?:[\w.#-]|\[[\w~|^$*='\"-]+\])+(?:\s+(?:[\w.#-]|\[[\w~|^$*='\"-]+\])+)*")
"""A selector whose parts stand one inside the other, and have no more than names, classes, ids and attributes."""
_CLASS = re.compile(r"\.([\w-]+)")


class _Alternative(NamedTuple):
    """One of several selectors that are parted by commas."""

    css: str
    classes: frozenset[str] = frozenset()
    tags_and_marks: frozenset[str] = frozenset()
    """What else a page must have; names of attributes with their bracket."""
    ends_in: str | None = None
    """A class that what it finds has; None where it names none, or is of another form."""
    fits: Callable[[Element], bool] | None = None
    """Tells whether an element of that class is one that it finds."""


class Page:
    """One parsed page. It is not changed by being asked."""

    def __init__(self, tree: Element) -> None:
        self.tree = tree
        self.elements: list[Element] = list(tree.iter(etree.Element))
        """Every element, in the order of the page."""
        self._classed = [(node, value) for node in self.elements if (value := node.get("class"))]
        self._classes = set(" ".join([value for _, value in self._classed]).split())
        self._has = {node.tag for node in self.elements}
        self._has |= {f"[{name}" for name, is_there in _MARKS.items() if is_there(tree)}

    def find(self, css: str) -> list[Element]:
        """Give the elements that a selector finds, in the order of the page."""
        possible = [
            one for one in _alternatives(css) if one.classes <= self._classes and one.tags_and_marks <= self._has
        ]
        if len(possible) == 1:
            return self._found(possible[0])
        return query(",".join(one.css for one in possible))(self.tree) if possible else []

    def _found(self, one: _Alternative) -> list[Element]:
        if one.ends_in is None or one.fits is None:
            return query(one.css)(self.tree)
        return [node for node, value in self._classed if one.ends_in in value and one.fits(node)]

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
def _alternatives(css: str) -> tuple[_Alternative, ...]:
    """Give the alternatives of a selector; of what stands in brackets, only the attribute's name is needed."""
    if _COMMA_WITHIN.search(css):
        return (_Alternative(css),)
    return tuple(_alternative(part.strip()) for part in css.split(","))


def _alternative(css: str) -> _Alternative:
    needed = _NEEDED.findall(_VALUES.sub("", css))
    classes = frozenset(name[1:] for name in needed if name.startswith("."))
    known = _Alternative(css, classes, frozenset(name for name in needed if not name.startswith(".")))
    if _DESCENDANTS.fullmatch(css) is None:
        return known
    *around, last = css.split()
    named = _CLASS.search(_VALUES.sub("", last))
    if named is None:
        return known
    within = ""
    for outer in around:
        within = f"[ancestor::{HTMLTranslator().css_to_xpath(outer, prefix='')}{within}]"
    inner = HTMLTranslator().css_to_xpath(last, prefix="")
    return known._replace(ends_in=named[1], fits=etree.XPath(f"boolean(self::{inner}{within})"))
