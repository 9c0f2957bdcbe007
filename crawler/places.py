"""How much goes on at once: a place each, and who is waited for by a person comes first."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Places:
    """A number of places; use them on one running loop."""

    def __init__(self, number: int, *, spare: int = 0) -> None:
        """Make ``number`` places, and ``spare`` ones beside them that only urgent work may take when the others are held."""
        self._free = number
        self._spare = spare
        self._lent = 0
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._patient: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def place(self, *, urgent: bool) -> AsyncIterator[None]:
        """Wait for a place and hold it; ``urgent`` ones are given theirs before all others that wait."""
        if self._free > 0:
            self._free -= 1
        elif urgent and self._spare > 0:
            self._spare -= 1
            self._lent += 1
        else:
            await self._wait(self._urgent if urgent else self._patient)
        try:
            yield
        finally:
            self._give_on()

    async def _wait(self, line: deque[asyncio.Future[None]]) -> None:
        turn = asyncio.get_running_loop().create_future()
        line.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give_on()
            raise

    def _give_on(self) -> None:
        lines = (self._urgent,) if self._lent else (self._urgent, self._patient)
        for line in lines:
            while line:
                turn = line.popleft()
                if not turn.done():
                    turn.set_result(None)
                    return
        if self._lent:
            self._lent -= 1
            self._spare += 1
        else:
            self._free += 1
