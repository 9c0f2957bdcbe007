"""Is the service alive, and is it ready? Two questions over HTTP on the local machine.

``/healthz`` answers while the loop turns, and says nothing else. ``/readyz`` answers 200 while the clock ticks and the store
can be read, else 503 with the reason. Neither tells anything about cases.
"""

from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

TICK_MAY_BE_OLD_S = 10.0
"""A tick comes each second; one that is older than this has stopped coming."""


class Pulse:
    """The signs of life that the service gives and the health page reads."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """Start without a tick; ``clock`` gives the present in UTC."""
        self._clock = clock
        self._ticked_at: datetime | None = None
        self.stopping = False

    def beat(self) -> None:
        """Note that the clock ticked."""
        self._ticked_at = self._clock()

    @property
    def tick_age_s(self) -> float | None:
        """Seconds since the last tick; None before the first."""
        return None if self._ticked_at is None else (self._clock() - self._ticked_at).total_seconds()

    @property
    def is_fresh(self) -> bool:
        """True while the clock ticks."""
        age = self.tick_age_s
        return age is not None and age <= TICK_MAY_BE_OLD_S


def health_routes(pulse: Pulse, store_answers: Callable[[], bool]) -> list[Route]:
    """Build the two routes; ``store_answers`` tries the store and tells whether it could be read."""

    async def healthz(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("ok")

    async def readyz(_request: Request) -> JSONResponse:
        checks = {"running": not pulse.stopping, "clock": pulse.is_fresh, "store": store_answers()}
        ready = all(checks.values())
        return JSONResponse({"ready": ready, **checks}, status_code=200 if ready else 503)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]
