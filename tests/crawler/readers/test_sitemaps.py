"""Sitemaps as bytes: of every kind, broken, swollen, hostile."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import Unreadable
from crawler.readers.sitemaps import MOST_ADDRESSES, MOST_BYTES, Item, read_sitemap

PROTOCOL = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
IMAGE = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'


def urlset(*urls: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {PROTOCOL} {NEWS} {IMAGE}>{"".join(urls)}</urlset>'.encode()
    )


PLAIN = urlset("<url><loc>\n https://m.example/a?x=1&amp;y=2 </loc><lastmod>2026-03-04</lastmod></url>")
WHOLE = Item(url="https://m.example/a?x=1&y=2", lastmod="2026-03-04")


@pytest.mark.parametrize(
    "body",
    [
        PLAIN,
        b"\xef\xbb\xbf" + PLAIN,
        b"\r\n  " + PLAIN,
        gzip.compress(PLAIN),
        gzip.compress(PLAIN[:90]) + gzip.compress(PLAIN[90:]),
        PLAIN.replace(b"&amp;", b"&"),
        PLAIN.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        PLAIN.replace(PROTOCOL.encode(), b""),
        PLAIN.replace(b"<urlset", b"<!-- made by hand --><?xml-stylesheet href='x.xsl'?><urlset"),
    ],
    ids=["plain", "mark", "space", "gzip", "members", "ampersand", "utf-16", "no namespace", "comment"],
)
def test_an_address_is_read_however_the_sitemap_is_packed(body: bytes) -> None:
    assert read_sitemap(body).items == (WHOLE,)


def test_images_and_other_languages_of_a_page_are_no_addresses_of_pages() -> None:
    body = urlset(
        "<url><image:image><image:loc>https://m.example/i.jpg</image:loc></image:image><loc>https://m.example/a</loc>"
        '<link xmlns="http://www.w3.org/1999/xhtml" rel="alternate" hreflang="ko" href="https://m.example/ko/a"/></url>'
    )
    assert read_sitemap(body).items == (Item(url="https://m.example/a"),)


def test_the_extension_for_news_gives_time_title_and_keywords() -> None:
    body = urlset(
        "<url><loc>https://m.example/a</loc><news:news><news:publication><news:name>M</news:name><news:language>en"
        "</news:language></news:publication><news:publication_date>2026-03-04T05:06:07+09:00</news:publication_date>"
        "<news:title>Salt &amp;amp; snow</news:title><news:keywords>North Korea, Japan</news:keywords></news:news></url>"
    )
    assert read_sitemap(body).items == (
        Item(
            url="https://m.example/a",
            published="2026-03-04T05:06:07+09:00",
            title="Salt & snow",
            keywords="North Korea, Japan",
        ),
    )


def test_an_index_names_its_parts() -> None:
    body = f"<sitemapindex {PROTOCOL}><sitemap><loc>https://m.example/1.xml</loc></sitemap></sitemapindex>".encode()
    sitemap = read_sitemap(body)
    assert sitemap.is_index
    assert [item.url for item in sitemap.items] == ["https://m.example/1.xml"]


def test_a_list_of_addresses_is_a_sitemap() -> None:
    sitemap = read_sitemap(b"\xef\xbb\xbfhttps://m.example/a\r\n\r\nhttps://m.example/b\nsomething else\n")
    assert [item.url for item in sitemap.items] == ["https://m.example/a", "https://m.example/b"]
    assert sitemap.nameless == 1


def test_items_without_an_address_and_those_after_the_last_allowed_are_counted() -> None:
    url = "<url><loc>https://m.example/a</loc></url>"
    sitemap = read_sitemap(urlset("<url></url>", *[url] * (MOST_ADDRESSES + 3)))
    assert (sitemap.nameless, len(sitemap.items), sitemap.beyond) == (1, MOST_ADDRESSES, 3)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "neither XML nor"),
        (b"hello", "neither XML nor"),
        (b"<!DOCTYPE html><html><body>Just a moment</body></html>", "it is a page"),
        (b'<rss version="2.0"><channel/></rss>', "it is a feed"),
        (b"<other/>", "its first element is 'other'"),
        (PLAIN[:-30], "XML is broken"),
        (gzip.compress(PLAIN)[:-12], "broken off"),
        (b"\x1f\x8bgarbage", "not gzip"),
        (b"<urlset>" * 5_000, "XML is broken"),
    ],
)
def test_what_is_no_sitemap_is_unreadable_and_says_why(body: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_sitemap(body)


def test_one_that_swells_when_it_is_unpacked_is_unreadable_and_not_cut() -> None:
    swollen = urlset("<url><loc>https://m.example/a</loc></url>", " " * (MOST_BYTES + 1))
    with pytest.raises(Unreadable, match="grows beyond"):
        read_sitemap(gzip.compress(swollen))


def test_entities_are_never_made_into_text(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://m.example/secret")
    declared = f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY y "https://m.example/y">]>'
    for entity in ("x", "y"):
        body = f"{declared}<urlset><url><loc>&{entity};</loc></url></urlset>"
        with pytest.raises(Unreadable, match="document type"):
            read_sitemap(body.encode())


@given(st.binary(max_size=400))
def test_bytes_of_any_kind_are_read_or_refused(body: bytes) -> None:
    for packed in (body, gzip.compress(body), b"<urlset>" + body):
        found = read_or_refused(packed)
        assert found == read_or_refused(packed)
        assert found != ""


def read_or_refused(body: bytes) -> object:
    try:
        return read_sitemap(body)
    except Unreadable as refusal:
        return str(refusal)
