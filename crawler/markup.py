"""bytes → text blocks: the decoding of pages, and the paragraphs of a part of one."""

import re
from collections.abc import Iterable

from charset_normalizer import from_bytes
from lxml import etree
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

_BLOCK = re.compile(
    "address|article|aside|blockquote|center|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li|main"
    "|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
_SILENT = re.compile("script|style|noscript|template|svg|math|head|iframe|object|video|audio|button|select|textarea")
_SPACE = re.compile(r"[ \t\r\f\v\u00a0\u200b\ufeff]+")
_UNFIT = re.compile("[\x00\ud800-\udfff]")  # neither a store nor a parser takes NUL or half a pair
_SAMPLE = 200_000


def decoded(body: bytes, content_type: str = "") -> str:
    """Turn the bytes of a page into text, by what they are rather than by what is said of them.

    Byte-order mark, header, ``<meta>`` and UTF-8 are tried in this order, each strictly; when none fits, the most likely
    encoding of the first 200 kB is taken, and what does not fit it becomes U+FFFD. NUL and lone surrogates are dropped.
    """
    named, mark = read_bom(body)
    rest = body[len(mark or b"") :]
    stated = (named, http_content_type_encoding(content_type), html_body_declared_encoding(body[:4096]), "utf-8")
    for name in dict.fromkeys(filter(None, stated)):
        try:
            return _UNFIT.sub("", rest.decode(resolve_encoding(name) or name))
        except (UnicodeDecodeError, LookupError):
            continue
    likely = from_bytes(rest[:_SAMPLE]).best()
    return _UNFIT.sub("", rest.decode(likely.encoding if likely else "utf-8", errors="replace"))


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
        for part in re.split(r"\n\s*\n", "".join(self._pieces)):
            text = "\n".join(line for raw in part.split("\n") if (line := _SPACE.sub(" ", raw).strip()))
            if text:
                self._found.append((self._tags[-1], text))
        self._pieces.clear()

    def finished(self) -> list[tuple[str, str]]:
        """Give what was gathered."""
        self._cut()
        return self._found
