"""What a page says of where its article stood first: source lines and notices with their links, and nothing of its furniture."""

import pytest
from lxml import html

from crawler.pages import page
from crawler.pages.originals import stated_originals

URL = "https://echo.example/2026/a-story"
STORY = (
    "<p>Fourteen women were driven to the river on Tuesday night and handed to soldiers, two who live there said.</p>"
    "<p>The first vehicle left the compound shortly after ten, with its windows papered over from the inside.</p>"
)


def article(*more: str, head: str = "", around: str = "") -> str:
    body = (
        f"<article><h1>Women handed over</h1><div class='entry-content'>{STORY}{''.join(more)}</div></article>{around}"
    )
    return f"<html><head><title>Women handed over</title>{head}</head><body>{body}</body></html>"


def found(*more: str, lang: str = "en", around: str = "") -> list[str]:
    return stated_originals(html.document_fromstring(article(*more, around=around)), URL, lang)


@pytest.mark.parametrize(
    ("line", "lang", "says"),
    [
        ("<p>Source: RFA</p>", "en", "Radio Free Asia"),
        ("<p>Source: <a href='https://www.rfa.org/a/1'>RFA</a></p>", "en", "https://www.rfa.org/a/1"),
        (
            "<p><em>This article was first published by <a href='//gazette.example/x'>The Gazette</a>.</em></p>",
            "en",
            "https://gazette.example/x",
        ),
        ("<div>Originally published at <a href='/reprints'>The Gazette</a></div>", "en", "Gazette"),
        ("<p>출처: <a href='https://www.dailynk.com/1'>데일리NK</a></p>", "ko", "https://www.dailynk.com/1"),
        ("<p>转载自：《江边周刊》</p>", "zh-Hans", "江边周刊"),
        ("<p>出典：川辺新聞</p>", "ja", "川辺新聞"),
        (
            "<p>Источник: <a href='https://vestnik.example/1'>«Речной вестник»</a></p>",
            "ru",
            "https://vestnik.example/1",
        ),
    ],
)
def test_a_source_line_gives_its_link_or_its_name(line: str, lang: str, says: str) -> None:
    assert found(line, lang=lang) == [says]


@pytest.mark.parametrize(
    "line",
    [
        "<figure><img alt=''><figcaption><p>Source: AFP</p></figcaption></figure>",
        "<aside><p>Source: AFP</p></aside>",
        "<p>A source: she would not say who. <a href='https://gazette.example/'>More</a></p>",
        f"<p>Source: RFA{' and a long tale of how it came about' * 9}</p>",
        "<p>This article was first published on Monday.</p>",
    ],
)
def test_pictures_asides_and_tales_state_nothing(line: str) -> None:
    assert found(line) == []


def test_what_stands_outside_of_the_article_is_not_of_it() -> None:
    assert found(around="<footer><p>Source: RFA</p></footer>") == []


@pytest.mark.parametrize("href", ["http://[::1", "javascript:alert(1)", "mailto:desk@gazette.example", ""])
def test_a_link_that_leads_nowhere_leaves_the_name(href: str) -> None:
    assert found(f"<p>Source: <a href='{href}'>RFA</a></p>") == ["Radio Free Asia"]


def test_a_page_claims_its_original_and_keeps_its_own_address() -> None:
    body = article("<p>Source: RFA</p>", head="<link rel=canonical href='https://gazette.example/1'>").encode()
    read = page.read(body, url=URL)
    assert read.url == URL
    assert read.claims == ("https://gazette.example/1", "Radio Free Asia")
    assert "RFA" not in read.text
