"""What pages state of themselves for machines."""

from lxml import html

from crawler.metadata import Metadata

URL = "https://magazine.example/story/"


def stated(head: str) -> Metadata:
    return Metadata(html.document_fromstring(f"<html><head>{head}</head><body></body></html>"), URL)


def json_ld(content: str) -> Metadata:
    return stated(f'<script type="application/ld+json">{content}</script>')


def test_json_ld_is_found_in_a_graph() -> None:
    page = json_ld(
        '{"@graph": [{"@type": "WebSite", "name": "M"}, {"@type": ["NewsArticle"], "headline": "T", "datePublished": '
        '"2026-03-04", "dateModified": "2026-03-05", "author": [{"name": "Wen Example"}], "keywords": "a, b", '
        '"articleSection": ["News"]}]}'
    )
    assert page.published() == ["2026-03-04"]
    assert page.modified() == ["2026-03-05"]
    assert page.authors() == ["Wen Example"]
    assert page.tags() == ["a", "b"]
    assert page.sections() == ["News"]
    assert page.title() == ["T"]


def test_broken_nested_or_foreign_json_ld_says_nothing() -> None:
    for content in ("{", "[" * 10_000, '"text"', '{"@type": "WebSite", "datePublished": "2026-03-04"}', '{"@type": 7}'):
        assert json_ld(content).published() == []


def test_values_of_the_wrong_kind_are_left_out() -> None:
    page = json_ld('{"@type": "Article", "datePublished": 7, "keywords": [1, "a"], "author": {"name": null}}')
    assert (page.published(), page.tags(), page.authors()) == ([], ["a"], [])


def test_meta_elements_are_read() -> None:
    page = stated(
        '<meta property="article:published_time" content="2026-03-04"><meta property="article:tag" content="North Korea">'
        '<meta name="author" content="Wen Example"><meta property="og:title" content="T"><title> T \n - M</title>'
    )
    assert page.published() == ["2026-03-04"]
    assert page.tags() == ["North Korea"]
    assert page.authors() == ["Wen Example"]
    assert page.title() == ["T", "T - M"]


def test_a_canonical_address_counts_only_on_the_host_that_answered() -> None:
    for stated_as, expected in {
        "/other/": "https://magazine.example/other/",
        "https://magazine.example/other/": "https://magazine.example/other/",
        "https://rival.example/story/": URL,
        "javascript:alert(1)": URL,
        "http://[broken": URL,
        "": URL,
    }.items():
        assert stated(f'<link rel="canonical" href="{stated_as}">').canonical() == expected
