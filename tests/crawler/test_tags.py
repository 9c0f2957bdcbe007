"""Tags: one term however it is spelled, and nothing that merely contains it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.tags import addressed, is_watched, normalised, parted, slug, slugs, spelled

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
        "#NorthKorea",
        "north%2Dkorea",
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


@pytest.mark.parametrize(
    ("tag", "watched"),
    [("강제북송", "강제 북송"), ("coree-du-nord", "Corée du Nord"), ("КНДР", "кндр"), ("ガ", "ガ")],
)
def test_scripts_and_accents_make_no_more_difference_than_spelling(tag: str, watched: str) -> None:
    assert is_watched([tag], [watched])


@pytest.mark.parametrize(("tag", "watched"), [("ハ", "バ"), ("и", "й"), ("North Koreas", "North Korea")])
def test_marks_that_make_another_letter_are_kept(tag: str, watched: str) -> None:
    assert not is_watched([tag], [watched])


def test_what_a_source_calls_a_tag_is_watched_beside_it() -> None:
    spellings = {"north-korea": ["Corea del Nord", "북한"], "Unwatched": ["Nobody"]}
    assert spelled(("North Korea", "Human Rights"), spellings) == (
        "North Korea",
        "Corea del Nord",
        "북한",
        "Human Rights",
    )


def test_a_tag_written_with_underscores_may_have_them_in_its_address() -> None:
    assert slugs("north_korea") == ("north-korea", "north_korea")
    assert slugs("North Korea") == ("north-korea",)
    assert addressed(["North_Korea", "!"]) == {"north-korea": "North_Korea", "north_korea": "North_Korea"}


def test_keywords_that_stand_together_are_taken_apart() -> None:
    assert parted(" Japan, North Korea;북한 、 ") == ("Japan", "North Korea", "북한")
    assert parted("") == ()


def test_slugs_are_those_of_wordpress() -> None:
    assert slug("Corée du Nord") == "coree-du-nord"
    assert slug("Bjørnøya") == "bjornoya"
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
