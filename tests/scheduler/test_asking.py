"""One-off work over HTTP: who is let in, and that the work is done. The routes on a real server, the crawl in the real service."""

import asyncio
import http.client
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest
from starlette.applications import Starlette

from cases.errors import ConfigError
from scheduler.asking import Asking, Board
from scheduler.assembly import Watch, open_watch, present
from scheduler.gate import LARGEST_BODY, Gate
from scheduler.token import Token, token_of
from scheduler.webserver import listening

SECRET = "a secret of more than sixteen characters"
BEARER = {"Authorization": f"Bearer {SECRET}"}


class Server:
    """The routes on a loop of their own, and a client that sends what it is told."""

    def __init__(self, watch: Watch, token: Token | None) -> None:
        self.begun = 0
        self._has_begun = threading.Event()
        self._watch, self._gate = watch, Gate(token, "127.0.0.1")
        self._ready, self._port = threading.Event(), 0
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    async def _serve(self) -> None:
        async def begin() -> None:
            self.begun += 1
            self._has_begun.set()

        asking = Asking(self._watch, Board(), begin)
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        async with listening(Starlette(routes=asking.routes(self._gate)), "127.0.0.1", 0) as address:
            self._port = int(address.rpartition(":")[2])
            self._ready.set()
            await self._end.wait()
            await asking.close()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def begins(self) -> bool:
        """Wait for work to begin; it does so behind the answer."""
        return self._has_begun.wait(10)

    def ask(self, method: str, path: str, wish: object = None, headers: Mapping[str, str] = BEARER) -> tuple[int, Any]:
        """Ask with a body of bytes as they are, or of anything else as JSON; gives the status, and the answer decoded."""
        body = wish if isinstance(wish, bytes) or wish is None else json.dumps(wish).encode()
        sent = {**({"Content-Type": "application/json"} if body else {}), **headers}
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        connection.request(method, path, body=body, headers=sent)
        answer = connection.getresponse()
        said = answer.read().decode()
        connection.close()
        kind = answer.headers.get("content-type", "")
        return answer.status, json.loads(said) if kind.startswith("application/json") else said


@pytest.fixture
def server(watch: Watch) -> Iterator[Server]:
    with Server(watch, Token(SECRET)) as running:
        yield running


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": f"Basic {SECRET}"}, 401),
        ({**BEARER, "Host": "attacker.example"}, 421),
        ({**BEARER, "Host": "127.0.0.1.attacker.example:80"}, 421),
        ({**BEARER, "Origin": "https://attacker.example"}, 403),
        ({**BEARER, "Origin": "null"}, 403),
        ({**BEARER, "Content-Type": "text/plain"}, 415),
        ({**BEARER, "Host": "localhost", "Origin": "http://localhost:8080"}, 202),
    ],
)
def test_who_may_ask(server: Server, headers: dict[str, str], status: int) -> None:
    found, said = server.ask("POST", "/crawls", {"sources": ["frost-courier"]}, headers)
    assert found == status
    assert server.begins() if status == 202 else server.begun == 0
    assert SECRET not in json.dumps(said)


def test_without_a_configured_token_nobody_may_ask(watch: Watch) -> None:
    with Server(watch, None) as server:
        status, said = server.ask("POST", "/crawls", {})
    assert status == 403
    assert "token_env" in said["error"]


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/crawls", b'{"sources": ["nowhere"]}', 404, "nowhere"),
        ("/crawls", b'{"sorces": []}', 400, "sorces"),
        ("/crawls", b'{"since": "last week"}', 400, "since"),
        ("/crawls", b"{", 400, "not what was expected"),
        ("/crawls", b" " * (LARGEST_BODY + 1), 413, "bytes"),
        ("/digests/nothing", b"{}", 404, "nothing"),
        ("/rejudge", b'{"source": "nowhere"}', 404, "nowhere"),
    ],
)
def test_what_cannot_be_meant_is_explained(server: Server, path: str, body: bytes, status: int, words: str) -> None:
    found, said = server.ask("POST", path, body)
    assert found == status
    assert words in said["error"]


