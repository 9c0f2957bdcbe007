"""bytes → feed: JSON Feed 1.0 and 1.1 (jsonfeed.org), which feedparser does not read. Pure.

Each item is decoded by itself, so that one that is not as the format has it is counted and spoils no other.
"""

from html import escape
from typing import Any

import msgspec

from cases.errors import Unreadable
from crawler.readers.feeds import Feed, FeedItem
from crawler.tags import parted

_VERSION = "jsonfeed.org/version/"


class _Author(msgspec.Struct):
    name: str | None = None


class _Item(msgspec.Struct):
    id: str | int | None = None
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    summary: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    tags: list[str] | None = None
    author: _Author | None = None
    authors: list[_Author] | None = None


class _Feed(msgspec.Struct):
    version: str = ""
    items: list[msgspec.Raw] = msgspec.field(default_factory=list)
    next_url: Any = None


def is_json(body: bytes) -> bool:
    """Tell whether something begins as a JSON object does; no feed in XML does."""
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def read_json_feed(body: bytes, *, url: str) -> Feed:
    """Read a JSON Feed; Unreadable when it is none."""
    try:
        feed = msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"), type=_Feed)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as cause:
        raise Unreadable(f"{url} is not a feed: {cause}") from cause
    if _VERSION not in feed.version:
        raise Unreadable(f"{url} holds JSON, but no feed")
    items = tuple(item for raw in feed.items if (item := _item(raw)) is not None)
    following = feed.next_url if isinstance(feed.next_url, str) and feed.next_url else None
    return Feed(items=items, nameless=len(feed.items) - len(items), following=following)


def _item(raw: msgspec.Raw) -> FeedItem | None:
    try:
        item = msgspec.json.decode(raw, type=_Item)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    identity = str(item.id or "")
    url = item.url or item.external_url or (identity if identity.startswith(("http://", "https://")) else None)
    if not url:
        return None
    stated = [*(item.authors or ()), *([item.author] if item.author is not None else [])]
    return FeedItem(
        url=url,
        title=item.title or "",
        published=item.date_published,
        modified=item.date_modified if item.date_modified != item.date_published else None,
        tags=tuple(name for tag in item.tags or () for name in parted(tag)),
        summary=item.summary or "",
        content=item.content_html or _paragraphs(item.content_text or ""),
        authors=tuple(dict.fromkeys(author.name for author in stated if author.name)),
    )


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part.strip())}</p>" for part in text.split("\n\n") if part.strip())
