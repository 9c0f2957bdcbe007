"""The service's part in what happens to mail under way."""

import asyncio
import http.client
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette

from cases.errors import ConfigError
from cases.store import DigestRecord, OutMessage
from digests.channels import open_channels
from scheduler.assembly import Watch, open_watch
from scheduler.digesting import all_channels
from scheduler.health import Pulse, health_routes
from scheduler.postroom import collect_bounces, public_routes, settle_unknown, take_over
from scheduler.webserver import listening

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)


def configured(folder: Path, more: str) -> Path:
    (folder / "config" / "sources").mkdir(parents=True)
    (folder / "config" / "returnwatch.toml").write_text(
        f'[store]\nurl = "sqlite:///{folder}/watch.db"\ncaptures = "{folder}/captures"\n{more}', encoding="utf-8"
    )
    return folder / "config"


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    key = tmp_path / "key"
    key.write_text("k" * 40)
    key.chmod(0o600)
    web = f'[web]\npublic_url = "https://watch.example.org"\nkey_file = "{key}"\n'
    mail = '[channels.email]\nhost = "127.0.0.1"\nport = 1\nsecurity = "none"\nsender = "watch@example.org"\n'
    bounces = '[channels.email.bounces]\nhost = "127.0.0.1"\nport = 1\naddress = "bounce@example.org"\n'
    digest = '[[digests]]\nname = "weekly"\nschedule = "Mon 07:00"\nchannels = ["email"]\nrecipients = ["desk@example.org"]\n'
    with open_watch(configured(tmp_path, web + mail + bounces + digest)) as opened:
        yield opened


def recorded(watch: Watch) -> None:
    out = OutMessage(channel="email", recipient="desk@example.org", payload=b"x", token="0123456789abcdef")
    watch.store.outbox.record(DigestRecord(name="weekly", period="2026-11-23", made_at=NOW), [out])


def test_readers_reach_their_pages_beside_the_health_pages(watch: Watch) -> None:
    recorded(watch)
    links = watch.settings.web.links()
    assert links is not None
    path = links.link("unsubscribe", "0123456789abcdef").removeprefix("https://watch.example.org")
    pulse = Pulse(lambda: NOW)

    async def scene() -> list[int]:
        app = Starlette(routes=[*health_routes(pulse, lambda: b""), *public_routes(watch)])
        async with listening(app, "127.0.0.1", 0) as address:
            return await asyncio.to_thread(asked, int(address.rpartition(":")[2]))

    def asked(port: int) -> list[int]:
        statuses = []
        for method, at, body in (
            ("GET", "/healthz", None),
            ("GET", path, None),
            ("POST", path, "List-Unsubscribe=One-Click"),
        ):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request(method, at, body)
            statuses.append(connection.getresponse().status)
            connection.close()
        return statuses

    assert asyncio.run(scene()) == [200, 200, 200]
    assert watch.store.suppressions.find("desk@example.org", digest="weekly") is not None


def test_without_a_public_address_there_are_no_pages_and_a_missing_key_stops_the_start(tmp_path: Path) -> None:
    with open_watch(configured(tmp_path / "a", "")) as plain:
        assert list(public_routes(plain)) == []
    web = f'[web]\npublic_url = "https://watch.example.org"\nkey_file = "{tmp_path}/nothing"\n'
    with open_watch(configured(tmp_path / "b", web)) as broken, pytest.raises(ConfigError, match="cannot be read"):
        public_routes(broken)


def test_what_a_service_that_died_was_sending_is_asked_for_and_told_when_a_person_must_decide(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    recorded(watch)
    watch.store.deliveries.take(NOW)
    take_over(watch, now=NOW)
    channels = all_channels(watch.settings)
    settle_unknown(watch, channels, now=NOW)
    assert [one.levelno for one in caplog.records if one.levelno > logging.INFO] == [logging.WARNING]
    settle_unknown(watch, channels, now=NOW + timedelta(minutes=31))
    assert "returnwatch deliveries retry 1" in caplog.records[-1].getMessage()
    assert caplog.records[-1].levelno == logging.ERROR


def test_a_mailbox_of_bounces_that_is_away_is_told_and_stops_nothing(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    collect_bounces(watch, all_channels(watch.settings), now=NOW)
    assert "Connection refused" in caplog.text
    caplog.clear()
    collect_bounces(watch, open_channels(["stdout"], {}), now=NOW)
    assert caplog.text == ""
