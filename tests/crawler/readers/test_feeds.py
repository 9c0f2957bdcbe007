"""Feeds of every dialect: one invented file for each, beside what is to be read in it."""

import json
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import Unreadable
from crawler.readers.feeds import Feed, read_feed
from crawler.readers.json_feeds import is_json, read_json_feed

FEEDS = Path(__file__).parents[1] / "data/feeds"
URL = "https://ferry.example/feed"
NOTHING: dict[str, object] = {
    "title": "",
    "published": None,
    "modified": None,
    "tags": [],
    "summary": "",
    "content": "",
    "authors": [],
}


def read(body: bytes, content_type: str = "text/html") -> Feed:
    return read_json_feed(body, url=URL) if is_json(body) else read_feed(body, url=URL, content_type=content_type)


@pytest.mark.parametrize("file", sorted(FEEDS.glob("*.*[!d]")), ids=lambda file: file.name)
def test_every_dialect_is_read_to_the_letter(file: Path) -> None:
    expected = json.loads((FEEDS / "expected" / f"{file.name}.json").read_text(encoding="utf-8"))
    feed = read(file.read_bytes())
    found = [
        {name: value for name, value in json.loads(msgspec.json.encode(item)).items() if NOTHING.get(name) != value}
        for item in feed.items
    ]
    assert found == expected["items"]
    assert feed.following == expected.get("following")
    assert feed.nameless == expected.get("nameless", 0)


@pytest.mark.parametrize("content_type", ["", "text/plain", "text/xml; charset=iso-8859-1", "application/octet-stream"])
def test_what_a_server_calls_a_feed_makes_no_difference(content_type: str) -> None:
    body = (FEEDS / "rss_10.rdf").read_bytes()
    assert read(body, content_type) == read(body)


@pytest.mark.parametrize(
    "body", [b"{}", b"{", b'{"version": 1}', b'{"items": []}', b'{"version": "https://m.example/1"}', b"{" * 9_999]
)
def test_json_that_is_no_feed_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable, match=r"https://ferry\.example/feed (is not a feed|holds JSON, but no feed)"):
        read(body)


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_read_or_refused(body: bytes) -> None:
    for wrapped in (body, b"{" + body, b'<rss version="2.0"><channel><item>' + body):
        found = read_or_refused(wrapped)
        assert found == read_or_refused(wrapped)
        assert not isinstance(found, str) or "https://ferry.example/feed" in found


def read_or_refused(body: bytes) -> object:
    try:
        return read(body)
    except Unreadable as refusal:
        return str(refusal)


@pytest.mark.parametrize(
    ("stated", "hours"),
    [
        ("<ttl>120</ttl>", 2),
        ("<ttl>999999</ttl>", 24),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl><ttl>soon</ttl>", None),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 6),
        ("<sy:updatePeriod>\n hourly </sy:updatePeriod>", 1),
        ("<sy:updatePeriod>never</sy:updatePeriod>", None),
        ("", None),
    ],
)
def test_a_feed_says_how_long_it_need_not_be_asked_again(stated: str, hours: float | None) -> None:
    body = (
        "<rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel><title>M</title>"
        f"{stated}<item><link>https://m.example/a/</link></item></channel></rss>"
    )
    found = read_feed(body.encode(), url="https://m.example/feed/").fresh
    assert found == (timedelta(hours=hours) if hours is not None else None)
