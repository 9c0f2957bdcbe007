"""One click stops a digest for good, for that recipient alone; nothing else that opens the link changes anything."""

import asyncio
import http.client
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from starlette.applications import Starlette

from cases.store import Delivery, DigestRecord, OutMessage, Store
from digests.dispatch import deliver_due
from digests.linkpages import LONGEST_BODY
from digests.links import Links
from digests.unsubscribing import unsubscribing
from scheduler.webserver import listening

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
LINKS = Links("https://watch.example.org", ["k" * 40])
ONE_CLICK = b"List-Unsubscribe=One-Click"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str


Ask = Callable[..., Answer]


@pytest.fixture
def delivery(store: Store) -> Delivery:
    out = [
        OutMessage(channel="email", recipient=f"{who}@example.org", payload=b"x", token=token)
        for who, token in (("desk", "0123456789abcdef"), ("field", "fedcba9876543210"))
    ]
    digest = store.outbox.record(DigestRecord(name="weekly", period="2026-11-23", made_at=NOW), out)
    return store.deliveries.of(digest)[0]


@pytest.fixture
def path(delivery: Delivery) -> str:
    return LINKS.link("unsubscribe", delivery.token).removeprefix("https://watch.example.org")


def served(store: Store, work: Callable[[int], object]) -> None:
    """Serve the pages while something is asked of them."""

    async def scene() -> None:
        app = Starlette(routes=list(unsubscribing(store, LINKS, lambda: NOW)))
        async with listening(app, "127.0.0.1", 0) as address:
            await asyncio.to_thread(work, int(address.rpartition(":")[2]))

    asyncio.run(scene())


def ask(store: Store, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
    answers: list[Answer] = []

    def work(port: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request(method, path, body, FORM | headers)
        with connection.getresponse() as response:
            told = {name.lower(): value for name, value in response.getheaders()}
            answers.append(Answer(response.status, told, response.read().decode()))
        connection.close()

    served(store, work)
    return answers[0]


def test_one_click_unsubscribes_really(store: Store, path: str) -> None:
    answer = ask(store, "POST", path, ONE_CLICK)
    assert answer.status == 200
    assert "set-cookie" not in answer.headers
    assert "location" not in answer.headers
    (found,) = store.suppressions.standing()
    assert (found.recipient, found.digest, found.reason, found.at) == (
        "desk@example.org",
        "weekly",
        "unsubscribed",
        NOW,
    )
    attempts = deliver_due(store, {}, now=NOW)
    assert [attempt.delivery.recipient for attempt in attempts if attempt.dropped] == ["desk@example.org"]


def test_the_form_of_the_other_kind_is_understood(store: Store, path: str) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
    answer = ask(store, "POST", path, body, **{"Content-Type": "multipart/form-data; boundary=b"})
    assert answer.status == 200
    assert len(store.suppressions.standing()) == 1


def test_clicking_twice_is_as_good_as_once(store: Store, path: str) -> None:
    assert [ask(store, "POST", path, ONE_CLICK).status for _ in range(2)] == [200, 200]
    assert len(store.suppressions.standing()) == 1


def test_opening_the_link_shows_a_button_and_changes_nothing(store: Store, path: str) -> None:
    answer = ask(store, "GET", path)
    assert answer.status == 200
    assert "Stop the digest “weekly”?" in answer.body
    assert '<form method="post">' in answer.body
    assert '<input type="hidden" name="List-Unsubscribe" value="One-Click">' in answer.body
    assert "desk@" not in answer.body
    assert "<script" not in answer.body
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert store.suppressions.standing() == []


def test_the_page_speaks_the_language_that_the_browser_asks_for(store: Store, path: str) -> None:
    answer = ask(store, "GET", path, None, **{"Accept-Language": "ko-KR,ko;q=0.9,en;q=0.5"})
    assert '<html lang="ko" dir="ltr">' in answer.body
    assert "소식지 ‘weekly’의 수신을 중단하시겠습니까?" in answer.body
    assert answer.headers["vary"] == "Accept-Language"
    assert '<html lang="en" dir="ltr">' in ask(store, "GET", path, None, **{"Accept-Language": "fr"}).body


def test_programs_that_look_at_every_link_stop_nothing(store: Store, path: str) -> None:
    assert [ask(store, method, path).status for method in ("GET", "HEAD", "GET", "HEAD")] == [200] * 4
    for method in ("OPTIONS", "PUT", "DELETE", "PROPFIND"):
        assert ask(store, method, path).status == 405
    for body in (b"", b"a=b", b"List-Unsubscribe=", None):
        assert ask(store, "POST", path, body).status == 400
    assert store.suppressions.standing() == []


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "x.y",
        "0123456789abcdef",
        LINKS.sign("acknowledge", "0123456789abcdef"),
        LINKS.sign("unsubscribe", "no such token"),
        LINKS.sign("unsubscribe", ""),
        Links("", ["o" * 40]).sign("unsubscribe", "0123456789abcdef"),
        "a" * 5000,
        "%00",
        "%F0%9F%92%A3",
        "..%2F..%2Fhealthz",
    ],
)
def test_a_link_that_is_none_of_ours_is_not_found(store: Store, delivery: Delivery, token: str) -> None:
    for method, body in (("GET", None), ("POST", ONE_CLICK)):
        answer = ask(store, method, f"/unsubscribe/{token}", body)
        assert answer.status == 404
    assert store.suppressions.standing() == []


def test_too_much_is_refused(store: Store, path: str) -> None:
    assert ask(store, "POST", path, ONE_CLICK + b"x" * LONGEST_BODY).status == 413
    assert store.suppressions.standing() == []


def test_who_sends_half_a_request_and_goes_changes_nothing(store: Store, path: str) -> None:
    def work(port: int) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as half:
            half.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nList-Unsub".encode())

    served(store, work)
    assert store.suppressions.standing() == []
