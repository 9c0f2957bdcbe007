"""The gold set that the project carries: enough of it, in every language, and as its guideline asks."""

from collections import Counter
from pathlib import Path

import pytest
from msgspec import UNSET

from cases.evaluation import GoldItem, load_gold

GOLD = Path(__file__).parents[2] / "gold"
LANGUAGES = ("en", "es", "fr", "ja", "ko", "ru", "zh")
ALWAYS = ("mention", "stage", "from_state", "to_state", "persons")


def _items(half: str, language: str) -> list[GoldItem]:
    return load_gold(GOLD / half / f"{language}.jsonl")


def test_no_id_stands_twice_in_the_whole_set() -> None:
    assert len(load_gold(GOLD)) >= 420


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("half", ["open", "unseen"])
def test_each_half_holds_thirty_texts_and_half_of_them_look_like_reports_and_are_none(half: str, language: str) -> None:
    items = _items(half, language)
    kinds = Counter(item.kind for item in items)
    assert len(items) >= 30
    assert kinds["report"] >= 10
    assert kinds["hard_negative"] * 2 >= len(items)
    assert {item.lang.partition("-")[0] for item in items} == {language}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_is_labelled_with_what_is_always_labelled(language: str) -> None:
    for item in (*_items("open", language), *_items("unseen", language)):
        for case in item.gold.cases:
            assert [name for name in ALWAYS if getattr(case, name) is UNSET] == [], item.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_reach_from_a_headline_to_a_feature(language: str) -> None:
    lengths = sorted(len(item.article.text) for item in (*_items("open", language), *_items("unseen", language)))
    assert lengths[0] < 120
    assert lengths[-1] > 900
