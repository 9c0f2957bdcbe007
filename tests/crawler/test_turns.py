"""Readers in turn: when one serves, and when the next is asked."""

from collections.abc import Callable
from typing import Any

import pytest

from cases.ledger import SourceOutcome
from crawler.readers import Ask, Entry, Listing, ListingState, Window, make_reader
from crawler.sources import Source
from crawler.trouble import Trouble
from crawler.turns import Turn

FIRST = Ask(url="https://m.example/feed/", series="s")
SECOND = Ask(url="https://m.example/feed/?paged=2", series="s", page=2)


@pytest.fixture
def make_turn(make_source: Callable[..., Source]) -> Callable[[bool], Turn]:
    def make(partial: bool) -> Turn:
        source = make_source("https://m.example/", "feed")
        return Turn("feed", make_reader(source, source.readers[0], Window(watched=())), partial=partial)

    return make


def listing(*urls: str, total: int | None = None) -> Listing:
    return Listing(state=ListingState.READ, entries=tuple(Entry(url=url) for url in urls), claimed_total=total)


def test_a_reader_serves_once_it_listed_something(make_turn: Callable[[bool], Turn]) -> None:
    turn = make_turn(False)
    assert turn.take(FIRST, listing("a", "b", total=7)) is not None
    assert turn.serves
    assert (turn.entries, turn.claimed_total) == (2, 7)


def test_an_answer_that_only_leads_on_does_not_serve_yet(make_turn: Callable[[bool], Turn]) -> None:
    turn = make_turn(False)
    assert turn.take(FIRST, Listing(state=ListingState.READ, asks=(SECOND,))) is not None
    assert not turn.serves


def test_an_empty_listing_serves_only_where_nothing_may_be_new(make_turn: Callable[[bool], Turn]) -> None:
    empty = Listing(state=ListingState.EMPTY, why="nothing in it")
    whole, partial = make_turn(False), make_turn(True)
    whole.take(FIRST, empty)
    partial.take(FIRST, empty)
    assert (whole.serves, partial.serves) == (False, True)
    assert whole.reason == "feed: nothing in it"


def test_a_page_that_repeats_its_series_is_not_taken_and_one_of_another_series_is(
    make_turn: Callable[[bool], Turn],
) -> None:
    turn = make_turn(False)
    turn.take(FIRST, listing("a", "b"))
    assert turn.take(SECOND, listing("b", "a")) is None
    assert turn.take(Ask(url="x", series="t"), listing("a")) is not None
    assert turn.take(SECOND, listing("b", "c")) is not None


def test_what_cannot_be_read_is_trouble(make_turn: Callable[[bool], Turn]) -> None:
    turn = make_turn(False)
    assert turn.take(FIRST, Listing(state=ListingState.UNREADABLE)) is None
    assert turn.troubles[0].outcome is SourceOutcome.PARSE_FAILED
    assert FIRST.url in turn.reason


def test_only_a_later_page_ends_by_not_being_there(make_turn: Callable[[bool], Turn]) -> None:
    turn = make_turn(False)
    assert [turn.ended(SECOND, status) for status in (400, 404, 410, 403, 500)] == [True, True, True, False, False]
    assert not turn.ended(FIRST, 404)


def test_unchanged_is_an_answer_and_something_new_is_more(make_turn: Callable[[bool], Turn]) -> None:
    still, moving = make_turn(False), make_turn(False)
    still.unchanged = moving.unchanged = 1
    moving.take(FIRST, listing("a"))
    assert (still.serves, still.nothing_changed) == (True, True)
    assert (moving.serves, moving.nothing_changed) == (True, False)


def chain_of(*urls: str) -> Ask:
    ask: Ask | None = None
    for url in reversed(urls):
        ask = Ask(url=url, series=url, otherwise=ask)
    assert ask is not None
    return ask


def test_where_there_is_nothing_of_the_kind_the_next_address_is_asked_and_all_are_told_when_none_has_it(
    make_turn: Callable[[bool], Turn],
) -> None:
    turn, ask = make_turn(False), chain_of("a", "b", "c")
    (second,) = turn.missed(ask, Trouble(outcome=SourceOutcome.GONE, why="a is not there"))
    led_on = turn.take(second, Listing(state=ListingState.UNREADABLE, why="b is a page"))
    assert led_on is not None
    (third,) = led_on.asks
    assert turn.troubles == []
    assert turn.missed(third, Trouble(outcome=SourceOutcome.GONE, why="c is not there")) == ()
    assert [trouble.why for trouble in turn.troubles] == ["a is not there", "b is a page", "c is not there"]


@pytest.mark.parametrize(
    "trouble", [{"outcome": SourceOutcome.BLOCKED}, {"outcome": SourceOutcome.GONE, "final": True}]
)
def test_a_refusal_or_a_host_that_does_not_answer_ends_the_search(
    make_turn: Callable[[bool], Turn], trouble: dict[str, Any]
) -> None:
    turn = make_turn(False)
    assert turn.missed(chain_of("a", "b"), Trouble(why="refused", **trouble)) == ()
    assert [one.why for one in turn.troubles] == ["refused"]


def test_what_was_not_there_is_no_trouble_once_it_was_found_elsewhere(make_turn: Callable[[bool], Turn]) -> None:
    turn = make_turn(False)
    (second,) = turn.missed(chain_of("a", "b"), Trouble(outcome=SourceOutcome.GONE, why="a is not there"))
    turn.take(second, listing("x"))
    assert turn.serves
    assert turn.troubles == []


def test_an_address_is_asked_for_once(make_turn: Callable[[bool], Turn]) -> None:
    turn = make_turn(False)
    assert turn.is_new(FIRST)
    assert not turn.is_new(FIRST)
    assert turn.is_new(SECOND)


def test_what_two_pages_have_in_common_is_counted_once(make_turn: Callable[[bool], Turn]) -> None:
    turn = make_turn(False)
    turn.take(FIRST, listing("a", "b", total=3))
    turn.take(SECOND, listing("b", "c"))
    assert turn.entries == turn.claimed_total == 3
