"""What pages, feeds and addresses say of their site, without asking anybody."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.offers import (
    Nature,
    home_of,
    language_code,
    nature_of,
    offered,
    offered_by_feed,
    order_of,
    tag_of_page,
    usual_feeds,
)
from crawler.readers import Answer

URL = "https://harbour.example/news/"
RSS = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour</title></channel></rss>'


def answer(body: str | bytes, *, url: str = URL, kind: str = "text/html; charset=utf-8", **headers: str) -> Answer:
    content = body.encode() if isinstance(body, str) else body
    return Answer(url=url, headers={"content-type": kind, **headers}, body=content)


@pytest.mark.parametrize(
    ("body", "nature"),
    [
        (RSS, Nature.FEED),
        (b"\xef\xbb\xbf\n<!-- made by a machine --><feed xmlns='http://www.w3.org/2005/Atom'/>", Nature.FEED),
        (b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>", Nature.FEED),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', Nature.FEED),
        (b'{"version": 3}', Nature.OTHER),
        (b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>", Nature.SITEMAP),
        (b"<?xml version='1.0'?><sitemapindex/>", Nature.SITEMAP),
        (b"<!DOCTYPE html><html><body><h1>Harbour</h1></body></html>", Nature.PAGE),
        (b"<html><head><meta property='og:type' content='article'></head><body/></html>", Nature.ARTICLE),
        (b"<html><head><meta property='og:type' content='website'></head><body/></html>", Nature.PAGE),
        (b"<html><body><article><h1>One story</h1><p>Text.</p></article></body></html>", Nature.ARTICLE),
        (b"%PDF-1.7 and so on", Nature.OTHER),
        (b"", Nature.OTHER),
    ],
)
def test_what_came_is_told_by_what_it_is(body: bytes, nature: Nature) -> None:
    assert nature_of(answer(body)) is nature


def test_a_feed_is_known_although_the_server_calls_it_a_page() -> None:
    assert nature_of(answer(RSS, kind="text/html")) is Nature.FEED


def test_a_front_page_is_no_article_whatever_it_says() -> None:
    page = "<html><head><meta property='og:type' content='article'></head><body/></html>"
    assert nature_of(answer(page, url="https://harbour.example/")) is Nature.PAGE


def test_a_page_names_its_site_its_language_and_its_feeds_without_those_of_comments() -> None:
    page = """<html lang="en-GB"><head><title>News - Harbour</title><meta property="og:site_name" content="Harbour Post">
    <link rel="alternate" type="application/rss+xml" href="/feed/">
    <link rel="alternate" type="application/rss+xml" href="/comments/feed/">
    <link rel="alternate" type="application/atom+xml; charset=utf-8" href="atom.xml">
    <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/3">
    <link rel="alternate" hreflang="de" href="/de/"></head>
    <body><a href="https://other.example/rss.xml">Subscribe</a> <a href="/feed/">again</a></body></html>"""
    offer = offered(answer(page))
    assert (offer.title, offer.language, offer.wordpress) == ("Harbour Post", "en", None)
    assert offer.feeds == (
        "https://harbour.example/feed/",
        "https://harbour.example/news/atom.xml",
        "https://other.example/rss.xml",
    )


@pytest.mark.parametrize(
    ("page", "headers"),
    [
        ("<html/>", {"link": '<https://harbour.example/wp-json/>; rel="https://api.w.org/", </x>; rel=preload'}),
        ("<html><head><link rel='https://api.w.org/' href='https://harbour.example/wp-json/'></head></html>", {}),
        ("<html><head><meta name='generator' content='WordPress 6.5'></head></html>", {}),
        ("<html><body><img src='/wp-content/uploads/2024/05/quay.jpg'></body></html>", {}),
    ],
)
def test_wordpress_is_known_by_its_interface_its_name_or_its_folders(page: str, headers: dict[str, str]) -> None:
    assert offered(answer(page, **headers)).wordpress == "https://harbour.example/"


def test_an_interface_that_lies_elsewhere_is_not_taken_for_the_usual_one() -> None:
    page = "<html><head><link rel='https://api.w.org/' href='/?rest_route=/'></head></html>"
    assert offered(answer(page)).wordpress is None


@pytest.mark.parametrize(
    "body",
    [
        (
            b"<rss version='2.0'><channel><title>Harbour\n Post</title><link>https://harbour.example/</link>"
            b"<language>en-us</language><item><title>x</title><link>https://harbour.example/x</link></item></channel></rss>"
        ),
        (
            b"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><title>Harbour Post</title>"
            b"<link rel='self' href='https://harbour.example/atom'/><link href='https://harbour.example/'/></feed>"
        ),
        (
            b'{"version": "https://jsonfeed.org/version/1.1", "title": "Harbour Post", "language": "en",'
            b' "home_page_url": "https://harbour.example/", "items": []}'
        ),
    ],
    ids=["rss", "atom", "json"],
)
def test_a_feed_names_its_site(body: bytes) -> None:
    offer = offered_by_feed(answer(body, url="https://feeds.example/1"))
    assert (offer.title, offer.home, offer.language) == ("Harbour Post", "https://harbour.example/", "en")


def test_an_address_with_a_password_is_not_taken_from_a_page_or_feed() -> None:
    link = "https://user:secret@harbour.example/feed/"
    page = f"<html><head><link rel='alternate' type='application/rss+xml' href='{link}'></head></html>"
    assert offered(answer(page)).feeds == ()
    feed = f"<rss><channel><title>x</title><link>{link}</link></channel></rss>"
    assert offered_by_feed(answer(feed)).home is None


def test_a_feed_opens_no_file_that_it_names() -> None:
    bomb = b"<!DOCTYPE r [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><rss><channel><title>&e;</title></channel></rss>"
    assert "root:" not in offered_by_feed(answer(bomb)).title


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("https://harbour.example", "https://harbour.example/"),
        ("https://harbour.example/english", "https://harbour.example/english/"),
        ("https://harbour.example/english/index.html", "https://harbour.example/english/"),
        ("https://harbour.example/list?tag=3", "https://harbour.example/"),
        ("https://harbour.example/tag/river/#top", "https://harbour.example/tag/river/"),
    ],
)
def test_a_home_is_the_folder_of_a_page(url: str, home: str) -> None:
    assert home_of(url) == home


@pytest.mark.parametrize(
    ("path", "tag"),
    [("tag/north-korea/", "north korea"), ("en/tags/%EB%B6%81%EC%86%A1", "북송"), ("tagged/x/", None), ("tag/", None)],
)
def test_the_page_of_a_tag_names_it(path: str, tag: str | None) -> None:
    assert tag_of_page(f"https://harbour.example/{path}") == tag


@pytest.mark.parametrize(
    ("stated", "code"), [("en-US", "en"), ("zh_TW", "zh"), ("ko", "ko"), ("", None), ("english", None)]
)
def test_a_language_is_taken_from_its_code(stated: str, code: str | None) -> None:
    assert language_code(stated) == code


MARCH = datetime(2018, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("printed", "order"),
    [
        ([("09/20/2018", None)], "MDY"),
        ([("20.09.2018", None), ("03.04.2018", None)], "DMY"),
        ([("03/04/2018", None), ("09/09/2018", None)], None),
        ([("09/20/2018", None), ("20/09/2018", None)], None),
        ([("03/09/2018", MARCH)], "MDY"),
        ([("09/03/2018", MARCH)], "DMY"),
        ([("09/03/2018", datetime(2018, 7, 1, tzinfo=UTC))], None),
        ([("2018-09-20", None), ("20 September 2018", None)], None),
        ([("99/99/2018", None)], None),
        ([], None),
    ],
)
def test_the_order_of_day_and_month_is_told_only_when_a_date_proves_it(
    printed: list[tuple[str, datetime | None]], order: str | None
) -> None:
    assert order_of(printed) == order


@given(st.dates(), st.sampled_from(["MDY", "DMY"]))
def test_a_printed_date_never_proves_the_order_that_it_was_not_printed_in(day: datetime, order: str) -> None:
    text = (
        f"{day.month:02}/{day.day:02}/{day.year:04}" if order == "MDY" else f"{day.day:02}/{day.month:02}/{day.year:04}"
    )
    known = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert order_of([(text, None)]) in {None, order}
    assert order_of([(text, known)]) == (order if day.day != day.month else None)


@given(st.binary(max_size=400), st.sampled_from(["text/html", "application/xml", ""]))
def test_nothing_that_comes_breaks_the_discovery(body: bytes, kind: str) -> None:
    came = answer(body, kind=kind)
    assert nature_of(came) in Nature
    for offer in (offered(came), offered_by_feed(came)):
        assert all(urlsplit(url).scheme in {"http", "https"} for url in offer.feeds)


@given(st.text(max_size=60))
def test_no_link_breaks_the_discovery_and_only_the_web_is_followed(link: str) -> None:
    page = f"<html><head><link rel='alternate' type='application/rss+xml' href='{link}'></head></html>"
    for url in offered(answer(page.encode("utf-8", "replace"))).feeds:
        assert urlsplit(url).scheme in {"http", "https"}
        assert urlsplit(url).hostname


def test_usual_feeds_lie_below_the_section_they_are_looked_for_in() -> None:
    assert all(url.startswith(URL) for url in usual_feeds(URL))
