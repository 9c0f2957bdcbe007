"""Every visit ends in exactly one state."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.ledger import SetAside, SourceOutcome
from crawler.outcome import Facts, ending_of
from crawler.trouble import Trouble

BLOCKED = Trouble(outcome=SourceOutcome.BLOCKED, why="refused")
GONE = Trouble(outcome=SourceOutcome.GONE, why="not there")
DOWN = Trouble(outcome=SourceOutcome.UNREACHABLE, why="down")
BROKEN = Trouble(outcome=SourceOutcome.PARSE_FAILED, why="broken")


def facts(**stated: Any) -> Facts:  # noqa: ANN401 - any of the facts
    usual: dict[str, Any] = {
        "stopped": False,
        "served": True,
        "nothing_changed": False,
        "empty": None,
        "articles": 0,
        "set_aside": {},
    }
    return Facts(**{**usual, **stated})


@pytest.mark.parametrize(
    ("stated", "outcome"),
    [
        ({"articles": 1}, SourceOutcome.OK),
        ({"articles": 1, "page_troubles": [DOWN]}, SourceOutcome.OK),
        ({"set_aside": {SetAside.KNOWN: 3}}, SourceOutcome.NOTHING_NEW),
        ({"set_aside": {SetAside.UNTAGGED: 3}}, SourceOutcome.NOTHING_NEW),
        ({}, SourceOutcome.NOTHING_NEW),
        ({"nothing_changed": True}, SourceOutcome.NOT_MODIFIED),
        ({"served": False, "empty": "no entry"}, SourceOutcome.EMPTY),
        ({"served": False, "empty": "no entry", "listing_troubles": [GONE]}, SourceOutcome.EMPTY),
        ({"served": False, "listing_troubles": [GONE, BLOCKED, DOWN]}, SourceOutcome.BLOCKED),
        ({"served": False, "listing_troubles": [GONE, BROKEN]}, SourceOutcome.PARSE_FAILED),
        ({"served": False, "listing_troubles": [GONE]}, SourceOutcome.GONE),
        ({"served": False}, SourceOutcome.GONE),
        ({"set_aside": {SetAside.UNREADABLE: 2}, "page_troubles": [BROKEN]}, SourceOutcome.LAYOUT_CHANGED),
        ({"set_aside": {SetAside.UNREADABLE: 2}}, SourceOutcome.LAYOUT_CHANGED),
        ({"set_aside": {SetAside.UNREADABLE: 2, SetAside.KNOWN: 1}}, SourceOutcome.NOTHING_NEW),
        ({"set_aside": {SetAside.UNREACHABLE: 2}, "page_troubles": [DOWN]}, SourceOutcome.UNREACHABLE),
        ({"stopped": True, "articles": 4}, SourceOutcome.STOPPED),
    ],
)
def test_facts_name_the_outcome(stated: dict[str, Any], outcome: SourceOutcome) -> None:
    assert ending_of(facts(**stated)).outcome is outcome


def test_the_words_name_each_trouble_once() -> None:
    ending = ending_of(facts(served=False, listing_troubles=[GONE, DOWN, GONE]))
    assert ending.detail == "not there; down"


@given(
    stopped=st.booleans(),
    served=st.booleans(),
    nothing_changed=st.booleans(),
    empty=st.none() | st.just("empty"),
    articles=st.integers(0, 2),
    set_aside=st.dictionaries(st.sampled_from(list(SetAside)), st.integers(1, 3)),
    listing_troubles=st.lists(st.sampled_from([BLOCKED, GONE, DOWN, BROKEN])),
    page_troubles=st.lists(st.sampled_from([BLOCKED, GONE, DOWN, BROKEN])),
)
def test_no_failure_is_without_words_and_no_success_hides_one(**stated: Any) -> None:  # noqa: ANN401 - any facts
    ending = ending_of(facts(**stated))
    outcome, words = ending.outcome, ending.detail
    quiet = {SourceOutcome.OK, SourceOutcome.NOTHING_NEW, SourceOutcome.NOT_MODIFIED}
    assert (words is None) == (outcome in quiet)
    assert stated["served"] or outcome not in quiet
