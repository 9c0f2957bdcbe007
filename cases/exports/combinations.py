"""disclosed case → one that tells nobody apart: at most three of age, sex, month and prefecture of one person leave together.

The age goes first. That somebody is a minor stays, since it is what a reader must know; then the prefecture becomes a province,
in fields and in texts.
"""

from collections.abc import Sequence

import msgspec

from cases.disclosure import DisclosedCase, DisclosedPlace, DisclosedVictim, Policy
from cases.exports.geography import area_of, province_of
from cases.masking import Mask, places_mask
from cases.model import Place

_MONTH = frozenset({"day", "few_days", "week", "month"})


def spared(case: DisclosedCase, policy: Policy) -> DisclosedCase:
    """Widen a case until nobody in it is told by four traits, unless the policy lets names or towns out anyway."""
    if policy.names or policy.exact_places or not any(_points_at(one, case) for one in case.victims):
        return case
    victims = tuple(msgspec.structs.replace(one, age=None) for one in case.victims)
    ageless = msgspec.structs.replace(case, victims=victims)
    return _widened(ageless) if any(_points_at(one, ageless) for one in victims) else ageless


def _points_at(victim: DisclosedVictim, case: DisclosedCase) -> bool:
    return (
        victim.sex is not None
        and (victim.age is not None or victim.minor is True)
        and any(event.precision in _MONTH for event in case.events)
        and any(place.level == "prefecture" for place in case.places)
    )


def _widened(case: DisclosedCase) -> DisclosedCase:
    narrow = [place for place in case.places if place.level == "prefecture"]
    wide = [place if place.level != "prefecture" else _province(place) for place in case.places]
    mask = _mask(narrow)
    return msgspec.structs.replace(
        case,
        places=tuple(dict.fromkeys(place for place in wide if place is not None)),
        authorities=tuple(msgspec.structs.replace(one, name=mask(one.name)) for one in case.authorities),
        legal_bases=tuple(
            msgspec.structs.replace(one, instrument=mask(one.instrument), invoked_by=_masked(mask, one.invoked_by))
            for one in case.legal_bases
        ),
        stated_reason=_masked(mask, case.stated_reason),
        state_label=_masked(mask, case.state_label),
        sources=tuple(msgspec.structs.replace(one, title=mask(one.title)) for one in case.sources),
        conflicts=tuple(one for one in case.conflicts if not one.field.startswith("places")),
    )


def _province(place: DisclosedPlace) -> DisclosedPlace | None:
    row = province_of(place)
    name = row.name if row else next(iter(place.parents[-1:]), None)
    return None if name is None else msgspec.structs.replace(place, name=name, parents=(), level="province")


def _masked(mask: Mask, text: str | None) -> str | None:
    return mask(text) if text else text


def _mask(places: Sequence[DisclosedPlace]) -> Mask:
    """Mask the names of prefectures, in every script, by their province; also where they stand for a smaller place already."""
    provinces = {one.name: wide.name if (wide := _province(one)) else None for one in places}
    named = [Place(role=one.role, name=one.name, level="prefecture", gazetteer_id=_row_id(one)) for one in places]
    spoken = places_mask(named, lambda place: provinces[place.name])

    def lay(text: str) -> str:
        for name, province in provinces.items():
            text = text.replace(f"[place in {name}]", f"[place in {province}]" if province else "[place withheld]")
        return spoken(text)

    return lay


def _row_id(place: DisclosedPlace) -> str | None:
    row = area_of(place)
    return row.id if row else None
