"""The REST interface of WordPress, as bytes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from cases.errors import ConfigError
from crawler.readers import Ask, Listing, ListingState, Reader, Window

POST = {
    "link": "https://magazine.example/a/",
    "title": {"rendered": "A &amp; B"},
    "date_gmt": "2026-03-04T05:06:07",
    "modified_gmt": "2026-03-05T00:00:00",
}


def query(ask: Ask) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(ask.url).query).items()}


def test_it_asks_for_the_ids_of_the_watched_tags_first(make: Callable[..., Reader]) -> None:
    (ask,) = make("wordpress", ("North Korea", "Human Rights")).first()
    assert ask.url.startswith("https://magazine.example/wp-json/wp/v2/tags?")
    assert query(ask)["slug"] == "north-korea,human-rights"


def test_the_root_may_lie_elsewhere_than_home(make: Callable[..., Reader]) -> None:
    (ask,) = make("wordpress", url="https://magazine.example/en/").first()
    assert ask.url.startswith("https://magazine.example/en/wp-json/")


def test_found_tags_lead_to_their_posts_in_one_request(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make("wordpress", ("North Korea", "Human Rights"))
    tags = [{"id": 3, "name": "North Korea", "slug": "north-korea"}, {"id": 5, "name": "Human rights", "slug": "x"}]
    listing = answer(reader, json.dumps(tags))
    ask = listing.asks[0]
    assert query(ask)["tags"] == "3,5"
    assert query(ask)["orderby"] == "modified"
    assert query(ask)["per_page"] == "100"


def test_a_tag_that_is_not_found_by_its_slug_is_searched_by_its_longest_word(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make("wordpress", ("North Korea",))
    (search,) = answer(reader, "[]").asks
    assert query(search)["search"] == "north" or query(search)["search"] == "korea"
    found = answer(reader, json.dumps([{"id": 9, "name": "NORTH-KOREA", "slug": "north-korea-2"}]), search)
    assert query(found.asks[0])["tags"] == "9"
    assert answer(reader, json.dumps([{"id": 8, "name": "South Korea", "slug": "south-korea"}]), search).asks == ()


def test_a_tag_that_stands_in_several_spellings_is_read_under_each_of_them_once(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make("wordpress", ("North Korea",))
    plain = {"id": 3, "name": "North Korea", "slug": "north-korea"}
    posts, search = answer(reader, json.dumps([plain])).asks
    found = answer(reader, json.dumps([plain, {"id": 4, "name": "north_korea", "slug": "north_korea"}]), search)
    assert query(posts)["tags"] == "3"
    assert [query(ask)["tags"] for ask in found.asks] == ["4"]


def test_posts_become_entries_with_exact_times(make: Callable[..., Reader], answer: Callable[..., Listing]) -> None:
    ask = Ask(url="https://magazine.example/wp-json/wp/v2/posts", step="posts", series="3")
    listing = answer(make("wordpress"), json.dumps([POST]), ask, x_wp_total="1", x_wp_totalpages="1")
    (entry,) = listing.entries
    assert (listing.state, listing.claimed_total, listing.asks) == (ListingState.READ, 1, ())
    assert (entry.url, entry.title) == ("https://magazine.example/a/", "A & B")
    assert entry.published == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert entry.modified == datetime(2026, 3, 5, tzinfo=UTC)
    assert entry.watched


def test_the_totals_tell_whether_a_page_follows(make: Callable[..., Reader], answer: Callable[..., Listing]) -> None:
    ask = Ask(url="https://magazine.example/wp-json/wp/v2/posts", step="posts", series="3")
    (following,) = answer(make("wordpress"), json.dumps([POST]), ask, x_wp_total="150", x_wp_totalpages="2").asks
    assert (following.page, query(following)["page"]) == (2, "2")
    assert answer(make("wordpress"), json.dumps([POST] * 100), ask).asks[0].page == 2
    assert answer(make("wordpress"), json.dumps([POST]), ask, x_wp_totalpages="many").asks == ()


def test_only_what_changed_is_asked_for_when_that_is_wanted(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    since = datetime(2026, 5, 31, 12, tzinfo=UTC)
    reader = make("wordpress", window=Window(watched=("North Korea",), modified_after=since))
    listing = answer(reader, json.dumps([{"id": 3, "name": "North Korea", "slug": "north-korea"}]))
    assert query(listing.asks[0])["modified_after"] == "2026-05-31T12:00:00Z"
    assert answer(reader, "[]", listing.asks[0], x_wp_total="0").claimed_total is None


def test_without_watched_tags_every_post_is_asked_for(make: Callable[..., Reader]) -> None:
    (ask,) = make("wordpress", ()).first()
    assert "tags" not in query(ask)
    assert ask.step == "posts"


@pytest.mark.parametrize("body", [b"<html>", b"", b"{}", b"[1]", b'[{"id": "x"}]', b"\xff\xfe", b"[" * 10_000])
@pytest.mark.parametrize("step", ["slugs", "posts"])
def test_what_is_no_such_list_is_unreadable(
    make: Callable[..., Reader], answer: Callable[..., Listing], body: bytes, step: str
) -> None:
    listing = answer(make("wordpress"), body, Ask(url="https://magazine.example/x", step=step))
    assert listing.state is ListingState.UNREADABLE
    assert "https://magazine.example/x" in (listing.why or "")


@pytest.mark.parametrize("stated", ["0000-00-00T00:00:00", "9999-12-31T23:59:59"])
def test_dates_that_cannot_be_read_stay_unknown(
    make: Callable[..., Reader], answer: Callable[..., Listing], stated: str
) -> None:
    ask = Ask(url="https://magazine.example/wp-json/wp/v2/posts", step="posts", series="3")
    (entry,) = answer(make("wordpress"), json.dumps([{"link": "/a/", "date_gmt": stated}]), ask).entries
    assert (entry.url, entry.published, entry.modified) == ("https://magazine.example/a/", None, None)


def test_an_empty_list_of_posts_is_empty(make: Callable[..., Reader], answer: Callable[..., Listing]) -> None:
    ask = Ask(url="https://magazine.example/x", step="posts")
    assert answer(make("wordpress"), "[]", ask).state is ListingState.EMPTY


def test_a_key_that_it_does_not_know_is_refused(make: Callable[..., Reader]) -> None:
    with pytest.raises(ConfigError, match="magazine: reader wordpress: unknown key 'colour'"):
        make("wordpress", colour="red")
