"""effects → register: what one version of an article does to the cases, inside the transaction that keeps it.

The decision was made on cases as they stood a moment ago. Here they are locked, and the merged report is made again of the
tellings that are there now: two articles kept at the same time cannot undo one another.
"""

import os
from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from cases.errors import StoreError
from cases.identity import case_number, uuid7
from cases.merging import whole
from cases.model import Report
from cases.register import Case, CaseStatus, ChangeKind, Joined, Opened, Unsure
from cases.retelling import changed_fields
from cases.store.database import upserting
from cases.store.files import index_case, load_cases, next_ordinal
from cases.store.merged import members, standing
from cases.store.register import CaseChange, revise
from cases.store.schema import case_change, case_file, case_revision, case_suggestion, telling

Effect = Opened | Joined | Unsure
_Step = tuple[int, str, ChangeKind, tuple[str, ...]]
"""Id of the change, case, kind, fields."""


def apply_effects(
    connection: Connection,
    effects: Sequence[Effect],
    article_id: int,
    version_id: int,
    *,
    now: datetime,
    quiet: bool = False,
) -> tuple[CaseChange, ...]:
    """Write the tellings of an article's version in place of its earlier ones; gives every change to a case.

    ``quiet`` is for what nobody has published anew: of that the digests are told what no longer holds, and nothing else.
    """
    mine = (telling.c.article_id == article_id) & telling.c.current
    told_before = set(standing(connection, connection.scalars(select(telling.c.case_id).where(mine)).all()))
    effects = [_standing(connection, _unannounced(effect) if quiet else effect) for effect in effects]
    joined = {effect.case_id: effect for effect in effects if isinstance(effect, Joined)}
    before = _locked(connection, told_before | joined.keys())
    if missing := joined.keys() - before.keys():
        raise StoreError(f"case: the article is to join {', '.join(sorted(missing))}, which this store does not hold")
    connection.execute(update(telling).where(mine).values(current=False))
    case_ids = [effect.case_id if isinstance(effect, Joined) else new_id(now) for effect in effects]
    steps: list[_Step] = []
    for effect, case_id in zip(effects, case_ids, strict=True):
        if not isinstance(effect, Joined):
            steps.append(open_case(connection, effect, case_id, version_id, now=now))
        elif effect.others:
            _suggest(connection, case_id, effect.others, now)
    _tell(connection, effects, case_ids, article_id, version_id, now=now)
    after = load_cases(connection, tuple(dict.fromkeys((*before, *case_ids))))
    for case_id, case in after.items():
        index_case(connection, case_id, case.tellings)
        if case_id in before:
            edited = case_id in told_before
            steps += _go_on(connection, before[case_id], case, joined.get(case_id), version_id, edited=edited, now=now)
    changes = _changes(connection, steps, now)
    if quiet:
        _forget_news(connection, changes)
    return changes


def _forget_news(connection: Connection, changes: Sequence[CaseChange]) -> None:
    """Let no digest tell these changes, but for those by which something no longer holds that one may have told."""
    news = [change.id for change in changes if change.kind not in _TOLD_QUIETLY]
    connection.execute(delete(case_change).where(case_change.c.id.in_(news)))


_TOLD_QUIETLY = frozenset({"corrected", "withdrawn"})
_KINDS_QUIETLY: dict[ChangeKind, ChangeKind] = {
    "new": "backfilled",
    "updated": "corrected",
    "corroborated": "repeated",
}


def _unannounced(effect: Effect) -> Effect:
    """Take out of an effect what would be told as news."""
    if isinstance(effect, Joined):
        return msgspec.structs.replace(effect, change=_KINDS_QUIETLY.get(effect.change, effect.change))
    return msgspec.structs.replace(effect, announce=False)


def _locked(connection: Connection, case_ids: Collection[str]) -> dict[str, Case]:
    """Read cases and hold them until the end of the transaction, in one order for everybody."""
    ordered = sorted(case_ids)
    connection.execute(
        select(case_file.c.id)
        .where(case_file.c.id.in_(ordered))
        .order_by(case_file.c.id)
        .with_for_update(key_share=True)
    ).all()
    return load_cases(connection, ordered)


