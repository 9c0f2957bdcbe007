"""Is the service alive, and is it ready? Questions over HTTP on the local machine.

``/healthz`` answers while the loop turns, and says nothing else. ``/readyz`` answers 200 while the clock ticks, the store answers with the
schema of this program, and there is room to write, else 503 with the reasons; it looks at what was measured last, and waits for nothing.
``/metrics`` gives figures for Prometheus. None tells anything about cases.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from scheduler.metrics import CONTENT_TYPE
from scheduler.vitals import Vitals

TICK_MAY_BE_OLD_S = 10.0
"""A tick comes each second; one that is older than this has stopped coming."""


class Pulse:
    """The signs of life that the service gives and the health page reads."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """Start without a tick; ``clock`` gives the present in UTC."""
        self._clock = clock
        self._ticked_at: datetime | None = None
        self.stopping = False
        self.vitals: Vitals | None = None

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

    def faults(self) -> dict[str, str]:
        """Say why the service is not ready, by the name of the check; nothing when it is."""
        found = {} if self.vitals is None else self.vitals.faults(self._clock())
        if self.vitals is None:
            found["measured"] = "nothing was measured yet"
        if not self.is_fresh:
            found["clock"] = "the clock does not tick"
        if self.stopping:
            found["running"] = "the service is stopping"
        return found


def health_routes(pulse: Pulse, metrics: Callable[[], bytes]) -> list[Route]:
    """Give the routes; ``metrics`` gives the page of figures, and is called in a thread."""

    async def healthz(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("ok")

    async def readyz(_request: Request) -> JSONResponse:
        faults = pulse.faults()
        return JSONResponse({"ready": not faults, "faults": faults}, status_code=503 if faults else 200)

    async def figures(_request: Request) -> Response:
        return Response(await asyncio.to_thread(metrics), media_type=CONTENT_TYPE)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", figures)]
