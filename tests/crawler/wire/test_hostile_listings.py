"""Listings that are made to harm: bombs, baits, and lists without an end. The visit ends, and says what it met."""

from collections.abc import Callable, Iterator
from html import escape
from typing import Any

import pytest

from cases.ledger import SetAside, SourceOutcome
from crawler.misbehaving import MisbehavingSite
from crawler.testing import Asked, Magazine, Post, Reply

pytestmark = pytest.mark.parametrize("visitor", ["reactor"], indirect=True, scope="session")
"""One door of the two: what a listing holds is read behind either door in the same way."""

HOST = "magazine.example"
PUBLIC = "127.0.0.5"


@pytest.fixture
def magazine(make_posts: Callable[[int], list[Post]]) -> Magazine:
    return Magazine(make_posts(6), closed=frozenset({"rest"}))


@pytest.fixture
def site(magazine: Magazine) -> Iterator[MisbehavingSite]:
    with MisbehavingSite(magazine, address=PUBLIC) as serving:
        yield serving


@pytest.fixture
def canary() -> Iterator[MisbehavingSite]:
    """A server that nobody may ask: only what a document names leads there."""
    with MisbehavingSite(lambda _: Reply(body=b"canary"), address="127.0.0.1") as serving:
        yield serving


def feed(*items: str, before: str = "", after: str = "") -> bytes:
    shown = "".join(items)
    return f'<?xml version="1.0"?>{before}<rss version="2.0"><channel><title>M</title>{shown}{after}</channel></rss>'.encode()


def item(title: str, link: str) -> str:
    return f"<item><title>{title}</title><link>{escape(link)}</link><category>North Korea</category></item>"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
QUADRATIC = f'<!DOCTYPE r [<!ENTITY q "{"q" * 100_000}">]>'


