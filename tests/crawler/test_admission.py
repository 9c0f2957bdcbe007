"""Which entries' pages are fetched, and why not the others."""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
import pytest

from cases.ledger import SetAside
from cases.store import KnownArticle
from crawler.admission import Remembered, Terms, all_before, set_aside
from crawler.memory import Fate, Seen
from crawler.readers import Entry
from crawler.sources import Source

URL = "https://magazine.example/a/"


@pytest.fixture
def terms(make_source: Callable[..., Source], now: datetime) -> Terms:
    source = make_source("https://magazine.example/")
    return Terms(source=source, watched=("North Korea",), cutoff=now - timedelta(days=30), now=now)


def known(at: datetime, modified: datetime | None = None) -> KnownArticle:
    return KnownArticle(url=URL, modified=modified, text_sha256="", fetched_at=at)


def seen(at: datetime, fate: Fate = "kept", stamp: str = "feed:1") -> Seen:
    return Seen(fate=fate, stamp=stamp, at=at, identity=URL)


def test_a_new_entry_with_a_watched_tag_is_fetched(terms: Terms) -> None:
    assert set_aside(Entry(url=URL, tags=("north-korea",)), "feed:1", Remembered(), terms) is None


def test_an_entry_that_says_nothing_passes_to_its_page(terms: Terms) -> None:
    assert set_aside(Entry(url=URL), "feed:", Remembered(), terms) is None


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (Entry(url=URL, tags=()), SetAside.UNTAGGED),
        (Entry(url=URL, tags=("Religion",)), SetAside.UNTAGGED),
        (Entry(url="https://rival.example/a/"), SetAside.FORBIDDEN),
        (Entry(url="mailto:desk@magazine.example"), SetAside.FORBIDDEN),
        (Entry(url="https://user@magazine.example/"), SetAside.FORBIDDEN),
    ],
)
def test_what_is_not_watched_or_not_the_sources_is_set_aside(terms: Terms, entry: Entry, why: SetAside) -> None:
    assert set_aside(entry, "feed:1", Remembered(), terms) is why


def test_an_old_entry_is_too_old_unless_it_is_known_and_was_edited(terms: Terms) -> None:
    old = Entry(url=URL, published=terms.now - timedelta(days=31), modified=terms.now)
    assert set_aside(old, "wordpress:2", Remembered(), terms) is SetAside.TOO_OLD
    remembered = Remembered(article=known(terms.now), seen=seen(terms.now, stamp="wordpress:1"))
    assert set_aside(old, "wordpress:2", remembered, terms) is None


def test_what_was_not_even_changed_since_the_cutoff_is_too_old(terms: Terms) -> None:
    before, after = terms.now - timedelta(days=31), terms.now - timedelta(days=29)
    assert set_aside(Entry(url=URL, modified=before), "sitemap:1", Remembered(), terms) is SetAside.TOO_OLD
    assert set_aside(Entry(url=URL, modified=after), "sitemap:1", Remembered(), terms) is None
    assert set_aside(Entry(url=URL, published=after, modified=before), "sitemap:1", Remembered(), terms) is None


def test_a_page_that_was_found_too_old_is_fetched_again_only_when_the_visit_reaches_back_to_it(terms: Terms) -> None:
    published = terms.now - timedelta(days=100)
    old = msgspec.structs.replace(seen(terms.now - timedelta(days=9), "too_old", "sitemap:1"), published=published)
    entry = Entry(url=URL, modified=terms.now)
    assert set_aside(entry, "sitemap:2", Remembered(seen=old), terms) is SetAside.TOO_OLD
    for cutoff in (None, published):
        reaching = msgspec.structs.replace(terms, cutoff=cutoff)
        assert set_aside(entry, "sitemap:2", Remembered(seen=old), reaching) is None


