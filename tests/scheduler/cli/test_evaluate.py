"""``returnwatch evaluate``, as a person calls it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from scheduler.cli import commands

TOLD = "Police in Dandong deported twelve North Korean women to North Korea on Tuesday, a relative said."
SILENT = "The bakery on Harbour Street opens again on Tuesday, its owner said."


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    case = {"mention": "primary", "stage": "completed", "from": "CN", "to": "KP", "persons": {"min": 13, "max": 13}}
    lines = [
        _line("en-1", TOLD, {"label": "case_report", "report": True, "cases": [case]}),
        _line("en-2", SILENT, {"label": "unrelated", "report": False}),
    ]
    (tmp_path / "en.jsonl").write_text("\n".join(lines))
    return tmp_path


def _line(identity: str, text: str, answer: object) -> str:
    return json.dumps({"id": identity, "lang": "en", "text": text, "published": "2025-03-06", "gold": answer})


def test_it_prints_rates_slots_and_a_confusion_table(gold: Path) -> None:
    answer = CliRunner().invoke(commands, ["evaluate", str(gold)])
    assert answer.exit_code == 0, answer.output
    assert "Is it a report?" in answer.output
    assert "expected down, given across" in answer.output


def test_errors_name_the_text_the_value_and_what_was_expected(gold: Path) -> None:
    answer = CliRunner().invoke(commands, ["evaluate", str(gold), "--errors"])
    assert "en-1" in answer.output
    assert "persons: 12 12, expected 13 13" in answer.output
    assert "en-2" not in answer.output


def test_programs_are_given_the_same_figures(gold: Path) -> None:
    answer = CliRunner().invoke(commands, ["evaluate", str(gold), "--json", "--errors"])
    document = json.loads(answer.output)
    assert document["overall"]["reports"]["f1"]["value"] == 1
    assert document["overall"]["slots"]["persons"]["f1"]["value"] == 0
    assert [one["id"] for one in document["wrong"]] == ["en-1"]


def test_a_language_without_texts_is_told(gold: Path) -> None:
    answer = CliRunner().invoke(commands, ["evaluate", str(gold), "--lang", "ko"])
    assert "no text in ko" in str(answer.exception)
