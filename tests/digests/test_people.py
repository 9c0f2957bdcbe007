from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cases.disclosure import DisclosedCase, DisclosedVictim
from cases.model import Age, Persons, Stage
from digests.people import age, who
from digests.speech import speech

NOW = datetime(2026, 11, 23, 7, tzinfo=ZoneInfo("Asia/Seoul"))


def case(stage: Stage = Stage.COMPLETED, **more: Any) -> DisclosedCase:  # noqa: ANN401 - the fields of the case
    given: dict[str, Any] = {"from_state": "CN", "to_state": "KP", "assertion": "asserted"} | more
    return DisclosedCase(
        number="2026-0001", revision=1, status="new", opened_at=NOW, changed_at=NOW, stage=stage, **given
    )


def victim(**more: Any) -> DisclosedVictim:  # noqa: ANN401 - the fields of the victim
    return DisclosedVictim(label="V1", **more)


@pytest.mark.parametrize(
    ("persons", "said"),
    [
        (Persons(min=1, max=1), "one person"),
        (Persons(min=12, max=12), "twelve people"),
        (Persons(min=13, max=13), "13 people"),
        (Persons(min=600, max=600, qualifier="about"), "about 600 people"),
        (Persons(min=550, max=650, qualifier="about"), "about 550 to 650 people"),
        (Persons(min=12, max=None, qualifier="at_least"), "at least twelve people"),
        (Persons(min=1, max=None, qualifier="at_least"), "at least one person"),
        (Persons(min=100, max=None, qualifier="more_than"), "more than 100 people"),
        (Persons(min=0, max=2600, qualifier="as_many_as"), "as many as 2,600 people"),
        (Persons(min=0, max=30, qualifier="at_most"), "at most 30 people"),
        (Persons(min=200, max=300), "200 to 300 people"),
        (Persons(min=3, max=None), "at least three people"),
        (Persons(min=200, max=999, qualifier="about"), "hundreds of people"),
        (Persons(min=20, max=99, qualifier="about"), "dozens of people"),
        (None, "an unstated number of people"),
    ],
)
def test_a_number_of_people_keeps_its_qualifier(persons: Persons | None, said: str) -> None:
    assert who(case(persons=persons)) == said


@pytest.mark.parametrize(
    ("count", "victims", "said"),
    [
        (1, [victim(sex="female")], "one woman"),
        (1, [victim(sex="female", pregnant=True)], "one pregnant woman"),
        (1, [victim(sex="male", minor=True)], "one boy"),
        (1, [victim(minor=True)], "one child"),
        (1, [victim(sex="female", age=Age(min=10, max=14))], "one girl"),
        (3, [victim(sex="female")], "three women"),
        (2, [victim(sex="male"), victim(sex="male")], "two men"),
        (2, [victim(sex="male"), victim(sex="female")], "two people"),
        (2, [victim(sex="female"), victim(sex="female", minor=True)], "two people"),
        (5, [victim(sex="female"), victim(sex="female")], "five people"),
    ],
)
def test_the_noun_fits_everybody_who_is_told_of(count: int, victims: list[DisclosedVictim], said: str) -> None:
    assert who(case(persons=Persons(min=count, max=count), victims=tuple(victims))) == said


def test_a_family_is_called_one() -> None:
    assert who(case(multiplicity="family", persons=Persons(min=5, max=5))) == "a family of five"
    assert (
        who(case(multiplicity="family", persons=Persons(min=5, max=None, qualifier="at_least")))
        == "at least five people"
    )


def test_an_age_is_written_as_a_band() -> None:
    assert [age(Age(min=30, max=39)), age(Age(min=28, max=28)), age(Age(min=60, max=None))] == [
        "30 to 39",
        "28",
        "60 or older",
    ]


@pytest.mark.parametrize(
    ("persons", "victims", "said"),
    [
        (Persons(min=1, max=1), [victim(sex="female")], ["여성 1명", "一名女性", "女性1人"]),
        (Persons(min=2, max=2), [victim(sex="male")], ["남성 2명", "两名男性", "男性2人"]),
        (Persons(min=2, max=2), [], ["2명", "两人", "2人"]),
        (Persons(min=600, max=600, qualifier="about"), [], ["약 600명", "约600人", "約600人"]),
        (Persons(min=12, max=None, qualifier="at_least"), [], ["최소 12명", "至少12人", "少なくとも12人"]),
        (Persons(min=100, max=None, qualifier="more_than"), [], ["100명 초과", "超过100人", "100人超"]),
        (Persons(min=0, max=2600, qualifier="as_many_as"), [], ["최대 2,600명", "多达2,600人", "最大2,600人"]),
        (Persons(min=200, max=300), [victim(sex="female")], ["여성 200~300명", "200至300名女性", "女性200～300人"]),
        (Persons(min=20, max=99, qualifier="about"), [], ["수십 명", "数十人", "数十人"]),
        (None, [], ["인원 미상", "人数不详者", "人数不明"]),
    ],
)
def test_people_are_counted_as_each_language_counts_them(
    persons: Persons | None, victims: list[DisclosedVictim], said: list[str]
) -> None:
    told = case(persons=persons, victims=tuple(victims))
    assert [who(told, speech(code)) for code in ("ko", "zh", "ja")] == said


def test_a_family_is_called_one_in_every_language() -> None:
    family = case(multiplicity="family", persons=Persons(min=5, max=5))
    assert [who(family, speech(code)) for code in ("ko", "zh", "ja")] == ["일가족 5명", "一家五口", "家族5人"]
