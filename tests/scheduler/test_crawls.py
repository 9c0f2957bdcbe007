import asyncio
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cases.errors import ConfigError, UsageError
from cases.ledger import Run, SourceOutcome
from crawler.progress import Progress
from scheduler.assembly import Watch, open_watch, present
from scheduler.crawls import Crawls, reading_pool
from scheduler.demo.demonstration import prepared

BOTH = ["estuary-dispatch", "frost-courier"]


async def crawl_in_place(watch: Watch, names: list[str], seen: list[Progress] | None = None) -> list[Run]:
    """Crawl as the command line does, but reactorless, so that many crawls fit into one test process."""
    ended: list[Run] = []
    async with reading_pool(watch) as pool:
        on_progress = seen.append if seen is not None else None
        crawls = Crawls(watch, pool, at_once=2, on_progress=on_progress, on_end=ended.append)
        await crawls.answer(watch.store.sources.request(names, now=present()))
        await crawls.stop(5)
    return ended


def test_a_request_is_answered_by_one_run_for_each_source(watch: Watch) -> None:
    runs = asyncio.run(crawl_in_place(watch, BOTH))
    assert sorted(run.source for run in runs) == BOTH
    assert {run.outcome for run in runs} == {SourceOutcome.OK}
    assert {run.trigger for run in runs} == {"request"}


def test_a_crawl_tells_how_far_it_is(watch: Watch) -> None:
    seen: list[Progress] = []
    asyncio.run(crawl_in_place(watch, ["estuary-dispatch"], seen))
    assert seen[-1].phase == "done"
    assert {progress.source for progress in seen} == {"estuary-dispatch"}


def test_a_source_that_was_crawled_is_free_again_and_due_later(watch: Watch) -> None:
    asyncio.run(crawl_in_place(watch, ["estuary-dispatch"]))
    [status] = [one for one in watch.store.sources.status(present()) if one.name == "estuary-dispatch"]
    assert not status.running
    assert status.next_due is not None
    assert status.next_due > present()


def test_what_a_process_held_when_it_died_is_crawled_at_once(watch: Watch) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    died = f"{socket.gethostname()}:{child.pid}"
    held = watch.store.sources.claim(2, now=present(), who=died, lease_s=1800)
    runs = asyncio.run(crawl_in_place(watch, [held[0].source]))
    assert [run.outcome for run in runs] == [SourceOutcome.OK]
    assert watch.store.sources.holders() == {}


def test_only_what_was_asked_for_is_crawled(watch: Watch) -> None:
    asyncio.run(crawl_in_place(watch, ["estuary-dispatch"]))
    assert watch.store.runs.last("frost-courier") is None


def test_a_site_that_is_down_is_an_outcome_and_the_other_is_crawled(tmp_path: Path) -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{unheard.getsockname()[1]}"
    with prepared(tmp_path / "watch") as config:
        source = config / "sources" / "estuary-dispatch.toml"
        lines = source.read_text(encoding="utf-8").splitlines()
        gone = [line.split("http://")[0] + f'{nowhere}/"' if "http://" in line else line for line in lines]
        source.write_text("\n".join(gone), encoding="utf-8")
        with open_watch(config) as watch:
            runs = {run.source: run for run in asyncio.run(crawl_in_place(watch, BOTH))}
    assert runs["estuary-dispatch"].outcome is SourceOutcome.UNREACHABLE
    assert nowhere in (runs["estuary-dispatch"].detail or "")
    assert runs["frost-courier"].outcome is SourceOutcome.OK


def test_a_reader_that_is_not_installed_is_refused_when_the_configuration_is_read(tmp_path: Path) -> None:
    with prepared(tmp_path / "watch") as config:
        source = config / "sources" / "estuary-dispatch.toml"
        source.write_text(source.read_text(encoding="utf-8").replace('"feed"', '"telepathy"'), encoding="utf-8")
        with pytest.raises(ConfigError, match=r"estuary-dispatch.*telepathy"), open_watch(config):
            pass


def test_an_unknown_source_is_refused_before_anything_is_asked(watch: Watch) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        watch.store.sources.request(["estuary-dispatch", "nowhere"], now=present())
    assert watch.store.runs.last("estuary-dispatch") is None


def test_a_stop_in_the_middle_keeps_what_is_done_and_gives_the_source_back(config: Path) -> None:
    settings = config / "returnwatch.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("delay_s = 0 ", "delay_s = 0.3 "), encoding="utf-8"
    )
    with open_watch(config) as watch:
        _stop_in_the_middle(watch)


def _stop_in_the_middle(watch: Watch) -> None:
    async def scene() -> list[Run]:
        ended: list[Run] = []
        some_pages = asyncio.Event()

        def on_progress(progress: Progress) -> None:
            if progress.phase == "reading" and progress.done >= 3:
                some_pages.set()

        async with reading_pool(watch) as pool:
            crawls = Crawls(watch, pool, at_once=1, on_progress=on_progress, on_end=ended.append)
            watch.store.sources.request(["frost-courier"], now=present())
            await crawls.start_due()
            await some_pages.wait()
            await crawls.stop(20)
        return ended

    [run] = asyncio.run(scene())
    assert run.outcome is SourceOutcome.STOPPED
    assert 0 < run.articles < 60
    assert run.entries == run.articles + sum(run.set_aside.values())
    [status] = [one for one in watch.store.sources.status(present()) if one.name == "frost-courier"]
    assert not status.running
    rest = asyncio.run(crawl_in_place(watch, ["frost-courier"]))
    assert rest[0].articles == 60 - run.articles


def test_a_classifier_that_is_not_installed_is_told_in_one_line_before_anything_is_asked_for(
    config: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = config / "returnwatch.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[watch]", '[watch]\nclassifier = "oracle"'), encoding="utf-8")
    with open_watch(config) as watch:
        [run] = asyncio.run(crawl_in_place(watch, ["estuary-dispatch"]))
    assert run.outcome is SourceOutcome.FAILED
    assert run.requests == 0
    assert "oracle" in (run.detail or "")
    assert "Traceback" not in caplog.text
