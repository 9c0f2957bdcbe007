"""case + telling → change: what one more telling, or an edited one, adds to a case."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from cases.corroboration import counts_overlap, origins
from cases.merging import ASIDE, whole
from cases.model import Persons, Report, Stage
from cases.register import Case, ChangeKind, Joined, Telling
from cases.rereading import is_reprint
from cases.spans import gap, spans
from cases.whereabouts import scenes, within

NEWS_FOR = timedelta(days=31)
"""A case that was first told of longer ago than this is not new, whoever tells of it now."""


def join(case: Case, telling: Telling, *, announce: bool) -> Joined:
    """Give what a telling does to the case it tells; an earlier version of the same telling is replaced."""
    kept = tuple(known for known in case.tellings if known.url != telling.url)
    merged = whole((*kept, telling), case.corrections)
    changed = changed_fields(case.report, merged)
    if len(kept) < len(case.tellings):
        kind = _kind_of_edit(case.report, merged, changed)
    else:
        changed, kind = _kind_of_news(case, telling, merged, changed, announce=announce)
    return Joined(
        report=telling.report,
        case_id=case.id,
        merged=merged,
        change=kind,
        changed_fields=() if kind == "repeated" else changed,
    )


def _kind_of_edit(before: Report, after: Report, changed: Sequence[str]) -> ChangeKind:
    """Tell edits apart: one that says how the act went on updates the case, any other that changes a value corrects it."""
    if not changed:
        return "repeated"
    return "updated" if moved_fields(before, after) & {"stage", "outcome"} else "corrected"


def _kind_of_news(
    case: Case, telling: Telling, merged: Report, changed: tuple[str, ...], *, announce: bool
) -> tuple[tuple[str, ...], ChangeKind]:
    moved = moved_fields(case.report, merged)
    if _disputes_count(case, telling):
        moved |= {"persons"}
        changed = tuple(dict.fromkeys((*changed, "persons")))
    if telling.report.mention in ASIDE or (not changed and any(is_reprint(telling, known) for known in case.tellings)):
        return changed, "repeated"
    if not case.announce and not announce:
        return changed, "backfilled"
    if not case.announce and not _long_told(case, telling):
        return changed, "new"
    if moved:
        return changed, "updated"
    if origins((*case.tellings, telling)) > origins(case.tellings):
        return changed, "corroborated"
    return changed, "updated" if changed else "repeated"


def _long_told(case: Case, telling: Telling) -> bool:
    """Whether a case was in the news so long before this telling that nobody would call it new."""
    days = [known.published for known in case.tellings if known.published is not None]
    return bool(days) and telling.published is not None and telling.published - min(days) > NEWS_FOR


def _disputes_count(case: Case, telling: Telling) -> bool:
    """Whether a telling gives a figure that none before it can be reconciled with."""
    told = [known.report.persons for known in case.tellings if known.report.persons is not None]
    persons = telling.report.persons
    return persons is not None and bool(told) and not any(counts_overlap(persons, one) for one in told)


_MATERIAL = (
    "stage",
    "from_state",
    "to_state",
    "persons",
    "victims",
    "events",
    "places",
    "authorities",
    "outcome",
    "legal_bases",
    "stated_reason",
)
_JSON_NAMES = {"from_state": "from", "to_state": "to"}


def changed_fields(before: Report, after: Report) -> tuple[str, ...]:
    """Name the fields of the contract in which two states of a case differ, wording aside."""
    plain, other = _without_wording(before), _without_wording(after)
    return tuple(_JSON_NAMES.get(name, name) for name in _MATERIAL if getattr(plain, name) != getattr(other, name))


def _without_wording(report: Report) -> Report:
    """Drop what may differ from outlet to outlet without a different fact: printed forms, and names."""
    replace = msgspec.structs.replace
    return replace(
        report,
        persons=report.persons and replace(report.persons, raw=None),
        victims=tuple(
            replace(victim, name=None, relation=None, pseudonym=None, age=victim.age and replace(victim.age, raw=None))
            for victim in report.victims
        ),
        events=tuple(replace(event, raw=None, anchor=None) for event in report.events),
        places=tuple(replace(place, raw=None, inherited=False) for place in report.places),
        outcome=report.outcome and replace(report.outcome, as_of=None),
    )


def moved_fields(before: Report, after: Report) -> set[str]:
    """Name the fields whose new value is not merely a finer form of the old one."""
    moved = set()
    if before.stage not in {after.stage, Stage.UNKNOWN}:
        moved.add("stage")
    if after.outcome and after.outcome.value not in {"fate_unknown", before.outcome and before.outcome.value}:
        moved.add("outcome")
    if _is_other(before.persons, after.persons):
        moved.add("persons")
    if _dates_moved(before, after):
        moved.add("events")
    if any(_left(role, before, after) for role in ("residence", "arrest", "held")):
        moved.add("places")
    return moved


def _is_other(before: Persons | None, after: Persons | None) -> bool:
    return before is not None and after is not None and not counts_overlap(before, after)


def _dates_moved(before: Report, after: Report) -> bool:
    """Whether a day of the act lies outside what was told, or a return, release or death is new."""
    for kind in ("arrest", "detention", "transfer", "return", "release", "death"):
        old, new = spans(before, {kind}), spans(after, {kind})
        if old and new and any(min(gap(span, known) for known in old) > 0 for span in new):
            return True
        if new and not old and kind in {"return", "release", "death"} and before.stage != after.stage:
            return True
    return False


def _left(role: str, before: Report, after: Report) -> bool:
    """Whether a place of a role is told to be elsewhere."""
    old = [place for place in scenes(before) if place.role == role]
    new = [place for place in scenes(after) if place.role == role]
    return bool(old and new) and not any(within(one, other) for one in old for other in new)
