"""What pages state of themselves for machines."""

import pytest
from lxml import html

from crawler.pages.metadata import Metadata
from crawler.pages.queries import Page

URL = "https://magazine.example/story/"


def stated(head: str) -> Metadata:
    return Metadata(Page(html.document_fromstring(f"<html><head>{head}</head><body></body></html>")), URL)


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


@pytest.mark.parametrize(
    "script",
    [
        '<!--\n{"@type": "NewsArticle", "headline": "T"}\n//-->',
        '{"@type": "NewsArticle", "headline": "T", "keywords": ["a",],}',
        '{"@type": "NewsArticle", "description": "two\nlines", "headline": "T"};',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;T&quot;}",
        '{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": "T"}}',
    ],
)
def test_json_ld_that_is_broken_in_a_common_way_is_mended(script: str) -> None:
    assert json_ld(script).title() == ["T"]


def test_of_several_articles_the_one_that_names_the_page_counts() -> None:
    other = '{"@type": "NewsArticle", "headline": "Other", "url": "https://magazine.example/other/"}'
    own = (
        '{"@type": "NewsArticle", "headline": "Own", "mainEntityOfPage": {"@id": "https://magazine.example/story/#a"}}'
    )
    assert json_ld(f"[{other}, {own}]").title() == ["Own"]
    listed = f'{{"@type": "ItemList", "itemListElement": [{other}]}}'
    assert json_ld(listed).title() == []


def test_an_author_who_is_named_elsewhere_in_the_graph_is_found() -> None:
    graph = '[{"@type": "Article", "author": {"@id": "#p"}}, {"@type": "Person", "@id": "#p", "name": "Wen Example"}]'
    assert json_ld(f'{{"@graph": {graph}}}').authors() == ["Wen Example"]


def test_tags_are_read_wherever_a_page_states_them() -> None:
    page = stated(
        '<meta name="news_keywords" content="a, b"><meta name="Keywords" content="c;d"><meta name="parsely-tags" content="e">'
        '<script type="application/ld+json">{"@type": "Report", "about": [{"name": "f"}], "keywords": "g, a"}</script>'
    )
    assert sorted(page.tags()) == ["a", "b", "c", "d", "e", "f", "g"]
    assert page.labels() == ["g", "a"]


def test_microdata_states_dates_and_sections() -> None:
    tree = html.document_fromstring(
        '<html><body><time itemprop="datePublished" datetime="2026-03-04">x</time><b itemprop="articleSection">News</b>'
        '<aside><time itemprop="datePublished" datetime="2026-01-01">y</time></aside></body></html>'
    )
    page = Metadata(Page(tree), URL)
    assert (page.published(), page.sections()) == (["2026-03-04"], ["News"])


def test_the_day_in_an_address_is_a_statement_and_the_last_one_that_is_asked() -> None:
    tree = html.document_fromstring("<html></html>")
    assert Metadata(Page(tree), "https://magazine.example/2026/03/04/story/").addressed() == ["2026-03-04"]
    assert Metadata(Page(tree), "https://magazine.example/2026/13/04/story/").addressed() == []


def test_addresses_on_other_hosts_are_claims_and_no_identity() -> None:
    page = stated(
        '<link rel="canonical" href="https://rival.example/story/"><meta name="original-source" content="ftp://x">'
    )
    assert page.claims() == ["https://rival.example/story/"]
    assert page.canonical() == URL


def test_what_is_not_free_is_told_with_its_parts() -> None:
    page = json_ld(
        '{"@type": "Article", "isAccessibleForFree": "False", "hasPart": {"isAccessibleForFree": false, "cssSelector": ".x"}}'
    )
    assert page.withheld() == (True, [".x"])
    assert json_ld('{"@type": "Article", "isAccessibleForFree": true}').withheld() == (False, [])
