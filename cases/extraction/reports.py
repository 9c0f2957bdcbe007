"""story → report: the values of one act put together, each with the sentence that says it."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from cases.extraction.chronology import events_of
from cases.extraction.circumstances import (
    authorities_of,
    collateral_of,
    legal_bases_of,
    outcome_of,
    state_label_of,
    stated_reason_of,
)
from cases.extraction.dates import resolve
from cases.extraction.direction import Direction, direction_of
from cases.extraction.events import Reading
from cases.extraction.kinship import telling, tied
from cases.extraction.people import informants_of, persons_of, relation_of
from cases.extraction.roles import Ends
from cases.extraction.said import Said
from cases.extraction.scenes import places_of
from cases.extraction.sentences import Sentence
from cases.extraction.series import Part
from cases.extraction.story import Story
from cases.extraction.victims import victims_of
from cases.model import Event, Evidence, Informant, Mention, Persons, Place, Report, Victim

_MASS_FROM = 20
_BACKGROUND_AFTER_YEARS = 2
T = TypeVar("T")


def report_of(
    story: Story, reading: Reading, *, before: Sequence[Said[Place]], first: bool, beside: Sequence[Sentence] = ()
) -> Report:
    """Put together what the article says of one act; ``before`` are the places of the story told before it.

    ``beside`` are the sentences of an article that tells of this act alone.
    """
    direction = direction_of(story, reading.sentences)
    whole = story.widened(beside)
    returned = tuple(_with_nationality(victim, direction) for victim in victims_of(whole))
    victims, informants = tied(returned, informants_of(story, returned))
    mention = _mention(story, first=first)
    around = reading.sentences if mention is Mention.PRIMARY else story.sentences
    single: dict[str, Said[Any] | None] = {
        "from_state": direction.origin,
        "to_state": direction.destination,
        "risk_state": direction.risk,
        "persons": persons_of(story),
        "stated_reason": stated_reason_of(story),
        "state_label": state_label_of(around),
        "outcome": outcome_of(whole),
    }
    listed: dict[str, tuple[Said[Any], ...]] = {
        "events": events_of(whole, destination=_ends(direction).destination),
        "places": places_of(story, before, _ends(direction), beside=beside),
        "authorities": authorities_of(story, direction.origin.value if direction.origin else None),
        "legal_bases": legal_bases_of(around),
        "informants": informants,
        "collateral": collateral_of(story, victims),
    }
    told = Report(
        mention=mention,
        stage=story.stage,
        assertion="attributed" if _is_attributed(story) else "asserted",
        multiplicity=_multiplicity(story, single["persons"]),
        victims=victims,
        evidence=(
            *_stage_evidence(story),
            *_evidence(single, listed),
            *_victim_evidence(story, victims, direction, informants),
        ),
    )
    values: dict[str, Any] = {name: said.value if said else None for name, said in single.items()}
    values |= {name: tuple(said.value for said in every) for name, every in listed.items()}
    return msgspec.structs.replace(told, **values)


def _ends(direction: Direction) -> Ends:
    arrival = direction.risk or direction.destination
    return Ends(
        origin=direction.origin.value if direction.origin else None, destination=arrival.value if arrival else None
    )


def ends_of(report: Report) -> Ends:
    """Give the States that a report's return leads from and to."""
    return Ends(origin=report.from_state, destination=report.risk_state or report.to_state)


def split(report: Report, parts: Sequence[Part]) -> tuple[Report, ...]:
    """Give a report for each part of a list of returns, with its own number, day and places; all else is as told of all."""
    return tuple(_part(report, part) for part in parts) if len(parts) > 1 else (report,)


