"""disclosed case → one row: where, when, who sends whom where and how many, in columns that other event data have too."""

from datetime import date

from cases.disclosure import DisclosedCase, DisclosedConflict, DisclosedEvent, DisclosedPlace
from cases.model import EventType, PlaceRole, Value

_ACTS: tuple[EventType, ...] = (
    "return",
    "transfer",
    "arrest",
    "detention",
    "police_visit",
    "last_contact",
    "death",
    "release",
)
"""Events of the act, the one that dates it first; flight and arrival lie before it, a media report behind."""
_SCENES: tuple[PlaceRole, ...] = ("arrest", "held", "crossing", "transfer", "residence")
"""Places of the act, the one that stands for it first; origin and destination are told by the States."""


class Row(Value, frozen=True, kw_only=True):
    """One case at its present revision."""

    case_no: str
    rev: int
    status: str
    stage: str
    sending: str | None
    destination: str | None
    count_min: int | None
    count_max: int | None
    qualifier: str | None
    date_start: date | None
    date_end: date | None
    time_precision: str | None
    place: str | None
    geo_precision: str | None
    sources: str
    independent_sources: int
    assertion: str
    conflicts: str
    url: str


COLUMNS = Row.__struct_fields__


def row(case: DisclosedCase) -> Row:
    """Give a case as a row. Of several events and places it shows the one that dates or places the act."""
    event, place, count = act_of(case), scene_of(case), case.persons
    return Row(
        case_no=case.number,
        rev=case.revision,
        status=case.status,
        stage=case.stage.value,
        sending=case.from_state,
        destination=case.to_state,
        count_min=count.min if count else None,
        count_max=count.max if count else None,
        qualifier=count.qualifier if count else None,
        date_start=event.start if event else None,
        date_end=event.end if event else None,
        time_precision=event.precision if event else None,
        place=spelt(place) if place else None,
        geo_precision=place.level if place else None,
        sources="; ".join(dict.fromkeys(source.source_title for source in case.sources)),
        independent_sources=case.origins,
        assertion=case.assertion,
        conflicts="; ".join(map(told, case.conflicts)),
        url=" ".join(dict.fromkeys(source.url for source in case.sources)),
    )


def act_of(case: DisclosedCase) -> DisclosedEvent | None:
    """Give the event that dates the act."""
    of_act = [event for event in case.events if event.type in _ACTS and (event.start or event.end)]
    return min(of_act, key=lambda event: _ACTS.index(event.type), default=None)


def scene_of(case: DisclosedCase) -> DisclosedPlace | None:
    """Give the place that stands for where it happened."""
    scenes = [place for place in case.places if place.role in _SCENES]
    return min(scenes, key=lambda place: _SCENES.index(place.role), default=None)


def spelt(place: DisclosedPlace) -> str:
    """Write a place with those that it lies in."""
    return ", ".join(filter(None, (place.name, *place.parents, place.country)))


def told(conflict: DisclosedConflict) -> str:
    """Write a conflict: the field, and each value with the outlets that give it."""
    claims = " / ".join(f"{claim.value} ({', '.join(claim.sources)})" for claim in conflict.claims)
    return f"{conflict.field}: {claims}"
