"""Gold items: what may stand in a set, and what is refused."""

from pathlib import Path

import pytest
from msgspec import UNSET

from cases.errors import InputError
from cases.evaluation import load_gold

LINE = (
    '{"id": "en-1", "lang": "en", "title": "T", "text": "x", "published": "2025-03-04", "gold": {"label": "case_report",'
    ' "report": true, "cases": [{"stage": "completed", "from": "CN", "to": null}]}}'
)


def test_what_is_left_out_is_told_from_what_is_null(tmp_path: Path) -> None:
    (tmp_path / "en.jsonl").write_text(LINE)
    (item,) = load_gold(tmp_path)
    (case,) = item.gold.cases
    assert (case.from_state, case.to_state, case.persons) == ("CN", None, UNSET)


def test_a_headline_alone_is_judged_as_a_text(tmp_path: Path) -> None:
    (tmp_path / "en.jsonl").write_text(LINE.replace('"text": "x"', '"text": ""'))
    (item,) = load_gold(tmp_path / "en.jsonl")
    assert item.article.text == "T"


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (LINE.replace('"stage"', '"stagee"'), "stagee"),
        (LINE.replace("completed", "done"), "done"),
        (LINE.replace("2025-03-04", "March"), "published"),
        (LINE.replace('"report": true', '"report": false'), "at least one case"),
        ("{", "line 2"),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused_by_file_line_and_reason(tmp_path: Path, broken: str, why: str) -> None:
    file = tmp_path / "en.jsonl"
    file.write_text("\n" + broken)
    with pytest.raises(InputError) as refusal:
        load_gold(file)
    assert f"{file}, line 2" in str(refusal.value)
    assert why in str(refusal.value)


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(LINE)
    (tmp_path / "b.jsonl").write_text(LINE)
    with pytest.raises(InputError, match="en-1"):
        load_gold(tmp_path)


def test_a_set_without_items_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no labelled text"):
        load_gold(tmp_path)
