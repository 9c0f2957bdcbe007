"""The reader of sitemaps: where it looks, what it follows, and what it leaves alone."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from cases.errors import ConfigError
from crawler.readers import Ask, Listing, ListingState, Reader, Window

NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def sitemap(*pages: str) -> str:
    return f"<urlset {NEWS}>{''.join(pages)}</urlset>"


def page(path: str, lastmod: str = "", more: str = "") -> str:
    stated = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>https://magazine.example{path}</loc>{stated}{more}</url>"


def index(*parts: tuple[str, str]) -> str:
    items = (
        f"<sitemap><loc>{url}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</sitemap>"
        for url, changed in parts
    )
    return f"<sitemapindex>{''.join(items)}</sitemapindex>"


def chain(ask: Ask | None) -> Iterator[str]:
    while ask is not None:
        yield ask.url
        ask = ask.otherwise


def test_without_an_address_it_looks_where_sites_keep_theirs_in_order(make: Callable[..., Reader]) -> None:
    (ask,) = make("sitemap").first()
    assert list(chain(ask)) == [
        "https://magazine.example/robots.txt",
        "https://magazine.example/sitemap_index.xml",
        "https://magazine.example/wp-sitemap.xml",
        "https://magazine.example/sitemap.xml",
        "https://magazine.example/news-sitemap.xml",
    ]
    assert [ask.url for ask in make("sitemap", url="https://magazine.example/x.xml").first()] == [
        "https://magazine.example/x.xml"
    ]


def test_robots_txt_names_sitemaps_and_where_it_names_none_the_search_goes_on(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make("sitemap")
    named = answer(reader, "User-agent: *\nDisallow: /x\nSITEMAP: https://magazine.example/a.xml\nSitemap:/b.xml\n")
    assert [ask.url for ask in named.asks] == ["https://magazine.example/a.xml", "https://magazine.example/b.xml"]
    assert named.asks[0].otherwise is not None, "one that is not there must not end the search"
    assert named.leads
    (following,) = answer(reader, "User-agent: *\nDisallow:\n").asks
    assert following.url == "https://magazine.example/sitemap_index.xml"


def test_a_time_of_change_is_never_a_time_of_publication(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make("sitemap", url="https://magazine.example/s.xml")
    (entry,) = answer(reader, sitemap(page("/a/", "2026-03-04"))).entries
    assert (entry.published, entry.modified) == (None, datetime(2026, 3, 4, tzinfo=UTC))
    assert entry.tags is None
    (bare,) = answer(reader, sitemap(page("/a/"))).entries
    assert (bare.published, bare.modified, bare.stamp) == (None, None, None)


def test_news_state_when_they_were_published(make: Callable[..., Reader], answer: Callable[..., Listing]) -> None:
    more = (
        "<news:news><news:publication_date>2026-03-04T09:00:00+09:00</news:publication_date><news:title>T</news:title>"
        "<news:keywords>{}</news:keywords></news:news>"
    )
    reader = make("sitemap", url="https://magazine.example/s.xml")
    pages = (page("/a/", more=more.format("Japan, North Korea")), page("/b/", more=more.format("Japan")))
    told, silent = answer(reader, sitemap(*pages)).entries
    assert (told.title, told.published) == ("T", datetime(2026, 3, 4, tzinfo=UTC))
    assert told.tags == ("Japan", "North Korea")
    assert silent.tags is None, "keywords for search engines cannot show that an article is not watched"


def test_addresses_come_newest_first_and_those_without_a_date_last(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make("sitemap", url="https://magazine.example/s.xml")
    listing = answer(reader, sitemap(page("/undated/"), page("/old/", "2020-01-01"), page("/new/", "2026-01-01")))
    assert [entry.url.split("/")[3] for entry in listing.entries] == ["new", "old", "undated"]


def test_parts_of_an_index_are_asked_for_newest_first(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make("sitemap", url="https://magazine.example/s.xml")
    body = index(("/1.xml", "2020-01-01"), ("/2.xml", ""), ("https://magazine.example/3.xml", "2026-01-01"))
    listing = answer(reader, body)
    assert [ask.url[-5:] for ask in listing.asks] == ["3.xml", "1.xml", "2.xml"]
    assert listing.leads, "one part without a time may have changed although the index did not"
    assert not answer(reader, index(("/1.xml", "2020-01-01"))).leads


@pytest.mark.parametrize("way", ["cutoff", "modified_after"])
def test_parts_unchanged_since_the_time_that_the_visit_reaches_to_are_left_alone(
    make: Callable[..., Reader], answer: Callable[..., Listing], way: str
) -> None:
    reaching: dict[str, datetime] = {way: datetime(2026, 1, 1, tzinfo=UTC)}
    window = Window(watched=(), **reaching)
    reader = make("sitemap", window=window, url="https://magazine.example/s.xml")
    body = index(("/old.xml", "2025-12-31"), ("/new.xml", "2026-01-02"), ("/unknown.xml", ""))
    assert [ask.url for ask in answer(reader, body).asks] == [
        "https://magazine.example/new.xml",
        "https://magazine.example/unknown.xml",
    ]
    assert answer(reader, index(("/old.xml", "2025-12-31"))).state is ListingState.EMPTY


def test_what_the_last_visit_read_is_passed_by_and_what_states_no_change_is_not(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    window = Window(watched=(), modified_after=datetime(2026, 1, 1, tzinfo=UTC))
    reader = make("sitemap", window=window, url="https://magazine.example/s.xml")
    pages = (page("/read/", "2025-12-31"), page("/new/", "2026-01-01"), page("/undated/"))
    assert [entry.url.split("/")[3] for entry in answer(reader, sitemap(*pages)).entries] == ["new", "undated"]


def test_old_addresses_are_left_to_be_counted_as_too_old(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    window = Window(watched=(), cutoff=datetime(2026, 1, 1, tzinfo=UTC))
    reader = make("sitemap", window=window, url="https://magazine.example/s.xml")
    assert len(answer(reader, sitemap(page("/old/", "2020-01-01"))).entries) == 1


def test_parts_of_tags_authors_and_plain_pages_are_not_asked_for(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    names = ("posts-post-1", "posts-page-1", "taxonomies-post_tag-1", "users-1")
    body = index(*((f"/wp-sitemap-{name}.xml", "") for name in names), ("/category-sitemap.xml", ""))
    reader = make("sitemap", url="https://magazine.example/wp-sitemap.xml")
    assert [ask.url for ask in answer(reader, body).asks] == ["https://magazine.example/wp-sitemap-posts-post-1.xml"]
    chosen = make("sitemap", url="https://magazine.example/wp-sitemap.xml", parts=["*-users-*"])
    assert [ask.url for ask in answer(chosen, body).asks] == ["https://magazine.example/wp-sitemap-users-1.xml"]


def test_addresses_outside_what_the_source_file_includes_are_counted(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make("sitemap", url="https://magazine.example/s.xml", include=["/en/", "*/2026/*"], exclude=["*.pdf"])
    pages = map(page, ("/en/a/", "/ko/a/", "/ko/2026/b/", "/en/c.pdf", "/tag/x/"))
    listing = answer(reader, sitemap(*pages))
    assert [entry.url[24:] for entry in listing.entries] == ["/en/a/", "/ko/2026/b/"]
    assert listing.excluded == 3


def test_an_index_does_not_lead_to_other_sites_or_without_end(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make("sitemap", url="https://magazine.example/s.xml")
    listing = answer(reader, index(("https://elsewhere.example/1.xml", ""), ("/1.xml", "")))
    assert [ask.url for ask in listing.asks] == ["https://magazine.example/1.xml"]
    (ask,) = listing.asks
    for _ in range(2):
        (ask,) = answer(reader, index(("/1.xml", "")), ask).asks
    assert answer(reader, index(("/1.xml", "")), ask).state is ListingState.UNREADABLE


def test_a_sitemap_without_addresses_is_empty_and_a_page_unreadable(
    make: Callable[..., Reader], answer: Callable[..., Listing]
) -> None:
    reader = make("sitemap", url="https://magazine.example/s.xml")
    assert answer(reader, sitemap()).state is ListingState.EMPTY
    listing = answer(reader, "<!DOCTYPE html><html><body>Not here</body></html>")
    assert listing.state is ListingState.UNREADABLE
    assert "https://magazine.example/s.xml: it is a page" in (listing.why or "")


def test_a_key_that_it_does_not_know_is_refused(make: Callable[..., Reader]) -> None:
    with pytest.raises(ConfigError, match=r"readers\.1\.colour: unknown key"):
        make("sitemap", colour="red")
