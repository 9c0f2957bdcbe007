"""page → is what it shows only the beginning? By what it states, by its names for a barrier, by its own words. Pure.

A site that shows the whole text to whoever asks, and hides it by style alone, has given it: then nothing is missing.
"""

import re

from lxml import etree

from crawler.pages.queries import Element, Page

_BARRIER = re.compile(r"paywall|regwall|subscriber-only|premium-content|metered-content")
_WORDS = re.compile(
    r"(subscribe|log ?in|sign ?in|sign ?up|register|become a (member|subscriber))[^.]{0,40}\bto"
    r" ((continue|keep) reading|continue\b|read (more|this|on|the (full|whole|rest))|unlock th)"
    r"|(continue|keep) reading (with|by|for)|this (article|content|story) is (only )?(for|reserved for|available to) (our )?(paying )?"
    r"(subscribers|members)|(for )?subscribers only|구독.{0,20}(계속|전문)|로그인.{0,20}(계속|전문)|유료.{0,6}(기사|회원)"
    r"|会員限定|有料(会員|記事)|続きを読むには|残り\s?\d+\s?文字|订阅.{0,10}(继续|全文)|付费(阅读|内容)|登录.{0,10}(继续|全文)"
    r"|только для подписчиков|оформите подписку|réservé aux abonnés|nur für abonnenten|solo para suscriptores",
    re.IGNORECASE,
)
_WHOLE = 300
"""Characters in a part that is said to be closed from which it is plainly there."""
_LONG = 3_000
"""Characters of a text from which a barrier's name or words on the page are about something else."""


def is_partial(page: Page, text: str, *, closed: bool, parts: list[str]) -> bool:
    """Tell whether ``text`` is only the beginning of the article.

    ``closed``: the page states that it is not free; ``parts`` are the CSS selectors of what it says is closed.
    """
    if closed and any(_length(node) >= _WHOLE for css in parts for node in _nodes(page, css)):
        return False
    if len(text) >= _LONG:
        return False
    return closed or any(map(_is_barrier, page.elements)) or any(_WORDS.search(text) for text in _shown(page))


def _nodes(page: Page, css: str) -> list[Element]:
    try:
        return page.find(css)
    except (SyntaxError, etree.XPathError):  # cssselect's errors are syntax errors; the selector is the site's own
        return []


def _length(node: Element) -> int:
    return len("".join(node.itertext()).strip())


def _is_barrier(node: Element) -> bool:
    return _BARRIER.search(f"{node.get('class', '')} {node.get('id', '')}") is not None


def _shown(page: Page) -> list[str]:
    return [text for node in page.tree.iter("p", "div", "h2", "h3", "h4", "span", "a", "button") if (text := node.text)]
