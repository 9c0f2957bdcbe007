"""What the reading must not fall below on the gold set, by half, language and value: ``tests/gold/floors.toml``."""

import tomllib
from functools import cache
from pathlib import Path

import pytest

from cases.decision import judge
from cases.evaluation import evaluate, load_gold
from cases.evaluation.figures import Figures

GOLD = Path(__file__).parents[2] / "gold"
FLOORS = tomllib.loads((GOLD / "floors.toml").read_text("utf-8"))
LANGUAGES = ("en", "es", "fr", "ja", "ko", "ru", "zh")
SLOTS = ("stage", "from", "to", "persons", "dates", "places")


@cache
def figures(half: str, language: str) -> Figures:
    items = [item for item in load_gold(GOLD / half) if item.lang.partition("-")[0] == language]
    return evaluate(items, judge).overall


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("half", ["open", "unseen"])
def test_every_language_has_a_floor_for_the_verdict_and_each_value(half: str, language: str) -> None:
    assert {"precision", "recall", *SLOTS} <= FLOORS[half][language].keys()


@pytest.mark.parametrize(
    ("half", "language", "name"),
    [(half, language, name) for half, of in FLOORS.items() for language, floors in of.items() for name in floors],
)
def test_no_figure_falls_below_its_floor(half: str, language: str, name: str) -> None:
    found = figures(half, language)
    scores = {"precision": found.reports.precision, "recall": found.reports.recall}
    rate = scores.get(name) or found.slots[name].f1
    assert rate.value is not None
    assert rate.value >= FLOORS[half][language][name]
