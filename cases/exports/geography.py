"""disclosed place → its prefecture or province in the gazetteer, and the centre of that: never a finer point."""

from collections.abc import Iterator, Sequence
from functools import cache

from cases.disclosure import DisclosedPlace
from cases.gazetteer import Row, gazetteer
from cases.whereabouts import folded

_WIDE = ("prefecture", "province")


def area_of(place: DisclosedPlace) -> Row | None:
    """Give the prefecture of a place, or the province where only that is known; ``None`` for one that the gazetteer lacks."""
    return next(_areas(place), None)


def province_of(place: DisclosedPlace) -> Row | None:
    """Give the province of a place."""
    return next((row for row in _areas(place) if row.level == "province"), None)


def centre_of(place: DisclosedPlace) -> tuple[float, float] | None:
    """Give latitude and longitude of the centre of a place's prefecture, or of its province where only that has one."""
    return next((row.position for row in _areas(place) if row.position is not None), None)


def _areas(place: DisclosedPlace) -> Iterator[Row]:
    """Give the areas that a place is or lies in, the nearest first; of a city and a province of one name the last parent is the latter."""
    own = next((level for level in _WIDE if level == place.level), None)
    if own is not None:
        yield from _wide(place.name, place.country, (own,))
    for position, parent in enumerate(place.parents, start=1):
        yield from _wide(parent, place.country, _WIDE if position < len(place.parents) else _WIDE[::-1])


def _wide(name: str, country: str | None, levels: Sequence[str]) -> Iterator[Row]:
    found = (_by_name().get((folded(name), country, level)) for level in levels)
    row = next(filter(None, found), None)
    if row is not None:
        yield from (one for one in (row, *gazetteer().parents(row)) if one.level in _WIDE)


@cache
def _by_name() -> dict[tuple[str, str | None, str], Row]:
    """Give prefectures and provinces by name, country and level."""
    return {
        (folded(form.text), gazetteer().country(row), row.level): row
        for row in gazetteer()
        if row.level in _WIDE
        for forms in row.forms.values()
        for form in forms
        if not form.weak
    }
