"""What leaves is coarse: months for days, prefectures for towns, bands for ages; and never narrower than it was."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.coarsening import age_band, area_of, coarse_event, coarse_place, figure, last_of_month
from cases.gazetteer import gazetteer
from cases.model import Age, Event, Persons, Place

DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31))


def event(start: date | None, end: date | None, precision: str = "day") -> Event:
    raw = {
        "type": "arrest",
        "start": start,
        "end": end,
        "precision": precision,
        "raw": "on Tuesday",
        "anchor": "publication",
    }
    return msgspec.convert(raw, Event)


def place(name: str, level: str | None, *parents: str, gazetteer_id: str | None = None) -> Place:
    raw = {
        "role": "held",
        "name": name,
        "level": level,
        "parents": parents,
        "country": "CN",
        "gazetteer_id": gazetteer_id,
    }
    return msgspec.convert(raw | {"raw": name}, Place)


# -- days -------------------------------------------------------------------------------------------------------------


def test_a_day_becomes_its_month_and_its_words_are_dropped() -> None:
    coarse = coarse_event(event(date(2024, 2, 14), date(2024, 2, 14)))
    assert (coarse.start, coarse.end, coarse.precision) == (date(2024, 2, 1), date(2024, 2, 29), "month")
    assert (coarse.raw, coarse.anchor) == (None, None)


def test_a_week_over_the_end_of_a_month_becomes_a_range_of_two_months() -> None:
    coarse = coarse_event(event(date(2026, 12, 29), date(2027, 1, 3), "week"))
    assert (coarse.start, coarse.end, coarse.precision) == (date(2026, 12, 1), date(2027, 1, 31), "range")


@pytest.mark.parametrize("precision", ["month", "season", "year", "range", "unknown"])
def test_what_is_vague_already_keeps_its_precision(precision: str) -> None:
    assert coarse_event(event(date(2026, 3, 1), date(2026, 5, 31), precision)).precision == precision


def test_an_end_that_nobody_told_stays_open() -> None:
    assert coarse_event(event(None, date(2026, 3, 9))).start is None
    assert coarse_event(event(date(2026, 3, 9), None)).end is None


@given(DAYS, st.integers(0, 400))
def test_a_coarse_date_holds_the_exact_one_and_tells_no_day_of_it(start: date, length: int) -> None:
    exact = event(start, start + timedelta(days=length))
    coarse = coarse_event(exact)
    assert coarse.start is not None
    assert coarse.end is not None
    assert coarse.start <= start <= exact.end <= coarse.end  # type: ignore[operator]  # both ends are given
    assert (coarse.start.day, coarse.end) == (1, last_of_month(coarse.end))
    assert coarse_event(coarse) == coarse


# -- places -----------------------------------------------------------------------------------------------------------


def test_a_town_of_the_gazetteer_becomes_its_prefecture() -> None:
    row = next(row for row in gazetteer() if row.level == "county" and row.parent)
    coarse = coarse_place(place(row.name, "county", gazetteer_id=row.id))
    assert coarse is not None
    assert coarse.level in {"prefecture", "province"}
    assert coarse.name != row.name
    assert (coarse.role, coarse.raw) == ("held", None)


def test_every_place_of_the_gazetteer_becomes_a_wide_one_or_none() -> None:
    for row in gazetteer():
        coarse = coarse_place(place(row.name, row.level, gazetteer_id=row.id))
        assert coarse is None or coarse.level in {"prefecture", "province"}


def test_for_a_province_every_place_of_the_gazetteer_becomes_one_or_none() -> None:
    for row in gazetteer():
        coarse = coarse_place(place(row.name, row.level, gazetteer_id=row.id), "province")
        assert coarse is None or coarse.level == "province"


def test_a_prefecture_that_no_gazetteer_knows_becomes_its_province_or_nothing() -> None:
    told = coarse_place(place("Farcounty", "prefecture", "Farland"), "province")
    assert told is not None
    assert (told.name, told.level) == ("Farland", "province")
    assert coarse_place(place("Farcounty", "prefecture"), "province") is None


def test_a_place_that_is_unknown_goes_by_a_parent_that_is_known() -> None:
    coarse = coarse_place(place("Seventh Hamlet", "site", "Hunchun", "Yanbian", "Jilin"))
    assert coarse is not None
    assert (coarse.name, coarse.level) == ("Yanbian", "prefecture")


def test_an_unknown_parent_is_a_province_only_where_it_must_be_one() -> None:
    last = coarse_place(place("Seventh Hamlet", "site", "Nowhere county", "Farland"))
    only = coarse_place(place("Seventh Town", "town", "Farland"))
    assert last is not None
    assert only is not None
    assert (last.name, last.level, only.name) == ("Farland", "province", "Farland")
    assert coarse_place(place("Seventh Hamlet", "site", "Nowhere county")) is None


@pytest.mark.parametrize("level", ["site", "town", "county", None])
def test_a_small_place_without_parents_does_not_leave(level: str | None) -> None:
    assert coarse_place(place("Seventh Hamlet", level)) is None
    assert area_of(place("Seventh Hamlet", level)) is None


def test_a_wide_place_leaves_as_it_is_but_for_its_words() -> None:
    wide = place("Farland", "province")
    assert coarse_place(wide) == msgspec.structs.replace(wide, raw=None)
    assert area_of(wide) == "Farland"


# -- ages -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (Age(min=34, max=34, raw="34"), Age(min=30, max=39)),
        (Age(min=30, max=39), Age(min=30, max=39)),
        (Age(min=28, max=31), Age(min=20, max=39)),
        (Age(min=60, max=None), Age(min=60, max=None)),
        (Age(min=3, max=3), Age(min=0, max=17)),
        (Age(min=17, max=17), Age(min=0, max=17)),
        (Age(min=18, max=18), Age(min=10, max=19)),
    ],
)
def test_an_age_becomes_its_decade_and_a_minor_a_minor(age: Age, band: Age) -> None:
    assert age_band(age) == band


@given(st.integers(0, 110), st.none() | st.integers(0, 30))
def test_a_band_holds_the_age_and_is_its_own_band(low: int, width: int | None) -> None:
    age = Age(min=low, max=None if width is None else low + width, raw="as printed")
    band = age_band(age)
    assert band.min <= age.min
    assert (band.max is None) is (age.max is None)
    assert band.max is None or (age.max is not None and band.max >= age.max)
    assert band.raw is None
    assert band.max is None or band.max - band.min >= 9
    assert age_band(band) == band


# -- figures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("persons", "shown"),
    [
        (Persons(min=600, max=600), "600"),
        (Persons(min=200, max=300), "200-300"),
        (Persons(min=500, max=None, qualifier="at_least"), "500+"),
        (Persons(min=500, max=None), "500+"),
        (Persons(min=600, max=600, qualifier="about"), "~600"),
        (Persons(min=0, max=40, qualifier="as_many_as"), "≤40"),
        (Persons(min=0, max=40, qualifier="at_most"), "≤40"),
        (Persons(min=100, max=None, qualifier="more_than"), ">100"),
    ],
)
def test_a_figure_is_written_in_signs(persons: Persons, shown: str) -> None:
    assert figure(persons) == shown