def test_a_page_of_unknown_date_is_looked_at_ever_more_rarely_as_well(terms: Terms) -> None:
    def again(fate: Fate, known_for: float, since_look: float) -> bool:
        first_at, at = terms.now - timedelta(days=known_for), terms.now - timedelta(days=since_look)
        before = msgspec.structs.replace(seen(at, fate, "sitemap:"), first_at=first_at)
        return set_aside(Entry(url=URL), "sitemap:", Remembered(seen=before), terms) is None

    for fate in ("kept", "untagged"):
        assert again(fate, 2, 1)
        assert not again(fate, 100, 24)
        assert again(fate, 100, 26)


def test_the_day_of_the_cutoff_itself_is_not_too_old(terms: Terms) -> None:
    assert terms.cutoff is not None
    assert set_aside(Entry(url=URL, published=terms.cutoff), "feed:1", Remembered(), terms) is None


def test_a_known_entry_is_left_alone_while_its_stamp_is_the_same(terms: Terms) -> None:
    remembered = Remembered(article=known(terms.now), seen=seen(terms.now))
    assert set_aside(Entry(url=URL), "feed:1", remembered, terms) is SetAside.KNOWN
    assert set_aside(Entry(url=URL), "feed:2", remembered, terms) is None


def test_stamps_of_two_kinds_of_readers_are_not_compared(terms: Terms) -> None:
    edited = Entry(url=URL, modified=terms.now)
    before = Remembered(article=known(terms.now, terms.now - timedelta(days=1)), seen=seen(terms.now))
    same = Remembered(article=known(terms.now, terms.now), seen=seen(terms.now))
    assert set_aside(edited, "wordpress:9", before, terms) is None
    assert set_aside(edited, "wordpress:9", same, terms) is SetAside.KNOWN


def test_an_article_that_came_in_by_another_way_is_known(terms: Terms) -> None:
    assert set_aside(Entry(url=URL), "feed:1", Remembered(article=known(terms.now)), terms) is SetAside.KNOWN


def test_a_known_page_is_looked_at_again_daily_at_first_and_then_ever_more_rarely(terms: Terms) -> None:
    def again(days_since_seen: float, age_days: float) -> bool:
        entry = Entry(url=URL, published=terms.now - timedelta(days=age_days))
        when = terms.now - timedelta(days=days_since_seen)
        return set_aside(entry, "feed:1", Remembered(article=known(when), seen=seen(when)), terms) is None

    assert not again(0.9, 2)
    assert again(1, 2)
    assert not again(5, 24)
    assert again(6, 24)


def test_a_reader_that_states_edits_needs_no_second_look(terms: Terms) -> None:
    long_ago = terms.now - timedelta(days=300)
    remembered = Remembered(article=known(long_ago, long_ago), seen=seen(long_ago, stamp="wordpress:1"))
    assert set_aside(Entry(url=URL, modified=long_ago), "wordpress:1", remembered, terms) is SetAside.KNOWN


@pytest.mark.parametrize(
    ("fate", "why"),
    [("untagged", SetAside.UNTAGGED), ("unreadable", SetAside.UNREADABLE), ("too_old", SetAside.TOO_OLD)],
)
def test_what_failed_is_tried_again_after_a_day(terms: Terms, fate: Fate, why: SetAside) -> None:
    def place(hours: int) -> SetAside | None:
        return set_aside(
            Entry(url=URL), "feed:1", Remembered(seen=seen(terms.now - timedelta(hours=hours), fate)), terms
        )

    assert place(23) is why
    assert place(24) is None


def test_a_page_of_a_listing_is_before_the_cutoff_only_when_all_of_it_surely_is(now: datetime) -> None:
    old, new = Entry(url="a", published=now - timedelta(days=2)), Entry(url="b", published=now)
    edited = Entry(url="c", published=now - timedelta(days=2), modified=now)
    cutoff = now - timedelta(days=1)
    assert all_before([old], cutoff)
    assert not all_before([old, new], cutoff)
    assert not all_before([old, edited], cutoff)
    assert not all_before([old, Entry(url="d")], cutoff)
    assert not all_before([old], None)
