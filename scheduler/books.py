"""visits that have ended → the store, in groups: a thousand small truths cost as many transactions as they fill.

What waits here is not lost when the process dies, only not yet known: its sources are still leased, and are visited again.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence

from cases.errors import StoreError
from cases.store import Conclusion, SourceBook

log = logging.getLogger(__name__)

_GROUP = 64
"""Half of the places for polls, by default: while one half is written, the other asks."""
_WITHIN_S = 0.05
_AGAIN_S = 1.0


class Books:
    """The conclusions of one process; use it on one running loop."""

    def __init__(self, book: SourceBook, who: str, on_kept: Callable[[Sequence[Conclusion]], None]) -> None:
        """Keep nothing yet. ``on_kept`` is told of each group once it is kept."""
        self._book = book
        self._who = who
        self._on_kept = on_kept
        self._waiting: list[Conclusion] = []
        self._timer: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> frozenset[str]:
        """Names of the sources whose conclusions are not kept yet."""
        return frozenset(conclusion.run.source for conclusion in self._waiting)

    def add(self, conclusion: Conclusion) -> None:
        """Keep a conclusion soon, with others."""
        self._waiting.append(conclusion)
        if len(self._waiting) >= _GROUP:
            self._keep_or_wait()
        else:
            self._keep_in(_WITHIN_S)

    def keep(self, conclusion: Conclusion) -> None:
        """Keep a conclusion now. Raises StoreError."""
        self._book.conclude([conclusion], who=self._who)
        self._on_kept([conclusion])

    def close(self) -> None:
        """Keep what waits. Raises StoreError."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        group, self._waiting = self._waiting, []
        if group:
            self._book.conclude(group, who=self._who)
            self._on_kept(group)

    def _keep_in(self, seconds: float) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._keep_or_wait)

    def _keep_or_wait(self) -> None:
        """Keep what waits; a store that cannot take it now is asked again."""
        before = self._waiting
        try:
            self.close()
        except StoreError as error:
            log.error("%d visits cannot be kept yet: %s", len(before), error)  # noqa: TRY400 - the message says all
            self._waiting = [*before, *self._waiting]
            self._keep_in(_AGAIN_S)
