"""A person takes an alert on by a button; a program that opens the link changes nothing."""

import asyncio
import http.client
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette

from cases.store import Alert, DigestRecord, OutMessage, Store, alert_name
from digests.acknowledge_page import acknowledge_pages
from digests.acknowledging import acknowledge_link
from digests.linkpages import LONGEST_BODY
from digests.links import Links
from scheduler.webserver import listening

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
PERIOD = "2026-11-22T220000Z"
SITE = "https://watch.example.org"
LINKS = Links(SITE, ["k" * 40])
YES = "acknowledge=yes"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def alert(store: Store) -> Alert:
    """An alert that two people were told of."""
    out = [OutMessage(channel="email", recipient=f"{who}@example.org", payload=b"x") for who in ("desk", "duty")]
    record = DigestRecord(name=alert_name("weekly"), period=PERIOD, made_at=NOW, subject="[URGENT] 1 urgent")
    store.outbox.record(record, out)
    (made,) = store.alerts.since(NOW)
    return made


Ask = Callable[..., tuple[int, str]]


@pytest.fixture
def ask(store: Store) -> Ask:
    """Ask the real pages over HTTP: the status and the page."""

    def run(method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
        def work(port: int) -> tuple[int, str]:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            with closing(connection):
                connection.request(method, path, body.encode(), FORM | headers)
                response = connection.getresponse()
                return response.status, response.read().decode()

        async def scene() -> tuple[int, str]:
            app = Starlette(routes=list(acknowledge_pages(store, LINKS, lambda: NOW)))
            async with listening(app, "127.0.0.1", 0) as address:
                return await asyncio.to_thread(work, int(address.rpartition(":")[2]))

        return asyncio.run(scene())

    return run


def path(recipient: str, period: str = PERIOD) -> str:
    return acknowledge_link(LINKS, "weekly", period, recipient).removeprefix(SITE)


def acknowledged_by(store: Store) -> str | None:
    return store.alerts.since(NOW)[0].acknowledged_by


@pytest.mark.usefixtures("alert")
def test_opening_the_link_asks_and_changes_nothing(store: Store, ask: Ask) -> None:
    for _ in range(2):
        status, page = ask("GET", path("desk@example.org"))
        assert status == 200
        assert "I take this on" in page
        assert "example.org" not in page
    assert acknowledged_by(store) is None
    assert "맡겠습니다" in ask("GET", path("desk@example.org"), **{"Accept-Language": "ko"})[1]


@pytest.mark.usefixtures("alert")
def test_the_button_acknowledges_for_the_one_whose_link_it_is(store: Store, ask: Ask) -> None:
    assert ask("POST", path("duty@example.org"), YES)[0] == 200
    assert acknowledged_by(store) == "duty@example.org"
    assert "Somebody has taken this on already" in ask("GET", path("desk@example.org"))[1]
    assert ask("POST", path("desk@example.org"), YES)[0] == 200
    assert acknowledged_by(store) == "duty@example.org", "the first who said so stands"


@pytest.mark.usefixtures("alert")
@pytest.mark.parametrize(
    ("link", "body", "status"),
    [
        ("/acknowledge/forged", YES, 404),
        (path("desk@example.org")[:-3] + "AAA", YES, 404),
        (path("desk@example.org", "2026-11-23T000000Z"), YES, 404),
        (LINKS.link("unsubscribe", f"weekly/{PERIOD}/x").replace(f"{SITE}/unsubscribe", "/acknowledge"), YES, 404),
        (path("desk@example.org"), "", 400),
        (path("desk@example.org"), "y" * (LONGEST_BODY + 1), 413),
    ],
)
def test_what_is_no_acknowledgement_changes_nothing(store: Store, ask: Ask, link: str, body: str, status: int) -> None:
    assert ask("POST", link, body)[0] == status
    assert acknowledged_by(store) is None
