"""Pages that list a tag's articles for people."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from cases.errors import ConfigError
from crawler.readers import Listing, ListingState, Reader

CLASSIC = """<main><h1>Tag</h1>
<article class="entry"><h2 class="entry-title"><a rel="bookmark" href="/a/">First &amp; best</a></h2>
<time class="entry-time">03/04/2026</time><p>What it says.</p></article>
<article class="entry"><h2 class="entry-title"><a href="https://magazine.example/b/">Second</a></h2></article>
<article class="entry"><h2>No link here</h2></article></main>
<aside><h2><a href="/most-read/">Most read</a></h2></aside>"""

BLOCKS = """<main><ul class="wp-block-post-template"><li class="wp-block-post post-1 tag-north-korea">
<h2 class="wp-block-post-title"><a href="/a/">First</a></h2><time datetime="2026-03-04T10:00:00+00:00">x</time></li></ul></main>"""


def test_it_asks_for_each_watched_tags_pages(make: Callable[..., Reader], answer: Callable[..., Listing]) -> None:
    reader = make("listing", ("North Korea", "Human Rights"))
    assert [ask.url for ask in reader.first()] == [
        "https://magazine.example/tag/north-korea/",
        "https://magazine.example/tag/human-rights/",
    ]
    assert answer(reader, CLASSIC).asks[0].url == "https://magazine.example/tag/north-korea/page/2/"


def test_a_classic_theme_is_read(make: Callable[..., Reader], answer: Callable[..., Listing]) -> None:
    first, second = answer(make("listing"), CLASSIC).entries
    assert (first.url, first.title) == ("https://magazine.example/a/", "First & best")
    assert first.published == datetime(2026, 3, 4, tzinfo=UTC)
    assert first.watched
    assert (second.url, second.published, second.published_raw) == ("https://magazine.example/b/", None, None)


def test_a_block_theme_is_read(make: Callable[..., Reader], answer: Callable[..., Listing]) -> None:
    (entry,) = answer(make("listing"), BLOCKS).entries
    assert entry.url == "https://magazine.example/a/"
    assert entry.published == datetime(2026, 3, 4, 10, tzinfo=UTC)


def test_a_listing_may_have_selectors_of_its_own(make: Callable[..., Reader], answer: Callable[..., Listing]) -> None:
    reader = make("listing", entry=".row", link="a.head", first="topics/{slug}", further="topics/{slug}?p={page}")
    assert reader.first()[0].url == "https://magazine.example/topics/north-korea"
    listing = answer(reader, '<div class="row"><a class="head" href="x">X</a></div>')
    assert [entry.url for entry in listing.entries] == ["https://magazine.example/topics/x"]
    assert listing.asks[0].url == "https://magazine.example/topics/north-korea?p=2"


def test_one_named_page_says_nothing_of_tags(make: Callable[..., Reader], answer: Callable[..., Listing]) -> None:
    listing = answer(make("listing", url="https://magazine.example/news/"), CLASSIC)
    assert not any(entry.watched for entry in listing.entries)
    assert listing.entries[0].tags is None
    assert listing.asks == ()


def test_a_first_page_without_entries_is_unreadable_and_a_later_one_the_end(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make("listing")
    following = answer(reader, CLASSIC).asks[0]
    assert answer(reader, "<html>").state is ListingState.UNREADABLE
    assert answer(reader, b"\x00\xff").state is ListingState.UNREADABLE
    assert answer(reader, "<html>", following).state is ListingState.END


def test_the_page_that_a_page_names_comes_before_the_one_that_a_pattern_gives(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    def following(link: str, **table: object) -> list[str]:
        return [ask.url for ask in answer(make("listing", **table), CLASSIC + link).asks]

    assert following('<a rel="next" href="?paged=2">Older</a>') == ["https://magazine.example/tag/north-korea/?paged=2"]
    assert following('<a rel="next" href="https://elsewhere.example/">Older</a>') == [
        "https://magazine.example/tag/north-korea/page/2/"
    ]
    assert following('<a rel="next" href="">Older</a>') == ["https://magazine.example/tag/north-korea/page/2/"]
    assert following('<a class="more" href="/2">', url="https://magazine.example/news/", next="a.more") == [
        "https://magazine.example/2"
    ]


def test_one_named_page_may_have_a_pattern_for_those_after_it(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    def pages(**table: object) -> list[str]:
        reader = make("listing", url="https://magazine.example/news/", **table)
        second = answer(reader, CLASSIC).asks[0]
        return [ask.url for ask in (second, *answer(reader, CLASSIC, second).asks)]

    assert pages(further="news/?page={page}", page_from=0) == [
        "https://magazine.example/news/?page=1",
        "https://magazine.example/news/?page=2",
    ]
    assert pages(further="news/?from={page}", page_from=0, page_step=20) == [
        "https://magazine.example/news/?from=20",
        "https://magazine.example/news/?from=40",
    ]


def test_a_page_that_names_none_after_it_shows_only_the_newest(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    assert answer(make("listing", url="https://magazine.example/news/"), CLASSIC).newest_only
    assert not answer(make("listing"), CLASSIC).newest_only


def test_an_entry_may_be_a_link_itself(make: Callable[..., Reader], answer: Callable[..., Listing]) -> None:
    listing = answer(make("listing", entry="a.row"), '<a class="row" href="/a/">First<p>Summary</p></a>')
    assert [entry.url for entry in listing.entries] == ["https://magazine.example/a/"]


def test_a_selector_that_is_none_is_refused_when_the_file_is_read(make: Callable[..., Reader]) -> None:
    with pytest.raises(ConfigError, match=r"readers\.1\.entry: expected a CSS selector"):
        make("listing", entry="li[")


def test_a_key_that_it_does_not_know_is_refused(make: Callable[..., Reader]) -> None:
    with pytest.raises(ConfigError, match=r"readers\.1\.colour: unknown key"):
        make("listing", colour="red")
