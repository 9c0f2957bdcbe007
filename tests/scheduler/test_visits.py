"""Polls inside the service's work: what is not worth a crawl, what is, and what becomes of it when the process dies."""

import asyncio
import contextlib
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from cases.ledger import Run, SourceOutcome
from cases.store import Conclusion
from crawler.places import Places
from crawler.polling import Polls
from crawler.testing import Asked, LoopbackSite, Magazine, Post, Reply
from scheduler.assembly import Watch, open_watch, present
from scheduler.crawls import Crawls, reading_pool


@pytest.fixture
def magazine() -> Magazine:
    told = [
        Post(
            slug=f"story-{n}",
            title=f"Story {n} of the river",
            paragraphs=("A town tells of its harvest.", "Nobody was sent anywhere."),
            tags=("Human Rights",),
            published=present() - timedelta(days=n + 1),
        )
        for n in range(3)
    ]
    return Magazine(told, robots="User-agent: *\nDisallow: /private/\n")


@contextmanager
def watching(folder: Path, site: LoopbackSite, *names: str, delay_s: float = 0) -> Iterator[Path]:
    """A watch over sources that are all feeds of one site, and so of one host."""
    config = folder / "config"
    (config / "sources").mkdir(parents=True)
    (config / "returnwatch.toml").write_text(
        f'[store]\nurl = "sqlite:///{folder}/watch.db"\ncaptures = "{folder}/captures"\n[watch]\ntags = ["Human Rights"]\n'
        f"[collection]\ndelay_s = {delay_s}\ntimeout_s = 5\nretries = 0\nallow_private_addresses = true\nhorizon_days = 0\n"
    )
    for name in names:
        (config / "sources" / f"{name}.toml").write_text(
            f'title = "{name}"\nhome = "{site.url}"\n[[readers]]\nkind = "feed"\nurl = "{site.url}feed/?for={name}"\n'
        )
    yield config


async def round_of(watch: Watch, count: int) -> list[Run]:
    """Let the clock tick until so many visits have ended."""
    ended: list[Run] = []
    all_ended = asyncio.Event()

    def note(run: Run) -> None:
        ended.append(run)
        if len(ended) == count:
            all_ended.set()

    async with reading_pool(watch) as pool, Polls(watch.store, watch.settings.collection, now=present) as polls:
        crawls = Crawls(watch, pool, at_once=2, polls=polls, on_end=note)
        await crawls.take_over()
        while not all_ended.is_set():
            await crawls.start_due()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(all_ended.wait(), 0.05)
        await crawls.stop(5)
    return ended


def visited(watch: Watch) -> list[Run]:
    """Make every source due, and give the runs of one round."""
    names = {status.name: status.failures for status in watch.store.sources.status(present())}
    for name, failures in names.items():
        now = present()
        watch.store.sources.release(name, now=now, next_due=now, failures=failures)
    return asyncio.run(round_of(watch, len(names)))


def test_a_source_that_did_not_change_is_visited_without_a_crawl(tmp_path: Path, magazine: Magazine) -> None:
    with LoopbackSite(magazine) as site, watching(tmp_path, site, "river") as config, open_watch(config) as watch:
        assert [run.outcome for run in visited(watch)] == [SourceOutcome.OK]
        before, captures = len(site.asked), sorted(tmp_path.rglob("*.warc.gz"))
        (run,) = visited(watch)
        assert len(site.asked) == before + 1
        assert sorted(tmp_path.rglob("*.warc.gz")) == captures
        (status,) = watch.store.sources.status(present())
    assert (run.outcome, run.requests) == (SourceOutcome.NOT_MODIFIED, 1)
    assert (status.last_run, status.running) == (run, False)
    assert status.next_due is not None
    assert status.next_due > present()


