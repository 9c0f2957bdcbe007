import asyncio
import json
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import msgspec
from starlette.applications import Starlette

from scheduler.health import TICK_MAY_BE_OLD_S, Pulse, health_routes
from scheduler.vitals import MAY_BE_OLD, Room, Vitals
from scheduler.webserver import listening

NOW = datetime(2026, 11, 21, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def well(clock: Clock | None = None) -> Pulse:
    pulse = Pulse(clock or Clock())
    pulse.beat()
    pulse.vitals = Vitals(at=NOW, rooms=(Room(place="store", free_bytes=1),))
    return pulse


def ask(path: str, pulse: Pulse) -> tuple[int, str]:
    """Serve the health pages on a free port of loopback and ask one of them."""

    async def scene() -> tuple[int, str]:
        async with listening(Starlette(routes=health_routes(pulse, lambda: b"figures 1\n")), "127.0.0.1", 0) as address:
            return await asyncio.to_thread(_get, address + path)

    return asyncio.run(scene())


def _get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


def faults(pulse: Pulse) -> list[str]:
    status, body = ask("/readyz", pulse)
    said = json.loads(body)
    assert (status == 200) == said["ready"] == (said["faults"] == {})
    return list(said["faults"])


def test_a_service_whose_clock_ticks_and_whose_store_answers_is_ready() -> None:
    assert faults(well()) == []


def test_before_the_first_tick_and_the_first_measure_it_is_not_ready() -> None:
    assert faults(Pulse(Clock())) == ["measured", "clock"]


def test_a_clock_that_stopped_ticking_is_not_ready() -> None:
    clock = Clock()
    pulse = well(clock)
    clock.now += timedelta(seconds=TICK_MAY_BE_OLD_S + 1)
    assert faults(pulse) == ["clock"]


def test_what_was_measured_long_ago_says_nothing_of_now() -> None:
    clock = Clock()
    pulse = well(clock)
    clock.now += MAY_BE_OLD + timedelta(seconds=1)
    pulse.beat()
    assert faults(pulse) == ["measured"]


def test_a_store_that_does_not_answer_a_strange_schema_and_a_full_disk_are_told_but_the_process_is_alive() -> None:
    pulse = well()
    assert pulse.vitals is not None
    full = Room(place="captures", free_bytes=0, fault="the disk is full")
    pulse.vitals = msgspec.structs.replace(pulse.vitals, store_fault="it is gone", schema_fault="old", rooms=(full,))
    assert faults(pulse) == ["store", "schema", "room"]
    assert ask("/healthz", pulse) == (200, "ok")


def test_a_service_that_is_stopping_is_not_ready() -> None:
    pulse = well()
    pulse.stopping = True
    assert faults(pulse) == ["running"]


def test_figures_are_served_for_prometheus() -> None:
    assert ask("/metrics", well()) == (200, "figures 1\n")
