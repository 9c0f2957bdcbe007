"""runs → ledger: what each visit gave, and what a server said that lets the next visit be shorter.

Visits that change nothing are most of all there are: one after the other they are one row, which counts them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, and_, bindparam, delete, func, insert, or_, select, update

from cases.ledger import SUCCESS, UNCHANGED, Run, joined
from cases.model import Value
from cases.store.database import Database, in_batches, inserting
from cases.store.schema import crawl_request_source, url_key, validator
from cases.store.schema import run as run_table
from cases.store.schema import source as source_table


class Validators(Value, frozen=True, kw_only=True):
    """What tells whether one address has changed: what its server gave for a conditional request, and what came last."""

    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    """Of the body that came last, decompressed."""


class Runs:
    """The visits of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, run: Run, request_id: int | None = None) -> int:
        """Keep one visit; answers every request for its source that was being worked on. Returns the run's id."""
        with self._database.write() as connection:
            run_id = keep_runs(connection, [run])[run.source]
            answer_requests(connection, run.source, run_id, request_id)
        return run_id

    def since(self, t: datetime) -> list[Run]:
        """Give the runs that ended at or after ``t``, oldest first; one that counts several visits may have begun before."""
        recent = (
            select(run_table.c.document)
            .where(run_table.c.finished_at >= t)
            .order_by(run_table.c.finished_at, run_table.c.id)
        )
        with self._database.read() as connection:
            return list(connection.scalars(recent))

    def last(self, source: str) -> Run | None:
        """Give the latest visit to a source."""
        latest = (
            select(run_table.c.document)
            .where(run_table.c.source == source)
            .order_by(run_table.c.finished_at.desc(), run_table.c.id.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            return connection.scalars(latest).first()

    def validators(self, url: str) -> Validators | None:
        """Give what is known of this very address."""
        return self.known([url]).get(url)

    def known(self, urls: Collection[str]) -> dict[str, Validators]:
        """Give what is known of many addresses at once; those of which nothing is known are missing."""
        found: dict[str, Validators] = {}
        by_key = {url_key(url): url for url in urls}
        with self._database.read() as connection:
            for keys in in_batches(by_key):
                rows = connection.execute(_KNOWN, {"keys": keys})
                for key, etag, last_modified, sha256 in rows:
                    found[by_key[key]] = Validators(etag=etag, last_modified=last_modified, sha256=sha256)
        return found

    def remember(self, url: str, validators: Validators) -> None:
        """Keep what tells of a change of one address; one of which nothing is told is forgotten."""
        self.remember_all({url: validators})

    def remember_all(self, known: Mapping[str, Validators]) -> None:
        """Keep what tells of changes of several addresses, all or none; those of which nothing is told are forgotten."""
        forgotten = [url_key(url) for url, said in known.items() if said == Validators()]
        with self._database.write() as connection:
            if forgotten:
                connection.execute(delete(validator).where(validator.c.url_key.in_(forgotten)))
            keep_validators(connection, {url: said for url, said in known.items() if said != Validators()})


def keep_runs(connection: Connection, runs: Sequence[Run]) -> dict[str, int]:
    """Keep one visit each to several sources, as their last; gives the ids of the rows by the source's name."""
    before = _last_runs(connection, [run.source for run in runs if run.outcome in UNCHANGED])
    longer = {name: (row, both) for name, row, both in _going_on(runs, before)}
    if longer:
        connection.execute(_GOES_ON, [_longer(row, both) for row, both in longer.values()])
    fresh = [run for run in runs if run.source not in longer]
    ids = {name: row for name, (row, _) in longer.items()}
    if fresh:
        inserted = insert(run_table).returning(run_table.c.id, sort_by_parameter_order=True)
        made = connection.scalars(inserted, [_row(run) for run in fresh]).all()
        ids |= dict(zip([run.source for run in fresh], made, strict=True))
    if runs:
        connection.execute(_SEEN, [_seen(run, ids[run.source]) for run in runs])
    return ids


def answer_requests(connection: Connection, source: str, run_id: int, request_id: int | None) -> None:
    """Mark as done what was being worked on for a source, and this request whatever its state."""
    answered = crawl_request_source.c.state == "running"
    if request_id is not None:
        answered = or_(answered, crawl_request_source.c.request_id == request_id)
    connection.execute(
        update(crawl_request_source)
        .where(and_(crawl_request_source.c.source == source, crawl_request_source.c.state != "done", answered))
        .values(state="done", run_id=run_id)
    )


def keep_validators(connection: Connection, known: Mapping[str, Validators]) -> None:
    """Replace what is known of addresses."""
    if not known:
        return
    rows = [
        {
            "url_key": url_key(url),
            "url": url,
            "etag": given.etag,
            "last_modified": given.last_modified,
            "sha256": given.sha256,
        }
        for url, given in known.items()
    ]
    connection.execute(_replacing(connection.dialect.name), rows)


@cache
def _replacing(dialect: str) -> Insert:
    """Give the statement once made: to make it takes as long as to write a page's two rows."""
    new = inserting(dialect, validator)
    said = {name: new.excluded[name] for name in ("etag", "last_modified", "sha256")}
    return new.on_conflict_do_update(index_elements=["url_key"], set_=said)


_KNOWN = select(validator.c.url_key, validator.c.etag, validator.c.last_modified, validator.c.sha256).where(
    validator.c.url_key.in_(bindparam("keys", expanding=True))
)
_SEEN = (
    update(source_table)
    .where(source_table.c.name == bindparam("of"))
    .values(
        last_run_id=bindparam("run_id"),
        last_success=func.coalesce(
            bindparam("success", type_=source_table.c.last_success.type), source_table.c.last_success
        ),
    )
)
_GOES_ON = (
    update(run_table)
    .where(run_table.c.id == bindparam("of"))
    .values(finished_at=bindparam("at"), document=bindparam("longer", type_=run_table.c.document.type))
)


def _last_runs(connection: Connection, names: Sequence[str]) -> dict[str, tuple[int, Run]]:
    found: dict[str, tuple[int, Run]] = {}
    for batch in in_batches(names):
        rows = connection.execute(
            select(source_table.c.name, run_table.c.id, run_table.c.document)
            .join(run_table, run_table.c.id == source_table.c.last_run_id)
            .where(source_table.c.name.in_(batch))
        )
        found |= {name: (number, document) for name, number, document in rows}
    return found


def _going_on(runs: Sequence[Run], before: Mapping[str, tuple[int, Run]]) -> Iterator[tuple[str, int, Run]]:
    """Find the visits that add nothing to the one before them; gives the row of that one, and both as one run."""
    for run in runs:
        if run.source in before:
            row, earlier = before[run.source]
            both = joined(earlier, run)
            if both is not None:
                yield run.source, row, both


def _longer(number: int, run: Run) -> dict[str, Any]:
    return {"of": number, "at": run.finished_at, "longer": run}


def _seen(run: Run, run_id: int) -> dict[str, Any]:
    return {"of": run.source, "run_id": run_id, "success": run.finished_at if run.outcome in SUCCESS else None}


def _row(run: Run) -> dict[str, Any]:
    return {"source": run.source, "outcome": run.outcome.value, "finished_at": run.finished_at, "document": run}
