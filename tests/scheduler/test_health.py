import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from starlette.applications import Starlette

from scheduler.health import TICK_MAY_BE_OLD_S, Pulse, health_routes
from scheduler.webserver import listening

NOW = datetime(2026, 11, 21, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def ask(path: str, pulse: Pulse, store_answers: Callable[[], bool]) -> tuple[int, str]:
    """Serve the health pages on a free port of loopback and ask one of them."""

    async def scene() -> tuple[int, str]:
        async with listening(Starlette(routes=health_routes(pulse, store_answers)), "127.0.0.1", 0) as address:
            return await asyncio.to_thread(_get, address + path)

    return asyncio.run(scene())


def _get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


def test_a_service_whose_clock_ticks_and_whose_store_answers_is_ready() -> None:
    pulse = Pulse(Clock())
    pulse.beat()
    status, body = ask("/readyz", pulse, lambda: True)
    assert (status, json.loads(body)["ready"]) == (200, True)


def test_before_the_first_tick_it_is_not_ready() -> None:
    status, body = ask("/readyz", Pulse(Clock()), lambda: True)
    assert (status, json.loads(body)["clock"]) == (503, False)


def test_a_clock_that_stopped_ticking_is_not_ready() -> None:
    clock = Clock()
    pulse = Pulse(clock)
    pulse.beat()
    clock.now += timedelta(seconds=TICK_MAY_BE_OLD_S + 1)
    assert ask("/readyz", pulse, lambda: True)[0] == 503


def test_a_store_that_cannot_be_read_is_not_ready_but_the_process_is_alive() -> None:
    pulse = Pulse(Clock())
    pulse.beat()
    assert ask("/readyz", pulse, lambda: False)[0] == 503
    assert ask("/healthz", pulse, lambda: False) == (200, "ok")


def test_a_service_that_is_stopping_is_not_ready() -> None:
    pulse = Pulse(Clock())
    pulse.beat()
    pulse.stopping = True
    assert ask("/readyz", pulse, lambda: True)[0] == 503
