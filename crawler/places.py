"""How much goes on at once: a place each, and who is waited for by a person comes first."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import NamedTuple


class _Turn(NamedTuple):
    """Somebody who waits for a place."""

    who: str
    comes: asyncio.Future[None]


class Places:
    """A number of places; use them on one running loop."""

    def __init__(self, number: int, *, spare: int = 0) -> None:
        """Make ``number`` places, and ``spare`` ones beside them that only urgent work may take when the others are held."""
        self._free = number
        self._spare = spare
        self._lent = 0
        self._urgent: deque[_Turn] = deque()
        self._patient: deque[_Turn] = deque()

    @asynccontextmanager
    async def place(self, *, urgent: bool, who: str = "") -> AsyncIterator[None]:
        """Wait for a place and hold it; ``urgent`` ones are given theirs before all others that wait. ``who`` may be hurried."""
        if self._free > 0:
            self._free -= 1
        elif urgent and self._spare > 0:
            self._spare -= 1
            self._lent += 1
        else:
            await self._wait(who, self._urgent if urgent else self._patient)
        try:
            yield
        finally:
            self._give_on()

    def hurry(self, names: Collection[str]) -> None:
        """Make those of these that wait urgent, as if they had come so."""
        for turn in [one for one in self._patient if one.who in names]:
            self._patient.remove(turn)
            if self._spare > 0 and not turn.comes.done():
                self._spare -= 1
                self._lent += 1
                turn.comes.set_result(None)
            else:
                self._urgent.append(turn)

    async def _wait(self, who: str, line: deque[_Turn]) -> None:
        comes = asyncio.get_running_loop().create_future()
        line.append(_Turn(who, comes))
        try:
            await comes
        except asyncio.CancelledError:
            if comes.done() and not comes.cancelled():
                self._give_on()
            raise

    def _give_on(self) -> None:
        lines = (self._urgent,) if self._lent else (self._urgent, self._patient)
        for line in lines:
            while line:
                comes = line.popleft().comes
                if not comes.done():
                    comes.set_result(None)
                    return
        if self._lent:
            self._lent -= 1
            self._spare += 1
        else:
            self._free += 1
