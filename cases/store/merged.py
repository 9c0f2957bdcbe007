"""case ids → those that stand, and those that stand in them: a merge moves nothing, it only points."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select

from cases.store.database import in_batches
from cases.store.schema import case_file

_LONGEST_CHAIN = 50
"""Merges into merged cases are refused, so chains come only of later merges; longer ones are a defect."""


def standing(connection: Connection, ids: Iterable[str]) -> tuple[str, ...]:
    """Give for each id the case that stands for it now, itself where it was not merged; each once, in order."""
    wanted = dict.fromkeys(ids)
    into: dict[str, str] = {}
    asked: Collection[str] = tuple(wanted)
    for _ in range(_LONGEST_CHAIN):
        found = _pointers(connection, asked)
        into |= found
        asked = tuple(found.values())
        if not asked:
            break
    return tuple(dict.fromkeys(_end(one, into) for one in wanted))


def members(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Give every case that stands in one of these: its id, and the id of the one it stands in; they themselves too."""
    found = {one: one for one in ids}
    asked: Collection[str] = tuple(found)
    while asked:
        below: dict[str, str] = {}
        for some in in_batches(asked):
            rows = connection.execute(
                select(case_file.c.id, case_file.c.merged_into).where(case_file.c.merged_into.in_(some))
            )
            below |= {row.id: found[row.merged_into] for row in rows if row.id not in found}
        found |= below
        asked = tuple(below)
    return found


def _pointers(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    return {
        row.id: row.merged_into
        for some in in_batches(ids)
        for row in connection.execute(
            select(case_file.c.id, case_file.c.merged_into).where(
                case_file.c.id.in_(some), case_file.c.merged_into.is_not(None)
            )
        )
    }


def _end(one: str, into: dict[str, str]) -> str:
    while one in into:
        one = into[one]
    return one
