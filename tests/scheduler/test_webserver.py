"""A small web server on somebody else's loop."""

import asyncio
import signal
import socket
import urllib.request

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from cases.errors import ConfigError
from scheduler.webserver import listening

APPLICATION = Starlette(routes=[Route("/", lambda _: PlainTextResponse("here"))])


def speaks_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


IPV6 = pytest.param("::1", "[::1]", marks=pytest.mark.skipif(not speaks_ipv6(), reason="this machine has no IPv6"))


def body(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=10) as answer:
        said: bytes = answer.read()
    return said


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), IPV6])
def test_it_answers_at_the_address_it_gives_and_no_longer_than_its_block(host: str, shown: str) -> None:
    async def scene() -> str:
        async with listening(APPLICATION, host, 0) as address:
            assert await asyncio.to_thread(body, address) == b"here"
        return address

    address = asyncio.run(scene())
    assert address.startswith(f"http://{shown}:")
    with pytest.raises(OSError, match="refused"):
        body(address)


def test_an_address_that_is_taken_is_named_with_the_reason() -> None:
    async def scene(port: int) -> None:
        async with listening(APPLICATION, "127.0.0.1", port):
            pass

    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ConfigError, match=rf"127\.0\.0\.1 port {port}: .*in use"):
            asyncio.run(scene(port))


def test_it_leaves_the_signals_of_the_process_alone() -> None:
    async def scene() -> object:
        async with listening(APPLICATION, "127.0.0.1", 0):
            return signal.getsignal(signal.SIGTERM)

    assert asyncio.run(scene()) is signal.getsignal(signal.SIGTERM)
