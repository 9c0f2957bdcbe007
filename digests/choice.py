"""steps of the register → which cases a digest tells, and as what. Pure.

A reader is told of each case once, as the strongest of what happened to it since the digest before. What they have been shown
is never new to them again, however it comes back; what was passed over before, and passes now, is.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from cases.disclosure import DisclosedCase, Policy, disclose
from cases.model import Stage, Value
from cases.register import Case, CaseStatus, ChangeKind
from cases.store import CaseChange
from digests.filters import Filters, passed_over_by
from digests.material import Material

URGENT_WITHIN = timedelta(days=30)
"""A person in custody or about to be returned is urgent while what was told is younger than this."""

NEW_WITHIN = timedelta(days=31)
"""To a list that has told nothing yet, a case is new while the register has held it for no longer than this."""

_URGENT_STAGES = frozenset({Stage.IMMINENT, Stage.IN_CUSTODY_AT_RISK})

_STRONGEST: tuple[ChangeKind, ...] = (
    "new",
    "backfilled",
    "withdrawn",
    "corrected",
    "updated",
    "corroborated",
    "repeated",
)
"""What several steps of one case are told as: the first of these. What a reader has never seen is new, or old and new."""


class Chosen(Value, frozen=True, kw_only=True):
    """A case that is told, as what, and what may leave of it."""

    case: Case
    change: ChangeKind
    leaves: DisclosedCase
    changed_fields: tuple[str, ...] = ()


def choose(filters: Filters, material: Material, policy: Policy) -> tuple[list[Chosen], Counter[str]]:
    """Give the cases that are told, in the register's order; and how many the filters passed over, by the filter's name."""
    chosen: list[Chosen] = []
    passed_over: Counter[str] = Counter()
    for steps in by_case(material.changes):
        case = steps[-1].case
        leaves = disclose(case, policy)
        if leaves is None:
            continue
        stopped_by = passed_over_by(filters, case, leaves)
        if stopped_by:
            passed_over[stopped_by] += 1
            continue
        change = told_as(steps, material)
        fields = dict.fromkeys(name for step in steps for name in step.changed_fields) if change != "new" else ()
        chosen.append(Chosen(case=case, change=change, leaves=leaves, changed_fields=tuple(fields)))
    return chosen, passed_over


def by_case(changes: Iterable[CaseChange]) -> Iterable[list[CaseChange]]:
    """Give the steps of each case together, cases in the order of their first step."""
    steps: dict[str, list[CaseChange]] = {}
    for change in changes:
        steps.setdefault(change.case.id, []).append(change)
    return steps.values()


def told_as(steps: Sequence[CaseChange], material: Material) -> ChangeKind:
    """Say as what a case is told: as the strongest of its steps, and as new only to those who have not been shown it."""
    case, kind = steps[-1].case, strongest(steps)
    if material.shown is None:
        return kind
    if case.number in material.shown:
        return "updated" if kind == "new" else kind
    young = material.now - case.opened_at <= NEW_WITHIN
    if kind == "new":
        return "new" if young or material.before else "backfilled"
    passed_over_before = kind not in {"backfilled", "withdrawn"}
    return "new" if passed_over_before and young and case.announce else kind


def strongest(steps: Sequence[CaseChange]) -> ChangeKind:
    """Choose what several steps of one case amount to; a new case that is not to be announced counts as an older one."""
    kinds = {step.kind for step in steps}
    kind = min(kinds, key=_STRONGEST.index)
    return "backfilled" if kind == "new" and not steps[-1].case.announce else kind


def withdrawn(material: Material) -> tuple[str, ...]:
    """Give the numbers of cases that a person rejected after they had been told."""
    unseen = {change.case.id for change in material.changes if change.kind in {"new", "backfilled"}}
    numbers = {
        change.case.number: None
        for change in material.changes
        if change.kind == "withdrawn"
        and change.case.status is CaseStatus.REJECTED
        and change.case.id not in unseen
        and (material.shown is None or change.case.number in material.shown)
    }
    return tuple(numbers)


def is_urgent(case: Case, now: datetime) -> bool:
    """Tell whether a person may still be helped: in custody or about to be returned, and not told of long ago.

    The latest of what happened and what was published counts; a case without any date counts as urgent.
    """
    if case.report.stage not in _URGENT_STAGES:
        return False
    days = [end for event in case.report.events for end in (event.end or event.start,) if end is not None]
    days += [telling.published.date() for telling in case.tellings if telling.published is not None]
    return not days or now.date() - max(days) <= URGENT_WITHIN
