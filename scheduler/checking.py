"""sources → checkups: each source tried now, several sites at a time and never two sources of one site at once."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence

from crawler.discovery.checkup import Checkup, checked
from crawler.discovery.errand import Fetch
from crawler.options import Collection
from crawler.run import run_errand
from crawler.sources import Source
from scheduler.assembly import present

_SITES_AT_ONCE = 4


async def check_sources(
    sources: Iterable[Source],
    *,
    watched: Sequence[str],
    collection: Collection,
    on_end: Callable[[Source, Checkup], None],
) -> list[Checkup]:
    """Try sources; ``on_end`` is told of each as soon as it is done. Keeps nothing.

    A visit of the running service to the same site may fall into the same minute: a check takes no lease.
    """
    sites: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        sites[source.host].append(source)
    gate = asyncio.Semaphore(_SITES_AT_ONCE)

    async def check_site(found: list[Source]) -> list[Checkup]:
        done = []
        async with gate:
            for source in found:
                checkup = await run_errand(_errand_for(source, watched), collection=collection, now=present)
                on_end(source, checkup)
                done.append(checkup)
        return done

    ended = await asyncio.gather(*(check_site(found) for found in sites.values()))
    return [checkup for site in ended for checkup in site]


def _errand_for(source: Source, watched: Sequence[str]) -> Callable[[Fetch], Awaitable[Checkup]]:
    async def errand(fetch: Fetch) -> Checkup:
        return await checked(source, watched=watched, fetch=fetch)

    return errand
