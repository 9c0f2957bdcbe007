"""exact value → coarse value: days to months, places to prefectures, ages to bands, figures to a few signs."""

import calendar
from datetime import date
from functools import cache
from typing import Literal

import msgspec

from cases.gazetteer import Row, gazetteer
from cases.model import Age, Event, Persons, Place, Victim
from cases.whereabouts import FINE, folded

ADULT = 18
_BAND = 10
Area = Literal["prefecture", "province"]
"""How far a place is widened: a province where a child is concerned."""
_AREAS: dict[Area, frozenset[str]] = {
    "prefecture": frozenset({"prefecture", "province"}),
    "province": frozenset({"province"}),
}
_SIGNS = {"at_least": "{}+", "more_than": ">{}", "at_most": "≤{}", "as_many_as": "≤{}", "about": "~{}"}


def coarse_event(event: Event) -> Event:
    """Widen an event to whole months; what is vaguer than a month keeps its precision, and words are dropped."""
    start = event.start and event.start.replace(day=1)
    end = event.end and last_of_month(event.end)
    precision = event.precision
    if precision in {"day", "few_days", "week"}:
        precision = "month" if start and end and (start.year, start.month) == (end.year, end.month) else "range"
    return msgspec.structs.replace(event, start=start, end=end, precision=precision, raw=None, anchor=None)


def last_of_month(day: date) -> date:
    """Give the last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def narrower_than(area: Area) -> frozenset[str]:
    """Give the levels of places that are widened to such an area."""
    return FINE if area == "prefecture" else FINE | {"prefecture"}


def coarse_place(place: Place, area: Area = "prefecture") -> Place | None:
    """Widen a place to its prefecture, or its province where only that is known or asked for; ``None`` when neither is.

    A place of unknown level counts as small. A parent that the gazetteer does not know is trusted to be a province only
    when it is the last of several, or that of a town or county.
    """
    if place.level is not None and place.level not in narrower_than(area) and place.gazetteer_id is None:
        return msgspec.structs.replace(place, raw=None)
    by_name = (_wide_by_name(parent, area) for parent in place.parents)
    wide = _wide_by_id(place.gazetteer_id, area) or next(filter(None, by_name), ())
    if wide:
        return Place(
            role=place.role,
            name=wide[0].name,
            parents=tuple(row.name for row in wide[1:]),
            country=place.country or gazetteer().country(wide[0]),
            level=wide[0].level,
            gazetteer_id=wide[0].id,
        )
    if len(place.parents) > 1 or (place.parents and place.level in {"town", "county"} | (narrower_than(area) - FINE)):
        return Place(role=place.role, name=place.parents[-1], country=place.country, level="province")
    return None


def _wide_by_id(place_id: str | None, area: Area) -> tuple[Row, ...]:
    """Give the prefecture and province of a place of the gazetteer, or the province alone."""
    row = gazetteer().find(place_id)
    if row is None:
        return ()
    return tuple(one for one in (row, *gazetteer().parents(row)) if one.level in _AREAS[area])


def _wide_by_name(name: str, area: Area) -> tuple[Row, ...]:
    row = _wide_names().get(folded(name))
    return _wide_by_id(row.id, area) if row else ()


@cache
def _wide_names() -> dict[str, Row]:
    """Give the prefectures and provinces by name; where two share one, the wider."""
    wide = (row for row in gazetteer() if row.level in _AREAS["prefecture"])
    widest_last = sorted(wide, key=lambda row: row.level == "province")
    return {
        folded(form.text): row for row in widest_last for forms in row.forms.values() for form in forms if not form.weak
    }


def area_of(place: Place, area: Area = "prefecture") -> str | None:
    """Name the area in which a place may be said to lie."""
    coarse = coarse_place(place, area)
    return coarse.name if coarse else None


def age_band(age: Age) -> Age:
    """Widen an age to bands of ten years; minors are one band, so that no child is told by age."""
    if age.max is not None and age.max < ADULT:
        return Age(min=0, max=ADULT - 1)
    low = age.min // _BAND * _BAND
    return Age(min=low, max=None if age.max is None else max(age.max, age.min) // _BAND * _BAND + _BAND - 1)


def is_of_a_child(victim: Victim) -> bool:
    """Whether a victim is told to be under 18, in words or by age."""
    return victim.minor is True or (victim.age is not None and victim.age.max is not None and victim.age.max < ADULT)


def figure(persons: Persons) -> str:
    """Write a count in signs that need no language: ``600``, ``200-300``, ``500+``, ``~600``, ``≤40``."""
    top = persons.max
    number = str(persons.min) if top is None or top == persons.min else f"{persons.min}-{top}"
    if persons.qualifier in {"at_most", "as_many_as"} and top is not None:
        number = str(top)
    if persons.qualifier == "exact" and top is None:
        return f"{persons.min}+"
    return _SIGNS.get(persons.qualifier, "{}").format(number)
