"""closed days → time-stamps: each authority is asked for the days that it has not stamped yet. Who does not answer is asked again."""

import asyncio
import logging

from cases.errors import WatchError
from crawler.evidence.timestamps import stamped
from crawler.wire.asking import LightDoor
from scheduler.assembly import Watch, present

log = logging.getLogger(__name__)


async def stamp_days(watch: Watch) -> int:
    """Ask every configured authority for every closed day that it owes a token; gives how many were kept.

    An authority that fails is left alone until the next call: it delays neither the others nor anything else.
    """
    authorities = watch.settings.custody.timestamps
    if not authorities:
        return 0
    kept = 0
    async with LightDoor(watch.settings.collection, now=present) as door:
        for authority in authorities:
            for day in await asyncio.to_thread(watch.store.stamps.missing, authority.url):
                try:
                    stamp = await stamped(door, authority, day)
                except WatchError as fault:
                    log.warning("%s is not stamped yet, and asked for again later: %s", day.subject, fault)
                    break
                await asyncio.to_thread(watch.store.stamps.put, day.position, stamp.authority, stamp.token, stamp.at)
                log.info("log of decisions: %s stamped by %s at %s", day.subject, stamp.authority, stamp.at)
                kept += 1
    return kept
