"""bytes → sitemap: addresses with what stands beside them, or the parts of an index. Pure, and wary of what it reads.

The protocol (sitemaps.org, and Google's extension for news): XML or plain text, gzipped or not, at most 50,000 addresses and
50 MiB unpacked. Images, videos and other languages of a page, which extensions name, are passed over. Read as a stream: no
DTD, no entity, nothing from elsewhere.
"""

import html
import re
import zlib
from collections.abc import Iterator
from itertools import chain

from lxml import etree

from cases.errors import Unreadable
from cases.model import Value

MOST_ADDRESSES = 50_000
MOST_BYTES = 52_428_800
_GZIP = b"\x1f\x8b"
_UTF_16 = frozenset({b"\xff\xfe", b"\xfe\xff"})
_PIECE = 65_536
_HEAD = 2_000
_ITEMS = {"urlset": "url", "sitemapindex": "sitemap"}
_FEEDS = frozenset({"rss", "feed", "RDF"})
_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_SPACE_AND_MARK = b" \t\r\n\xef\xbb\xbf"


class Item(Value, frozen=True, kw_only=True):
    """One address of a sitemap, and what stands beside it, as printed; None where nothing stands."""

    url: str
    lastmod: str | None = None
    """When it was last changed; says nothing of when it was published."""
    published: str | None = None
    title: str = ""
    keywords: str = ""


class Sitemap(Value, frozen=True, kw_only=True):
    """A sitemap as it stands."""

    is_index: bool
    """Whether its items are further sitemaps."""
    items: tuple[Item, ...]
    nameless: int = 0
    """Items that name no address."""
    beyond: int = 0
    """Items after the first 50,000, which were not read."""
    fault: str | None = None
    """What is wrong with its XML, although it could be read."""


def read_sitemap(body: bytes) -> Sitemap:
    """Read a sitemap or an index; Unreadable when it is none, is broken off, or grows beyond 50 MiB when unpacked."""
    pieces = _pieces(body)
    first = b""
    for piece in pieces:
        first += piece
        if first.lstrip(_SPACE_AND_MARK):
            break
    if _is_xml(first):
        return _read_xml(first if first[:2] in _UTF_16 else first.lstrip(_SPACE_AND_MARK), pieces)
    return _read_text(first + b"".join(pieces))


def _is_xml(start: bytes) -> bool:
    return start.lstrip(_SPACE_AND_MARK)[:1] == b"<" or start[:2] in _UTF_16


def _pieces(body: bytes) -> Iterator[bytes]:
    if body[:2] != _GZIP:
        yield from (body[start : start + _PIECE] for start in range(0, len(body), _PIECE))
        return
    rest, unpacked = body, 0
    while rest[:2] == _GZIP:  # a gzip file may hold several members
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            try:
                piece = member.decompress(rest, _PIECE)
            except zlib.error as cause:
                raise Unreadable(f"it is not gzip, although it begins so: {cause}") from cause
            rest = member.unconsumed_tail or member.unused_data
            unpacked += len(piece)
            if unpacked > MOST_BYTES:
                raise Unreadable(f"it grows beyond {MOST_BYTES} bytes when it is unpacked")
            if not piece and not rest and not member.eof:
                raise Unreadable("its gzip is broken off")
            yield piece


def _read_xml(first: bytes, pieces: Iterator[bytes]) -> Sitemap:
    """Read it as it should be; where that fails, once more with every bare ``&`` taken for what it is meant to be."""
    if b"<html" in first[:_HEAD].lower():
        raise Unreadable("it is a page, not a sitemap")
    read: list[bytes] = []
    try:
        return _parsed(_noted(first, pieces, read))
    except etree.LxmlError:
        whole = b"".join((*read, *pieces))
    mended = _BARE_AMPERSAND.sub(b"&amp;", whole)
    try:
        return _parsed(iter((mended,)), fault="it holds bare ampersands")
    except etree.LxmlError as cause:
        raise Unreadable(f"its XML is broken: {cause}") from cause


def _noted(first: bytes, pieces: Iterator[bytes], read: list[bytes]) -> Iterator[bytes]:
    for piece in chain((first,), pieces):
        read.append(piece)
        yield piece


def _parsed(pieces: Iterator[bytes], fault: str | None = None) -> Sitemap:
    collector = _Collector()
    parser = etree.XMLPullParser(
        events=("start", "end"),
        tag=tuple(f"{{*}}{name}" for pair in _ITEMS.items() for name in pair),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    for piece in pieces:
        parser.feed(piece)
        collector.take(parser.read_events())
    root = parser.close()
    collector.take(parser.read_events())
    return collector.finished(root, fault=fault)


class _Collector:
    """Takes the items of a sitemap as they come, and lets go of each as soon as it is read."""

    def __init__(self) -> None:
        self._kind: str | None = None
        self._items: list[Item] = []
        self._nameless = 0
        self._beyond = 0

    def take(self, events: Iterator[tuple[str, etree._Element]]) -> None:
        for event, element in events:
            if self._kind is None:
                self._kind = _kind_of(element.getroottree().getroot())
            if event == "end" and _name(element) == _ITEMS[self._kind]:
                self._add(element)
                _forget(element)

    def finished(self, root: etree._Element, *, fault: str | None) -> Sitemap:
        return Sitemap(
            is_index=_kind_of(root) == "sitemapindex",
            items=tuple(self._items),
            nameless=self._nameless,
            beyond=self._beyond,
            fault=fault,
        )

    def _add(self, element: etree._Element) -> None:
        stated = dict(_stated(element))
        url = stated.get("loc")
        if not url:
            self._nameless += 1
        elif len(self._items) >= MOST_ADDRESSES:
            self._beyond += 1
        else:
            self._items.append(
                Item(
                    url=url,
                    lastmod=stated.get("lastmod"),
                    published=stated.get("publication_date"),
                    title=html.unescape(stated.get("title", "")),
                    keywords=html.unescape(stated.get("keywords", "")),
                )
            )


def _kind_of(root: etree._Element) -> str:
    if root.getroottree().docinfo.doctype:
        raise Unreadable("it declares a document type, which a sitemap never needs")
    name = _name(root)
    if name in _FEEDS:
        raise Unreadable("it is a feed, not a sitemap: name it in a reader of the kind feed")
    if name not in _ITEMS:
        raise Unreadable(f"it is no sitemap: its first element is {name[:40]!r}")
    return name


def _stated(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Give what stands in an item: its own fields, and those of the news extension; an image's address is another's."""
    space = etree.QName(element).namespace
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = _name(child)
        if name == "news":
            yield from ((_name(part), _text(part)) for part in child if isinstance(part.tag, str) and _text(part))
        elif etree.QName(child).namespace == space and name in {"loc", "lastmod"} and _text(child):
            yield name, _text(child)


def _forget(element: etree._Element) -> None:
    """Free an element that was read, and what stands before it."""
    element.clear()
    while (before := element.getprevious()) is not None:
        before.getparent().remove(before)


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _text(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _read_text(body: bytes) -> Sitemap:
    """Read a plain list of addresses, one a line."""
    lines = [line.strip() for line in body.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    addresses = [line for line in lines if line.startswith(("http://", "https://"))]
    if not addresses or addresses[0] != lines[0]:
        raise Unreadable("it is no sitemap: neither XML nor a list of addresses")
    return Sitemap(
        is_index=False,
        items=tuple(Item(url=url) for url in addresses[:MOST_ADDRESSES]),
        nameless=len(lines) - len(addresses),
        beyond=max(0, len(addresses) - MOST_ADDRESSES),
    )
