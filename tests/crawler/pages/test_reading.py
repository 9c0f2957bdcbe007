"""What a worker makes of one page."""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest

from cases.errors import Unreadable
from crawler.pages.reading import ReadingJob, read_page
from crawler.readers import Entry
from crawler.sources import Source
from crawler.testing import Magazine, Post

POST = Post(
    slug="a",
    title="A Story",
    paragraphs=("A paragraph of it that is long enough.",),
    tags=("Human Rights",),
    published=datetime(2026, 3, 4, tzinfo=UTC),
)


def job(source: Source, entry: Entry, watched: tuple[str, ...] = ("human rights",), body: bytes = b"") -> ReadingJob:
    page = body or Magazine([POST]).page(POST).encode()
    return ReadingJob(url=entry.url, body=page, content_type="text/html", source=source, watched=watched, listed=entry)


def test_a_page_is_read_and_judged(make_source: Callable[..., Source]) -> None:
    source = make_source("https://m.example/")
    reading = read_page(job(source, Entry(url="https://m.example/a/")))
    assert reading.judgement is not None
    assert reading.article.text == POST.paragraphs[0]


def test_what_the_listing_states_stands_above_the_page(make_source: Callable[..., Source]) -> None:
    published, modified = datetime(2026, 3, 4, 5, 6, tzinfo=UTC), datetime(2026, 3, 5, tzinfo=UTC)
    entry = Entry(url="https://m.example/a/", published=published, modified=modified, tags=("North Korea",))
    article = read_page(job(make_source("https://m.example/"), entry)).article
    assert (article.published, article.modified) == (published, modified)
    assert article.published_raw == "03/04/2026"
    assert article.tags == ("Human Rights", "North Korea")


def test_a_page_whose_own_tags_are_not_watched_is_not_judged(make_source: Callable[..., Source]) -> None:
    source = make_source("https://m.example/")
    assert read_page(job(source, Entry(url="https://m.example/a/"), ("Religion",))).judgement is None
    assert read_page(job(source, Entry(url="https://m.example/a/", watched=True), ("Religion",))).judgement is not None
    assert read_page(job(source, Entry(url="https://m.example/a/"), ())).judgement is not None


def test_a_page_without_an_article_is_unreadable(make_source: Callable[..., Source]) -> None:
    with pytest.raises(Unreadable):
        read_page(job(make_source("https://m.example/"), Entry(url="https://m.example/a/"), body=b"<html>"))


def test_a_section_that_is_watched_counts_as_a_tag_does(make_source: Callable[..., Source]) -> None:
    source = make_source("https://m.example/")
    reading = read_page(job(source, Entry(url="https://m.example/a/"), ("testimonies china",)))
    assert reading.judgement is not None


def test_a_day_after_the_fetching_is_believed_of_neither_page_nor_listing(make_source: Callable[..., Source]) -> None:
    tomorrow = Entry(url="https://m.example/a/", published=datetime(2026, 3, 4, 12, tzinfo=UTC))
    given = job(make_source("https://m.example/"), tomorrow)
    early = msgspec.structs.replace(given, seen_at=datetime(2026, 3, 1, tzinfo=UTC))
    assert read_page(early).article.published is None
    assert read_page(early).article.published_raw == "03/04/2026"
    in_time = msgspec.structs.replace(given, seen_at=datetime(2026, 3, 3, 13, tzinfo=UTC))
    assert read_page(in_time).article.published == tomorrow.published
