"""bytes → feed: the items of any RSS, RDF, Atom or JSON Feed, as they stand. Pure.

The only module that knows feedparser, which is given a stream and nothing else: handed bytes or text, it would open the
file or address that they name. What it calls malformed is read all the same when it found items; what it cannot name a
version of is no feed.
"""

import html
import io
import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import feedparser

from cases.errors import Unreadable
from cases.model import Value
from crawler.tags import normalised, parted
from crawler.wire.patience import LONGEST

_REFERENCE = re.compile(rb"&#([xX][0-9a-fA-F]+|[0-9]+)")
_LONGEST_CODE = 12
_FIRST_HALF, _LAST_HALF = 0xD800, 0xDFFF
"""Numbers of the halves of characters in UTF-16, which are none by themselves."""
_UTF_8_MARK = b"\xef\xbb\xbf"
_MARKUP = re.compile(r"<[^<>]{0,300}>")
_FEW_DIGITS = re.compile(r"[0-9]{1,6}")
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_FOLLOWING = ("next", "prev-archive")
"""Relations by which a feed names the page with its earlier items (RFC 5005), in order of preference."""


class FeedItem(Value, frozen=True, kw_only=True):
    """One item as printed; None and "" where nothing stands."""

    url: str
    title: str = ""
    published: str | None = None
    modified: str | None = None
    tags: tuple[str, ...] = ()
    summary: str = ""
    content: str = ""
    """The article as HTML, as far as the feed holds it."""
    authors: tuple[str, ...] = ()


class Feed(Value, frozen=True, kw_only=True):
    """A page of a feed."""

    items: tuple[FeedItem, ...]
    nameless: int = 0
    """Items that name no address."""
    following: str | None = None
    """Address of the page with earlier items, where the feed names one."""
    generator: str = ""
    fresh: timedelta | None = None
    """How long it says that it is not worth asking again, by ``ttl`` or by the period at which it is written."""


def read_feed(body: bytes, *, url: str, content_type: str = "") -> Feed:
    """Read a feed in XML, whatever its dialect and whatever its server calls it; Unreadable when it is none.

    Relative addresses are completed with ``xml:base``, or else with ``url``, which answered.
    """
    plain = body.removeprefix(_UTF_8_MARK).lstrip()
    feed = feedparser.parse(
        io.BytesIO(_REFERENCE.sub(_writable, plain)),
        response_headers={"content-type": _type_of(plain, content_type), "content-location": url},
    )
    if not feed.get("version"):
        raise Unreadable(f"{url} is not a feed")
    is_rss = str(feed.version).startswith("rss")
    found = [_item(item, is_rss=is_rss) for item in feed.entries]
    items = tuple(item for item in found if item is not None)
    return Feed(
        items=items,
        nameless=len(found) - len(items),
        following=_following(feed.feed.get("links", ())),
        generator=str(feed.feed.get("generator") or ""),
        fresh=_fresh(feed.feed),
    )


def _type_of(body: bytes, content_type: str) -> str:
    """Correct what a server says of the encoding by what the bytes are: text that is valid UTF-8 is in UTF-8."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return content_type
    return content_type if b"\x00" in body else "application/xml; charset=utf-8"  # UTF-16 may be valid by accident


def _writable(reference: re.Match[bytes]) -> bytes:
    """Put the sign of a missing character where a reference names none, such as half an emoji: feedparser stops at it."""
    digits = reference[1]
    code = -1 if len(digits) > _LONGEST_CODE else int(digits[1:], 16) if digits[:1] in b"xX" else int(digits)
    is_character = 0 <= code < _FIRST_HALF or _LAST_HALF < code <= sys.maxunicode
    return reference[0] if is_character else b"&#xFFFD"


def _item(item: Any, *, is_rss: bool) -> FeedItem | None:  # noqa: ANN401 - feedparser has no types
    url = _address(item)
    if url is None:
        return None
    published, modified = _stated(item, "published"), _stated(item, "updated")
    if is_rss and published is None:  # feedparser files the dc:date of an RSS item under "updated"
        published, modified = modified, None
    return FeedItem(
        url=url,
        title=in_words(str(item.get("title") or "")),
        published=published,
        modified=modified if modified != published else None,
        tags=tuple(_tags(item)),
        summary=str(item.get("summary") or ""),
        content="".join(str(part.get("value") or "") for part in item.get("content", ())),
        authors=tuple(name for author in item.get("authors", ()) if (name := str(author.get("name") or "").strip())),
    )


def _address(item: Any) -> str | None:  # noqa: ANN401 - feedparser has no types
    """Give the item's link; before it the one that a service put its own in the place of; after it an id that is one."""
    own = (item.get("feedburner_origlink"), item.get("link"))
    link = next((str(link).strip() for link in own if link and str(link).strip()), None)
    if link is not None or item.get("guidislink") is not None:  # an id that says that it is no link is none
        return link
    identity = str(item.get("id") or "").strip()
    return identity if identity.startswith(("http://", "https://")) else None


def _stated(item: Any, field: str) -> str | None:  # noqa: ANN401 - feedparser has no types
    # feedparser answers for a missing "updated" with "published"; asked through dict it says what is there
    return str(dict.get(item, field) or "").strip() or None


def _tags(item: Any) -> Iterator[str]:  # noqa: ANN401 - feedparser has no types
    """Give the names of the tags; where they have labels for people as well, both, unless they are one."""
    for tag in item.get("tags", ()):
        label, term = str(tag.get("label") or ""), str(tag.get("term") or "")
        yield from parted(label)
        if normalised(term) != normalised(label):
            yield from parted(term)


def _fresh(channel: Any) -> timedelta | None:  # noqa: ANN401 - feedparser has no types
    """Read ``ttl``, in minutes (RSS 2.0), or ``updatePeriod`` over ``updateFrequency`` (RSS 1.0 Syndication); a day at most."""
    ttl = _number(channel.get("ttl"))
    if ttl is not None:
        return min(timedelta(minutes=ttl), LONGEST)
    period = _PERIODS.get(str(channel.get("sy_updateperiod") or "").strip().lower())
    return min(period / (_number(channel.get("sy_updatefrequency")) or 1), LONGEST) if period is not None else None


def _number(stated: object) -> int | None:
    """Read a whole number above nothing, of a few digits."""
    text = str(stated or "").strip()
    return int(text) or None if _FEW_DIGITS.fullmatch(text) else None


def _following(links: Any) -> str | None:  # noqa: ANN401 - feedparser has no types
    by_relation = {str(link.get("rel")): str(link.get("href") or "") for link in links}
    return next((by_relation[relation] for relation in _FOLLOWING if by_relation.get(relation)), None)


def in_words(markup: str) -> str:
    """Give the text of a short piece of HTML, such as a title."""
    return " ".join(html.unescape(_MARKUP.sub("", markup)).split())
