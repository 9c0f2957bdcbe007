import asyncio
import logging
from datetime import timedelta

import pytest

from scheduler.timetable import Timetable

SECOND = timedelta(seconds=1)


def test_work_starts_at_once_and_comes_again() -> None:
    async def scene() -> list[float]:
        calls: list[float] = []
        enough = asyncio.Event()

        async def work() -> None:
            calls.append(asyncio.get_running_loop().time())
            if len(calls) == 2:
                enough.set()

        timetable = Timetable()
        timetable.every(SECOND, "work", work)
        timetable.start()
        await asyncio.wait_for(enough.wait(), 10)
        timetable.stop()
        return calls

    assert len(asyncio.run(scene())) == 2


def test_work_that_fails_is_logged_and_neither_stops_itself_nor_the_others(caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> tuple[int, int]:
        failed, done = 0, 0
        enough = asyncio.Event()

        async def fails() -> None:
            nonlocal failed
            failed += 1
            raise ValueError("broken on purpose")

        async def works() -> None:
            nonlocal done
            done += 1
            if failed >= 2 and done >= 2:
                enough.set()

        timetable = Timetable()
        timetable.every(SECOND, "fails", fails)
        timetable.every(SECOND, "works", works)
        timetable.start()
        await asyncio.wait_for(enough.wait(), 10)
        timetable.stop()
        return failed, done

    with caplog.at_level(logging.ERROR):
        failed, done = asyncio.run(scene())
    assert failed >= 2
    assert done >= 2
    assert "fails failed" in caplog.text


def test_a_late_call_is_made_rather_than_dropped() -> None:
    async def scene() -> int:
        calls = 0
        again = asyncio.Event()

        async def work() -> None:
            nonlocal calls
            calls += 1
            if calls == 1:
                asyncio.get_running_loop().call_soon(_block_the_loop)
            else:
                again.set()

        timetable = Timetable()
        timetable.every(SECOND, "work", work)
        timetable.start()
        await asyncio.wait_for(again.wait(), 10)
        timetable.stop()
        return calls

    assert asyncio.run(scene()) >= 2


def _block_the_loop() -> None:
    import time

    time.sleep(2.2)


def test_work_that_the_end_cuts_off_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        timetable, begun = Timetable(), asyncio.Event()

        async def slow() -> None:
            begun.set()
            await asyncio.sleep(60)

        timetable.every(timedelta(seconds=1), "slow", slow)
        timetable.start()
        await asyncio.wait_for(begun.wait(), 5)
        timetable.stop()
        await asyncio.sleep(0.1)

    asyncio.run(scene())
    assert [one.message for one in caplog.records if one.levelno >= logging.WARNING] == []
