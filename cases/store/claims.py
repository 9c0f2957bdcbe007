"""due and requested sources → claims, and claims → conclusions: who crawls what next, and what came of it.

A claim costs the same however many sources there are: it looks at the open requests, then walks the index of due times from
its front, until it has as many hosts as were asked for. Functions on an open transaction; ``SourceBook`` is their door.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, or_, select, update

from cases.ledger import Run, Trigger
from cases.model import Value
from cases.store.database import in_batches
from cases.store.runs import Validators, answer_requests, keep_runs, keep_validators
from cases.store.schema import crawl_request, crawl_request_source
from cases.store.schema import source as source_table

_MARGIN = 8


class Claim(Value, frozen=True, kw_only=True):
    """The right to crawl one source until the lease ends."""

    source: str
    trigger: Trigger
    request_id: int | None = None
    """The oldest open request that this crawl answers."""
    since: datetime | None = None
    """How far back the person who asked wants to go; ``None`` leaves it to the source."""
    failures: float = 0.0
    """Weighted failures since the last success, from which the next back-off is computed."""
    every_s: int = 0
    """Time between two visits, as configured."""
    interval_s: int | None = None
    """Time between two visits, as learned; ``None`` before anything was."""
    host: str = ""


class Conclusion(Value, frozen=True, kw_only=True):
    """What is left when a claimed source was visited: kept, and the source given back, in one transaction."""

    run: Run
    next_due: datetime
    failures: float
    interval_s: int | None = None
    request_id: int | None = None
    remembered: Mapping[str, Validators] = msgspec.field(default_factory=dict)
    """What the visit learned of addresses, where it was not kept on the way."""


class Wanted(Value, frozen=True, kw_only=True):
    """Which of the sources that are due or were asked for are meant; by default all of them."""

    request_id: int | None = None
    """Only what this request still waits for, due or not."""
    only_asked: bool = False
    """Only what somebody asked for."""
    among: frozenset[str] | None = None
    """Only these sources, by name."""
    but_hosts: frozenset[str] = frozenset()
    """None on these hosts."""


class Candidate(Value, frozen=True, kw_only=True):
    """A source that could be claimed now."""

    source: str
    host: str


def candidates(connection: Connection, n: int, *, now: datetime, wanted: Wanted) -> list[Candidate]:
    """Name at most ``n`` sources to crawl next: free, one a host, and none on a host where a crawl is going on."""
    first_on: dict[str, str] = {}
    for stage in _stages(now, wanted):
        page = None
        while len(first_on) < n and (page is None or len(page) == n + _MARGIN):
            # a full page may hold one busy host over and over: the next leaves out the hosts that have their turn
            other_hosts = source_table.c.host.not_in([*wanted.but_hosts, *first_on])
            page = connection.execute(stage.where(other_hosts).limit(n + _MARGIN)).all()
            for row in page:
                if len(first_on) < n:
                    first_on.setdefault(row.host, row.name)
    return [Candidate(source=name, host=host) for host, name in first_on.items()]


def claim_sources(
    connection: Connection, n: int, *, now: datetime, until: datetime, who: str, wanted: Wanted
) -> list[Claim]:
    """Lease at most ``n`` sources for ``who``, in the order in which they are to be crawled."""
    names = [one.source for one in candidates(connection, n, now=now, wanted=wanted)]
    if not names:
        return []
    leased = connection.execute(
        update(source_table)
        .where(source_table.c.name.in_(names))
        .values(lease_until=until, lease_by=who)
        .returning(source_table)
    ).all()
    asked = _start_requests(connection, names)
    claims = [_claim(row, asked.get(row.name, [])) for row in leased]
    return sorted(claims, key=lambda claim: (claim.request_id is None, claim.source))


def conclude_visits(connection: Connection, conclusions: Sequence[Conclusion], *, who: str) -> None:
    """Keep the runs of visits and what they learned, answer their requests, and give back what ``who`` still holds."""
    by_source = {conclusion.run.source: conclusion for conclusion in conclusions}
    run_ids = keep_runs(connection, [conclusion.run for conclusion in by_source.values()])
    connection.execute(_GIVE_BACK, [_given_back(conclusion, who) for conclusion in by_source.values()])
    asked = {name: one for name, one in by_source.items() if one.run.trigger == "request"}
    for name, conclusion in asked.items():
        answer_requests(connection, name, run_ids[name], conclusion.request_id)
    put_back_requests(connection, asked)
    keep_validators(connection, {url: given for one in by_source.values() for url, given in one.remembered.items()})


def put_back_requests(connection: Connection, names: Collection[str]) -> None:
    """Let what was worked on without a run to show for it wait again."""
    for batch in in_batches(names):
        running = and_(crawl_request_source.c.source.in_(batch), crawl_request_source.c.state == "running")
        connection.execute(update(crawl_request_source).where(running).values(state="waiting"))


def _stages(now: datetime, wanted: Wanted) -> Iterator[Select[str, str]]:
    """Give the questions to ask for candidates, in turn: what a person wants, what was never visited, what is due."""
    free = _free(now)
    if wanted.among is not None:
        free = and_(free, source_table.c.name.in_(wanted.among))
    asked = (
        select(source_table.c.name, source_table.c.host)
        .join(crawl_request_source, crawl_request_source.c.source == source_table.c.name)
        .where(crawl_request_source.c.state.in_(("waiting", "running")), free)
        .order_by(crawl_request_source.c.request_id, source_table.c.name)
    )
    if wanted.request_id is not None:
        yield asked.where(crawl_request_source.c.request_id == wanted.request_id)
        return
    yield asked
    if wanted.only_asked:
        return
    due = select(source_table.c.name, source_table.c.host).where(free)
    yield due.where(source_table.c.next_due.is_(None)).order_by(source_table.c.name)
    yield due.where(source_table.c.next_due <= now).order_by(source_table.c.next_due, source_table.c.name)


def _free(now: datetime) -> ColumnElement[bool]:
    other = source_table.alias()
    in_use = select(other.c.host).where(other.c.lease_until > now)
    return and_(
        source_table.c.enabled,
        or_(source_table.c.lease_until.is_(None), source_table.c.lease_until <= now),
        source_table.c.host.not_in(in_use),
    )


def _start_requests(connection: Connection, names: Collection[str]) -> dict[str, list[Any]]:
    """Mark the open requests for these sources as worked on; gives them by source, oldest first."""
    opened = and_(crawl_request_source.c.source.in_(names), crawl_request_source.c.state != "done")
    rows = connection.execute(
        select(crawl_request_source.c.source, crawl_request.c.id, crawl_request.c.since)
        .join(crawl_request, crawl_request.c.id == crawl_request_source.c.request_id)
        .where(opened)
        .order_by(crawl_request.c.id)
    ).all()
    if rows:
        connection.execute(update(crawl_request_source).where(opened).values(state="running"))
    asked: dict[str, list[Any]] = {}
    for row in rows:
        asked.setdefault(row.source, []).append(row)
    return asked


def _claim(row: Any, asked: list[Any]) -> Claim:  # noqa: ANN401 - rows of SQLAlchemy carry their columns as attributes
    """One crawl answers every open request for its source, as far back as any of them wants to go."""
    return Claim(
        source=row.name,
        trigger="request" if asked else "schedule",
        request_id=asked[0].id if asked else None,
        since=min((one.since for one in asked if one.since is not None), default=None),
        failures=row.failures,
        every_s=row.every_s,
        interval_s=row.interval_s,
        host=row.host,
    )


_GIVE_BACK = (
    update(source_table)
    .where(source_table.c.name == bindparam("of"), source_table.c.lease_by == bindparam("who"))
    .values(
        lease_until=None,
        lease_by=None,
        next_due=bindparam("due"),
        failures=bindparam("failing"),
        interval_s=bindparam("learned"),
    )
)


def _given_back(conclusion: Conclusion, who: str) -> dict[str, Any]:
    return {
        "of": conclusion.run.source,
        "who": who,
        "due": max(conclusion.next_due, conclusion.run.finished_at),
        "failing": conclusion.failures,
        "learned": conclusion.interval_s,
    }
