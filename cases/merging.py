"""tellings → one report: the case as a whole.

The result depends on which tellings there are, never on the order in which they came.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import msgspec

from cases.corrections import corrected
from cases.model import Event, Mention, Outcome, Persons, Place, Report, Stage, Victim
from cases.register import Correction, Telling
from cases.spans import span_of
from cases.whereabouts import LEVELS

FINAL = frozenset({Stage.COMPLETED, Stage.INDIRECT_COMPLETED, Stage.AVERTED, Stage.DEATH_BEFORE_RETURN})
ASIDE = frozenset({Mention.BACKGROUND, Mention.PREVIOUSLY_REPORTED, Mention.REFERENCE})
"""Mentions that tell nothing of their own: they neither announce nor corroborate."""

_MENTIONS = tuple(Mention)
_ASSERTIONS = ("asserted", "attributed", "alleged", "hypothetical", "denied")
_UNDATED = datetime(1, 1, 1, tzinfo=UTC)

T = TypeVar("T")


def in_order(tellings: Iterable[Telling]) -> tuple[Telling, ...]:
    """Sort tellings by publication, undated ones first; equal dates by address and content."""
    return tuple(sorted(tellings, key=_key))


def _key(telling: Telling) -> tuple[datetime, str, bytes]:
    return telling.published or _UNDATED, telling.url, msgspec.json.encode(telling.report)


def whole(tellings: Sequence[Telling], corrections: Iterable[Correction] = ()) -> Report:
    """Make the report of a case: what its tellings say together, and above that what a person has corrected."""
    return corrected(merge(tellings), corrections)


def merge(tellings: Sequence[Telling]) -> Report:
    """Make one report of all tellings: of each field the best-supported value, never an average or a sum.

    Stage and outcome: the latest known, and what is final stays. Persons: the lowest figure told, as told. Dates and
    places: the most precise telling of each kind. Evidence stays with one telling, whose text its offsets count in.
    Mentions in passing count only where nothing else is told. Raises ValueError without tellings.
    """
    if not tellings:
        raise ValueError("a case without tellings cannot be merged")
    reports = [telling.report for telling in speaking(in_order(tellings))]
    lead = max(reports, key=_detail)
    return Report(
        mention=min((report.mention for report in reports), key=_MENTIONS.index),
        stage=_stage(reports),
        from_state=_most_told(report.from_state for report in reports),
        to_state=_most_told(report.to_state for report in reports),
        risk_state=_most_told(report.risk_state for report in reports),
        assertion=min((report.assertion for report in reports), key=_ASSERTIONS.index),
        multiplicity=lead.multiplicity or _most_told(report.multiplicity for report in reports),
        persons=_persons(reports),
        victims=_victims(reports),
        events=_events(reports),
        places=_places(reports),
        authorities=_united((report.authorities for report in reports), lambda one: one.name.casefold()),
        legal_bases=_united((report.legal_bases for report in reports), lambda one: one.instrument.casefold()),
        stated_reason=_most_told(report.stated_reason for report in reports),
        state_label=_most_told(report.state_label for report in reports),
        outcome=_outcome(reports),
        informants=_united((report.informants for report in reports), msgspec.json.encode),
        collateral=max((report.collateral for report in reports), key=len),
        evidence=lead.evidence,
    )


def speaking(tellings: Sequence[Telling]) -> Sequence[Telling]:
    """Give those that tell the case for its own sake; all of them when none does."""
    return [telling for telling in tellings if telling.report.mention not in ASIDE] or tellings


def _detail(report: Report) -> tuple[int, int]:
    """Say how much a report tells: filled fields, then pieces."""
    pieces = (report.victims, report.events, report.places, report.authorities, report.evidence)
    filled = [report.persons, report.outcome, report.from_state, report.to_state, *pieces]
    return sum(bool(value) for value in filled), sum(len(piece) for piece in pieces)


def _stage(reports: Sequence[Report]) -> Stage:
    known = [report.stage for report in reports if report.stage != Stage.UNKNOWN]
    final = [stage for stage in known if stage in FINAL]
    settled = final or known
    return settled[-1] if settled else Stage.UNKNOWN


def _outcome(reports: Sequence[Report]) -> Outcome | None:
    """Give what was known last; that the fate is unknown says less than anything else."""
    told = [report.outcome for report in reports if report.outcome is not None]
    telling = [outcome for outcome in told if outcome.value != "fate_unknown"] or told
    dated = [outcome for outcome in telling if outcome.as_of is not None]
    if dated:
        return max(dated, key=lambda outcome: outcome.as_of or date.min)
    return telling[-1] if telling else None


def _persons(reports: Sequence[Report]) -> Persons | None:
    counts = [report.persons for report in reports if report.persons is not None]
    return min(counts, key=_figure, default=None)


def _figure(persons: Persons) -> tuple[int, bool, int]:
    return persons.min, persons.max is None, persons.max or 0


def _most_told(values: Iterable[T | None]) -> T | None:
    """Give what most reports say; of equals what was said first."""
    told = [value for value in values if value is not None]
    return max(told, key=told.count, default=None)


def _united(groups: Iterable[Sequence[T]], key: Callable[[T], object]) -> tuple[T, ...]:
    """Give everything that any report says, once, in the order first said."""
    first: dict[object, T] = {}
    for group in groups:
        for item in group:
            first.setdefault(key(item), item)
    return tuple(first.values())


def _victims(reports: Sequence[Report]) -> tuple[Victim, ...]:
    """Give the fullest list of victims; a single one is completed from tellings that know one victim too."""
    fullest = max((report.victims for report in reports), key=lambda victims: (len(victims), _told_of(victims)))
    if len(fullest) != 1:
        return fullest
    others = [report.victims[0] for report in reports if len(report.victims) == 1]
    missing = {
        name: _most_told(getattr(victim, name) for victim in others)
        for name in fullest[0].__struct_fields__
        if getattr(fullest[0], name) is None and name not in {"name", "pseudonym"}
    }
    return (msgspec.structs.replace(fullest[0], **missing),)


def _told_of(victims: Sequence[Victim]) -> int:
    return sum(value is not None for victim in victims for value in msgspec.structs.astuple(victim))


def _events(reports: Sequence[Report]) -> tuple[Event, ...]:
    """Give the events of each type from the report that dates that type best."""
    types = dict.fromkeys(event.type for report in reports for event in report.events)
    best = [_best([of_type(report.events, kind) for report in reports], _vagueness) for kind in types]
    return tuple(sorted((event for events in best for event in events), key=lambda event: event.start or date.max))


def of_type(events: Sequence[Event], kind: str) -> tuple[Event, ...]:
    """Give the events of one type."""
    return tuple(event for event in events if event.type == kind)


def _vagueness(event: Event) -> int:
    span = span_of(event)
    return span.days if span else date.max.toordinal()


def _places(reports: Sequence[Report]) -> tuple[Place, ...]:
    """Give the places of each role from the report that is most precise about that role."""
    roles = dict.fromkeys(place.role for report in reports for place in report.places)
    best = [
        _best([tuple(place for place in report.places if place.role == role) for report in reports], _coarseness)
        for role in roles
    ]
    return tuple(place for places in best for place in places)


def _coarseness(place: Place) -> tuple[int, bool, int]:
    level = len(LEVELS) if place.level is None else LEVELS.index(place.level)
    return level, place.inherited, -len(place.parents)


def _best(groups: Sequence[tuple[T, ...]], badness: Callable[[T], Any]) -> tuple[T, ...]:
    return min((group for group in groups if group), key=lambda group: min(badness(item) for item in group))
