"""Short news in every language beside English: what is told as a forced return, and what only looks like one."""

import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cases.decision import judge
from cases.model import Article, Judgement, Label
from cases.packs import languages

TABLE = tomllib.loads((Path(__file__).parent / "data" / "passages.toml").read_text("utf-8"))
PUBLISHED = datetime.fromisoformat(TABLE["published"]).replace(tzinfo=UTC)
AT_LEAST = 6


def judged(row: dict[str, Any]) -> Judgement:
    url = "https://magazine.example/passage/"
    return judge(Article(url=url, title="", text=row["text"], lang=row["lang"], published=PUBLISHED))


def named(rows: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(row, id=f"{row['lang']}: {row['like']}") for row in rows]


@pytest.mark.parametrize("row", named(TABLE["told"]))
def test_a_return_that_is_told_gives_one_report_with_its_direction_and_number(row: dict[str, Any]) -> None:
    judgement = judged(row)
    assert judgement.verdict.label is Label.CASE_REPORT
    (report,) = judgement.reports
    told: dict[str, Any] = {"stage": report.stage.value, "from": report.from_state, "to": report.to_state}
    if "persons" in row:
        told["persons"] = report.persons.min if report.persons else None
    assert told | {key: row[key] for key in told if key in row} == told


@pytest.mark.parametrize("row", named(TABLE["other"]))
def test_what_only_looks_like_a_return_gives_no_report_and_its_label(row: dict[str, Any]) -> None:
    judgement = judged(row)
    assert judgement.reports == ()
    assert (judgement.verdict.report, judgement.verdict.label) == (False, row["label"])


@pytest.mark.parametrize("kind", ["told", "other"])
def test_every_language_beside_english_has_passages_of_both_kinds(kind: str) -> None:
    found = Counter(row["lang"].split("-")[0] for row in TABLE[kind])
    assert {language for language in languages() if found[language] < AT_LEAST} <= {"en"}
