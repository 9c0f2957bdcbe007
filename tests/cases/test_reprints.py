"""Which printing is the original: whom the others credit, else who published first; an unknown date comes last."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.reprints import Printing, credits_another, foreign_credits, original

DAY = datetime(2026, 11, 1, tzinfo=UTC)


def printed(outlet: str, day: int | None = 0, *credited: str) -> Printing:
    when = None if day is None else DAY + timedelta(days=day)
    url = f"https://{outlet.lower()}.example/1"
    return Printing(url=url, outlets=(outlet.lower(), outlet), published=when, credits=credited)


@pytest.mark.parametrize(
    ("printings", "first"),
    [
        ([printed("North", 2), printed("South", 1)], 1),
        ([printed("North", None), printed("South", 9)], 1),
        ([printed("North", 1), printed("South", 1)], 0),
        ([printed("North", None), printed("South", None)], 0),
        ([printed("North", 1, "South"), printed("South", 5)], 1),
        ([printed("North", 1, "The South"), printed("South", None)], 1),
        ([printed("North", 1, "south.example"), printed("South", 5)], 1),
        ([printed("North", 1, "Yonhap"), printed("South", 5)], 0),
        ([printed("North", 1, "South"), printed("South", 5, "North")], 0),
        ([printed("North", 3, "North"), printed("South", 1)], 1),
    ],
)
def test_the_original_is_whom_others_credit_or_who_was_first(printings: list[Printing], first: int) -> None:
    assert original(printings) == first


def test_an_edition_is_credited_under_its_newsrooms_name() -> None:
    desk = Printing(url="https://en.yna.co.kr/1", outlets=("yonhap", "Yonhap North Korea (EN)"), published=DAY)
    assert credits_another(printed("Echo", 0, "Yonhap"), desk)
    assert original([printed("Echo", -3, "Yonhap"), desk]) == 1
    assert foreign_credits(("Yonhap", "AFP"), outlets=desk.outlets, url=desk.url) == ("AFP",)


def test_nothing_printed_has_no_original() -> None:
    with pytest.raises(ValueError, match="nothing"):
        original([])


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.none() | st.integers(0, 5), st.sampled_from("abcdx")), min_size=1)
)
def test_there_is_always_one_original_and_an_undated_copy_that_comes_last_is_never_it(
    rows: list[tuple[str, int | None, str]],
) -> None:
    printings = [printed(outlet, day, credited) for outlet, day, credited in rows]
    first = original(printings)
    later = printed("latecomer", None, "somebody else")
    assert original([*printings, later]) == first
