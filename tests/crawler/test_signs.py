"""Signs beside an outcome: gaps, pages in a row that cannot be read, texts cut short, and how many of them are told."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.gaps import gap_in
from crawler.legibility import Legibility
from crawler.lengths import remark_on, usual_after
from crawler.readers import Entry
from crawler.remarks import MOST, Remarks

LAST = datetime(2026, 11, 20, tzinfo=UTC)


def entries(*ages: timedelta | None) -> list[Entry]:
    return [
        Entry(url=f"https://m.example/{n}", published=None if age is None else LAST + age) for n, age in enumerate(ages)
    ]


# -- gaps


def test_a_window_that_begins_after_the_last_visit_is_a_gap_and_one_that_reaches_back_is_none() -> None:
    hour = timedelta(hours=1)
    assert gap_in(entries(hour, 2 * hour), LAST) == (
        "gap: the listing reaches back to 2026-11-20 01:00 UTC, the last visit was before that"
    )
    assert gap_in(entries(-hour, 2 * hour), LAST) is None
    assert gap_in(entries(hour), None) is None


def test_strangers_without_times_are_a_gap_when_there_are_several() -> None:
    assert gap_in(entries(None, None), LAST) is None
    assert "none of the 3 entries" in (gap_in(entries(None, None, None), LAST) or "")
    assert gap_in([], LAST) is None


# -- pages that cannot be read


def test_the_newest_pages_that_cannot_be_read_are_counted_from_the_top() -> None:
    pages = Legibility()
    pages.show("abcd")
    pages.recall("c", "kept")
    pages.recall("d", "unreadable")
    pages.came("a", could=False)
    assert pages.newest_failing == 1, "of b nothing is known"
    pages.came("b", could=False)
    assert (pages.newest_failing, pages.read) == (2, 0)
    pages.came("a", could=True)
    assert (pages.newest_failing, pages.read) == (0, 1)


def test_what_was_forbidden_or_out_of_reach_says_nothing_of_the_layout() -> None:
    pages = Legibility()
    pages.show("abc")
    pages.recall("a", "forbidden")
    pages.recall("b", "unreachable")
    pages.recall("c", "untagged")
    assert pages.newest_failing == 0


def test_the_third_in_a_row_is_told_and_a_good_one_begins_anew() -> None:
    pages = Legibility()
    told = [pages.came(str(n), could=could) for n, could in enumerate([False, False, True, False, False, False, False])]
    assert told == [False, False, False, False, False, True, False]


def test_what_came_now_stands_before_what_is_remembered() -> None:
    pages = Legibility()
    pages.show("a")
    pages.came("a", could=True)
    pages.recall("a", "unreadable")
    assert pages.newest_failing == 0


# -- lengths


def test_articles_of_one_length_are_told_as_teasers() -> None:
    assert "1,008 to 1,224" in (remark_on([1_008, 1_100, 1_224, 1_150, 1_190], None) or "")
    assert remark_on([1_008, 1_100, 1_224, 2_300, 1_190], None) is None
    assert remark_on([1_008, 1_100, 1_224, 1_190], None) is None, "too few to compare"
    assert remark_on([8_000, 8_100, 8_200, 8_300, 8_400], None) is None, "long ones are whole"


def test_articles_far_below_the_usual_length_are_told_as_short() -> None:
    lengths = [700, 1_500, 900, 2_100, 1_200]
    assert remark_on(lengths, 2_000) is None
    assert (remark_on(lengths, 5_000) or "").startswith("short: half of 5 articles have at most 1,200")


@given(st.lists(st.integers(0, 10_000), max_size=12), st.none() | st.integers(0, 10_000))
def test_what_is_usual_moves_towards_what_came(lengths: list[int], usual: int | None) -> None:
    after = usual_after(lengths, usual)
    if len(lengths) < 5:
        assert after == usual
    else:
        assert after is not None
        bounds = [*lengths, *([usual] if usual is not None else [])]
        assert min(bounds) <= after <= max(bounds)


# -- remarks


@pytest.mark.parametrize(("given_", "told"), [(3, 3), (MOST, MOST), (MOST + 1, MOST), (500, MOST)])
def test_no_remark_is_left_out_in_silence(given_: int, told: int) -> None:
    remarks = Remarks()
    for number in range(given_):
        remarks.add(f"remark {number}")
        remarks.add(f"remark {number}")
    assert len(remarks.told()) == told
    if given_ > MOST:
        assert remarks.told()[-1] == f"and {given_ - MOST + 1} more warnings"
