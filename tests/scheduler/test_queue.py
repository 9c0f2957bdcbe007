"""What a queue promises, whichever it is: one contract, held by the leases on both engines and by Procrastinate."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from cases.errors import ConfigError
from cases.ledger import Run, SourceOutcome
from cases.store import Conclusion, SourceSlot, Store, Wanted, open_store
from scheduler.assembly import open_watch
from scheduler.queue import CrawlQueue, Leases, opened_queue
from scheduler.transport import ASKED, SCHEMA, Transport, job_manager

KINDS = [
    pytest.param("sqlite", id="leases on SQLite"),
    pytest.param("postgresql", id="leases on PostgreSQL", marks=pytest.mark.postgresql),
    pytest.param("procrastinate", id="Procrastinate", marks=pytest.mark.postgresql),
]


def now() -> datetime:
    return datetime.now(UTC)


class Hosts:
    """A store, and processes that share it."""

    def __init__(self, kind: str, url: str, store: Store) -> None:
        self.kind, self.url, self.store = kind, url, store

    @asynccontextmanager
    async def process(self, who: str) -> AsyncIterator[CrawlQueue]:
        leases = Leases(self.store.sources, who)
        if self.kind != "procrastinate":
            yield leases
            return
        async with job_manager(self.url) as manager:
            transport = Transport(manager, self.store.sources, leases)
            await transport.join()
            transport._offered_at = float("-inf")
            yield transport
            await transport.leave()

    def run(self, scene: Callable[[CrawlQueue, CrawlQueue], Awaitable[None]]) -> None:
        """Play a scene with two processes."""

        async def both() -> None:
            async with AsyncExitStack() as stack:
                one, other = [await stack.enter_async_context(self.process(who)) for who in ("a:1", "b:2")]
                await scene(one, other)

        asyncio.run(both())


@pytest.fixture(params=KINDS)
def hosts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hosts]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/watch.db"
    else:
        url = request.getfixturevalue("postgresql_databases")("migrated")
    with open_store(url) as store:
        yield Hosts(request.param, url, store)


def slot(name: str, host: str | None = None) -> SourceSlot:
    return SourceSlot(name=name, title=name, host=host or f"{name}.example", every_s=60)


async def offered(queue: CrawlQueue) -> None:
    """Let a transport look again at what is due, however lately it did."""
    if isinstance(queue, Transport):
        queue._offered_at = float("-inf")


async def claimed(queue: CrawlQueue, n: int, wanted: Wanted = Wanted()) -> list[str]:  # noqa: B008 - a frozen value
    await offered(queue)
    return [claim.source for claim in await queue.claim(n, now=now(), wanted=wanted)]


def conclusion(source: str, *, due: timedelta = timedelta(hours=1)) -> Conclusion:
    run = Run(source=source, trigger="schedule", outcome=SourceOutcome.OK, started_at=now(), finished_at=now())
    return Conclusion(run=run, next_due=now() + due, failures=0)


def test_a_source_is_handed_out_once(hosts: Hosts) -> None:
    hosts.store.sources.sync([slot("river"), slot("town"), slot("hill")])

    async def scene(one: CrawlQueue, other: CrawlQueue) -> None:
        first, second = await claimed(one, 2), await claimed(other, 2)
        assert (len(first), len(second)) == (2, 1)
        assert sorted(first + second) == ["hill", "river", "town"]
        assert await claimed(one, 2) == []
        assert set(hosts.store.sources.holders().values()) == {"a:1", "b:2"}

    hosts.run(scene)


def test_a_host_is_visited_by_one_process_at_a_time(hosts: Hosts) -> None:
    hosts.store.sources.sync([slot(name, "one.example") for name in ("river", "town", "hill")])

    async def scene(one: CrawlQueue, other: CrawlQueue) -> None:
        seen = []
        for turn in (one, other, one):
            (name,) = await claimed(turn, 5)
            assert await claimed(one, 5) == []
            assert await claimed(other, 5) == []
            seen.append(name)
            await turn.conclude([conclusion(name)])
        assert sorted(seen) == ["hill", "river", "town"]

    hosts.run(scene)


def test_what_was_concluded_is_kept_and_not_due_before_its_time(hosts: Hosts) -> None:
    hosts.store.sources.sync([slot("river")])

    async def scene(one: CrawlQueue, other: CrawlQueue) -> None:
        assert await claimed(one, 1) == ["river"]
        await one.conclude([conclusion("river", due=timedelta(seconds=0))])
        assert await claimed(other, 1) == ["river"]
        await other.conclude([conclusion("river")])
        assert await claimed(one, 1) == []
        assert len(hosts.store.runs.since(now() - timedelta(minutes=1))) == 2

    hosts.run(scene)


def test_what_a_person_asks_for_comes_first_and_can_be_had_alone(hosts: Hosts) -> None:
    hosts.store.sources.sync([slot(f"s{number}") for number in range(6)])

    async def scene(one: CrawlQueue, other: CrawlQueue) -> None:
        assert await claimed(one, 1, Wanted(only_asked=True)) == []
        assert await claimed(one, 1) == ["s0"]  # with the transport, the others wait as jobs from now on
        hosts.store.sources.request(["s4"], now=now())
        hosts.store.sources.request(["s5"], now=now())
        assert await claimed(other, 1, Wanted(only_asked=True)) == ["s4"]
        assert (await claimed(other, 3))[0] == "s5"

    hosts.run(scene)


def test_an_asked_for_crawl_answers_its_request(hosts: Hosts) -> None:
    hosts.store.sources.sync([slot("river")])
    request = hosts.store.sources.request(["river"], now=now(), since=now() - timedelta(days=3))

    async def scene(one: CrawlQueue, _: CrawlQueue) -> None:
        await offered(one)
        (claim,) = await one.claim(1, now=now())
        assert (claim.trigger, claim.request_id) == ("request", request)
        assert claim.since is not None
        run = conclusion("river").run
        answered = Run(**{**{name: getattr(run, name) for name in run.__struct_fields__}, "trigger": "request"})
        await one.conclude([Conclusion(run=answered, next_due=now(), failures=0, request_id=request)])
        assert hosts.store.sources.request_state(request).done

    hosts.run(scene)


def test_what_a_dead_process_held_is_taken_over_and_a_request_waits_again(hosts: Hosts) -> None:
    hosts.store.sources.sync([slot("river"), slot("town")])
    request = hosts.store.sources.request(["town"], now=now())

    async def scene(one: CrawlQueue, other: CrawlQueue) -> None:
        assert await claimed(one, 2) == ["town", "river"]
        assert await other.bury("a:1") == ["river", "town"]
        assert await claimed(other, 2) == ["town", "river"]
        assert hosts.store.sources.request_state(request).sources[0].state == "running"

    hosts.run(scene)


def test_a_source_given_back_without_a_run_is_due_when_it_was_said(hosts: Hosts) -> None:
    hosts.store.sources.sync([slot("river")])

    async def scene(one: CrawlQueue, other: CrawlQueue) -> None:
        assert await claimed(one, 1) == ["river"]
        await one.give_back("river", now=now(), next_due=now() + timedelta(hours=1), failures=2.5)
        assert await claimed(other, 1) == []
        (status,) = hosts.store.sources.status(now())
        assert (status.failures, status.running) == (2.5, False)

    hosts.run(scene)


def test_a_process_that_only_serves_a_request_takes_nothing_else(hosts: Hosts) -> None:
    hosts.store.sources.sync([slot("river"), slot("town")])
    request = hosts.store.sources.request(["town"], now=now())

    async def scene(one: CrawlQueue, other: CrawlQueue) -> None:
        assert await claimed(one, 5, Wanted(request_id=request)) == ["town"]
        assert await claimed(other, 5) == ["river"], "and the others respect what it holds"

    hosts.run(scene)


def test_two_processes_drain_a_catalogue_without_a_double(hosts: Hosts) -> None:
    names = [f"s{number:02}" for number in range(40)]
    hosts.store.sources.sync([slot(name, f"host{number % 8}.example") for number, name in enumerate(names)])

    async def scene(one: CrawlQueue, other: CrawlQueue) -> None:
        busy: set[str] = set()
        visited: list[str] = []

        async def worker(queue: CrawlQueue) -> None:
            for _ in range(200):
                await offered(queue)
                claims = await queue.claim(3, now=now())
                assert not busy & {claim.host for claim in claims}
                busy.update(claim.host for claim in claims)
                await asyncio.sleep(0)
                busy.difference_update(claim.host for claim in claims)
                await queue.conclude([conclusion(claim.source) for claim in claims])
                visited.extend(claim.source for claim in claims)
                if len(visited) == len(names):
                    return

        await asyncio.gather(worker(one), worker(other))
        assert sorted(visited) == names

    hosts.run(scene)


# -- what only the transport can get wrong


def jobs(url: str) -> list[tuple[object, ...]]:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as server:
        return server.execute(
            f"select queueing_lock, lock, status, priority from {SCHEMA}.procrastinate_jobs"
        ).fetchall()


@pytest.mark.postgresql
def test_jobs_leave_nothing_behind_and_one_a_host_waits(postgresql_databases: Callable[[str], str]) -> None:
    url = postgresql_databases("migrated")
    with open_store(url) as store:
        hosts = Hosts("procrastinate", url, store)
        store.sources.sync([slot(name, "one.example") for name in ("river", "town")])

        async def scene(one: CrawlQueue, other: CrawlQueue) -> None:
            (name,) = await claimed(one, 5)
            await one.conclude([conclusion(name)])
            assert jobs(url) == []
            store.sources.request(["river", "town"], now=now())
            assert len(await claimed(other, 5)) == 1
            assert [row[3] for row in jobs(url)] == [ASKED]

        hosts.run(scene)


@pytest.mark.postgresql
def test_a_job_that_could_not_be_deleted_does_not_block_its_host(postgresql_databases: Callable[[str], str]) -> None:
    url = postgresql_databases("migrated")
    with open_store(url) as store:
        store.sources.sync([slot("river")])

        async def scene(one: CrawlQueue, other: CrawlQueue) -> None:
            assert isinstance(one, Transport)
            await claimed(one, 1)
            one._jobs.clear()  # as if the server had gone between the store's commit and the deletion
            await one.conclude([conclusion("river", due=timedelta(0))])
            assert await claimed(other, 1) == []
            await one.beat()
            assert await claimed(other, 1) == ["river"]

        Hosts("procrastinate", url, store).run(scene)


@pytest.mark.postgresql
def test_a_worker_that_was_taken_for_dead_joins_again(postgresql_databases: Callable[[str], str]) -> None:
    url = postgresql_databases("migrated")
    with open_store(url) as store:
        store.sources.sync([slot("river")])

        async def scene(one: CrawlQueue, _: CrawlQueue) -> None:
            assert isinstance(one, Transport)
            before = one._worker
            await one._manager.prune_stalled_workers(seconds_since_heartbeat=-1)
            await one.beat()
            assert one._worker != before
            assert await claimed(one, 1) == ["river"]

        Hosts("procrastinate", url, store).run(scene)


@pytest.mark.postgresql
def test_tables_of_another_version_are_replaced(postgresql_databases: Callable[[str], str]) -> None:
    url = postgresql_databases("migrated")

    async def opened() -> None:
        async with job_manager(url):
            pass

    asyncio.run(opened())
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as server:
        server.execute(f"comment on schema {SCHEMA} is 'procrastinate 1.0'")
        server.execute(f"drop table {SCHEMA}.procrastinate_events")
    asyncio.run(opened())
    with psycopg.connect(address) as server:
        assert server.execute(f"select count(*) from {SCHEMA}.procrastinate_events").fetchone() == (0,)


def test_the_queue_of_many_hosts_is_refused_on_sqlite(config: Path) -> None:
    settings = config / "returnwatch.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("[[digests]]", '[service]\nqueue = "procrastinate"\n[[digests]]', 1), encoding="utf-8"
    )

    async def scene() -> None:
        with open_watch(config) as watch:
            async with opened_queue(watch, "a:1"):
                pass

    with pytest.raises(ConfigError, match="PostgreSQL"):
        asyncio.run(scene())
