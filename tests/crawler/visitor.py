"""A process that visits what it is told to, through one of the two doors: reads jobs from stdin, a line of JSON each.

Names are answered from a table, so that tests can have sites with names of their own and answers that change; every
address under ``public`` passes the guard, and nothing else that it would not let pass anyway.
"""

import asyncio
import contextlib
import json
import resource
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

import crawler.wire.guard
from cases.store import open_store
from crawler.options import Collection
from crawler.pool import ReadingPool
from crawler.run import crawl, twisted_on_running_loop
from crawler.sources import source_of

NAMES: dict[str, list[list[str]]] = {}
"""For each name what it answers: the first list at first, and each once, but for the last."""
PUBLIC: set[str] = set()
_check_address, _getaddrinfo = crawler.wire.guard.check_address, socket.getaddrinfo


def answers(host: str) -> list[str] | None:
    lists = NAMES.get(host.lower().rstrip("."))
    if lists is None:
        return None
    return lists.pop(0) if len(lists) > 1 else lists[0]


def getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the socket module's
    found = answers(host.decode() if isinstance(host, bytes) else str(host))
    if found is None:
        return _getaddrinfo(host, port, *args, **kwargs)
    return [one for address in found for one in _getaddrinfo(address, port, *args, **kwargs)]


def check_address(address: str) -> None:
    if address not in PUBLIC:
        _check_address(address)


@contextlib.contextmanager
def no_more_memory_than(further_mb: int | None) -> Iterator[None]:
    """Let the process grow by so much and no more."""
    if further_mb is None:
        yield
        return
    limits = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + further_mb * 2**20, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)


async def visited(job: dict[str, Any], pool: ReadingPool) -> dict[str, Any]:
    NAMES.clear()
    NAMES.update(job["names"])
    PUBLIC.clear()
    PUBLIC.update(job["public"])
    folder = Path(job["folder"])
    at = datetime.fromisoformat(job["at"])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with open_store(f"sqlite:///{folder}/watch.db", migrate=False) as store, no_more_memory_than(job["further_mb"]):
        run = await crawl(
            source_of(job["source"], name=job["name"], origin="test"),
            store=store,
            pool=pool,
            captures=folder / "captures",
            collection=Collection(**job["collection"]),
            watched_tags=job["watched"],
            trigger="schedule",
            now=partial(_same, at),
        )
        kept = [store.articles.get(row.url) for row in store.articles.rows()]
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    articles = [one.latest.article for one in kept if one is not None]
    return {"run": msgspec.to_builtins(run), "articles": msgspec.to_builtins(articles), "grown_kb": grown}


def _same(at: datetime) -> datetime:
    return at


@contextlib.asynccontextmanager
async def door(name: str) -> AsyncIterator[None]:
    if name == "reactor":
        async with twisted_on_running_loop() as reactor:
            from twisted.internet._resolver import GAIResolver

            reactor.installNameResolver(GAIResolver(reactor, reactor.getThreadPool, getaddrinfo))
            yield
    else:
        yield


async def main(name: str) -> None:
    crawler.wire.guard.check_address = check_address
    async with ReadingPool(processes=1, timeout_s=8) as pool, door(name):
        while line := await asyncio.to_thread(sys.stdin.readline):
            sys.stdout.write(json.dumps(await visited(json.loads(line), pool)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    socket.getaddrinfo = getaddrinfo
    asyncio.run(main(sys.argv[1]))
