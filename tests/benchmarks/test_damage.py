"""Damaged texts: each is answered, whatever became of it. How long that takes is measured by ``make bench-judge``."""

import json
import runpy
from pathlib import Path

import pytest

from cases.contract import judge_lines
from cases.evaluation import load_gold

ROOT = Path(__file__).parents[2]
"""The measurements are no part of what is installed: they are loaded from beside the tests."""
DAMAGE = runpy.run_path(str(ROOT / "benchmarks" / "damage.py"))
LONGEST, damaged = DAMAGE["LONGEST"], DAMAGE["damaged"]
TEXTS = [(item.lang, item.article.text) for item in load_gold(ROOT / "tests" / "gold" / "open")]


def test_damaged_texts_are_the_same_every_time() -> None:
    assert list(damaged(TEXTS, 60)) == list(damaged(TEXTS, 60))


def test_nothing_is_longer_than_what_is_read_and_the_longest_are_as_long() -> None:
    lengths = [len(text) for _, text in damaged(TEXTS, 40, huge_every=2)]
    assert max(lengths) == LONGEST


@pytest.mark.parametrize("part", range(4))
def test_every_damaged_text_is_judged(part: int) -> None:
    asked = [{"id": number, "text": text, "lang": lang} for number, (lang, text) in enumerate(damaged(TEXTS, 800))]
    lines = [json.dumps(one) for one in asked[part::4]]
    answers = [json.loads(answer) for answer in judge_lines(lines)]
    assert [answer["id"] for answer in answers] == [one["id"] for one in asked[part::4]]
    assert [answer for answer in answers if "error" in answer] == []