def _part(report: Report, part: Part) -> Report:
    start, end, precision = resolve(part.date, previous=None)
    day = Event(type="return", start=start, end=end, precision=precision, raw=part.date.raw, anchor=part.date.anchor)
    places = tuple(
        Place(
            role="crossing",
            name=mention.name,
            parents=mention.parents,
            country=mention.country,
            level=mention.level,
            gazetteer_id=mention.gazetteer_id,
            raw=mention.raw,
        )
        for mention in part.places
    )
    paths = ("persons", "events[0]", *(f"places[{number}]" for number in range(len(places))))
    kept = [one for one in report.evidence if one.field.partition("[")[0] not in {"persons", "events", "places"}]
    return msgspec.structs.replace(
        report,
        persons=part.persons,
        multiplicity="mass" if part.persons.min >= _MASS_FROM else "group",
        events=(day,),
        places=places,
        evidence=(*kept, *(part.sentence.evidence(path) for path in paths)),
    )


def _stage_evidence(story: Story) -> tuple[Evidence, ...]:
    """Give the first sentence that tells how far it has gone: one of the text, if any does, for a headline is read anyway."""
    stage = story.stage
    telling = [act.sentence for act in story.acts if act.stage is stage] or list(story.core)
    return (min(telling, key=lambda sentence: sentence.is_title).evidence("stage"),)


def _evidence(
    single: Mapping[str, Said[Any] | None], listed: Mapping[str, Sequence[Said[Any]]]
) -> tuple[Evidence, ...]:
    """Name the sentence of every value by the path under which the contract shows it."""
    paths = {"from_state": "from", "to_state": "to"}
    ones = [said.sentence.evidence(paths.get(name, name)) for name, said in single.items() if said]
    many = [
        sentence.evidence(f"{name}[{place}]")
        for name, values in listed.items()
        for place, said in enumerate(values)
        for sentence in (said.sentence, said.beside)
        if sentence is not None
    ]
    return (*ones, *many)


def _victim_evidence(
    story: Story, victims: Sequence[Victim], direction: Direction, informants: Sequence[Said[Informant]]
) -> tuple[Evidence, ...]:
    """Show for each value of a victim the first sentence of the story that says it."""
    found: list[Evidence] = []
    for place, victim in enumerate(victims):
        tellers: dict[str, Sentence | None] = {
            "name": _naming(story, victim.name) if victim.name else None,
            "sex": story.acts[0].sentence if victim.sex else None,
            "age": next((one for one in story.core if one.ages), None) if victim.age else None,
            "pregnant": next((one for one in story.sentences if one.words("pregnant")), None)
            if victim.pregnant
            else None,
            "nationality": direction.nationality.sentence if victim.nationality and direction.nationality else None,
            "relation": said.sentence
            if victim.relation and (said := relation_of(story))
            else telling(victim, informants),
        }
        found += [one.evidence(f"victims[{place}].{name}") for name, one in tellers.items() if one is not None]
    return tuple(found)


def _naming(story: Story, name: str) -> Sentence | None:
    return next((one for one in (*story.core, *story.sentences) if any(said.name == name for said in one.names)), None)


def _with_nationality(victim: Victim, direction: Direction) -> Victim:
    if direction.nationality is None:
        return victim
    return msgspec.structs.replace(victim, nationality=direction.nationality.value)


def _mention(story: Story, *, first: bool) -> Mention:
    """Say what the story is to its article: its own matter, told beside it, or reported before."""
    if any(sentence.cue("previously") for sentence in story.core):
        return Mention.PREVIOUSLY_REPORTED
    if first:
        return Mention.PRIMARY
    published = story.core[0].article.published
    years = story.years()
    if published and years and published.year - max(years) > _BACKGROUND_AFTER_YEARS and not story.names():
        return Mention.BACKGROUND
    in_passing = len(story.core) == 1 and not story.names() and not years
    return Mention.SECONDARY if in_passing else Mention.PRIMARY


def _is_attributed(story: Story) -> bool:
    return all(act.cues.has("attributed", "hearsay") for act in story.acts)


def _multiplicity(story: Story, persons: Said[Persons] | None) -> Any:  # noqa: ANN401 - a literal of the model
    if persons is None:
        return "group" if any(act.patient.vague for act in story.acts) else None
    if any(count.family for one in story.core for count in one.counts):
        return "family"
    if persons.value.max == 1:
        return "individual"
    return "mass" if persons.value.min >= _MASS_FROM else "group"
