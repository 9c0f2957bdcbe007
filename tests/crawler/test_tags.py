"""Tags: one term however it is spelled, and nothing that merely contains it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.tags import is_watched, normalised, slug

WATCHED = ("North Korea", "Human Rights", "Law & Order")


@pytest.mark.parametrize(
    "tag",
    [
        "north korea",
        "NORTH KOREA",
        "North-Korea",
        "north-korea",
        "north_korea",
        " North\u00a0Korea ",
        "Ｎｏｒｔｈ　Ｋｏｒｅａ",
        "#human rights",
        "Human\u2011Rights",
        "Law &amp; Order",
        "north%20korea",
    ],
)
def test_spelling_makes_no_difference(tag: str) -> None:
    assert is_watched([tag], WATCHED)


@pytest.mark.parametrize(
    "tag", ["Korea", "North Korean", "South and North Korea Relations", "Human", "", "Rights Human"]
)
def test_a_tag_is_compared_as_a_whole(tag: str) -> None:
    assert not is_watched([tag], WATCHED)


def test_an_empty_watched_term_watches_nothing() -> None:
    assert not is_watched(["", "-"], ["", " "])


def test_slugs_are_those_of_wordpress() -> None:
    assert slug("North Korea") == "north-korea"
    assert slug("Law &amp; Order!") == "law-order"
    assert slug("강제 북송") == "강제-북송"


@given(st.text())
def test_normalising_twice_changes_nothing(tag: str) -> None:
    once = normalised(tag)
    assert normalised(once) == once or "%" in once or "&" in once


@given(st.text(alphabet=st.characters(categories=("Lu", "Ll", "Lo")), min_size=1))
def test_a_tag_is_always_itself(tag: str) -> None:
    assert is_watched([tag], [tag])