def test_a_crawl_that_was_asked_for_waits_in_the_store_and_tells_how_it_stands(server: Server, watch: Watch) -> None:
    status, asked = server.ask("POST", "/crawls", {"since": "2026-01-05"})
    assert (status, asked["sources"]) == (202, ["estuary-dispatch", "frost-courier"])
    status, told = server.ask("GET", f"/crawls/{asked['id']}")
    assert (status, told["done"]) == (200, False)
    assert [(one["source"], one["state"], one["run"]) for one in told["sources"]] == [
        ("estuary-dispatch", "waiting", None),
        ("frost-courier", "waiting", None),
    ]
    (claim,) = watch.store.sources.claim(1, now=present(), who="me", lease_s=60)
    assert claim.since == datetime(2026, 1, 5, tzinfo=UTC)
    assert server.ask("GET", "/crawls/999")[0] == 404
    assert server.ask("GET", f"/crawls/{asked['id']}", headers={})[0] == 401


def test_a_digest_is_shown_in_each_form_and_sending_it_says_what_became_of_it(server: Server) -> None:
    assert "<html" in server.ask("POST", "/digests/demo", {"format": "html"})[1]
    assert server.ask("POST", "/digests/demo", {"format": "json"})[0] == 200
    assert server.ask("POST", "/digests/demo")[0] == 200
    status, said = server.ask("POST", "/digests/demo", {"send": True})
    assert (status, said["state"], said["errors"]) == (200, "nothing_new", [])


def test_a_round_of_judging_again_tells_its_result(server: Server) -> None:
    assert server.ask("GET", "/rejudge")[0] == 404
    assert server.ask("POST", "/rejudge", {})[0] == 202
    end = present() + timedelta(seconds=30)
    while (told := server.ask("GET", "/rejudge")[1])["state"] == "running":
        assert present() < end
    assert (told["state"], told["result"]["total"]) == ("done", 0)


# -- the token


def test_a_token_comes_from_the_environment_or_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN_OF_THE_TEST", f" {SECRET}\n")
    file = tmp_path / "token"
    file.write_text(SECRET + "\n")
    file.chmod(0o600)
    for token in (token_of(env="TOKEN_OF_THE_TEST", file=None), token_of(env=None, file=file)):
        assert token is not None
        assert token.admits(f"Bearer {SECRET}")
        assert not token.admits(f"Bearer {SECRET[:-1]}")
        assert not token.admits("Bearer ünïcode")
        assert not token.admits(None)
        assert SECRET not in repr(token)
    assert token_of(env=None, file=None) is None


def _open_file(folder: Path) -> Path:
    file = folder / "token"
    file.write_text(SECRET)
    file.chmod(0o644)
    return file


@pytest.mark.parametrize(
    ("named", "words"),
    [
        (lambda _: {"env": "NOT_SET_AT_ALL", "file": None}, "NOT_SET_AT_ALL is empty"),
        (lambda folder: {"env": None, "file": folder / "missing"}, "cannot be read"),
        (lambda folder: {"env": None, "file": _open_file(folder)}, "chmod 600"),
        (lambda folder: {"env": "X", "file": folder / "x"}, "one of the two"),
    ],
)
def test_a_token_that_is_none_is_refused_before_the_start(
    named: Callable[[Path], dict[str, Any]], words: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=words):
        token_of(**named(tmp_path))


def test_a_short_token_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN_OF_THE_TEST", "secret")
    with pytest.raises(ConfigError, match="openssl rand") as refusal:
        token_of(env="TOKEN_OF_THE_TEST", file=None)
    assert "secret" not in str(refusal.value)


def test_the_configuration_may_name_the_file(config: Path, tmp_path: Path) -> None:
    settings = config / "returnwatch.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("[[digests]]", f'[service]\ntoken_file = "{tmp_path}/token"\n[[digests]]', 1), encoding="utf-8"
    )
    with open_watch(config) as watch:
        assert watch.settings.service.token_file == tmp_path / "token"
