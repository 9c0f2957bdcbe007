"""batch → JSON after the Events Standard Formats of HURIDOCS: the event, its acts, and persons in their roles.

``fields`` gives the number of each field in the standard. The violation is always of unknown status: reports are no findings.
"""

from typing import Any

import msgspec

from cases.disclosure import DisclosedAuthority, DisclosedCase, DisclosedEvent, DisclosedPlace, DisclosedVictim
from cases.exports import codes
from cases.exports.batch import Batch
from cases.exports.rows import act_of
from cases.model import Stage

FIELDS = {
    "event.title": "0102",
    "event.places": "0111",
    "event.first_date": "0113",
    "event.last_date": "0114",
    "event.violation_status": "0151",
    "event.received": "0160",
    "event.monitoring_status": "0172",
    "persons.name": "0903",
    "persons.sex": "0915",
    "persons.citizenship": "0941",
    "persons.characteristics": "0944",
    "event.persons": "0931",
    "event.unit": "0902",
    "acts.type": "2109",
    "acts.first_date": "2111",
    "acts.last_date": "2121",
    "acts.stated_reason": "2113",
    "acts.age": "2118",
    "acts.status_at_end": "2123",
    "acts.instruments": "2155",
    "involvement.degree": "2409",
    "involvement.type": "2412",
    "information.connection": "2509",
    "information.lang": "2510",
    "information.published": "2511",
}
_DONE = frozenset({Stage.COMPLETED, Stage.INDIRECT_COMPLETED})


def as_json(batch: Batch) -> bytes:
    """Write the cases as one JSON document."""
    document = {"withheld": batch.notice, "fields": FIELDS, "cases": [documented(case) for case in batch.cases]}
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def documented(case: DisclosedCase) -> dict[str, Any]:
    """Give one case with its event, acts, persons, involvements and sources."""
    return {
        "case": case.number,
        "revision": case.revision,
        "event": _event(case),
        "acts": [_return(case), *(_act(event) for event in case.events if event.type in codes.ACTS)],
        "persons": [_person(victim) for victim in case.victims],
        "involvement": [_involvement(authority) for authority in case.authorities],
        "information": [
            *(
                {
                    "connection": codes.REPORTER,
                    "outlet": source.source_title,
                    "title": source.title,
                    "url": source.url,
                    "url_shortened": source.url_shortened,
                    "published": source.published,
                    "lang": source.lang,
                    "origin": source.origin,
                    "reprint_of": source.reprint_of,
                    "grade": source.grade,
                }
                for source in case.sources
            ),
            *(
                {"connection": codes.INFORMANTS.get(one.kind, codes.THIRD_PARTY), "name": one.name}
                for one in case.informants
            ),
        ],
        "independent_origins": case.origins,
        "corroboration": case.corroboration,
        "conflicts": case.conflicts,
    }


def _event(case: DisclosedCase) -> dict[str, Any]:
    act = act_of(case)
    route = f"{case.from_state or '?'} to {case.to_state or '?'}"
    return {
        "title": f"Case {case.number}: report of a forced return from {route}",
        "stage": codes.worded(case.stage.value),
        "sending": case.from_state,
        "destination": case.to_state,
        "risk": case.risk_state,
        "assertion": codes.worded(case.assertion),
        "unit": codes.worded(case.multiplicity) if case.multiplicity else None,
        "persons": case.persons,
        "places": [_place(place) for place in case.places],
        "first_date": act.start if act else None,
        "last_date": act.end if act else None,
        "date_precision": act.precision if act else None,
        "violation_status": codes.UNKNOWN_STATUS,
        "monitoring_status": codes.worded(case.status),
        "received": case.opened_at.date(),
    }


def _return(case: DisclosedCase) -> dict[str, Any]:
    event = next((one for one in case.events if one.type == "return"), None)
    told = case.outcome.value if case.outcome else None
    end = codes.OUTCOMES.get(told, codes.worded(told)) if told else codes.RETURNED if case.stage in _DONE else None
    return {
        "type": codes.EXPULSION,
        "alleged_as": codes.REFOULEMENT,
        **_dates(event),
        "stated_reason": case.stated_reason,
        "state_label": case.state_label,
        "status_at_end": end,
        "status_known_on": case.outcome.as_of if case.outcome else None,
        "instruments": [
            {**msgspec.structs.asdict(codes.instrument(one.instrument)), "invoked_by": one.invoked_by}
            for one in case.legal_bases
        ],
    }


def _act(event: DisclosedEvent) -> dict[str, Any]:
    return {"type": codes.ACTS[event.type], **_dates(event)}


def _dates(event: DisclosedEvent | None) -> dict[str, Any]:
    if event is None:
        return {"first_date": None, "last_date": None, "date_precision": None}
    return {"first_date": event.start, "last_date": event.end, "date_precision": event.precision}


def _place(place: DisclosedPlace) -> dict[str, Any]:
    named = {"name": place.name, "within": place.parents, "country": place.country}
    return {"role": codes.worded(place.role), **named, "precision": place.level}


def _person(victim: DisclosedVictim) -> dict[str, Any]:
    traits = [codes.CHILDREN] if victim.minor else []
    return {
        "role": codes.worded("victim"),
        "label": victim.label,
        "name": victim.name,
        "sex": codes.worded(victim.sex) if victim.sex else None,
        "age": victim.age,
        "citizenship": victim.nationality,
        "characteristics": [*traits, codes.PREGNANT] if victim.pregnant else traits,
    }


def _involvement(authority: DisclosedAuthority) -> dict[str, Any]:
    return {
        "role": codes.worded("perpetrator"),
        "name": authority.name,
        "type": codes.PERPETRATORS.get(authority.type, codes.worded(authority.type)),
        "country": authority.country,
        "degree": codes.SUSPECTED,
    }
