import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.evaluation import load_gold
from cases.evaluation.gold import GoldItem
from cases.extraction.grammar import Grammar, grammar
from cases.extraction.needs import needed
from cases.extraction.pack import LANGUAGES
from cases.packs.presence import Presence

GOLD = {item.id: item for item in load_gold(Path(__file__).parents[2] / "gold" / "open")}
NAMES = ("dates", "names", "counts", "ages")
LISTS = {"month": ("may", "march", "in may"), "unit": ("day", "days"), "few": ("a few",)}


def every_place(searched: Grammar, text: str) -> set[tuple[int, int]]:
    """Where the grammar's forms match, each looked for in the whole text."""
    return {match.span() for form in searched._forms for match in form.pattern.finditer(text)}


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        (r"{month}\s{day}", [{"month"}]),
        (r"(?:in\s)?{month2}", [{"month"}]),
        (r"(?:{few}\s)?{unit}", [{"unit"}]),
        (r"(?:{few}|{month})\s{unit}", [{"few", "month"}, {"unit"}]),
        (r"(?:{few}|\d+)\s{unit}", [{"unit"}]),
        (r"{few}{0,2}x(?P<name>{unit})[(|{]", [{"unit"}]),
        (r"{unit}?(?!{month})\{few\}", []),
        (r"{unit}|{month}", [{"unit", "month"}]),
        (r"{unit}|\d+", []),
    ],
)
def test_a_pattern_needs_the_lists_of_its_slots_that_must_be_filled(pattern: str, needs: list[set[str]]) -> None:
    assert needed(pattern, LISTS) == {frozenset(need) for need in needs}


def test_a_bracket_that_is_not_closed_is_refused() -> None:
    with pytest.raises(ValueError, match="not closed"):
        needed("(?:{month}", LISTS)


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("In  May and a few DAYS", {"month", "unit", "few"}),
        ("3days", {"unit"}),
        ("dismay, today", set()),
        ("marching", {"month"}),
        ("", set()),
    ],
)
def test_lists_are_present_by_the_words_that_begin_in_a_text(text: str, lists: set[str]) -> None:
    is_met = Presence(LISTS, {}, spaced=True).within(text)
    assert {name for name in LISTS if is_met(frozenset({name}))} == lists


def test_a_pattern_is_present_where_it_matches_and_one_of_a_need_is_enough() -> None:
    is_met = Presence(LISTS, {"year": re.compile(r"\d{4}"), "mark": re.compile(r"\(alias\)")}, spaced=True).within(
        "in 2024"
    )
    assert [is_met(frozenset(need)) for need in ({"year"}, {"mark"}, {"mark", "year"}, {"month", "mark"})] == [
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("item", GOLD.values(), ids=GOLD.keys())
def test_no_form_is_passed_over_that_would_have_matched(item: GoldItem) -> None:
    text = re.sub("[０-９]", lambda digit: str(int(digit[0])), item.text or item.title)
    for name in NAMES:
        searched = grammar(item.lang.split("-")[0], name)
        assert {(hit.start, hit.end) for hit in searched.hits(text)} == every_place(searched, text), name


@given(st.data(), st.sampled_from(LANGUAGES), st.sampled_from(NAMES))
def test_no_form_is_passed_over_in_texts_of_its_own_words(data: st.DataObject, language: str, name: str) -> None:
    searched = grammar(language, name)
    words = sorted({word for listed in searched._words.values() for word in listed} | {"2", "19", "2018", "한", "二"})
    text = "".join(data.draw(st.lists(st.sampled_from([*words, " ", ", ", "."]), max_size=12)))
    assert {(hit.start, hit.end) for hit in searched.hits(text)} == every_place(searched, text)
