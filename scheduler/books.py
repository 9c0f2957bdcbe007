"""visits that have ended → the store, in groups: a thousand small truths cost as many transactions as they fill.

What waits here is not lost when the process dies, only not yet known: its sources are still leased, and are visited again.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence

from cases.errors import StoreError
from cases.store import Conclusion
from scheduler.queue import CrawlQueue

log = logging.getLogger(__name__)

_GROUP = 64
"""Half of the places for polls, by default: while one half is written, the other asks."""
_WITHIN_S = 0.05
_AGAIN_S = 1.0


class Books:
    """The conclusions of one process; use it on one running loop."""

    def __init__(self, queue: CrawlQueue, on_kept: Callable[[Sequence[Conclusion]], None]) -> None:
        """Keep nothing yet. ``on_kept`` is told of each group once it is kept."""
        self._queue = queue
        self._on_kept = on_kept
        self._waiting: list[Conclusion] = []
        self._writing: list[Conclusion] = []
        self._one_at_a_time = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> frozenset[str]:
        """Names of the sources whose conclusions are not kept yet."""
        return frozenset(conclusion.run.source for conclusion in [*self._waiting, *self._writing])

    def add(self, conclusion: Conclusion) -> None:
        """Keep a conclusion soon, with others."""
        self._waiting.append(conclusion)
        if len(self._waiting) == _GROUP and self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._keep_in(0 if len(self._waiting) >= _GROUP else _WITHIN_S)

    async def keep(self, conclusion: Conclusion) -> None:
        """Keep a conclusion now. Raises StoreError."""
        await self._queue.conclude([conclusion])
        self._on_kept([conclusion])

    async def close(self) -> None:
        """Keep what waits. Raises StoreError."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        await self._keep_all()

    async def _keep_all(self) -> None:
        async with self._one_at_a_time:
            group, self._waiting = self._waiting, []
            if not group:
                return
            self._writing = group
            try:
                await self._queue.conclude(group)
            except BaseException:
                self._waiting = [*group, *self._waiting]
                raise
            finally:
                self._writing = []
            self._on_kept(group)

    def _keep_in(self, seconds: float) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._begin)

    def _begin(self) -> None:
        self._timer = None
        self._task = asyncio.get_running_loop().create_task(self._keep_or_wait())

    async def _keep_or_wait(self) -> None:
        """Keep what waits; a store that cannot take it now is asked again."""
        try:
            await self._keep_all()
        except StoreError as error:
            log.error("%d visits cannot be kept yet: %s", len(self._waiting), error)  # noqa: TRY400 - the message says all
            self._keep_in(_AGAIN_S)
