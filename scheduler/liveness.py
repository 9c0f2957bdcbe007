"""process ↔ store: that it lives, and who among the others does not any more.

A sign of life every few seconds. Whoever notices that another has fallen silent takes over what that one held. The clocks of the
hosts need not agree: silence is measured by one's own, from when the other's sign was last seen to change.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from time import monotonic

from cases.errors import ConfigError, StoreError
from cases.store import Heartbeat, Role
from scheduler.assembly import ALIVE_WITHIN, Watch, present
from scheduler.crawls import Crawls
from scheduler.process import has_died
from scheduler.queue import SILENT_AFTER, CrawlQueue

log = logging.getLogger(__name__)

BEAT_EVERY_S = 5.0

LET_GO_AFTER_S = 20.0
"""Who could give no sign for so long ends its visits: before the others take it for dead, and crawl the same sites."""

_MARK = "folder.mark"


class Vigil:
    """Which processes have fallen silent. Pure: signs and time are arguments."""

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._seen: dict[str, tuple[datetime | None, float]] = {}

    def silent(self, signs: Mapping[str, datetime | None], at: float) -> frozenset[str]:
        """Give those whose sign has not changed for longer than patience lasts; ``at`` in seconds of a clock that only runs on.

        One of which no sign is known (``None``) is silent from when it was first named.
        """
        seen = {who: self._seen.get(who) for who in signs}
        self._seen = {
            who: last if last is not None and last[0] == signs[who] else (signs[who], at) for who, last in seen.items()
        }
        return frozenset(who for who, (_, since) in self._seen.items() if at - since > self._patience_s)


@asynccontextmanager
async def showing_life(
    watch: Watch, crawls: Crawls, queue: CrawlQueue, *, role: Role, slots: int
) -> AsyncIterator[None]:
    """Give signs of life while the block lasts, watch over the others, and say farewell at its end.

    Raises ConfigError when another process on this store keeps its captures in another folder.
    """
    liveness = _Liveness(watch, crawls, queue, role=role, slots=slots)
    await liveness.beat()
    task = asyncio.create_task(liveness.go_on(), name="signs of life")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        watch.store.presence.farewell(crawls.who)


class _Liveness:
    def __init__(self, watch: Watch, crawls: Crawls, queue: CrawlQueue, *, role: Role, slots: int) -> None:
        self._watch, self._crawls, self._queue = watch, crawls, queue
        self._role, self._slots, self._started_at = role, slots, present()
        self._folder = mark_of(watch.settings.store.captures)
        self._vigil = Vigil(SILENT_AFTER.total_seconds())
        self._heard_at = monotonic()
        _require_one_folder(watch, self._folder, crawls.who)

    async def go_on(self) -> None:
        """Beat until cancelled, whatever happens."""
        while True:
            await asyncio.sleep(BEAT_EVERY_S)
            try:
                await self.beat()
            except StoreError as error:
                log.error("no sign of life could be given: %s", error)  # noqa: TRY400 - the message says all
                if monotonic() - self._heard_at > LET_GO_AFTER_S:
                    self._crawls.let_go()
            except Exception:
                log.exception("no sign of life could be given")

    async def beat(self) -> None:
        """Give a sign, and look who is silent."""
        sign = Heartbeat(
            who=self._crawls.who,
            pid=os.getpid(),
            at=present(),
            role=self._role,
            slots=self._slots,
            busy=len(self._crawls.running),
            started_at=self._started_at,
            folder=self._folder,
        )
        self._watch.store.presence.beat(sign)
        await self._queue.beat()
        self._heard_at = monotonic()
        signs: dict[str, datetime | None] = dict.fromkeys(self._watch.store.sources.holders().values())
        signs |= {one.who: one.at for one in self._watch.store.presence.signs()}
        silent = self._vigil.silent(signs, monotonic())
        if silent or any(has_died(who) for who in signs):
            await self._crawls.take_over(silent)


def mark_of(captures: Path) -> str:
    """Give the mark of a folder of captures; the first who comes makes it. Whoever mounts the same folder reads the same mark.

    Raises ConfigError when the folder cannot be written.
    """
    path = captures / _MARK
    try:
        captures.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(token_hex(8))
        return path.read_text(encoding="ascii")
    except OSError as cause:
        raise ConfigError(
            f"returnwatch.toml: store.captures: {captures} cannot be written: {cause.strerror}"
        ) from cause


def _require_one_folder(watch: Watch, mine: str, who: str) -> None:
    for other in watch.store.presence.alive(present(), ALIVE_WITHIN.total_seconds()):
        if other.who != who and not has_died(other.who) and other.folder not in {None, "", mine}:
            raise ConfigError(
                f"returnwatch.toml: store.captures: {watch.settings.store.captures} is not the folder that {other.who} keeps "
                "its captures in; several hosts must share one: mount the same folder on each of them"
            )
