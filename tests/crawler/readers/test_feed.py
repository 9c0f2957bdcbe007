"""Feeds, as bytes: whole, malformed, hostile."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases.errors import ConfigError
from crawler.readers import Listing, ListingState, Reader

ITEM = (
    "<item><title>{title}</title><link>https://magazine.example/{slug}/</link>"
    "<pubDate>Wed, 04 Mar 2026 05:06:07 +0000</pubDate>{more}</item>"
)


def rss(*items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>M</title>{"".join(items)}</channel></rss>'


def item(slug: str = "a", more: str = "<category>North Korea</category>", title: str = "A") -> str:
    return ITEM.format(slug=slug, more=more, title=title)


def test_without_an_address_it_asks_for_the_feeds_of_the_watched_tags(make: Callable[..., Reader]) -> None:
    asks = make("feed", ("North Korea", "강제 북송")).first()
    assert [ask.url for ask in asks] == [
        "https://magazine.example/tag/north-korea/feed/",
        "https://magazine.example/tag/%EA%B0%95%EC%A0%9C-%EB%B6%81%EC%86%A1/feed/",
    ]
    assert [ask.url for ask in make("feed", ()).first()] == ["https://magazine.example/feed/"]


def test_a_named_feed_is_asked_for_alone_and_pages_go_back(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make("feed", url="https://magazine.example/rss?x=1")
    (ask,) = reader.first()
    listing = answer(reader, rss(item()), ask)
    assert listing.asks[0].url == "https://magazine.example/rss?x=1&paged=2"
    assert answer(reader, rss(item()), listing.asks[0]).asks[0].url == "https://magazine.example/rss?x=1&paged=3"


def test_items_become_entries(make: Callable[..., Reader], answer: Callable[..., Listing]) -> None:
    reader = make("feed", url="https://magazine.example/rss")
    (entry,) = answer(reader, rss(item())).entries
    assert (entry.url, entry.title, entry.tags) == ("https://magazine.example/a/", "A", ("North Korea",))
    assert entry.published == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert entry.modified is None
    assert not entry.watched


def test_two_items_keep_their_own_titles(make: Callable[..., Reader], answer: Callable[..., Listing]) -> None:
    listing = answer(make("feed"), rss(item("a", title="First"), item("b", title="Second")))
    assert [entry.title for entry in listing.entries] == ["First", "Second"]


def test_of_a_tags_own_feed_every_entry_is_watched(make: Callable[..., Reader], answer: Callable[..., Listing]) -> None:
    (entry,) = answer(make("feed"), rss(item(more=""))).entries
    assert entry.watched


def test_a_feed_without_any_category_leaves_tags_to_the_page(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make("feed", url="https://magazine.example/rss")
    assert answer(reader, rss(item(more=""))).entries[0].tags is None
    assert answer(reader, rss(item("a", more=""), item("b"))).entries[0].tags == ()


@pytest.mark.parametrize("date", ["", "<pubDate>27 09 2026</pubDate>", "<pubDate>soon</pubDate>"])
def test_a_date_that_cannot_be_read_is_kept_as_it_stands(
    make: Callable[..., Reader], answer: Callable[..., Listing], date: str
) -> None:
    body = rss(f"<item><title>A</title><link>https://magazine.example/a/</link>{date}</item>")
    (entry,) = answer(make("feed"), body).entries
    assert entry.published is None
    assert (entry.published_raw or "") in date


def test_atom_says_when_an_entry_was_edited(make: Callable[..., Reader], answer: Callable[..., Listing]) -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>M</title><entry><title>A</title><link href="/a/"/>'
        "<published>2026-03-04T00:00:00Z</published><updated>2026-03-05T00:00:00Z</updated></entry></feed>"
    )
    (entry,) = answer(make("feed"), body).entries
    assert entry.url == "https://magazine.example/a/"
    assert entry.modified == datetime(2026, 3, 5, tzinfo=UTC)


def test_the_stamp_changes_with_what_is_shown_and_only_then(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    def stamp(description: str) -> str | None:
        return answer(make("feed"), rss(item(more=f"<description>{description}</description>"))).entries[0].stamp

    assert stamp("one") == stamp("one")
    assert stamp("one") != stamp("two")


@pytest.mark.parametrize("body", [b"", b"<html><body>Just a moment</body></html>", b"\x00\xff", b"plain"])
def test_what_is_no_feed_is_unreadable(
    make: Callable[..., Reader], answer: Callable[..., Listing], body: bytes
) -> None:
    listing = answer(make("feed"), body)
    assert listing.state is ListingState.UNREADABLE
    assert "is not a feed" in (listing.why or "")


def test_a_feed_without_items_is_empty_and_not_unreadable(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    assert answer(make("feed"), rss()).state is ListingState.EMPTY


def test_a_malformed_feed_gives_the_entries_that_it_holds(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    body = rss(item(title="Q & A&nbsp;here")).removesuffix("</channel></rss>")
    assert [entry.url for entry in answer(make("feed"), body).entries] == ["https://magazine.example/a/"]


@pytest.mark.parametrize(
    "reference", ["&#xD800;", "&#55357;&#56832;", "&amp;#xDFFF;", "&#x110000;", "&#99999999999999999999;"]
)
def test_a_reference_that_names_no_character_does_not_stop_it(
    make: Callable[..., Reader], answer: Callable[..., Listing], reference: str
) -> None:
    listing = answer(make("feed"), rss(item(title=f"One {reference} two &#233;"), item("b")))
    assert [entry.url for entry in listing.entries] == ["https://magazine.example/a/", "https://magazine.example/b/"]
    assert listing.entries[0].title.endswith("two é")


def test_a_body_that_names_a_file_does_not_open_it(
    make: Callable[..., Reader], answer: Callable[..., Listing], tmp_path: Path
) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text(rss(item("stolen")))
    assert answer(make("feed"), str(secret)).state is ListingState.UNREADABLE


def test_an_external_entity_is_not_resolved(
    make: Callable[..., Reader], answer: Callable[..., Listing], tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of the machine")
    entity = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>'
    body = rss(item(title="&x;")).replace("<rss", entity + "<rss", 1)
    assert "secret of the machine" not in repr(answer(make("feed"), body))


def test_a_feed_that_names_its_earlier_items_is_followed_there_and_nowhere_else(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make("feed", url="https://magazine.example/rss")

    def following(address: str) -> list[str]:
        link = f'<link xmlns="http://www.w3.org/2005/Atom" rel="next" href="{address}"/>'
        return [ask.url for ask in answer(reader, rss(link, item())).asks]

    assert following("/rss/2") == ["https://magazine.example/rss/2"]
    named = answer(reader, rss('<link xmlns="http://www.w3.org/2005/Atom" rel="next" href="/rss/2"/>', item())).asks[0]
    assert answer(reader, rss(item()), named).asks == (), "the last page names none after it"
    assert following("https://elsewhere.example/rss/2") == []


def test_a_json_feed_is_followed_by_what_it_names(make: Callable[..., Reader], answer: Callable[..., Listing]) -> None:
    body = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/a", "tags": ["North Korea"]}], "next_url": %s}'
    reader = make("feed", url="https://magazine.example/feed.json")
    assert [ask.url for ask in answer(reader, body % '"/feed.json?page=2"').asks] == [
        "https://magazine.example/feed.json?page=2"
    ]
    last = answer(reader, body % "null")
    assert (last.asks, last.newest_only) == ((), True)
    assert [entry.url for entry in last.entries] == ["https://magazine.example/a"]


def test_only_what_may_be_wordpress_is_asked_for_pages_in_its_way(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make("feed", url="https://magazine.example/rss")
    assert answer(reader, rss("<generator>https://wordpress.org/?v=6.4</generator>", item())).asks
    other = answer(reader, rss("<generator>Drupal 10</generator>", item()))
    assert (other.asks, other.newest_only) == ((), True)


WHOLE = f"<p>{'Words of a story that goes on for a while. ' * 15}</p>"


def whole_text(
    reader: Reader, answer: Callable[..., Listing], content: str, more: str = "<category>North Korea</category>"
) -> str | None:
    encoded = f'<encoded xmlns="http://purl.org/rss/1.0/modules/content/"><![CDATA[{content}]]></encoded>'
    return answer(reader, rss(item(more=more + encoded))).entries[0].content


def test_a_full_text_feed_gives_whole_articles(make: Callable[..., Reader], answer: Callable[..., Listing]) -> None:
    reader = make("feed", url="https://magazine.example/rss", full_text=True)
    assert whole_text(reader, answer, WHOLE) == WHOLE.strip()
    assert whole_text(make("feed", url="https://magazine.example/rss"), answer, WHOLE) is None


@pytest.mark.parametrize(
    "content",
    [
        "<p>Too short to be an article.</p>",
        f"{WHOLE}<p>It goes on [&#8230;]</p>",
        f"{WHOLE}<p>It goes on […]</p>",
        f"{WHOLE}<p>It goes on... <a href='/a/'>Read more »</a></p>",
        f"{WHOLE}<a>Continue reading →</a>",
        f"{WHOLE}<p>続きを読む</p>",
    ],
)
def test_a_teaser_is_no_article_and_its_page_is_fetched(
    make: Callable[..., Reader], answer: Callable[..., Listing], content: str
) -> None:
    reader = make("feed", url="https://magazine.example/rss", full_text=True)
    assert whole_text(reader, answer, content) is None


def test_a_whole_text_without_tags_says_nothing_of_being_watched_so_its_page_is_fetched(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make("feed", url="https://magazine.example/rss", full_text=True)
    assert whole_text(reader, answer, WHOLE, more="") is None
    assert whole_text(make("feed", (), full_text=True), answer, WHOLE, more="") is not None


def test_items_without_a_link_are_counted(make: Callable[..., Reader], answer: Callable[..., Listing]) -> None:
    listing = answer(make("feed"), rss("<item><title>A</title></item>", item(), "<item><link> </link></item>"))
    assert [entry.url for entry in listing.entries] == ["https://magazine.example/a/"]
    assert listing.nameless == 2


def test_a_feed_whose_items_all_lack_a_link_is_unreadable_and_not_empty(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    listing = answer(make("feed"), rss("<item><title>A</title></item>"))
    assert listing.state is ListingState.UNREADABLE
    assert "names an address" in (listing.why or "")


def test_a_key_that_it_does_not_know_is_refused(make: Callable[..., Reader]) -> None:
    with pytest.raises(ConfigError, match=r"readers\.1\.colour: unknown key"):
        make("feed", colour="red")
