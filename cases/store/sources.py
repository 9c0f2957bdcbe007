"""configuration's sources → claims: which source is crawled next, by whom, and who asked for it."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from sqlalchemy import (
    Connection,
    ScalarSelect,
    Select,
    and_,
    delete,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from cases.errors import UsageError
from cases.ledger import Run, SourceStatus, Trigger
from cases.model import Value
from cases.store.database import Database, upserting
from cases.store.schema import article, crawl_request, crawl_request_source, heartbeat, run, telling
from cases.store.schema import source as source_table


class SourceSlot(Value, frozen=True, kw_only=True):
    """What configuration says of one source, as far as the clock needs it."""

    name: str
    title: str
    host: str
    """Host name of the site: one crawl a host at a time."""
    every_s: int
    enabled: bool = True


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
    host: str = ""


class SourceRequest(Value, frozen=True, kw_only=True):
    """What became of a request for one source; ``run`` is there once it is done."""

    source: str
    state: Literal["waiting", "running", "done"]
    run: Run | None = None


class RequestState(Value, frozen=True, kw_only=True):
    """What became of a one-off crawl, source by source, in the order of their names."""

    request_id: int
    asked_at: datetime
    sources: tuple[SourceRequest, ...]

    @property
    def done(self) -> bool:
        """Whether every source of the request has its run."""
        return all(one.state == "done" for one in self.sources)


class Heartbeat(Value, frozen=True, kw_only=True):
    """A service that has shown that it lives."""

    who: str
    pid: int
    at: datetime


_CLAIM_LOCK = 0x52574C53
"""Key of the advisory lock under which one process at a time claims on PostgreSQL; SQLite has one writer anyway."""


class SourceBook:
    """The sources of a store: when each is due, who holds it, and what was asked by hand.

    A lease is not fenced: one that ran out while its owner still worked may be claimed again. That costs pages fetched
    twice and nothing else, since every write of a crawl may be repeated.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def sync(self, slots: Iterable[SourceSlot]) -> None:
        """Take over what configuration says; a source it no longer names is disabled, never deleted."""
        rows = [{"failures": 0.0, **msgspec.structs.asdict(slot)} for slot in slots]
        with self._database.write() as connection:
            unnamed = source_table.c.name.not_in([row["name"] for row in rows])
            connection.execute(update(source_table).where(unnamed).values(enabled=False))
            if rows:
                new = upserting(connection, source_table)
                said = {name: new.excluded[name] for name in ("title", "host", "every_s", "enabled")}
                connection.execute(new.on_conflict_do_update(index_elements=["name"], set_=said), rows)

    def claim(
        self,
        n: int,
        *,
        now: datetime,
        who: str,
        lease_s: float,
        request_id: int | None = None,
    ) -> list[Claim]:
        """Lease at most ``n`` due sources, those that were asked for first, one a host, none on a host where a lease still runs.

        With ``request_id``, only sources that this request still waits for, due or not.
        """
        with self._database.write() as connection:
            if not self._database.is_sqlite:
                connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _CLAIM_LOCK})
            leased = connection.execute(
                update(source_table)
                .where(source_table.c.name.in_(_next_sources(n, now, request_id)))
                .values(lease_until=now + timedelta(seconds=lease_s), lease_by=who)
                .returning(source_table)
            ).all()
            asked = _start_requests(connection, [row.name for row in leased])
        claims = [_claim(row, asked.get(row.name, [])) for row in leased]
        return sorted(claims, key=lambda claim: (claim.request_id is None, claim.source))

    def release(
        self, source: str, *, now: datetime, next_due: datetime, failures: float, who: str | None = None
    ) -> None:
        """Give a source back with its next time; with ``who``, only when that one still holds it."""
        mine = source_table.c.name == source
        if who is not None:
            mine = and_(mine, source_table.c.lease_by == who)
        with self._database.write() as connection:
            given_back = connection.execute(
                update(source_table)
                .where(mine)
                .values(lease_until=None, lease_by=None, next_due=max(next_due, now), failures=failures)
            )
            if given_back.rowcount:
                _put_back_requests(connection, [source])

    def holders(self) -> dict[str, str]:
        """Tell who holds which source, by the source's name; leases that ran out count until somebody takes them over."""
        with self._database.read() as connection:
            held = select(source_table.c.name, source_table.c.lease_by).where(source_table.c.lease_by.is_not(None))
            return {row.name: row.lease_by for row in connection.execute(held)}

    def release_all(self, who: str) -> int:
        """Give back every source that ``who`` holds, due as before; returns how many."""
        with self._database.write() as connection:
            names = connection.scalars(
                update(source_table)
                .where(source_table.c.lease_by == who)
                .values(lease_until=None, lease_by=None)
                .returning(source_table.c.name)
            ).all()
            _put_back_requests(connection, names)
        return len(names)

    def request(self, sources: Iterable[str], *, now: datetime, since: datetime | None = None) -> int:
        """Ask for a crawl of these sources as soon as possible; returns the request's id.

        Raises UsageError when one is unknown or disabled, or none is named; then nothing is asked.
        """
        names = sorted(set(sources))
        with self._database.write() as connection:
            _require_enabled(connection, names)
            asked = insert(crawl_request).values(asked_at=now, since=since).returning(crawl_request.c.id)
            request_id = connection.execute(asked).scalar_one()
            connection.execute(
                insert(crawl_request_source),
                [{"request_id": request_id, "source": name, "state": "waiting"} for name in names],
            )
        return int(request_id)

    def request_state(self, request_id: int) -> RequestState:
        """Tell what became of a request, from any process. Raises UsageError for an unknown id."""
        with self._database.read() as connection:
            asked = connection.execute(select(crawl_request).where(crawl_request.c.id == request_id)).first()
            rows = connection.execute(
                select(crawl_request_source.c.source, crawl_request_source.c.state, run.c.document)
                .outerjoin(run, run.c.id == crawl_request_source.c.run_id)
                .where(crawl_request_source.c.request_id == request_id)
                .order_by(crawl_request_source.c.source)
            ).all()
        if asked is None:
            raise UsageError(f"request: there is no request {request_id}")
        return RequestState(
            request_id=request_id,
            asked_at=asked.asked_at,
            sources=tuple(SourceRequest(source=row.source, state=row.state, run=row.document) for row in rows),
        )

    def status(self, now: datetime) -> list[SourceStatus]:
        """Every source as the watch sees it, disabled ones too, by name."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(source_table, run.c.document)
                .outerjoin(run, run.c.id == source_table.c.last_run_id)
                .order_by(source_table.c.name)
            ).all()
            articles = _counted(connection, select(article.c.source, func.count()).group_by(article.c.source))
            reports = _counted(
                connection,
                select(article.c.source, func.count())
                .join(telling, telling.c.article_id == article.c.id)
                .where(telling.c.current)
                .group_by(article.c.source),
            )
        return [_status(row, now, articles.get(row.name, 0), reports.get(row.name, 0)) for row in rows]

    def heartbeat(self, who: str, pid: int, now: datetime) -> None:
        """Say that a service works on this store."""
        with self._database.write() as connection:
            beat = upserting(connection, heartbeat).values(who=who, pid=pid, at=now)
            connection.execute(beat.on_conflict_do_update(index_elements=["who"], set_={"pid": pid, "at": now}))

    def farewell(self, who: str) -> None:
        """Say that a service has ended: its heartbeat is forgotten."""
        with self._database.write() as connection:
            connection.execute(delete(heartbeat).where(heartbeat.c.who == who))

    def service_alive(self, now: datetime, within_s: float) -> Heartbeat | None:
        """Find the service that last gave a sign of life, when that is at most ``within_s`` seconds ago."""
        recent = heartbeat.c.at >= now - timedelta(seconds=within_s)
        with self._database.read() as connection:
            row = connection.execute(
                select(heartbeat).where(recent).order_by(heartbeat.c.at.desc(), heartbeat.c.who).limit(1)
            ).first()
        return None if row is None else Heartbeat(who=row.who, pid=row.pid, at=row.at)


def _next_sources(n: int, now: datetime, request_id: int | None) -> ScalarSelect[str]:
    """Names of the sources to crawl next: due or asked for, free, one a host and none where a crawl is going on."""
    asked = exists().where(crawl_request_source.c.source == source_table.c.name, crawl_request_source.c.state != "done")
    if request_id is not None:
        asked = asked.where(crawl_request_source.c.request_id == request_id)
    is_due = or_(source_table.c.next_due.is_(None), source_table.c.next_due <= now) if request_id is None else false()
    other = source_table.alias()
    host_in_use = exists().where(other.c.host == source_table.c.host, other.c.lease_until > now)
    turn = (asked.desc(), source_table.c.next_due.asc().nulls_first(), source_table.c.name)
    ranked = (
        select(
            source_table.c.name,
            func.row_number().over(order_by=turn).label("turn"),
            func.row_number().over(partition_by=source_table.c.host, order_by=turn).label("turn_on_host"),
        )
        .where(
            source_table.c.enabled,
            or_(is_due, asked),
            or_(source_table.c.lease_until.is_(None), source_table.c.lease_until <= now),
            ~host_in_use,
        )
        .subquery()
    )
    first = select(ranked.c.name).where(ranked.c.turn_on_host == 1).order_by(ranked.c.turn).limit(n)
    return first.scalar_subquery()


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


def _put_back_requests(connection: Connection, names: Collection[str]) -> None:
    """Let what was worked on without a run to show for it wait again."""
    running = and_(crawl_request_source.c.source.in_(names), crawl_request_source.c.state == "running")
    connection.execute(update(crawl_request_source).where(running).values(state="waiting"))


def _claim(row: Any, asked: list[Any]) -> Claim:  # noqa: ANN401 - rows of SQLAlchemy carry their columns as attributes
    """One crawl answers every open request for its source, as far back as any of them wants to go."""
    return Claim(
        source=row.name,
        trigger="request" if asked else "schedule",
        request_id=asked[0].id if asked else None,
        since=min((one.since for one in asked if one.since is not None), default=None),
        failures=row.failures,
        every_s=row.every_s,
        host=row.host,
    )


def _require_enabled(connection: Connection, names: list[str]) -> None:
    if not names:
        raise UsageError("request: no source is named")
    found = dict(
        connection.execute(
            select(source_table.c.name, source_table.c.enabled).where(source_table.c.name.in_(names))
        ).all()
    )
    for name in names:
        if name not in found:
            raise UsageError(f"source: there is no source called {name!r} in this store")
        if not found[name]:
            raise UsageError(f"source: {name!r} is disabled in its file, or its file is gone")


def _counted(connection: Connection, statement: Select[str, int]) -> dict[str, int]:
    return dict(connection.execute(statement).all())


def _status(row: Any, now: datetime, articles: int, reports: int) -> SourceStatus:  # noqa: ANN401 - as above
    return SourceStatus(
        name=row.name,
        title=row.title,
        enabled=row.enabled,
        next_due=row.next_due,
        running=row.lease_until is not None and row.lease_until > now,
        last_run=row.document,
        last_success=row.last_success,
        failures=row.failures,
        articles=articles,
        reports=reports,
    )
