from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cases.disclosure import DisclosedAuthority, DisclosedCase, DisclosedEvent, DisclosedPlace, DisclosedVictim
from cases.ledger import SetAside, SourceOutcome
from cases.model import Age, Label, Outcome, Persons, Stage
from digests import words

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
    assert words.who(case(persons=persons)) == said


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
    assert words.who(case(persons=Persons(min=count, max=count), victims=tuple(victims))) == said


def test_a_family_is_called_one() -> None:
    assert words.who(case(multiplicity="family", persons=Persons(min=5, max=5))) == "a family of five"
    assert (
        words.who(case(multiplicity="family", persons=Persons(min=5, max=None, qualifier="at_least")))
        == "at least five people"
    )


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        (Stage.COMPLETED, "Two people forcibly returned from China to North Korea"),
        (Stage.IMMINENT, "Two people about to be returned from China to North Korea"),
        (Stage.IN_CUSTODY_AT_RISK, "Two people in custody in China, at risk of return to North Korea"),
        (Stage.FEARED, "Return of two people from China to North Korea feared"),
        (Stage.AVERTED, "Return of two people from China to North Korea averted"),
        (Stage.SUSPENDED, "Return of two people from China to North Korea suspended"),
        (Stage.INDIRECT_COMPLETED, "Two people forcibly returned from China to North Korea through another State"),
        (Stage.DEATH_BEFORE_RETURN, "Two people died before return from China to North Korea"),
        (Stage.UNKNOWN, "Return of two people from China to North Korea reported; how far it went is not clear"),
    ],
)
def test_every_stage_makes_a_sentence(stage: Stage, said: str) -> None:
    assert words.headline(case(stage, persons=Persons(min=2, max=2))) == said


def test_an_end_of_the_route_that_is_not_told_is_not_invented() -> None:
    nowhere = case(from_state=None, to_state=None, persons=Persons(min=1, max=1))
    assert words.headline(nowhere) == "One person forcibly returned"
    assert words.route(nowhere) == "route not stated"
    assert words.route(case(from_state=None)) == "origin not stated → North Korea"


def test_a_place_stands_in_its_chain_with_its_state_once() -> None:
    assert (
        words.place(DisclosedPlace(role="arrest", name="Yanbian", parents=("Jilin",), country="CN"))
        == "Yanbian, Jilin, China"
    )
    assert words.place(DisclosedPlace(role="destination", name="North Korea", country="KP")) == "North Korea"


def test_an_authority_says_its_kind_only_where_its_name_does_not() -> None:
    assert words.authority(DisclosedAuthority(name="Police", type="police", country="CN")) == "Police (China)"
    assert words.authority(DisclosedAuthority(name="Bureau 5", type="state_security")) == "Bureau 5 (state security)"
    assert words.authority(DisclosedAuthority(name="Officials", type="unknown")) == "Officials"


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        (Stage.COMPLETED, "Returned: November 2026"),
        (Stage.IMMINENT, "Return expected: November 2026"),
        (Stage.AVERTED, "Return expected: November 2026"),
    ],
)
def test_a_return_that_has_not_come_about_is_only_expected(stage: Stage, said: str) -> None:
    event = DisclosedEvent(type="return", start=date(2026, 11, 1), end=date(2026, 11, 30), precision="month")
    assert words.happened(event, stage) == said


def test_an_outcome_says_when_it_was_known() -> None:
    assert words.outcome(Outcome(value="fate_unknown", as_of=date(2018, 9, 9))) == "Fate unknown, as of September 2018"
    assert words.outcome(Outcome(value="resettled")) == "Resettled"


def test_every_code_has_its_words() -> None:
    assert set(words.STAGES) == set(Stage)
    assert set(words.OUTCOMES_OF_VISITS) == set(SourceOutcome)
    assert set(words.SET_ASIDE) == set(SetAside)
    assert set(words.LABELS) == set(Label)


def test_one_thing_is_not_counted_as_many() -> None:
    assert words.counted(1, "entry", "entries") == "1 entry"
    assert words.counted(0, "entry", "entries") == "0 entries"
    assert words.counted(1200, "case") == "1,200 cases"
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"


def test_an_age_is_written_as_a_band() -> None:
    assert [words.age(Age(min=30, max=39)), words.age(Age(min=28, max=28)), words.age(Age(min=60, max=None))] == [
        "30 to 39",
        "28",
        "60 or older",
    ]
