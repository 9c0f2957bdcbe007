"""What speaks for one act and what against it: rare facts weigh, common ones do not, and one contradiction ends it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.likeness import compare, count_of, weigh
from cases.model import Age, Authority, Collateral, Event, Mention, Persons, Place, Report, Stage, Victim
from cases.register import Telling

PUBLISHED = datetime(2026, 11, 20, 8, tzinfo=UTC)
BARE = Report(mention=Mention.PRIMARY, stage=Stage.UNKNOWN)


def told(outlet: str = "north", days: float | None = 0, **fields: Any) -> Telling:  # noqa: ANN401 - fields of the report
    return Telling(
        report=msgspec.structs.replace(BARE, **fields),
        url=f"https://{outlet}.example/1",
        title="",
        source=outlet,
        source_title=outlet.title(),
        published=None if days is None else PUBLISHED + timedelta(days=days),
        lang="en",
    )


def weight(one: dict[str, Any], other: dict[str, Any] | None = None) -> float:
    """Likeness of two undated tellings with these fields, or of one that two outlets tell alike."""
    return compare(told(days=None, **one), told("south", days=None, **(one if other is None else other))).weight


def contradictions(one: dict[str, Any], other: dict[str, Any]) -> tuple[str, ...]:
    return compare(told(days=None, **one), told("south", days=None, **other)).contradicts


def event(kind: str, start: str, end: str | None = None) -> Event:
    raw = {"type": kind, "start": start, "end": end or start, "precision": "day"}
    return msgspec.convert(raw, Event, strict=False)


def arrested(start: str, end: str | None = None) -> dict[str, Any]:
    return {"events": (event("arrest", start, end),)}


def somebody(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of the victim
    return {"victims": (Victim(label="V1", **fields),)}


def many(least: int, most: int | None = None, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of the count
    return {"persons": Persons(min=least, max=least if most is None else most, **more)}


def place(name: str, level: str, *parents: str, role: str = "residence") -> dict[str, Any]:
    raw = {"role": role, "name": name, "parents": parents, "country": "CN", "level": level}
    return {"places": (msgspec.convert(raw, Place),)}


# -- what contradicts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "names"),
    [
        ({"from_state": "CN"}, {"from_state": "RU"}, ("from",)),
        ({"to_state": "KP"}, {"to_state": "CN"}, ("to",)),
        ({"stage": Stage.COMPLETED}, {"stage": Stage.AVERTED}, ("stage",)),
        ({"stage": Stage.COMPLETED}, {"stage": Stage.DEATH_BEFORE_RETURN}, ("stage",)),
        ({"multiplicity": "aggregate_statistic"}, {"multiplicity": "mass"}, ("multiplicity",)),
        (arrested("2026-11-01"), arrested("2026-11-05"), ("events.arrest",)),
        (arrested("2026-11-10"), {"events": (event("return", "2026-11-01"),)}, ("events",)),
        (many(1), many(2), ("persons",)),
        (many(5), many(9), ("persons",)),
        (many(100), many(301), ("persons",)),
        (somebody(sex="female"), somebody(sex="male"), ("sex",)),
        (somebody(minor=True), somebody(minor=False), ("minor",)),
        (somebody(pregnant=True), somebody(pregnant=False), ("pregnant",)),
        (somebody(nationality="KP"), somebody(nationality="CN"), ("nationality",)),
        (somebody(age=Age(min=24, max=24)), somebody(age=Age(min=30, max=39)), ("age",)),
    ],
)
def test_facts_that_exclude_each_other_contradict(
    one: dict[str, Any], other: dict[str, Any], names: tuple[str, ...]
) -> None:
    assert contradictions(one, other) == names == contradictions(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"from_state": "CN"}, {"from_state": None}),
        ({"to_state": "CN", "risk_state": "KP"}, {"to_state": "KP"}),
        ({"stage": Stage.IN_CUSTODY_AT_RISK}, {"stage": Stage.COMPLETED}),
        ({"stage": Stage.COMPLETED}, {"stage": Stage.INDIRECT_COMPLETED}),
        ({"multiplicity": "aggregate_statistic"}, {"multiplicity": "aggregate_statistic"}),
        (arrested("2026-11-01"), arrested("2026-11-04")),
        (arrested("2026-11-01"), {"events": (event("return", "2026-11-10"),)}),
        (many(5), many(6)),
        (many(100), many(300)),
        (many(600), many(500, qualifier="about")),
        (somebody(age=Age(min=29, max=29)), somebody(age=Age(min=30, max=39))),
        (somebody(sex="female"), somebody(sex=None)),
    ],
)
def test_what_may_both_be_right_does_not(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert contradictions(one, other) == () == contradictions(other, one)


# -- what agrees ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("2026-11-12", "2026-11-12", 3.0),
        ("2026-11-12", "2026-11-18", 2.0),
        ("2026-11-01", "2026-11-30", 1.0),
        ("2026-09-01", "2026-11-30", 0.5),
        ("2026-01-01", "2026-12-31", 0.0),
    ],
)
def test_a_date_says_more_the_fewer_days_it_leaves_open(first: str, last: str, says: float) -> None:
    assert weight(arrested(first, last)) == says


def test_dates_that_lie_a_few_days_apart_say_half() -> None:
    assert weight(arrested("2026-11-12"), arrested("2026-11-14")) == 1.5


def test_a_seizure_and_a_return_soon_after_it_say_a_little() -> None:
    assert weight(arrested("2026-11-01"), {"events": (event("return", "2026-12-20"),)}) == 0.5
    assert weight(arrested("2026-11-01"), {"events": (event("return", "2027-03-20"),)}) == 0.0


@pytest.mark.parametrize(("days", "says"), [(2, 1.5), (9, 1.0), (30, 0.5), (32, 0.0)])
def test_without_a_day_of_the_act_publication_in_the_same_days_says_something(days: float, says: float) -> None:
    assert compare(told(), told("south", days=days)).weight == says


def test_publication_says_half_when_the_one_that_dates_the_act_tells_no_news() -> None:
    fresh, stale = arrested("2026-11-15"), arrested("2026-06-01")
    assert compare(told(**fresh), told("south", days=1)).weight == 1.5
    assert compare(told(**stale), told("south", days=1)).weight == 0.75
    assert compare(told(days=None), told("south")).weight == 0.0


@pytest.mark.parametrize(
    ("where", "says"),
    [
        (place("Longtan", "town", "Jilin city", "Jilin"), 2.0),
        (place("Yanbian", "prefecture", "Jilin"), 1.0),
        (place("Jilin", "province"), 0.5),
        ({"places": ()}, 0.0),
    ],
)
def test_a_place_says_more_the_smaller_it_is(where: dict[str, Any], says: float) -> None:
    assert weight(where) == says


@pytest.mark.parametrize(("count", "says"), [(1, 0.0), (2, 0.5), (3, 1.0), (5, 2.0), (20, 2.5), (50, 3.5), (600, 3.5)])
def test_an_equal_count_says_more_the_larger_it_is(count: int, says: float) -> None:
    assert weight(many(count)) == says


def test_figures_of_one_crowd_that_differ_say_half() -> None:
    assert weight(many(200), many(600)) == 1.75
    assert weight(many(5), many(6)) == 1.0


def test_a_group_that_is_mentioned_in_passing_is_one_told_before() -> None:
    aside = {**many(7), "mention": Mention.BACKGROUND}
    assert weight(many(7), aside) == weight(many(7)) + 1.0


@pytest.mark.parametrize(
    ("person", "says"),
    [
        ({"sex": "female"}, 0.25),
        ({"minor": True}, 0.25),
        ({"minor": False}, 0.0),
        ({"pregnant": True}, 2.0),
        ({"nationality": "KP"}, 0.0),
        ({"age": Age(min=34, max=34)}, 1.0),
        ({"age": Age(min=30, max=39)}, 0.5),
        ({"relation": "wife of informant"}, 0.5),
        ({"name": "Mun Ha-eun", "pseudonym": True}, 0.0),
    ],
)
def test_of_one_person_rare_traits_say_much_and_common_ones_little(person: dict[str, Any], says: float) -> None:
    assert weight(somebody(**person)) == says


def test_a_real_name_says_much_and_another_real_name_ends_it() -> None:
    named, other = (somebody(name=name, pseudonym=False) for name in ("Mun Ha-eun", "Ok Bo-ra"))
    assert weight(named) == 3.0
    assert contradictions(named, other) == ("name",)


@pytest.mark.parametrize(
    ("name", "says"),
    [("Hunchun border defence station", 1.0), ("丹东边防检查站", 1.0), ("police", 0.0), ("the police", 0.0)],
)
def test_a_body_named_in_full_says_something_and_the_police_nothing(name: str, says: float) -> None:
    assert weight({"authorities": (Authority(name=name),)}) == says


def test_the_same_days_for_a_relative_say_something() -> None:
    held = {"collateral": (Collateral(act="detained", days=10),)}
    assert weight(held) == 1.0
    assert weight(held, {"collateral": (Collateral(act="detained"),)}) == 0.0


def test_route_and_stage_say_half_each() -> None:
    route = {"from_state": "CN", "to_state": "KP"}
    assert weight(route) == 0.5
    assert weight({**route, "stage": Stage.FEARED}) == 1.0
    assert compare(told(days=None, **route), told("south", days=None, **route)).agrees == ("route",)


def test_one_person_is_counted_where_one_is_told_of() -> None:
    one = Persons(min=1, max=1)
    assert count_of(msgspec.structs.replace(BARE, multiplicity="individual")) == one
    assert count_of(msgspec.structs.replace(BARE, **somebody(sex="male"))) == one
    assert count_of(BARE) is None


# -- in general -------------------------------------------------------------------------------------------------------

DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))
SPANS = st.tuples(DAYS, st.integers(0, 40)).map(lambda span: (span[0], span[0] + timedelta(days=span[1])))
EVENTS = st.builds(
    lambda kind, span: Event(type=kind, start=span[0], end=span[1], precision="range"),
    st.sampled_from(["arrest", "return", "detention", "death"]),
    SPANS,
)
PLACES = st.sampled_from(
    [
        *place("Longtan", "town", "Jilin city", "Jilin")["places"],
        *place("Hunchun", "county", "Yanbian", "Jilin")["places"],
        *place("Liaoning", "province", role="held")["places"],
    ]
)
REPORTS = st.builds(
    Report,
    mention=st.sampled_from(list(Mention)),
    stage=st.sampled_from(list(Stage)),
    from_state=st.sampled_from([None, "CN", "RU"]),
    to_state=st.sampled_from([None, "KP", "CN"]),
    persons=st.none() | st.integers(1, 700).map(lambda n: Persons(min=n, max=n)),
    victims=st.lists(
        st.builds(
            Victim, label=st.just("V1"), sex=st.sampled_from([None, "female", "male"]), minor=st.none() | st.booleans()
        ),
        max_size=2,
    ).map(tuple),
    events=st.lists(EVENTS, max_size=3).map(tuple),
    places=st.lists(PLACES, max_size=2).map(tuple),
)
TELLINGS = st.builds(
    lambda report, days: msgspec.structs.replace(told(days=days), report=report),
    REPORTS,
    st.none() | st.integers(-50, 50),
)


@given(TELLINGS, TELLINGS)
def test_it_does_not_matter_who_told_first(one: Telling, other: Telling) -> None:
    here, there = compare(one, other), compare(other, one)
    assert here.weight == there.weight
    assert sorted(here.agrees) == sorted(there.agrees)
    assert sorted(here.contradicts) == sorted(there.contradicts)


@given(TELLINGS, TELLINGS)
def test_weighing_gives_what_comparing_gives_unless_something_contradicts(one: Telling, other: Telling) -> None:
    compared = compare(one, other)
    assert weigh(one, other) == (None if compared.contradicts else compared.weight)


@given(TELLINGS)
def test_headline_and_wording_say_nothing(telling: Telling) -> None:
    worded = msgspec.structs.replace(telling, title="In other words", article_text="Quite another text.", lang="ko")
    assert compare(telling, worded) == compare(telling, telling)
