"""case ids → those that a person said are not the same: remembered for good, whatever stands in what by now."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, or_, select

from cases.store.database import in_batches
from cases.store.merged import members, standing
from cases.store.schema import case_apart


def kept_apart(connection: Connection, ids: Collection[str]) -> frozenset[str]:
    """Give the standing cases that a person said are not the same as one of these."""
    return frozenset().union(*apart_from(connection, members(connection, ids)).values()) - set(ids)


def apart_from(connection: Connection, stands_in: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    """Give for each case that stands those that it is not; ``stands_in`` leads from every case to the one that stands for it.

    What was said of a case that was merged since is said of the whole; of two that were merged in spite of it, nothing is left.
    """
    pairs = {pair for some in in_batches(stands_in) for pair in _pairs(connection, some)}
    leads = {one: standing(connection, (one,))[0] for one in {one for pair in pairs for one in pair} - stands_in.keys()}
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        for mine, theirs in ((one, other), (other, one)):
            if mine in stands_in:
                found[stands_in[mine]].add(stands_in.get(theirs) or leads[theirs])
    return {one: frozenset(others - {one}) for one, others in found.items()}


def _pairs(connection: Connection, ids: Collection[str]) -> set[tuple[str, str]]:
    concerned = or_(case_apart.c.case_id.in_(ids), case_apart.c.other_id.in_(ids))
    return {(row.case_id, row.other_id) for row in connection.execute(select(case_apart).where(concerned))}
