"""HTML pages: the body alone, and what the page says of itself."""

import tomllib
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import Unreadable
from cases.model import Article
from crawler.pages.page import read
from crawler.sources import Source
from crawler.testing import Magazine, Post

PAGES = Path(__file__).parents[1] / "data/pages"
URL = "https://magazine.example/story/"


def page(body: str, head: str = "<title>Town news</title>") -> bytes:
    return f"<html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()


def story(text: str = "<p>The town is by the river.</p>", around: str = "", head: str = "") -> bytes:
    return page(f'<article><h1>Town</h1><div class="entry-content">{text}</div>{around}</article>', head)


@pytest.mark.parametrize("name", sorted(path.stem for path in PAGES.glob("*.html")))
def test_a_golden_page_gives_its_article(name: str, make_source: Callable[..., Source]) -> None:
    expected = tomllib.loads((PAGES / f"{name}.toml").read_text(encoding="utf-8"))
    source = make_source("https://magazine.example/", **expected.pop("source"))
    url = expected.get("url", URL)
    read_as = read((PAGES / f"{name}.html").read_bytes(), url=url, content_type="text/html", source=source)
    found = msgspec.structs.asdict(read_as)
    assert {key: list(found[key]) if isinstance(found[key], tuple) else found[key] for key in expected} == expected
    assert read_as.source == "magazine"


def test_the_magazine_of_the_tests_is_read_without_its_furniture() -> None:
    post = Post(
        slug="story",
        title="A Story",
        paragraphs=("One paragraph of it.", "Another paragraph."),
        tags=("North Korea",),
        published=datetime(2026, 1, 2, tzinfo=UTC),
    )
    other = msgspec.structs.replace(post, slug="other", title="Another Headline")
    article = read(Magazine([post, other]).page(post).encode(), url=URL)
    assert article.text == "One paragraph of it.\n\nAnother paragraph."
    assert article.tags == ("North Korea",)


def test_a_page_without_a_date_has_none() -> None:
    article = read(story(), url=URL)
    assert (article.published, article.published_raw) == (None, None)


def test_an_ambiguous_date_is_kept_as_printed_and_not_read() -> None:
    body = story(around='<time class="entry-time">03/04/2026</time>')
    assert read(body, url=URL).published is None
    assert read(body, url=URL).published_raw == "03/04/2026"


def test_the_order_of_the_source_reads_it(make_source: Callable[..., Source]) -> None:
    body = story(around='<time class="entry-time">03/04/2026</time>')
    article = read(body, url=URL, source=make_source("https://magazine.example/"))
    assert article.published == datetime(2026, 3, 4, tzinfo=UTC)


def test_metadata_stands_above_the_printed_date() -> None:
    head = '<meta property="article:published_time" content="2026-03-04T10:00:00+00:00">'
    article = read(story(around='<time class="entry-time">03/09/2026</time>', head=head), url=URL)
    assert article.published == datetime(2026, 3, 4, 10, tzinfo=UTC)
    assert article.published_raw == "03/09/2026"


def test_a_heading_inside_the_story_stays_and_one_above_it_is_the_deck() -> None:
    article = read(story("<h3>The deck</h3><p>One.</p><h3>Inside</h3><p>Two.</p>"), url=URL)
    assert article.text == "One.\n\nInside\n\nTwo."


def test_an_article_that_consists_of_headings_and_loose_text_is_read() -> None:
    assert read(story("Loose text.<br><br>More of it."), url=URL).text == "Loose text.\n\nMore of it."


def test_a_layout_of_the_source_is_tried_alone(make_source: Callable[..., Source]) -> None:
    body = page(
        '<h1>Wrong</h1><b class="t">Right</b><div id="x"><p>Body.</p><p class="ad">Buy!</p></div><article>No.</article>'
    )
    layout = {"title": ".t", "body": "#x", "remove": [".ad"]}
    article = read(body, url=URL, source=make_source("https://magazine.example/", layout=layout))
    assert (article.title, article.text) == ("Right", "Body.")
    with pytest.raises(Unreadable, match="no text where its source"):
        read(story(), url=URL, source=make_source("https://magazine.example/", layout={"body": "#gone"}))


def test_a_page_of_an_unknown_layout_is_left_to_trafilatura() -> None:
    paragraphs = "".join(
        f"<p>Paragraph {n} tells of the town by the river and of its people at length.</p>" for n in range(6)
    )
    article = read(page(f"<div class=q1><h1>Town</h1>{paragraphs}</div><div><a href=/>menu</a></div>"), url=URL)
    assert article.text.count("\n\n") >= 4
    assert "menu" not in article.text


def wire(around: str = "", topics: str = "Topics: <span>harbour</span>, <span>north-korea</span>") -> bytes:
    head = (
        '<title>Boats stay in | Wire</title><meta name="author" content="Una Hale">'
        '<meta property="article:tag" content="harbour"><meta property="article:tag" content="north-korea">'
    )
    return page(
        "<article><h1>Boats stay in</h1>"
        '<p class="d">Posted <time datetime="2026-10-09">9 October 2026</time>, by <span>Una Hale</span></p>'
        '<p class="standfirst"><strong>The storm keeps the fleet in port.</strong></p>'
        "<p>No boat left the estuary on Friday, because the wind did not fall all day.</p>"
        "<p>The harbour master, Una Hale, told the crews to wait, and they went home to <b>North-Korea</b> Street.</p>"
        f'<p class="t">{topics}</p></article>{around}',
        head,
    )


@pytest.mark.parametrize(
    "topics",
    ["Topics: <span>harbour</span>, <span>north-korea</span>", "Tags: <a>weather</a>", "태그: 항구", "harbour"],
)
def test_a_page_without_known_selectors_gives_no_headline_byline_or_topics_as_text(topics: str) -> None:
    article = read(wire(topics=topics), url=URL)
    assert article.title == "Boats stay in"
    assert article.text == (
        "No boat left the estuary on Friday, because the wind did not fall all day.\n\n"
        "The harbour master, Una Hale, told the crews to wait, and they went home to North-Korea Street."
    )


@pytest.mark.parametrize(
    "body", [b"", b"\x00\x01\x02", b"%PDF-1.7", page("<h1>Only a title</h1>"), page("<p></p>", "")]
)
def test_what_holds_no_article_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable, match=r"https://magazine\.example/story/: the page holds no"):
        read(body, url=URL)


def test_categories_are_sections_and_not_tags() -> None:
    around = '<a rel="category tag" href="/c/">News</a><a rel="tag" href="/tag/a/">A</a><a rel="tag" href="/category/b/">B</a>'
    article = read(story(around=around), url=URL)
    assert article.tags == ("A",)
    assert article.sections == ("News",)


def test_the_address_is_the_canonical_one_of_the_page() -> None:
    article = read(
        story(head='<link rel="canonical" href="https://magazine.example/true/">'), url=URL + "?utm_source=x"
    )
    assert article.url == "https://magazine.example/true/"


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(noise: bytes) -> None:
    body = b"<article><h1>T</h1><div class='entry-content'><p>Body</p>" + noise
    with suppress(Unreadable):
        assert isinstance(read(body, url=URL), Article)
