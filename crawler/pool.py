"""captured page or listing → reading, in worker processes: a hostile one can neither stop the service nor take more than its time.

The only module that knows Pebble, whose pool ends just the worker that is late and starts another. Workers are started by
a fork server that has loaded what reading needs: never by forking the running process, with its threads and databases.
"""

import asyncio
import contextlib
import logging
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from typing import Generic, Self, TypeVar, cast

from pebble import ProcessExpired, ProcessPool

from cases.errors import Unreadable, WatchError
from crawler.pages.reading import Reading, ReadingJob, read_page
from crawler.places import Places
from crawler.readers.listings import ListingJob, ListingRead, read_listing

_logger = logging.getLogger(__name__)
_PAGES_A_WORKER = 500
_AHEAD = 2
"""Pieces of work that are handed to each worker: the one that it does, and one that lies ready, which nothing can overtake."""
_STARTS = 3
"""How often workers are started for one piece of work before it is told that they cannot be."""
_MEMORY_BYTES = 2 * 1024**3

Job = TypeVar("Job")
Result = TypeVar("Result")


class ReadingTimedOut(Unreadable):
    """A page took longer to read than it may; its worker was ended."""


class PoolClosed(WatchError):
    """The pool was closed, or cannot start its workers: no page's fault, and nothing more can be read."""


class WorkPool(Generic[Job, Result]):
    """Worker processes that do one kind of work, each piece within a limit of time. An async context manager.

    ``work`` is a function that can be found by its name in a fresh process. Workers are made when the first piece comes.
    """

    def __init__(self, work: Callable[[Job], Result], *, processes: int, timeout_s: float) -> None:
        self._work = work
        self._processes = processes
        self._timeout_s = timeout_s
        self._closed = False
        self._places = Places(_AHEAD * processes)
        self.waiting = 0
        """Pieces of work that were given and are not done."""
        self._pool = self._workers()
        self._starting = asyncio.Lock()
        self._started: ProcessPool | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def run(self, job: Job, *, urgent: bool = False) -> Result:
        """Do one piece of work in a worker; an ``urgent`` one before all others that wait.

        Raises ReadingTimedOut when it takes too long, Unreadable when its worker dies of it, what the work itself raises,
        and PoolClosed. Other pieces go on.
        """
        self.waiting += 1
        try:
            async with self._places.place(urgent=urgent):
                return await self._tried(job)
        finally:
            self.waiting -= 1

    async def _tried(self, job: Job) -> Result:
        for _ in range(_STARTS):
            pool = await self._ready()
            try:
                return await self._done(pool, job)
            except BrokenProcessPool as cause:
                if self._closed:
                    break
                self._replace(pool, cause)
        raise PoolClosed("the reading pool takes no more work: it is closed, or its workers cannot be started")

    async def _ready(self) -> ProcessPool:
        """Give the pool with its workers started: the first of them loads what reading needs, which takes seconds."""
        async with self._starting:
            if self._started is not self._pool:
                with contextlib.suppress(RuntimeError):  # closed or broken: the piece of work itself will say so
                    await asyncio.to_thread(self._pool.schedule, os.getpid)
                self._started = self._pool
        return self._pool

    async def _done(self, pool: ProcessPool, job: Job) -> Result:
        try:
            future = pool.schedule(self._work, args=(job,), timeout=self._timeout_s)
        except RuntimeError as cause:
            raise BrokenProcessPool(str(cause)) from cause
        try:
            done: Result = await asyncio.wrap_future(future)
        except TimeoutError as cause:
            raise ReadingTimedOut(f"reading took longer than {self._timeout_s:g} s and was ended") from cause
        except ProcessExpired as cause:
            raise Unreadable(f"the worker that read it ended with code {cause.exitcode}") from cause
        except MemoryError as cause:
            raise Unreadable("reading it took more memory than a page may") from cause
        return done

    def _replace(self, broken: ProcessPool, cause: BrokenProcessPool) -> None:
        """Start new workers, once for all who found the pool broken: a worker that is killed while idle breaks all of it."""
        if self._pool is broken:
            _logger.warning("the workers that read pages are started again: %s", cause)
            broken.stop()  # type: ignore[no-untyped-call]  # Pebble annotates only part of itself
            self._pool = self._workers()

    def _workers(self) -> ProcessPool:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["crawler.pages.warmed"])
        return ProcessPool(max_workers=self._processes, max_tasks=_PAGES_A_WORKER, initializer=_settle, context=context)

    async def close(self) -> None:
        """End the workers; what they were doing is given up."""
        self._closed = True
        self._pool.stop()  # type: ignore[no-untyped-call]  # Pebble annotates only part of itself
        await asyncio.to_thread(self._pool.join)


class ReadingPool(WorkPool[ReadingJob | ListingJob, Reading | ListingRead]):
    """The pool that reads and judges pages, and reads listings."""

    def __init__(self, *, processes: int = 1, timeout_s: float = 20.0) -> None:
        super().__init__(_read, processes=processes, timeout_s=timeout_s)

    async def read(self, job: ReadingJob) -> Reading:
        """Read one page; errors as of ``run``."""
        return cast(Reading, await self.run(job))

    def hurried(self) -> "ReadingPool":
        """Give the same pool for work that a person waits for: it goes before all other."""
        return _Hurried(self)

    async def list(self, job: ListingJob) -> ListingRead:
        """Read one answer of a listing; errors as of ``run``, but never for what the reader does."""
        return cast(ListingRead, await self.run(job))


class _Hurried(ReadingPool):
    """Another's pool, in which everything is urgent."""

    def __init__(self, pool: ReadingPool) -> None:
        self._whole = pool

    async def run(self, job: ReadingJob | ListingJob, *, urgent: bool = True) -> Reading | ListingRead:
        return await self._whole.run(job, urgent=urgent)


def _read(job: ReadingJob | ListingJob) -> Reading | ListingRead:
    return read_listing(job) if isinstance(job, ListingJob) else read_page(job)


def _settle() -> None:
    """Make a worker deaf to Ctrl-C, which is the service's to answer, and bound its memory.

    A worker is no child of the service but of the fork server: that the service was killed it must notice by itself.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_service, daemon=True).start()
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))


def _end_with_the_service() -> None:
    service = multiprocessing.parent_process()
    if service is not None:
        service.join()
        os._exit(1)
