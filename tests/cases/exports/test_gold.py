"""Labelled texts from people's decisions: read by the evaluation, masked as everything that leaves."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from msgspec import UNSET

from cases.disclosure import Policy
from cases.evaluation import load_gold
from cases.evaluation.gold import GoldItem, GoldPersons
from cases.exports import as_gold, label
from cases.model import Label, Report
from cases.register import Case, CaseStatus, Correction

MakeCase = Callable[..., Case]
EVERYTHING = Policy(names=True, exact_dates=True, exact_places=True, informants=True)


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list[GoldItem]]:
    def run(*cases: Case, policy: Policy | None = None, labels: dict[str, Label] | None = None) -> list[GoldItem]:
        file = tmp_path / "gold.jsonl"
        file.write_bytes(as_gold(label(cases, labels or {}, policy or Policy())))
        return load_gold(file)

    return run


def test_an_article_of_a_confirmed_case_is_a_report(case_of: MakeCase, read: Callable[..., list[GoldItem]]) -> None:
    (item,) = read(case_of(status=CaseStatus.CONFIRMED), case_of("2026-0008"))
    (act,) = item.gold.cases
    assert (item.gold.label, item.gold.report, item.kind) == (Label.CASE_REPORT, True, "report")
    assert (act.stage, act.from_state, act.to_state, act.persons) == (
        "completed",
        "CN",
        "KP",
        GoldPersons(min=1, max=1),
    )
    assert "2026-0007 confirmed" in item.note


def test_what_is_masked_is_neither_in_the_text_nor_scored(
    case_of: MakeCase, read: Callable[..., list[GoldItem]]
) -> None:
    (item,) = read(case_of(status=CaseStatus.CONFIRMED))
    assert item.text == "V1 was taken in [place in Yanbian] on [October] 2026, says [name withheld]."
    (act,) = item.gold.cases
    assert (act.events, act.places, act.victims) == (UNSET, UNSET, UNSET)
    assert "masked: names, days, small places" in item.note


def test_with_every_permission_the_values_are_all_there(case_of: MakeCase, read: Callable[..., list[GoldItem]]) -> None:
    (item,) = read(case_of(status=CaseStatus.CONFIRMED), policy=EVERYTHING)
    (act,) = item.gold.cases
    assert "Ryom Myong-suk was taken in Hunchun on October 3" in item.text
    assert [one.name for one in act.places or ()] == ["Hunchun"]
    assert [(one.name, one.age) for one in act.victims or ()] == [("Ryom Myong-suk", (34, 34))]
    assert len(act.events or ()) == 2
    assert "masked" not in item.note


def test_an_article_of_a_rejected_case_is_none_with_the_label_that_was_given(
    case_of: MakeCase, read: Callable[..., list[GoldItem]]
) -> None:
    (item,) = read(case_of(status=CaseStatus.REJECTED), labels={"id-2026-0007": Label.HISTORY})
    assert (item.gold.label, item.gold.report, item.gold.cases, item.kind) == (
        Label.HISTORY,
        False,
        (),
        "hard_negative",
    )
    assert "Ryom" not in item.text


def test_a_rejection_without_a_label_and_an_open_case_give_nothing(case_of: MakeCase) -> None:
    assert label([case_of(status=CaseStatus.REJECTED), case_of("2026-0008")], {}, Policy()).items == ()


@pytest.mark.parametrize("status", [CaseStatus.NEW, CaseStatus.WITHHELD, CaseStatus.EMBARGOED])
def test_an_article_that_also_tells_a_case_nobody_decided_or_one_held_back_stays(
    status: CaseStatus, case_of: MakeCase
) -> None:
    confirmed = case_of(status=CaseStatus.CONFIRMED)
    other = msgspec.structs.replace(case_of("2026-0008", status=status), tellings=confirmed.tellings)
    found = label([confirmed, other], {}, Policy())
    assert (found.items, found.left_out) == ((), 1)


def test_a_correction_stands_above_what_was_read(case_of: MakeCase, read: Callable[..., list[GoldItem]]) -> None:
    corrected = case_of(status=CaseStatus.CONFIRMED, corrections=(Correction(field="to", value="LA"),))
    (item,) = read(corrected)
    assert item.gold.cases[0].to_state == "LA"


def test_a_total_is_labelled_as_one(report: Report, case_of: MakeCase, read: Callable[..., list[GoldItem]]) -> None:
    total = msgspec.structs.replace(report, multiplicity="aggregate_statistic", victims=())
    (item,) = read(case_of(told=total, status=CaseStatus.CONFIRMED))
    assert item.gold.label is Label.AGGREGATE_REPORT


def test_only_the_cases_that_were_named(case_of: MakeCase) -> None:
    cases = [case_of(status=CaseStatus.CONFIRMED), case_of("2026-0008", status=CaseStatus.CONFIRMED)]
    found = label(cases, {}, Policy(), only={"id-2026-0008"})
    assert [item.note for item in found.items] == [
        "decided by people: 2026-0008 confirmed; masked: names, days, small places"
    ]
    assert found == label(cases[::-1], {}, Policy(), only={"id-2026-0008"})
