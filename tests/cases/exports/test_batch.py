"""What leaves together, and what is said of the rest."""

from collections.abc import Callable

import msgspec
import pytest

from cases.disclosure import Policy
from cases.exports import Batch
from cases.model import Age, Report, Victim
from cases.register import Case, CaseStatus

MakeCase = Callable[..., Case]
MakeBatch = Callable[..., Batch]


def test_cases_that_people_hold_back_are_counted_and_stay(case_of: MakeCase, batch_of: MakeBatch) -> None:
    held = [CaseStatus.WITHHELD, CaseStatus.EMBARGOED, CaseStatus.REJECTED]
    cases = [case_of(f"2026-000{index}", status=status) for index, status in enumerate(held)]
    batch = batch_of(*cases, case_of("2026-0009"), case_of("2026-0005", status=CaseStatus.MERGED), case_of("2026-0004"))
    assert [case.number for case in batch.cases] == ["2026-0004", "2026-0009"]
    assert (batch.notice.exported, batch.notice.held_back) == (2, 3)
    assert "Cases in this file: 2; held back by people: 3" in batch.notice.sentences()


def test_the_notice_says_what_the_policy_keeps(case_of: MakeCase, batch_of: MakeBatch) -> None:
    strict = " ".join(batch_of(case_of()).notice.sentences())
    for what in (
        "days to months",
        "places to prefectures",
        "names to labels",
        "who told it",
        "health",
        "quoted sentences",
    ):
        assert what in strict
    everything = Policy(names=True, exact_dates=True, exact_places=True, informants=True)
    open_ = " ".join(batch_of(case_of(), policy=everything).notice.sentences())
    assert "Coarsened" not in open_
    assert "health" in open_


def test_quoted_sentences_never_leave(case_of: MakeCase, batch_of: MakeBatch) -> None:
    assert batch_of(case_of()).cases[0].quotes == ()


@pytest.fixture
def child(report: Report) -> Report:
    victim = Victim(label="V1", name="Ryom Myong-suk", sex="female", age=Age(min=9, max=9), minor=True)
    return msgspec.structs.replace(report, victims=(victim,))


def test_of_a_child_only_the_province_leaves(child: Report, case_of: MakeCase, batch_of: MakeBatch) -> None:
    batch = batch_of(case_of(told=child, title="Yanbian police in Hunchun send back a girl"))
    (case,) = batch.cases
    assert [(place.name, place.level) for place in case.places] == [("Jilin", "province")]
    assert (case.victims[0].minor, case.victims[0].age) == (True, Age(min=0, max=17))
    assert batch.notice.widened == 1
    assert "Cases whose prefectures leave as provinces for the sake of a child: 1" in batch.notice.sentences()
    assert case.authorities[0].name == "[place in Jilin] police station"
    assert case.sources[0].title == "[place in Jilin] police in [place in Jilin] send back a girl"


def test_only_where_towns_may_leave_a_child_s_do(child: Report, case_of: MakeCase, batch_of: MakeBatch) -> None:
    assert batch_of(case_of(told=child), policy=Policy(names=True)).notice.widened == 1
    batch = batch_of(case_of(told=child), policy=Policy(exact_places=True))
    assert (batch.notice.widened, batch.cases[0].places[0].name) == (0, "Hunchun")


def test_three_traits_may_stand_together(case_of: MakeCase, batch_of: MakeBatch) -> None:
    (case,) = batch_of(case_of()).cases
    assert (case.victims[0].sex, case.victims[0].age, case.places[0].level) == ("female", None, "prefecture")
