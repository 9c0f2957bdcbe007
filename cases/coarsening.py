"""exact value → coarse value: days to months, places to prefectures, ages to bands, figures to a few signs."""

import calendar
from datetime import date

import msgspec

from cases.gazetteer import gazetteer
from cases.model import Age, Event, Persons, Place
from cases.whereabouts import FINE

ADULT = 18
_BAND = 10
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


def coarse_place(place: Place) -> Place | None:
    """Widen a place to its prefecture, or its province where only that is known; ``None`` when neither is.

    A place of unknown level counts as small. Of parents that the gazetteer does not know only the last is trusted to be
    as wide as a province.
    """
    if place.gazetteer_id is not None:
        known = _coarse_by_id(place, place.gazetteer_id)
        if known is not None:
            return known
    if place.level is not None and place.level not in FINE:
        return msgspec.structs.replace(place, raw=None)
    if not place.parents:
        return None
    return Place(role=place.role, name=place.parents[-1], country=place.country, level="province")


def _coarse_by_id(place: Place, place_id: str) -> Place | None:
    try:
        row = gazetteer()[place_id]
    except KeyError:
        return None
    wide = [one for one in (row, *gazetteer().parents(row)) if one.level not in FINE and one.level != "country"]
    if not wide:
        return None
    return Place(
        role=place.role,
        name=wide[0].name,
        parents=tuple(one.name for one in wide[1:]),
        country=place.country or gazetteer().country(row),
        level=wide[0].level,
        gazetteer_id=wide[0].id,
    )


def area_of(place: Place) -> str | None:
    """Name the area in which a place may be said to lie."""
    coarse = coarse_place(place)
    return coarse.name if coarse else None


def age_band(age: Age) -> Age:
    """Widen an age to bands of ten years; minors are one band, so that no child is told by age."""
    if age.max is not None and age.max < ADULT:
        return Age(min=0, max=ADULT - 1)
    low = age.min // _BAND * _BAND
    return Age(min=low, max=None if age.max is None else max(age.max, age.min) // _BAND * _BAND + _BAND - 1)


def figure(persons: Persons) -> str:
    """Write a count in signs that need no language: ``600``, ``200-300``, ``500+``, ``~600``, ``≤40``."""
    top = persons.max
    number = str(persons.min) if top is None or top == persons.min else f"{persons.min}-{top}"
    if persons.qualifier in {"at_most", "as_many_as"} and top is not None:
        number = str(top)
    if persons.qualifier == "exact" and top is None:
        return f"{persons.min}+"
    return _SIGNS.get(persons.qualifier, "{}").format(number)
