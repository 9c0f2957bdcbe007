"""Who crawls what next: one port, and the leases in the store behind it.

A queue hands out claims, one a host at a time, what a person asked for before all else, and takes back what came of them. State,
pace and failures stand in the store whatever the transport is, so that a queue may forget everything and nothing is lost.
``scheduler.transport`` has the other adapter.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Protocol

from cases.errors import ConfigError
from cases.store import Claim, Conclusion, SourceBook, Wanted
from scheduler.assembly import Watch

LEASE = timedelta(minutes=30)
"""How long a source stays claimed by a process of which nothing is known."""

SILENT_AFTER = timedelta(seconds=30)
"""A process on another host that gave no sign for so long is taken for dead, and what it held is taken over."""


class CrawlQueue(Protocol):
    """What ``Crawls`` needs of a queue. Every call is safe to repeat; all raise StoreError when the store does not answer."""

    who: str
    """The name under which this process holds what it claimed."""

    async def claim(self, n: int, *, now: datetime, wanted: Wanted = ...) -> list[Claim]:
        """Take at most ``n`` sources, what was asked for first; no two on one host, none on a host where anybody crawls."""

    async def conclude(self, conclusions: Sequence[Conclusion]) -> None:
        """Keep what visits gave, at most one a source, and give the sources back."""

    async def give_back(self, source: str, *, now: datetime, next_due: datetime, failures: float) -> None:
        """Give a source back without a run, to be due then."""

    async def renew(self, sources: Iterable[str], *, now: datetime) -> None:
        """Hold on to those of these sources that this process still holds."""

    async def bury(self, who: str) -> list[str]:
        """Give back all that a process held which is gone, or is about to go; returns the names of the sources."""

    async def beat(self) -> None:
        """Say that this process lives, where the transport wants to know; called every few seconds."""


class Leases:
    """The queue of a single host, and of a few: the store's own leases, with nothing between."""

    def __init__(self, book: SourceBook, who: str) -> None:
        self.who = who
        self._book = book

    async def claim(self, n: int, *, now: datetime, wanted: Wanted = Wanted()) -> list[Claim]:  # noqa: B008 - a frozen value
        """Take sources by leasing them."""
        return self._book.claim(n, now=now, who=self.who, lease_s=LEASE.total_seconds(), wanted=wanted)

    async def conclude(self, conclusions: Sequence[Conclusion]) -> None:
        """Keep and give back in one transaction."""
        self._book.conclude(conclusions, who=self.who)

    async def give_back(self, source: str, *, now: datetime, next_due: datetime, failures: float) -> None:
        """Give a source back without a run."""
        self._book.release(source, now=now, next_due=next_due, failures=failures, who=self.who)

    async def renew(self, sources: Iterable[str], *, now: datetime) -> None:
        """Lease again what is still held."""
        self._book.renew(sources, now=now, who=self.who, lease_s=LEASE.total_seconds())

    async def bury(self, who: str) -> list[str]:
        """Give back all that a process held."""
        return self._book.release_all(who)

    async def beat(self) -> None:
        """Nothing: a lease needs no sign of life."""


@asynccontextmanager
async def opened_queue(watch: Watch, who: str) -> AsyncIterator[CrawlQueue]:
    """Give the queue that the configuration names, on the running loop.

    Raises ConfigError when it needs what is not here: PostgreSQL, or the extra ``returnwatch[hosts]``.
    """
    leases = Leases(watch.store.sources, who)
    if watch.settings.service.queue == "leases":
        yield leases
        return
    if not watch.settings.store.is_shared:
        raise ConfigError(
            'returnwatch.toml: service.queue = "procrastinate" needs a store on PostgreSQL; '
            'SQLite serves one machine, where "leases" are enough'
        )
    try:
        from scheduler.transport import Transport, job_manager  # noqa: PLC0415 - an extra that most installations lack
    except ModuleNotFoundError as cause:
        raise ConfigError(
            f'returnwatch.toml: service.queue = "procrastinate" needs the package {cause.name}: '
            "pip install 'returnwatch[hosts]'"
        ) from cause
    async with job_manager(watch.settings.store.url) as manager:
        transport = Transport(manager, watch.store.sources, leases)
        await transport.join()
        try:
            yield transport
        finally:
            await transport.leave()


def lost(names: Collection[str]) -> str:
    """Say how many sources were given back, in words for the log."""
    return "1 source" if len(names) == 1 else f"{len(names)} sources"