def baits(port: int, link: str) -> dict[str, bytes]:
    """Feeds that want a parser to open, to fetch, or to grow."""
    there = f"http://127.0.0.1:{port}/"
    return {
        "billion laughs": feed(item("&l11;", link), before=f'<!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}]>'),
        "quadratic blow-up": feed(item("&q;" * 50_000, link), before=QUADRATIC),
        "a file as an entity": feed(item("&x;", link), before='<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        "an address as an entity": feed(item("&x;", link), before=f'<!DOCTYPE r [<!ENTITY x SYSTEM "{there}">]>'),
        "an outer DTD": feed(item("t", link), before=f'<!DOCTYPE rss SYSTEM "{there}evil.dtd">'),
        "parameter entities": feed(
            item("&x;", link), before=f'<!DOCTYPE r [<!ENTITY % p SYSTEM "{there}p.dtd"> %p; <!ENTITY x "%p;">]>'
        ),
        "an entity of itself": feed(item("&a;", link), before='<!DOCTYPE r [<!ENTITY a "&b;"><!ENTITY b "&a;">]>'),
        "XInclude": feed(
            item("t", link), '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
        ),
        "a stylesheet": feed(item("t", link), before=f'<?xml-stylesheet href="{there}s.xsl" type="text/xsl"?>'),
        "a file's name": b"/etc/passwd",
        "a file's address": b"file:///etc/passwd",
        "an address": there.encode(),
        "a base elsewhere": feed(item("t", link)).replace(b"<channel>", f'<channel xml:base="{there}">'.encode()),
        "depth": feed(item("t", link), "<a>" * 100_000, "</a>" * 100_000),
        "attributes": feed(item("t", link), "<a " + " ".join(f'a{n}=""' for n in range(50_000)) + "/>"),
        "tags inside a description": feed(f"<item><description>{'&lt;b&gt;' * 100_000}</description></item>"),
        "brackets inside a description": feed(f"<item><description>{'&lt;' * 300_000}</description></item>"),
        "a doctype without an end": b"<!DOCTYPE " + b"<!ENTITY " * 100_000,
        "broken UTF-8": feed(item("\xe9\xff\xfe", link)).decode().encode("latin-1"),
        "half of UTF-16": feed(item("t", link)).decode().encode("utf-16")[:-1],
        "UTF-7": feed(item("+ADw-script+AD4-", link)).replace(b'"1.0"', b'"1.0" encoding="utf-7"'),
        "UTF-32": feed(item("t", link)).decode().encode("utf-32"),
        "an encoding that nobody knows": feed(item("t", link)).replace(b'"1.0"', b'"1.0" encoding="klingon"'),
        "an encoding that is none of text": feed(item("t", link)).replace(b'"1.0"', b'"1.0" encoding="zlib_codec"'),
        "NUL": feed(item("a\x00b", link)),
        "half a character": feed(item("&#xD800;&#55555;&#99999999999;", link)),
        "nothing": b"",
        "nothing but NUL": bytes(100_000),
    }


BAITS = list(baits(0, ""))


@pytest.mark.parametrize("name", BAITS)
def test_a_feed_opens_fetches_and_grows_nothing(
    name: str, magazine: Magazine, site: MisbehavingSite, canary: MisbehavingSite, look: Callable[..., Any]
) -> None:
    body = baits(canary.port, f"{site.url(HOST)}story-0/")[name]
    magazine.special["/feed/"] = lambda _: Reply(body=body, headers={"Content-Type": "application/rss+xml"})
    named = {"kind": "feed", "url": f"{site.url(HOST)}feed/"}
    found = look(site.url(HOST), named, "listing", further_mb=1_500, public=[PUBLIC, "127.0.0.1"])
    assert canary.connections == 0
    assert "root:" not in str(found)
    assert found.run.outcome is SourceOutcome.OK, found.run
    assert {article.url for article in found.articles} >= {f"{site.url(HOST)}story-0/"}, found.run
    assert found.grown_kb < 250_000


def test_a_page_of_links_inside_links_takes_its_time_and_no_more(
    magazine: Magazine, site: MisbehavingSite, look: Callable[..., Any]
) -> None:
    knot = "<html><main>" + '<article><h2><a href="/x">t</a></h2><p>word</p>' * 3_000 + "</main></html>"
    magazine.special["/latest/"] = lambda _: Reply(body=knot.encode(), headers={"Content-Type": "text/html"})
    named = {"kind": "listing", "url": f"{site.url(HOST)}latest/"}
    found = look(site.url(HOST), named, "feed", longest_s=90)
    assert found.run.outcome is SourceOutcome.OK
    assert "took longer" in found.run.fell_back_from[0]


def test_a_feed_of_very_many_entries_is_cut_where_the_visit_says_so(
    magazine: Magazine, site: MisbehavingSite, look: Callable[..., Any]
) -> None:
    many = 4_000
    body = feed(*(item(f"Story {n}", f"{site.url(HOST)}fake-{n}/") for n in range(many)))
    magazine.special["/feed/"] = lambda _: Reply(body=body, headers={"Content-Type": "application/rss+xml"})
    named = {"kind": "feed", "url": f"{site.url(HOST)}feed/"}
    limits = {"max_bytes": 10_000_000, "max_pages": 5}
    found = look(site.url(HOST), named, collection=limits, further_mb=1_500, longest_s=150)
    assert found.run.entries == many
    assert found.run.set_aside[SetAside.NOT_REACHED] >= many - 5
    assert "collection.max_pages" in "".join(found.run.warnings)


def test_a_feed_of_a_hundred_thousand_entries_is_told_as_too_large(
    magazine: Magazine, site: MisbehavingSite, look: Callable[..., Any]
) -> None:
    body = feed(*(item(f"Story {n}", f"{site.url(HOST)}fake-{n}/") for n in range(100_000)))
    magazine.special["/feed/"] = lambda _: Reply(body=body, headers={"Content-Type": "application/rss+xml"})
    found = look(site.url(HOST), {"kind": "feed", "url": f"{site.url(HOST)}feed/"}, further_mb=1_500)
    assert found.run.outcome is SourceOutcome.PARSE_FAILED
    assert "larger than it may be" in (found.run.detail or "")


@pytest.mark.parametrize("kind", ["feed", "listing"])
def test_a_listing_without_an_end_ends_at_its_limit_and_says_so(
    kind: str, site: MisbehavingSite, look: Callable[..., Any]
) -> None:
    """A calendar, or a site that always has one page more, each with an entry that was never there before."""
    shown = iter(range(10**9))

    def one_more(asked: Asked) -> Reply:
        number = next(shown)
        link = f"{site.url(HOST)}fake-{number}/"
        if asked.path.endswith("/feed/"):
            return Reply(body=feed(item(f"Story {number}", link)))
        return Reply(body=f'<main><article><h2><a href="{link}">Story {number}</a></h2></article></main>'.encode())

    plain = site.application
    site.application = lambda asked: one_more(asked) if asked.path.startswith("/tag/") else plain(asked)
    found = look(site.url(HOST), kind, watched=["North Korea"], collection={"max_listing_pages": 12, "max_pages": 3})
    assert len([path for path in site.paths() if path.startswith("/tag/")]) == 12
    assert "collection.max_listing_pages" in "".join(found.run.warnings)
