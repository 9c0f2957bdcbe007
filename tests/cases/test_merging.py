"""One report of many tellings: the best-supported value of each field, never an average."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from cases.merging import merge
from cases.model import Age, Authority, Event, Mention, Outcome, Persons, Place, Report, Stage, Victim
from cases.register import Telling

PLAIN = Report(mention=Mention.PRIMARY, stage=Stage.IMMINENT, from_state="CN", to_state="KP")


def told(day: int, **fields: object) -> Telling:
    return Telling(
        report=msgspec.structs.replace(PLAIN, **fields),
        url=f"https://outlet{day}.example/",
        title="",
        source=f"outlet{day}",
        source_title="",
        published=datetime(2026, 11, day, tzinfo=UTC),
        lang="en",
    )


def arrest(start: str, end: str) -> Event:
    return Event(type="arrest", start=date.fromisoformat(start), end=date.fromisoformat(end), precision="range")


@pytest.mark.parametrize(
    ("stages", "merged"),
    [
        ([Stage.IMMINENT, Stage.SUSPENDED, Stage.IMMINENT], Stage.IMMINENT),
        ([Stage.IMMINENT, Stage.COMPLETED, Stage.IN_CUSTODY_AT_RISK], Stage.COMPLETED),
        ([Stage.FEARED, Stage.UNKNOWN], Stage.FEARED),
        ([Stage.UNKNOWN], Stage.UNKNOWN),
    ],
)
def test_the_stage_is_the_latest_known_and_what_is_final_stays(stages: list[Stage], merged: Stage) -> None:
    assert merge([told(day, stage=stage) for day, stage in enumerate(stages, start=1)]).stage is merged


def test_the_lowest_figure_leads_as_it_was_told() -> None:
    figures = [Persons(min=600, max=600), Persons(min=200, max=300, qualifier="about"), Persons(min=500, max=None)]
    merged = merge([told(day, persons=persons) for day, persons in enumerate(figures, start=1)])
    assert merged.persons == Persons(min=200, max=300, qualifier="about")


def test_of_each_kind_of_event_the_most_precise_telling_counts() -> None:
    month, day = arrest("2026-10-01", "2026-10-31"), arrest("2026-10-09", "2026-10-09")
    back = Event(type="return", start=date(2026, 10, 20), end=date(2026, 10, 20), precision="day")
    assert merge([told(1, events=(month, back)), told(2, events=(day,))]).events == (day, back)


def test_of_each_role_the_most_precise_place_counts() -> None:
    province = Place(role="arrest", name="Jilin", country="CN", level="province")
    town = Place(role="arrest", name="Hunchun", parents=("Jilin",), country="CN", level="county")
    guessed = msgspec.structs.replace(town, name="Yanji", inherited=True)
    assert merge([told(1, places=(province,)), told(2, places=(guessed,)), told(3, places=(town,))]).places == (town,)


def test_a_single_victim_is_completed_from_tellings_that_know_one_victim_too() -> None:
    young = Victim(label="V1", name="Mun Ha-eun", sex="female", age=Age(min=34, max=34))
    expecting = Victim(label="V1", name="Ok Bo-ra", pregnant=True, nationality="KP")
    (victim,) = merge([told(1, victims=(young,)), told(2, victims=(expecting,))]).victims
    assert (victim.name, victim.age, victim.pregnant, victim.nationality) == (young.name, young.age, True, "KP")


def test_everything_that_any_telling_names_is_there_once() -> None:
    station, bureau = Authority(name="Station"), Authority(name="Bureau")
    merged = merge([told(1, authorities=(station,)), told(2, authorities=(Authority(name="STATION"), bureau))])
    assert merged.authorities == (station, bureau)


def test_the_outcome_is_the_one_known_last_and_an_unknown_fate_says_least() -> None:
    released = Outcome(value="released", as_of=date(2026, 11, 2))
    detained = Outcome(value="detained", as_of=date(2026, 11, 9))
    tellings = [told(1, outcome=detained), told(2, outcome=released), told(3, outcome=Outcome(value="fate_unknown"))]
    assert merge(tellings).outcome == detained


def test_a_mention_in_passing_counts_only_where_nothing_else_is_told() -> None:
    aside = told(9, mention=Mention.BACKGROUND, stage=Stage.AVERTED, persons=Persons(min=1, max=1))
    merged = merge([told(1, persons=Persons(min=5, max=5)), aside])
    assert (merged.stage, merged.persons) == (Stage.IMMINENT, Persons(min=5, max=5))
    assert merge([aside]) == aside.report


def test_nothing_cannot_be_merged() -> None:
    with pytest.raises(ValueError, match="without tellings"):
        merge([])
