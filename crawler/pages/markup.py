"""part of a page → text blocks: its paragraphs, headings, items and cells in reading order, without what is not read."""

import re
from collections.abc import Iterable

from lxml import etree

_BLOCK = re.compile(
    "address|article|aside|blockquote|center|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li|main"
    "|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
_SILENT = re.compile("script|style|noscript|template|svg|math|head|iframe|object|video|audio|button|select|textarea")
_SPACE = re.compile(r"[ \t\r\f\v\u00a0\u2000-\u200a\u202f\u3000]+")
_NOTHING = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""Characters that only tell where a line may break: a word with one in its middle is one word."""


def evened(text: str) -> str:
    """Give a text on one line, each run of white space one space, without what only tells where a line may break."""
    return " ".join(_NOTHING.sub("", text).split())


def blocks(root: etree._Element, skipped: Iterable[etree._Element] = ()) -> list[tuple[str, str]]:
    """Give the text blocks below an element in reading order, each as (tag, text), white space evened out.

    ``skipped`` elements, scripts and controls are left out with all they hold. Two line breaks end a block, one is kept
    as a new line. The walk does not recurse: a page nested ten thousand deep is only slow.
    """
    collector = _Collector(set(skipped))
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        collector.take(event, node, is_root=node is root)
    return collector.finished()


class _Collector:
    """Gathers text while the tree is walked, and cuts it at the edges of blocks."""

    def __init__(self, skipped: set[etree._Element]) -> None:
        self._skipped = skipped
        self._muted: etree._Element | None = None
        self._pieces: list[str] = []
        self._tags: list[str] = ["div"]
        self._found: list[tuple[str, str]] = []

    def take(self, event: str, node: etree._Element, *, is_root: bool) -> None:
        """Take one event of the walk."""
        if event == "start" and self._muted is None:
            self._open(node)
        elif event == "end":
            self._close(node)
        if event != "start" and self._muted is None and not is_root and node.tail:
            self._pieces.append(node.tail.replace("\n", " "))

    def _open(self, node: etree._Element) -> None:
        tag = str(node.tag)
        is_block = _BLOCK.fullmatch(tag) is not None
        if is_block:
            self._cut()
        if node in self._skipped or _SILENT.fullmatch(tag):
            self._muted = node
            return
        if is_block:
            self._tags.append(tag)
        elif tag == "br":
            self._pieces.append("\n")
        if node.text:
            self._pieces.append(node.text.replace("\n", " "))

    def _close(self, node: etree._Element) -> None:
        if self._muted is not None:
            if self._muted is node:
                self._muted = None
            return
        if _BLOCK.fullmatch(str(node.tag)):
            self._cut()
            self._tags.pop()

    def _cut(self) -> None:
        for part in re.split(r"\n\s*\n", _NOTHING.sub("", "".join(self._pieces))):
            text = "\n".join(line for raw in part.split("\n") if (line := _SPACE.sub(" ", raw).strip()))
            if text:
                self._found.append((self._tags[-1], text))
        self._pieces.clear()

    def finished(self) -> list[tuple[str, str]]:
        """Give what was gathered."""
        self._cut()
        return self._found
