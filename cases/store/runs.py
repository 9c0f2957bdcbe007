"""runs → ledger: what each visit gave, and what a server said that lets the next visit be shorter."""

from datetime import datetime

from sqlalchemy import and_, delete, insert, or_, select, update

from cases.ledger import SUCCESS, Run
from cases.model import Value
from cases.store.database import Database, upserting
from cases.store.schema import crawl_request_source, url_key, validator
from cases.store.schema import run as run_table
from cases.store.schema import source as source_table


class Validators(Value, frozen=True, kw_only=True):
    """What a server gave with one address for a conditional request; never made up."""

    etag: str | None = None
    last_modified: str | None = None


class Runs:
    """The visits of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, run: Run, request_id: int | None = None) -> int:
        """Keep one visit; answers every request for its source that was being worked on. Returns the run's id."""
        answered = crawl_request_source.c.state == "running"
        if request_id is not None:
            answered = or_(answered, crawl_request_source.c.request_id == request_id)
        with self._database.write() as connection:
            row = {
                "source": run.source,
                "outcome": run.outcome.value,
                "finished_at": run.finished_at,
                "document": run,
            }
            run_id = int(connection.execute(insert(run_table).values(row).returning(run_table.c.id)).scalar_one())
            seen = {"last_run_id": run_id} | ({"last_success": run.finished_at} if run.outcome in SUCCESS else {})
            connection.execute(update(source_table).where(source_table.c.name == run.source).values(seen))
            connection.execute(
                update(crawl_request_source)
                .where(
                    and_(crawl_request_source.c.source == run.source, crawl_request_source.c.state != "done", answered)
                )
                .values(state="done", run_id=run_id)
            )
        return run_id

    def since(self, t: datetime) -> list[Run]:
        """Give the runs that ended at or after ``t``, oldest first."""
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
        """Give what the server last gave for this very address."""
        with self._database.read() as connection:
            row = connection.execute(select(validator).where(validator.c.url_key == url_key(url))).first()
        return None if row is None else Validators(etag=row.etag, last_modified=row.last_modified)

    def remember(self, url: str, validators: Validators) -> None:
        """Keep what the server gave; an answer without any forgets what was there."""
        given = {"etag": validators.etag, "last_modified": validators.last_modified}
        with self._database.write() as connection:
            if not any(given.values()):
                connection.execute(delete(validator).where(validator.c.url_key == url_key(url)))
                return
            row = upserting(connection, validator).values(url_key=url_key(url), url=url, **given)
            connection.execute(row.on_conflict_do_update(index_elements=["url_key"], set_=given))
