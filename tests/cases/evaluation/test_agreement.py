"""What counts as right, wrong, missed and invented."""

from datetime import date
from typing import Any

import msgspec

from cases.evaluation import GoldItem, compared
from cases.evaluation.agreement import Count
from cases.model import Event, Judgement, Label, Mention, Persons, Place, Report, Stage, Verdict, Victim


def _item(*cases: dict[str, Any]) -> GoldItem:
    gold = {"label": "case_report", "report": bool(cases), "cases": cases}
    return msgspec.convert({"id": "x", "lang": "en", "text": "x", "gold": gold}, GoldItem)


def _judged(*reports: Report) -> Judgement:
    label = Label.CASE_REPORT if reports else Label.UNRELATED
    return Judgement(verdict=Verdict(label=label, report=bool(reports), score=0.9), lang="en", reports=reports)


def _report(**values: Any) -> Report:  # noqa: ANN401 - the fields of a report
    return Report(**{"mention": Mention.PRIMARY, "stage": Stage.COMPLETED, **values})


def test_values_that_agree_are_right() -> None:
    case = {"mention": "primary", "stage": "completed", "from": "CN", "to": "KP", "persons": {"min": 7, "max": 7}}
    given = _report(from_state="CN", to_state="KP", persons=Persons(min=7, max=7))
    agreement = compared(_item(case), _judged(given))
    assert set(agreement.slots.values()) == {Count(right=1)}
    assert agreement.errors == ()


def test_a_differing_value_is_wrong_and_the_right_one_is_missed() -> None:
    agreement = compared(_item({"to": "KP"}), _judged(_report(to_state="RU")))
    assert agreement.slots["to"] == Count(wrong=1, missed=1)
    assert agreement.errors == ("to: RU, expected KP",)


def test_a_value_where_the_text_says_nothing_is_invented() -> None:
    agreement = compared(_item({"to": None, "persons": None}), _judged(_report(to_state="RU")))
    assert agreement.slots["to"] == Count(wrong=1)
    assert agreement.slots["persons"] == Count()


def test_what_is_left_out_is_not_scored() -> None:
    agreement = compared(_item({"stage": "completed"}), _judged(_report(to_state="RU")))
    assert set(agreement.slots) == {"cases", "stage"}


def test_acts_are_paired_by_what_they_share() -> None:
    gold = [{"to": "KP", "persons": {"min": 7, "max": 7}}, {"to": "RU", "persons": {"min": 2, "max": 2}}]
    given = [
        _report(to_state="RU", persons=Persons(min=2, max=2)),
        _report(to_state="KP", persons=Persons(min=7, max=7)),
    ]
    assert compared(_item(*gold), _judged(*given)).slots["persons"] == Count(right=2)


def test_an_act_too_many_and_an_act_too_few_are_errors_of_the_acts_alone() -> None:
    many = compared(_item({"to": "KP"}), _judged(_report(to_state="KP"), _report(to_state="RU")))
    few = compared(_item({"to": "KP"}, {"to": "RU"}), _judged(_report(to_state="KP")))
    assert (many.slots["cases"], many.slots["to"]) == (Count(right=1, wrong=1), Count(right=1))
    assert (few.slots["cases"], few.slots["to"]) == (Count(right=1, missed=1), Count(right=1))


def test_a_place_may_answer_to_any_of_its_names_but_not_in_another_role() -> None:
    given = _report(
        places=(
            Place(role="arrest", name="Tumen city", raw="图们市"),
            Place(role="held", name="Dandong"),
        )
    )
    gold = {"places": [{"role": "arrest", "name": "图们市"}, {"role": "crossing", "name": "Dandong"}]}
    assert compared(_item(gold), _judged(given)).slots["places"] == Count(right=1, wrong=1, missed=1)


def test_dates_agree_by_kind_and_whole_interval() -> None:
    march = Event(type="arrest", start=date(2025, 3, 1), end=date(2025, 3, 31), precision="month")
    gold = {"events": [{"type": "arrest", "start": "2025-03-01", "end": "2025-03-31"}]}
    day = {"events": [{"type": "arrest", "start": "2025-03-01", "end": "2025-03-01"}]}
    assert compared(_item(gold), _judged(_report(events=(march,)))).slots["dates"] == Count(right=1)
    assert compared(_item(day), _judged(_report(events=(march,)))).slots["dates"] == Count(wrong=1, missed=1)


def test_people_are_scored_by_what_is_labelled_of_them() -> None:
    gold = {"victims": [{"name": "Kang Ok-ja", "sex": "female"}, {"sex": "male"}]}
    given = _report(victims=(Victim(label="V1", name="Kang Ok-ja", sex="female"), Victim(label="V2", sex="female")))
    slots = compared(_item(gold), _judged(given)).slots
    assert slots["victim.name"] == Count(right=1)
    assert slots["victim.sex"] == Count(right=1, wrong=1, missed=1)
    assert "victim.age" not in slots