def test_a_new_article_is_found_by_the_poll_and_read_by_the_crawl_that_follows(
    tmp_path: Path, magazine: Magazine
) -> None:
    with LoopbackSite(magazine) as site, watching(tmp_path, site, "river") as config, open_watch(config) as watch:
        visited(watch)
        fresh = magazine.posts[0].__class__(
            slug="fresh",
            title="A fresh story",
            paragraphs=("Told today.",),
            tags=("Human Rights",),
            published=present(),
        )
        magazine.posts.append(fresh)
        before = len(site.asked)
        (run,) = visited(watch)
        asked = [one.target for one in site.asked[before:]]
    assert (run.outcome, run.articles) == (SourceOutcome.OK, 1)
    assert asked.count("/feed/?for=river") == 1
    assert asked[-1] == "/fresh/"


def test_a_source_that_fails_stays_failing_through_a_304(tmp_path: Path, magazine: Magazine) -> None:
    with LoopbackSite(magazine) as site, watching(tmp_path, site, "river") as config, open_watch(config) as watch:
        visited(watch)
        magazine.special["/feed/"] = lambda _: Reply(status=500)
        (failed,) = visited(watch)
        del magazine.special["/feed/"]
        (unchanged,) = visited(watch)
        (status,) = watch.store.sources.status(present())
    assert failed.outcome is SourceOutcome.UNREACHABLE
    assert unchanged.outcome is SourceOutcome.NOT_MODIFIED
    assert status.failures == 0.25


def test_two_sources_of_one_host_are_asked_one_after_the_other(tmp_path: Path, magazine: Magazine) -> None:
    open_now, most = [0], [0]
    moments: list[float] = []

    def counting(asked: Asked) -> Reply:
        import time

        open_now[0] += 1
        most[0] = max(most[0], open_now[0])
        moments.append(time.monotonic())
        time.sleep(0.02)
        open_now[0] -= 1
        return magazine(asked)

    with (
        LoopbackSite(counting) as site,
        watching(tmp_path, site, "river", "town", delay_s=0.4) as config,
        open_watch(config) as watch,
    ):
        visited(watch)
        moments.clear()
        runs = visited(watch)
    assert {run.outcome for run in runs} == {SourceOutcome.NOT_MODIFIED}
    assert len(moments) == 2
    assert moments[1] - moments[0] >= 0.39, "the delay lies between them, though each is asked once"
    assert most == [1]


def test_what_a_person_asks_for_is_crawled_though_nothing_changed(tmp_path: Path, magazine: Magazine) -> None:
    with LoopbackSite(magazine) as site, watching(tmp_path, site, "river") as config, open_watch(config) as watch:
        visited(watch)
        request_id = watch.store.sources.request(["river"], now=present())
        (run,) = visited(watch)
        assert watch.store.sources.request_state(request_id).done
    assert (run.outcome, run.trigger) == (SourceOutcome.NOTHING_NEW, "request")


_DYING = """
import asyncio, os, signal, sys
from pathlib import Path
from crawler.polling import Polls
from scheduler.assembly import open_watch, present
from scheduler.books import Books
from scheduler.crawls import Crawls, reading_pool

async def scene(watch):
    async with reading_pool(watch) as pool, Polls(watch.store, watch.settings.collection, now=present) as polls:
        crawls = Crawls(watch, pool, at_once=1, polls=polls)
        Books.add = lambda self, conclusion: os.kill(os.getpid(), signal.SIGKILL)
        await crawls.start_due()
        await asyncio.sleep(30)

with open_watch(Path(sys.argv[1])) as watch:
    asyncio.run(scene(watch))
"""


