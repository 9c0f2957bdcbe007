"""CSS selector → compiled query: each is translated and compiled once a process, not once a page."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cssselect import HTMLTranslator
from lxml import etree

Element = Any
"""An element of lxml, which has no types."""
Query = Callable[[Element], list[Element]]


@lru_cache(maxsize=1_024)
def query(css: str) -> Query:
    """Compile a selector; what it gives stands below the element that it is called with, in the order of the page.

    Raises cssselect.SelectorError for what is no selector. Pseudo-elements of parsel (``::text``) are none here.
    """
    compiled: Query = etree.XPath(HTMLTranslator().css_to_xpath(css))
    return compiled
