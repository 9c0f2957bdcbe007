"""The queue of several hosts: Procrastinate on PostgreSQL, as transport only. The one import of it.

A job says no more than "this source's turn". Its lock is the host, so that one crawl goes on at a host whichever worker does it;
its queueing lock is the source, so that a source waits at most once. A job is never retried and deleted whatever came of it:
when a source is due again, and how it fares, stands in the store. The tables lie in a schema of their own, which may be
dropped while nothing runs; that is how a newer Procrastinate gets its newer tables.

Why its own worker loop is not used: it ends without a word when the server restarts, a second cancel hangs it, and what is
polled in groups of a hundred would be a hundred tasks. Its table, locks, priorities and heartbeats are what is worth having.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime, timedelta
from importlib.metadata import version
from time import monotonic

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ProcrastinateException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.schema import SchemaManager
from psycopg import sql
from psycopg_pool import PoolTimeout
from sqlalchemy.engine import make_url

from cases.errors import StoreError
from cases.store import Candidate, Claim, Conclusion, SourceBook, Wanted
from scheduler.queue import SILENT_AFTER, Leases

log = logging.getLogger(__name__)

SCHEMA = "returnwatch_queue"
CAP = 500
"""Most jobs that wait: with thousands, to fetch one takes PostgreSQL a second and more (measured: 10,000 took 5.5 s)."""
ROUTINE, ASKED = 0, 100
_QUEUE = {ROUTINE: "routine", ASKED: "asked"}
_OFFER_EVERY = timedelta(seconds=0.5)
_TABLES = 0x52575153
_ANSWER_WITHIN_S = 10.0


class Transport:
    """The second adapter of ``CrawlQueue``. A claim is a job of Procrastinate and a lease in the store, both or none.

    The lease is what the rest of the program sees, and what stands between two processes should the transport ever give one job
    twice: the queue has no fencing.
    """

    def __init__(self, manager: JobManager, book: SourceBook, leases: Leases) -> None:
        self.who = leases.who
        self._manager = manager
        self._book = book
        self._leases = leases
        self._worker: int | None = None
        self._jobs: dict[str, Job] = {}
        self._one_at_a_time = asyncio.Lock()
        self._offered_at = -_OFFER_EVERY.total_seconds()

    async def join(self) -> None:
        """Become one of the transport's workers."""
        with _explained():
            self._worker = await self._manager.register_worker()

    async def leave(self) -> None:
        """Stop being one; what is still held is given back by then."""
        with suppress(StoreError), _explained():
            if self._worker is not None:
                await self._manager.unregister_worker(self._worker)

    async def claim(self, n: int, *, now: datetime, wanted: Wanted = Wanted()) -> list[Claim]:  # noqa: B008 - a frozen value
        """Offer what is due, fetch jobs, and lease their sources; one whose source is not free or not due after all is dropped."""
        if wanted.request_id is not None:  # a person's own process, which serves nothing else
            return await self._leases.claim(n, now=now, wanted=wanted)
        async with self._one_at_a_time:
            with _explained():
                return await self._claimed(n, now, only_asked=wanted.only_asked)

    async def _claimed(self, n: int, now: datetime, *, only_asked: bool) -> list[Claim]:
        await self._offer(now)
        jobs = await self._fetched(n, only_asked=only_asked)
        claims = await self._leases.claim(n, now=now, wanted=Wanted(among=frozenset(jobs))) if jobs else []
        taken = {claim.source for claim in claims}
        self._jobs.update({name: job for name, job in jobs.items() if name in taken})
        await self._finish([job for name, job in jobs.items() if name not in taken])
        return claims

    async def conclude(self, conclusions: Sequence[Conclusion]) -> None:
        """Keep what visits gave; only then are their jobs done."""
        await self._leases.conclude(conclusions)
        await self._done(conclusion.run.source for conclusion in conclusions)

    async def give_back(self, source: str, *, now: datetime, next_due: datetime, failures: float) -> None:
        """Give a source back without a run."""
        await self._leases.give_back(source, now=now, next_due=next_due, failures=failures)
        await self._done([source])

    async def renew(self, sources: Iterable[str], *, now: datetime) -> None:
        """Lease again what is still held; the job is held by the heartbeat."""
        await self._leases.renew(sources, now=now)

    async def bury(self, who: str) -> list[str]:
        """Give back all that a process held, and delete its jobs: what is due is offered anew."""
        names = await self._leases.bury(who)
        with _explained():
            doing = await self._manager.list_jobs_async(status=Status.DOING.value)
            await self._finish([job for job in doing if job.task_kwargs["source"] in names])
        if who == self.who:
            self._jobs.clear()
        return names

    async def beat(self) -> None:
        """Say that this worker lives, and delete the jobs that nobody works on: of the dead, and what could not be deleted before."""
        silent = SILENT_AFTER.total_seconds()
        async with self._one_at_a_time:
            with _explained():
                if self._worker is None or not await self._is_known(self._worker):
                    self._worker = await self._manager.register_worker()
                await self._manager.update_heartbeat(self._worker)
                mine = {job.id for job in self._jobs.values()}
                doing = await self._manager.list_jobs_async(status=Status.DOING.value, worker_id=self._worker)
                await self._finish([job for job in doing if job.id not in mine])
                await self._finish(await self._manager.get_stalled_jobs(seconds_since_heartbeat=silent))
                await self._manager.prune_stalled_workers(seconds_since_heartbeat=2 * silent)

    # -- jobs

    async def _offer(self, now: datetime) -> None:
        """Let jobs wait for what is due: one a host and source, what was asked for in any number and before the others."""
        if monotonic() - self._offered_at < _OFFER_EVERY.total_seconds():
            return
        self._offered_at = monotonic()
        waiting = {str(job.task_kwargs["source"]): job for job in await self._waiting()}
        for one in self._book.candidates(CAP, now=now, wanted=Wanted(only_asked=True)):
            job = waiting.pop(one.source, None)
            if job is None or job.priority < ASKED:
                if job is not None and job.id is not None:
                    await self._manager.cancel_job_by_id_async(job.id, delete_job=True)
                await self._defer(one, ASKED)
        room = CAP - len(waiting)
        if room > 0:
            hosts = frozenset(str(job.lock) for job in waiting.values())
            for one in self._book.candidates(room, now=now, wanted=Wanted(but_hosts=hosts)):
                await self._defer(one, ROUTINE)

    async def _waiting(self) -> list[Job]:
        return list(await self._manager.list_jobs_async(status=Status.TODO.value))

    async def _defer(self, one: Candidate, priority: int) -> None:
        job = Job(
            queue=_QUEUE[priority],
            task_name="crawl",
            priority=priority,
            lock=one.host,
            queueing_lock=one.source,
            task_kwargs={"source": one.source},
        )
        with suppress(AlreadyEnqueued):  # another process has just offered it
            await self._manager.defer_job_async(job)

    async def _fetched(self, n: int, *, only_asked: bool) -> dict[str, Job]:
        queues = [_QUEUE[ASKED]] if only_asked else [*_QUEUE.values()]
        jobs: dict[str, Job] = {}
        while len(jobs) < n and self._worker is not None:
            job = await self._manager.fetch_job(queues, self._worker)
            if job is None:
                break
            jobs[str(job.task_kwargs["source"])] = job
        return jobs

    async def _done(self, sources: Iterable[str]) -> None:
        jobs = [self._jobs.pop(name) for name in sources if name in self._jobs]
        with _explained():
            await self._finish(jobs)

    async def _finish(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            if job.id is not None:
                with suppress(ProcrastinateException):  # somebody else has deleted it; else the next beat does
                    await self._manager.finish_job(job, Status.SUCCEEDED, delete_job=True)

    async def _is_known(self, worker: int) -> bool:
        """Whether the transport still counts on us: one that was taken for dead must join again."""
        row = await self._manager.connector.execute_query_one_async(
            "select count(*) as known from procrastinate_workers where id = %(worker)s", worker=worker
        )
        return bool(row["known"])


@asynccontextmanager
async def job_manager(url: str) -> AsyncIterator[JobManager]:
    """Open Procrastinate on a store's server, with its tables made. Raises StoreError when the server does not answer."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with _explained():
        _make_tables(address)
    connector = PsycopgConnector(
        conninfo=address,
        min_size=1,
        max_size=2,
        timeout=_ANSWER_WITHIN_S,
        kwargs={"options": f"-c search_path={SCHEMA}", "connect_timeout": 10},
    )
    app = App(connector=connector)
    with _explained():
        await app.open_async()
    try:
        yield app.job_manager
    finally:
        await app.close_async()


def _make_tables(address: str) -> None:
    """Make the tables of this version of Procrastinate in place of those of another: nothing in them is worth keeping."""
    wanted = f"procrastinate {version('procrastinate')}"
    schema = sql.Identifier(SCHEMA)
    with psycopg.connect(address, connect_timeout=10) as server:
        server.execute("select pg_advisory_xact_lock(%s)", [_TABLES])
        found = server.execute("select obj_description(to_regnamespace(%s), 'pg_namespace')", [SCHEMA]).fetchone()
        if found is not None and found[0] == wanted:
            return
        server.execute(sql.SQL("drop schema if exists {} cascade").format(schema))
        server.execute(sql.SQL("create schema {}").format(schema))
        server.execute(sql.SQL("set local search_path to {}").format(schema))
        server.execute(SchemaManager.get_schema())
        # a queue's tables turn over many times an hour: with old statistics PostgreSQL plans a fetch badly
        for table in ("procrastinate_jobs", "procrastinate_events", "procrastinate_workers"):
            often = "(autovacuum_analyze_scale_factor = 0.01, autovacuum_analyze_threshold = 200)"
            server.execute(sql.SQL("alter table {} set " + often).format(sql.Identifier(table)))
        server.execute(sql.SQL("comment on schema {} is {}").format(schema, sql.Literal(wanted)))


@contextmanager
def _explained() -> Iterator[None]:
    """Turn the errors of transport and driver into StoreError, without what they say of the connection."""
    try:
        yield
    except (ProcrastinateException, psycopg.Error, PoolTimeout) as cause:
        why = cause.__cause__ or cause
        raise StoreError(f"queue: PostgreSQL does not answer as it should: {type(why).__name__}") from None
