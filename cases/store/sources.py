"""configuration's sources → the book of sources: which is due, who holds it, and who asked for it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from sqlalchemy import Connection, and_, insert, or_, select, text, update

from cases.errors import UsageError
from cases.ledger import Run, SourceStatus
from cases.model import Value
from cases.silence import Rhythm
from cases.store.claims import (
    Candidate,
    Claim,
    Conclusion,
    Wanted,
    candidates,
    claim_sources,
    conclude_visits,
    put_back_requests,
)
from cases.store.database import Database, in_batches, upserting
from cases.store.schema import crawl_request, crawl_request_source, run
from cases.store.schema import source as source_table
from cases.store.standing import rhythms, statuses


class SourceSlot(Value, frozen=True, kw_only=True):
    """What configuration says of one source, as far as the clock needs it."""

    name: str
    title: str
    host: str
    """Host name of the site: one crawl a host at a time."""
    every_s: int
    enabled: bool = True
    expected_s: int | None = None
    """Time between two articles, where somebody knows it."""
    grade: str | None = None
    """How far it is to be relied upon, A to F, as a person set it."""


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


ANY = Wanted()
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
                said = {name: new.excluded[name] for name in SourceSlot.__struct_fields__ if name != "name"}
                connection.execute(new.on_conflict_do_update(index_elements=["name"], set_=said), rows)

    def claim(self, n: int, *, now: datetime, who: str, lease_s: float, wanted: Wanted = ANY) -> list[Claim]:
        """Lease at most ``n`` due sources, those that were asked for first, one a host, none on a host where a lease still runs."""
        until = now + timedelta(seconds=lease_s)
        with self._database.write() as connection:
            if not self._database.is_sqlite:
                connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _CLAIM_LOCK})
            return claim_sources(connection, n, now=now, until=until, who=who, wanted=wanted)

    def candidates(self, n: int, *, now: datetime, wanted: Wanted = ANY) -> list[Candidate]:
        """Name what ``claim`` would lease, and lease nothing."""
        with self._database.read() as connection:
            return candidates(connection, n, now=now, wanted=wanted)

    def conclude(self, conclusions: Sequence[Conclusion], *, who: str) -> None:
        """Keep what visits gave, at most one a source, and give the sources back, all in one transaction.

        A source that ``who`` lost meanwhile keeps its new holder; the run is kept all the same.
        """
        if conclusions:
            with self._database.write() as connection:
                conclude_visits(connection, conclusions, who=who)

    def renew(self, sources: Iterable[str], *, now: datetime, who: str, lease_s: float) -> None:
        """Hold on to those of these sources that ``who`` still holds, for another lease."""
        until = now + timedelta(seconds=lease_s)
        with self._database.write() as connection:
            for names in in_batches(sources):
                mine = and_(source_table.c.name.in_(names), source_table.c.lease_by == who)
                connection.execute(update(source_table).where(mine).values(lease_until=until))

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
                put_back_requests(connection, [source])

    def holders(self) -> dict[str, str]:
        """Tell who holds which source, by the source's name; leases that ran out count until somebody takes them over."""
        with self._database.read() as connection:
            held = select(source_table.c.name, source_table.c.lease_by).where(source_table.c.lease_by.is_not(None))
            return {row.name: row.lease_by for row in connection.execute(held)}

    def release_all(self, who: str) -> list[str]:
        """Give back every source that ``who`` holds, due as before; returns their names."""
        with self._database.write() as connection:
            names = connection.scalars(
                update(source_table)
                .where(source_table.c.lease_by == who)
                .values(lease_until=None, lease_by=None)
                .returning(source_table.c.name)
            ).all()
            put_back_requests(connection, names)
        return sorted(names)

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

    def asked_for(self) -> frozenset[str]:
        """Name the sources that a request waits for and nobody crawls for it yet."""
        with self._database.read() as connection:
            waiting = select(crawl_request_source.c.source).where(crawl_request_source.c.state == "waiting")
            return frozenset(connection.scalars(waiting))

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
            return statuses(connection, now)

    def rhythms(self) -> dict[str, Rhythm]:
        """Tell when each source published last, by name: what ``cases.silence`` wants to know."""
        with self._database.read() as connection:
            return rhythms(connection)

    def pause(self, host: str, *, until: datetime) -> None:
        """Leave a whole host alone until then: none of its sources is due before. What a person asks for is not held up."""
        sooner = or_(source_table.c.next_due.is_(None), source_table.c.next_due < until)
        with self._database.write() as connection:
            connection.execute(update(source_table).where(source_table.c.host == host, sooner).values(next_due=until))


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