def _standing(connection: Connection, effect: Effect) -> Effect:
    """Let a telling join the case that stands for the one it was decided to join."""
    if not isinstance(effect, Joined):
        return effect
    return msgspec.structs.replace(effect, case_id=standing(connection, (effect.case_id,))[0])


def new_id(now: datetime) -> str:
    """Give the id of a case that is opened now."""
    return uuid7(now, os.urandom(10))


def open_case(
    connection: Connection, effect: Opened | Unsure, case_id: str, version_id: int | None, *, now: datetime
) -> _Step:
    """Open a case under the next number of the year, with its first revision."""
    kind: ChangeKind = "new" if effect.announce else "backfilled"
    connection.execute(
        insert(case_file).values(
            id=case_id,
            number=case_number(now.year, next_ordinal(connection, now.year)),
            revision=1,
            status=CaseStatus.NEW.value,
            announce=effect.announce,
            from_state=effect.report.from_state,
            to_state=effect.report.to_state,
            opened_at=now,
            changed_at=now,
            report=effect.report,
        )
    )
    step = {"case_id": case_id, "revision": 1, "kind": kind, "changed_fields": (), "at": now}
    connection.execute(insert(case_revision).values(report=effect.report, **step))
    if isinstance(effect, Unsure):
        _suggest(connection, case_id, effect.candidates, now)
    added = insert(case_change).values(version_id=version_id, **step).returning(case_change.c.id)
    return int(connection.execute(added).scalar_one()), case_id, kind, ()


def _suggest(connection: Connection, case_id: str, others: Sequence[str], now: datetime) -> None:
    """Keep the pairs that a person should look at; a case that is gone meanwhile makes none."""
    known = connection.scalars(select(case_file.c.id).where(case_file.c.id.in_(others))).all()
    pairs = [{"case_id": case_id, "other_id": other, "at": now} for other in sorted(known)]
    if pairs:
        connection.execute(upserting(connection, case_suggestion).on_conflict_do_nothing(), pairs)


def _tell(
    connection: Connection,
    effects: Sequence[Effect],
    case_ids: Sequence[str],
    article_id: int,
    version_id: int,
    *,
    now: datetime,
) -> None:
    rows = [
        {
            "case_id": case_id,
            "article_id": article_id,
            "version_id": version_id,
            "position": position,
            "report": effect.report,
            "current": True,
            "added_at": now,
        }
        for position, (effect, case_id) in enumerate(zip(effects, case_ids, strict=True))
    ]
    if rows:
        connection.execute(insert(telling), rows)


def _go_on(
    connection: Connection,
    before: Case,
    after: Case,
    effect: Joined | None,
    version_id: int,
    *,
    edited: bool,
    now: datetime,
) -> list[_Step]:
    """Write what happened to a case that was known; an edit that changed nothing of it leaves no trace."""
    case = msgspec.structs.replace(after, report=whole(after.tellings, after.corrections))
    if effect is not None:
        kind, fields = effect.change, effect.changed_fields
    else:
        kind, fields = _without_article(before, case.report, is_told=_is_told(connection, case.id))
    if kind == "repeated" and edited:
        connection.execute(update(case_file).where(case_file.c.id == case.id).values(report=case.report))
        return []
    return [(revise(connection, case, kind, fields, now=now, version_id=version_id), case.id, kind, fields)]


def _without_article(before: Case, after: Report, *, is_told: bool) -> tuple[ChangeKind, tuple[str, ...]]:
    """Say what it means that the article tells the case no more: withdrawn when nobody else does."""
    if not is_told:
        return "withdrawn", ()
    return "corrected", (*changed_fields(before.report, after), "reports")


def _is_told(connection: Connection, case_id: str) -> bool:
    group = tuple(members(connection, (case_id,)))
    told = select(telling.c.id).where(telling.c.case_id.in_(group), telling.c.current).limit(1)
    return connection.scalar(told) is not None


def _changes(connection: Connection, steps: Sequence[_Step], now: datetime) -> tuple[CaseChange, ...]:
    cases = load_cases(connection, tuple(dict.fromkeys(case_id for _, case_id, _, _ in steps)))
    return tuple(
        CaseChange(
            id=change_id,
            case=cases[case_id],
            kind=kind,
            revision=cases[case_id].revision,
            changed_fields=fields,
            at=now,
        )
        for change_id, case_id, kind, fields in sorted(steps)
    )
