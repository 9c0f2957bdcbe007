"""The reading pool: a page that never ends takes its worker with it, and nobody else."""

import asyncio
import importlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest

from cases.errors import Unreadable
from crawler.pool import PoolClosed, ReadingTimedOut, WorkPool

Job = Literal["quick", "for ever", "die", "unreadable"]


SERVICE = """
import asyncio, os
from crawler.pool import WorkPool

def work(_):
    return os.getpid()

async def main():
    pool = WorkPool(work, processes=2, timeout_s=60)
    print(await pool.run(None), flush=True)
    await asyncio.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
"""


ERRANDS = """
import os, time
from cases.errors import Unreadable

def work(job):
    if job == "for ever":
        while True:
            time.sleep(0.1)
    if job == "die":
        os._exit(7)
    if job == "unreadable":
        raise Unreadable("nothing in it")
    return os.getpid()
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Job], int]]:
    """What a worker does: a function that a fresh process can find by its name, as it must."""
    (tmp_path / "errands.py").write_text(ERRANDS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("errands").work
    del sys.modules["errands"]


def test_a_job_that_never_returns_is_ended_and_the_next_is_done(work: Callable[[Job], int]) -> None:
    async def story() -> tuple[int, int]:
        async with WorkPool(work, processes=1, timeout_s=1) as pool:
            before = await pool.run("quick")
            with pytest.raises(ReadingTimedOut, match="longer than 1 s"):
                await pool.run("for ever")
            return before, await pool.run("quick")

    before, after = asyncio.run(story())
    assert before != after, "the worker that was late should be gone"


def test_other_workers_go_on_while_one_is_ended(work: Callable[[Job], int]) -> None:
    async def story() -> list[object]:
        async with WorkPool(work, processes=2, timeout_s=1) as pool:
            jobs: list[Job] = ["for ever", *(["quick"] * 20)]  # type: ignore[list-item]  # mypy widens the literal
            return await asyncio.gather(*map(pool.run, jobs), return_exceptions=True)

    first, *others = asyncio.run(story())
    assert isinstance(first, ReadingTimedOut)
    assert all(isinstance(other, int) for other in others)


def test_a_page_that_kills_its_worker_is_unreadable(work: Callable[[Job], int]) -> None:
    async def story() -> int:
        async with WorkPool(work, processes=1, timeout_s=10) as pool:
            with pytest.raises(Unreadable, match="ended with code 7"):
                await pool.run("die")
            return await pool.run("quick")

    assert asyncio.run(story())


def test_a_worker_that_is_killed_while_idle_takes_no_page_with_it(work: Callable[[Job], int]) -> None:
    async def story() -> tuple[int, list[int]]:
        async with WorkPool(work, processes=1, timeout_s=10) as pool:
            before = await pool.run("quick")
            os.kill(before, signal.SIGKILL)
            await asyncio.sleep(1)  # until the pool has found out
            return before, await asyncio.gather(*(pool.run("quick") for _ in range(5)))

    before, after = asyncio.run(story())
    assert len(after) == 5
    assert before not in after


def test_what_the_work_raises_comes_back(work: Callable[[Job], int]) -> None:
    async def story() -> None:
        async with WorkPool(work, processes=1, timeout_s=10) as pool:
            await pool.run("unreadable")

    with pytest.raises(Unreadable, match="nothing in it"):
        asyncio.run(story())


def test_a_closed_pool_says_so_and_an_unused_one_closes(work: Callable[[Job], int]) -> None:
    async def story() -> None:
        pool = WorkPool(work, processes=1, timeout_s=1)
        await pool.close()
        with pytest.raises(PoolClosed):
            await pool.run("quick")

    asyncio.run(story())


def test_workers_do_not_outlive_a_service_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "service.py"
    script.write_text(SERVICE, encoding="utf-8")
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        worker = int(service.stdout.readline())
        service.kill()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{worker}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{worker}").exists()


def test_the_work_is_never_done_in_this_process(work: Callable[[Job], int]) -> None:
    async def story() -> int:
        async with WorkPool(work, processes=1, timeout_s=10) as pool:
            return await pool.run("quick")

    assert asyncio.run(story()) != os.getpid()


def test_what_a_person_waits_for_overtakes_all_that_was_not_handed_to_a_worker_yet(work: Callable[[Job], int]) -> None:
    order: list[str] = []

    async def scene() -> None:
        async with WorkPool(work, processes=1, timeout_s=60) as pool:

            async def one(name: str, *, urgent: bool = False) -> None:
                await pool.run("quick", urgent=urgent)
                order.append(name)

            async with asyncio.TaskGroup() as group:
                for number in range(8):
                    group.create_task(one(f"page {number}"))
                group.create_task(one("asked for", urgent=True))

    asyncio.run(scene())
    assert len(order) == 9
    assert order.index("asked for") <= 2
