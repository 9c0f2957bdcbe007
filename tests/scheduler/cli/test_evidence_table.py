"""What a person sees of a report: each sentence once, with the values that it says."""

from datetime import date

import pytest

from cases.model import Event, Evidence, Mention, Persons, Report, Stage, Victim
from scheduler.cli.evidence_table import heading, print_evidence, value_at

WORDS = "One woman was driven over the bridge on 2 May 2026."
REPORT = Report(
    mention=Mention.PRIMARY,
    stage=Stage.COMPLETED,
    to_state="KP",
    persons=Persons(min=1, max=1, qualifier="exact", raw="One woman"),
    victims=(Victim(label="V1", sex="female", pregnant=None),),
    events=(Event(type="return", start=date(2026, 5, 2), end=date(2026, 5, 2), precision="day", raw="on 2 May"),),
    evidence=tuple(
        Evidence(field=field, text=words, start=0, end=len(words))
        for field, words in (("stage", WORDS), ("to", WORDS), ("events[0]", WORDS), ("victims[0].sex", "She wept."))
    ),
)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("stage", "completed"),
        ("to", "KP"),
        ("persons", "1, exact"),
        ("events[0]", "return, 2026-05-02, day"),
        ("victims[0].sex", "female"),
        ("victims[0].pregnant", ""),
    ],
)
def test_a_value_is_found_by_its_path_and_written_in_short(field: str, value: str) -> None:
    assert value_at(REPORT, field) == value


@pytest.mark.parametrize(
    ("field", "words"),
    [("stated_reason", "stated reason"), ("events[0]", "event 1"), ("victims[1].name", "victim 2 name")],
)
def test_a_path_is_written_for_people(field: str, words: str) -> None:
    assert heading(field) == words


def test_a_sentence_stands_once_beside_all_that_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    print_evidence(REPORT)
    out = capsys.readouterr().out
    assert out.count(WORDS) == 1
    for said in ("stage: completed", "to: KP", "event 1: return", "victim 1 sex: female"):
        assert said in out
    assert out.index("event 1") < out.index("She wept.")
