"""host → its next turn: the least time between two requests to a host, whoever in this process makes them.

A crawl paces its own requests; this paces what lies between: polls of several sources on one host, and a crawl after a poll.
"""

import asyncio
import time
from collections.abc import Callable

_MANY = 4_096
_LONGEST_S = 120.0
"""No pause is longer: a host whose last turn is older can be forgotten."""


class Hosts:
    """The hosts of one process, on one running loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: dict[str, float] = {}
        self._many = _MANY

    async def turn(self, host: str, pause_s: float) -> None:
        """Wait until this host may be asked again, and take its turn; who comes next waits behind."""
        now = self._clock()
        at = max(now, self._last.get(host, now - _LONGEST_S) + min(pause_s, _LONGEST_S))
        self._last[host] = at
        if at > now:
            await asyncio.sleep(at - now)
        elif len(self._last) > self._many:
            self._forget(now)

    def asked(self, host: str) -> None:
        """Note that somebody else has just asked this host."""
        self._last[host] = max(self._clock(), self._last.get(host, 0.0))

    def _forget(self, now: float) -> None:
        self._last = {host: at for host, at in self._last.items() if at > now - _LONGEST_S}
        self._many = max(_MANY, 2 * len(self._last))  # a large round must not look through all of them at every turn
