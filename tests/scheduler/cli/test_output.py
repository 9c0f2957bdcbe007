import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.model import Persons
from scheduler.cli.output import cell, print_json, print_table, safe, say_folded


@given(st.text())
def test_nothing_printed_can_command_the_terminal(text: str) -> None:
    assert not any(ord(letter) < 32 and letter != "\n" for letter in safe(text))
    assert "\x1b" not in safe(text)
    assert not set(safe(text)) & set("\u202e\u2028\u2029\u061c\u2066")


def test_an_unknown_value_leaves_its_cell_empty_and_a_time_is_told_to_the_minute() -> None:
    assert cell(None) == ""
    assert cell(datetime(2026, 11, 21, 7, 5, 59, tzinfo=UTC)) == "2026-11-21 07:05"
    assert cell(0) == "0"


def test_markup_in_a_title_is_printed_as_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(None, ["title"], [["[bold]x[/bold] :smile:"]])
    assert "[bold]x[/bold] :smile:" in capsys.readouterr().out


def test_numbers_stand_under_one_another(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(None, ["source", "articles"], [["a", 5], ["b", 1200]])
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
        "source  articles",
        "a              5",
        "b           1200",
    ]


def test_values_become_json_under_the_names_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"persons": Persons(min=1, max=None, qualifier="at_least")}, lines=True)
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert json.loads(out) == {"persons": {"min": 1, "max": None, "qualifier": "at_least", "raw": None}}


def test_a_long_sentence_is_folded_between_words_and_an_address_stays_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.cli.output.UNBOUNDED", 60)
    address = f"https://harbour.example/{'quay-' * 12}"
    say_folded(
        f"text      the boats were counted one by one until the evening came, at {address}", indent="  ", further=10
    )
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("  text      the boats")
    assert all(line.startswith(" " * 12) for line in lines[1:])
    assert [line.strip() for line in lines if len(line) > 60] == [address]
    assert "\x1b" not in "".join(lines)
