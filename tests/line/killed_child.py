"""A process that does the work of a watch and dies in the middle of it, as often as it is told to.

Each line of standard input is one order in JSON: ``config``, the folder of a configuration; ``work``, ``crawl`` or ``digest``;
and at which ``step`` to die, or after how many ``seconds``; without either the work is done to its end. A step is one side of
something that cannot be undone: a transaction, a file brought to the disk, or a record of which only half is written. The
answer is a line: ``done``, ``killed`` or ``failed``. The work is forked off a process that has loaded everything, which is
quick; pages are read in place, so that no process is left behind.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from cases.store.database import Database
from crawler.pages.reading import Reading, ReadingJob, read_page
from crawler.pool import ReadingPool
from crawler.readers.listings import ListingJob, ListingRead, read_listing
from scheduler.assembly import open_watch, present
from scheduler.crawls import Crawls
from scheduler.digesting import send_now

_SMALLEST_RECORD = 300


class ReadInPlace(ReadingPool):
    """Reads pages and listings here and now."""

    def __init__(self) -> None:
        """Start no process."""

    async def run(self, job: ReadingJob | ListingJob, *, urgent: bool = False) -> Reading | ListingRead:
        """Do one piece of work."""
        return read_listing(job) if isinstance(job, ListingJob) else read_page(job)


def main() -> None:
    """Take orders until there are no more."""
    for line in sys.stdin:
        order = json.loads(line)
        if not order.keys() & {"step", "seconds"}:  # here: what is loaded on the way serves all that come after
            WORK[order["work"]](Path(order["config"]))
            _answer("done")
            continue
        child = os.fork()
        if child == 0:
            _obey(order)
        if "seconds" in order:
            time.sleep(order["seconds"])
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        _answer("killed" if os.WIFSIGNALED(status) else "failed" if status else "done")


def _answer(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _obey(order: dict[str, Any]) -> None:
    try:
        _die_at(order.get("step", 0))
        WORK[order["work"]](Path(order["config"]))
    except BaseException:  # noqa: BLE001 - whatever it is, it belongs into the log, and the child ends
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def crawl(config: Path) -> None:
    """Crawl every source once, as the command does, in the place of whoever died before."""

    async def work() -> None:
        with open_watch(config) as watch:
            crawls = Crawls(watch, ReadInPlace(), at_once=2)
            await crawls.take_over()
            await crawls.answer(watch.store.sources.request(list(watch.sources), now=present()))
            await crawls.stop(5)

    asyncio.run(work())


def digest(config: Path) -> None:
    """Send the digest, after holding what somebody who died was sending."""
    with open_watch(config) as watch:
        watch.store.deliveries.recover(present())
        send_now(watch, watch.settings.digest_named(None), present())


WORK = {"crawl": crawl, "digest": digest}


def _die_at(step: int) -> None:
    """Let this process die at a step, counted from 1; 0 is never."""
    left = step
    transaction, sync, write = Database.write, os.fsync, os.write

    def count(torn: Callable[[], object] = lambda: None) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            torn()
            os.kill(os.getpid(), signal.SIGKILL)

    @contextlib.contextmanager
    def counted_transaction(self: Database) -> Iterator[Connection]:
        with transaction(self) as connection:
            yield connection
            count()
        count()

    def counted_sync(file: int) -> None:
        count()
        sync(file)
        count()

    def counted_write(file: int, data: bytes) -> int:
        if len(data) > _SMALLEST_RECORD:
            count(torn=lambda: write(file, data[: len(data) // 2]))
        return write(file, data)

    Database.write = counted_transaction  # type: ignore[method-assign]
    os.fsync, os.write = counted_sync, counted_write  # type: ignore[assignment]


if __name__ == "__main__":
    main()
