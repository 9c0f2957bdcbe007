"""The door through which readers come: our own and strangers' alike."""

from collections.abc import Callable

import pytest

from cases.errors import ConfigError
from cases.plugins import READERS, load, names
from crawler.readers import Entry, Listing, ListingState, Reader, stamp_of
from crawler.readers.feed import FeedReader
from crawler.readers.listing import ListingReader
from crawler.readers.sitemap import SitemapReader
from crawler.readers.wordpress import WordPressReader


def test_our_own_readers_come_through_the_entry_points() -> None:
    own = {"wordpress": WordPressReader, "feed": FeedReader, "listing": ListingReader, "sitemap": SitemapReader}
    assert {name: load(READERS, name) for name in names(READERS)} == own


def test_a_kind_that_nobody_registered_is_refused_by_name(make: Callable[..., Reader]) -> None:
    with pytest.raises(
        ConfigError, match=r"test: readers\.1\.kind: .*'gopher'; installed are feed, listing, sitemap, wo"
    ):
        make("gopher")


def test_a_long_listing_is_given_in_parts_that_hold_everything_once() -> None:
    entries = tuple(Entry(url=f"https://magazine.example/{n}/") for n in range(5))
    listing = Listing(state=ListingState.READ, entries=entries, nameless=2, excluded=1, notice="long")
    parts = list(listing.in_parts(2))
    assert [len(part.entries) for part in parts] == [2, 2, 1]
    assert tuple(entry for part in parts for entry in part.entries) == entries
    assert [(part.nameless, part.excluded, part.notice) for part in parts] == [
        (2, 1, "long"),
        (0, 0, None),
        (0, 0, None),
    ]
    assert list(Listing(state=ListingState.EMPTY, excluded=1).in_parts()) == [
        Listing(state=ListingState.EMPTY, excluded=1)
    ]


def test_stamps_keep_their_parts_apart() -> None:
    assert stamp_of("ab", "c") != stamp_of("a", "bc")
    assert stamp_of("\ud800") == stamp_of("\ud800")
