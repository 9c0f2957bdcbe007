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
    search, categories = answer(reader, "[]").asks
    assert categories.url.startswith("https://magazine.example/wp-json/wp/v2/categories?slug=north-korea&")
    assert query(search)["search"] == "north" or query(search)["search"] == "korea"
    found = answer(reader, json.dumps([{"id": 9, "name": "NORTH-KOREA", "slug": "north-korea-2"}]), search)
    assert query(found.asks[0])["tags"] == "9"
    assert answer(reader, json.dumps([{"id": 8, "name": "South Korea", "slug": "south-korea"}]), search).asks == ()


def test_a_tag_that_stands_in_several_spellings_is_read_under_each_of_them_once(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make("wordpress", ("North Korea",))
    plain = {"id": 3, "name": "North Korea", "slug": "north-korea"}
    posts, search, _ = answer(reader, json.dumps([plain])).asks
    found = answer(reader, json.dumps([plain, {"id": 4, "name": "north_korea", "slug": "north_korea"}]), search)
    assert query(posts)["tags"] == "3"
    assert [query(ask)["tags"] for ask in found.asks] == ["4"]


def test_posts_become_entries_with_exact_times(make: Callable[..., Reader], answer: Callable[..., Listing]) -> None:
    ask = Ask(url="https://magazine.example/wp-json/wp/v2/posts", step="posts", series="3")
    listing = answer(make("wordpress"), json.dumps([POST]), ask, x_wp_total="1")
    (entry,) = listing.entries
    assert (listing.state, listing.claimed_total, listing.asks) == (ListingState.READ, 1, ())
    assert (entry.url, entry.title) == ("https://magazine.example/a/", "A & B")
    assert entry.published == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert entry.modified == datetime(2026, 3, 5, tzinfo=UTC)
    assert entry.watched


def test_the_totals_tell_whether_a_page_follows(make: Callable[..., Reader], answer: Callable[..., Listing]) -> None:
    ask = Ask(url="https://magazine.example/wp-json/wp/v2/posts", step="posts", series="3")
    (following,) = answer(make("wordpress"), json.dumps([POST]), ask, x_wp_total="150", x_wp_totalpages="2").asks
    assert (following.page, query(following)["offset"]) == (2, "95"), "pages overlap, for posts move between requests"
    assert answer(make("wordpress"), json.dumps([POST] * 100), ask).asks[0].page == 2
    assert answer(make("wordpress"), json.dumps([POST] * 55), following, x_wp_total="150").asks == ()
    assert answer(make("wordpress"), json.dumps([POST]), ask, x_wp_total="many").asks == ()


def test_categories_that_are_called_as_a_watched_tag_are_read_too(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make("wordpress", ("Human Rights",))
    categories = answer(reader, "[]").asks[-1]
    found = json.dumps([{"id": 7, "name": "Human rights", "slug": "rights"}])
    posts, search = answer(reader, found, categories).asks
    assert query(posts)["categories"] == "7"
    assert "/categories?search=rights" in search.url or "/categories?search=human" in search.url
    assert answer(reader, found, search).asks == (), "each is read once"


def test_a_tag_that_the_source_writes_with_underscores_is_asked_for_in_both_ways(make: Callable[..., Reader]) -> None:
    (ask,) = make("wordpress", ("north_korea",)).first()
    assert query(ask)["slug"] == "north-korea,north_korea"


def test_a_search_with_many_results_is_read_to_its_end(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make("wordpress", ("North Korea",))
    search = answer(reader, "[]").asks[0]
    (following,) = answer(reader, "[]", search, x_wp_totalpages="2").asks
    assert query(following)["page"] == "2"
    assert answer(reader, "[]", following, x_wp_totalpages="2").asks == ()


@pytest.mark.parametrize("root", ["https://magazine.example/?rest_route=/", "https://magazine.example/api/"])
def test_where_there_is_no_interface_the_front_page_may_say_where_it_is(
    make: Callable[..., Reader], answer: Callable[..., Listing], root: str
) -> None:
    in_header = {"link": f'<https://magazine.example/>; rel="x", <{root}>; rel="https://api.w.org/"'}
    in_page = f'<html><head><link rel="https://api.w.org/" href="{root.replace("&", "&amp;")}" /></head></html>'
    for body, headers in (("<html>", in_header), (in_page, {})):
        reader = make("wordpress", ("North Korea",))
        home = reader.first()[0].otherwise
        assert home is not None
        assert home.url == "https://magazine.example/"
        (ask,) = answer(reader, body, home, **headers).asks
        assert ask.url.startswith(f"{root.removesuffix('/')}/wp/v2/tags"), ask.url
        assert ask.otherwise is None


@pytest.mark.parametrize("stated", ["", "https://magazine.example/wp-json/", "https://elsewhere.example/wp-json/"])
def test_a_front_page_that_names_no_other_interface_of_its_own_ends_the_search(
    make: Callable[..., Reader], answer: Callable[..., Listing], stated: str
) -> None:
    reader = make("wordpress")
    listing = answer(reader, "<html>", reader.first()[0].otherwise, link=f'<{stated}>; rel="https://api.w.org/"')
    assert listing.state is ListingState.UNREADABLE


def test_an_old_wordpress_that_lists_everything_is_noticed_and_not_read_to_its_end(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make(
        "wordpress", window=Window(watched=("North Korea",), modified_after=datetime(2026, 5, 31, tzinfo=UTC))
    )
    ask = Ask(url="https://magazine.example/wp-json/wp/v2/posts", step="posts", series="tags=3")
    listing = answer(reader, json.dumps([POST] * 100), ask, x_wp_total="900")
    assert listing.asks == ()
    assert "older than 5.7" in (listing.notice or "")


def test_only_what_changed_is_asked_for_when_that_is_wanted(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    since = datetime(2026, 5, 31, 12, tzinfo=UTC)
    reader = make("wordpress", window=Window(watched=("North Korea",), modified_after=since))
    listing = answer(reader, json.dumps([{"id": 3, "name": "North Korea", "slug": "north-korea"}]))
    assert query(listing.asks[0])["modified_after"] == "2026-05-31T12:00:00Z"
    assert listing.asks[0].once, "its address names a moment: nobody asks for it again"
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
    with pytest.raises(ConfigError, match=r"readers\.1\.colour: unknown key"):
        make("wordpress", colour="red")