def test_a_process_that_is_killed_between_poll_and_book_loses_and_doubles_nothing(
    tmp_path: Path, magazine: Magazine
) -> None:
    with LoopbackSite(magazine) as site, watching(tmp_path, site, "river") as config:
        with open_watch(config) as watch:
            visited(watch)
            watch.store.sources.release("river", now=present(), next_due=present(), failures=0.5)
        child = subprocess.run([sys.executable, "-c", _DYING, str(config)], check=False, timeout=60)
        assert child.returncode == -signal.SIGKILL
        with open_watch(config) as watch:
            assert set(watch.store.sources.holders()) == {"river"}
            assert len(watch.store.runs.since(present() - timedelta(days=1))) == 1

            (run,) = asyncio.run(round_of(watch, 1))
            (status,) = watch.store.sources.status(present())
            runs = watch.store.runs.since(present() - timedelta(days=1))
    assert run.outcome is SourceOutcome.NOT_MODIFIED
    assert (status.failures, status.last_run) == (0.5, run)
    assert [one.visits for one in runs] == [1, 1]


def test_a_store_that_cannot_take_it_now_is_asked_again(
    tmp_path: Path, magazine: Magazine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cases.errors import StoreError
    from cases.store import SourceBook

    kept: list[int] = []
    conclude: Callable[..., None] = SourceBook.conclude

    def failing_once(self: SourceBook, conclusions: list[Conclusion], *, who: str) -> None:
        kept.append(len(conclusions))
        if len(kept) == 1:
            raise StoreError("another program keeps writing to it")
        conclude(self, conclusions, who=who)

    with LoopbackSite(magazine) as site, watching(tmp_path, site, "river") as config, open_watch(config) as watch:
        visited(watch)
        monkeypatch.setattr(SourceBook, "conclude", failing_once)
        monkeypatch.setattr("scheduler.books._AGAIN_S", 0.05)
        (run,) = visited(watch)
    assert kept == [1, 1]
    assert run.outcome is SourceOutcome.NOT_MODIFIED


def test_places_go_first_to_those_that_somebody_waits_for() -> None:
    order: list[str] = []

    async def scene() -> None:
        places = Places(1)

        async def work(name: str, *, urgent: bool) -> None:
            async with places.place(urgent=urgent):
                order.append(name)
                await asyncio.sleep(0)

        async with asyncio.TaskGroup() as group:
            for name, urgent in (("first", False), ("patient", False), ("asked", True)):
                group.create_task(work(name, urgent=urgent))

    asyncio.run(scene())
    assert order == ["first", "asked", "patient"]


def test_one_who_waits_patiently_is_hurried_once_somebody_asks_for_it() -> None:
    order: list[str] = []

    async def scene() -> None:
        places = Places(1)

        async def work(name: str) -> None:
            async with places.place(urgent=False, who=name):
                order.append(name)
                await asyncio.sleep(0)
                places.hurry({"asked"})

        async with asyncio.TaskGroup() as group:
            for name in ("first", "patient", "asked"):
                group.create_task(work(name))

    asyncio.run(scene())
    assert order == ["first", "asked", "patient"]


def test_one_who_is_hurried_is_given_a_spare_place_at_once() -> None:
    async def scene() -> None:
        places = Places(0, spare=1)
        async with asyncio.TaskGroup() as group:
            held: asyncio.Task[str] = group.create_task(_passed(places))
            await asyncio.sleep(0)
            assert not held.done()
            places.hurry({"asked"})
            assert await asyncio.wait_for(held, 5) == "passed"

    asyncio.run(scene())


async def _passed(places: Places) -> str:
    async with places.place(urgent=False, who="asked"):
        return "passed"


def test_a_place_that_nobody_waits_for_any_more_is_given_on() -> None:
    async def scene() -> None:
        places = Places(1)
        entered = asyncio.Event()

        async def hold() -> None:
            async with places.place(urgent=False):
                entered.set()
                await asyncio.sleep(0.01)

        async def wait() -> None:
            async with places.place(urgent=False):
                pass

        holder, gone, last = (asyncio.create_task(work()) for work in (hold, wait, wait))
        await entered.wait()
        gone.cancel()
        await asyncio.wait_for(asyncio.gather(holder, last), 5)

    asyncio.run(scene())
