"""Against a small real HTTP server, spoken to by Apprise's own json:// service."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from cases.errors import ConfigError, DeliveryError
from cases.store import Delivery, DigestRecord, OutMessage, Store
from digests.channels import open_channel
from digests.channels.chat import LONGEST, ChatChannel, ChatSettings, note
from digests.dispatch import deliver_due
from digests.gist import gist
from digests.notice import OPERATOR, Paragraph, notice
from digests.rendering import render
from digests.sample import sample_of
from digests.view import Digest

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
SECRET = "word-in-the-address"


class Receiver(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.answers: dict[str, int] = {}
        self.got: list[tuple[str, dict[str, Any]]] = []


class Taking(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        path = self.path.partition("?")[0]
        self.server.got.append((path, json.loads(content)))
        self.send_response(self.server.answers.get(path, 200))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver(serving: Callable[[Receiver], AbstractContextManager[Receiver]]) -> Iterator[Receiver]:
    with serving(Receiver()) as running:
        yield running


@pytest.fixture
def channel(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> ChatChannel:
    for name in ("DESK", "DUTY"):
        monkeypatch.setenv(
            f"{name}_CHAT", f"json://me:{SECRET}@127.0.0.1:{receiver.server_port}/{name.lower()}/{SECRET}"
        )
    chats = [{"name": "desk", "url_env": "DESK_CHAT"}, {"name": "duty", "url_env": "DUTY_CHAT"}]
    return ChatChannel(ChatSettings.model_validate({"chats": chats}))


def test_a_chat_is_told_the_counts_and_the_numbers_but_no_headline(
    receiver: Receiver, channel: ChatChannel, rich: Digest, sending: Callable[[OutMessage], Delivery]
) -> None:
    rendered = render(rich)
    messages = channel.compose(rendered, ["desk@example.org"])
    assert [message.recipient for message in messages] == ["desk", "duty"]
    assert SECRET.encode() not in b"".join(message.payload for message in messages)
    receipt = channel.deliver(sending(messages[0]))
    assert receipt.said == "JSON took it"
    ((path, told),) = receiver.got
    assert path == f"/desk/{SECRET}"
    assert told["title"] == rendered.subject
    assert rich.cards[0].number in told["message"]
    assert rich.cards[0].headline not in told["message"]


def test_one_chat_that_refuses_stops_no_other_and_its_address_is_told_nowhere(
    receiver: Receiver, channel: ChatChannel, rich: Digest, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.answers[f"/desk/{SECRET}"] = 404
    record = DigestRecord(name="weekly", period="2026-11-23", made_at=NOW)
    store.outbox.record(record, channel.compose(render(rich), []))
    with caplog.at_level(logging.INFO):
        refused, taken = sorted(
            deliver_due(store, {"apprise": channel}, now=NOW), key=lambda attempt: attempt.delivery.recipient
        )
    assert refused.error == "apprise: weekly of 2026-11-23 to desk: JSON did not take it: it answers 404"
    assert refused.retry_at is not None
    assert taken.receipt
    assert len(receiver.got) == 2, "Apprise tries nothing again by itself: the outbox does"
    assert SECRET not in caplog.text
    assert SECRET not in str(store.deliveries.unsettled())


def test_an_address_that_is_none_is_told_without_repeating_it(
    channel: ChatChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_CHAT", f"nosuch://{SECRET}")
    with pytest.raises(ConfigError, match="desk: its address is none that Apprise understands") as told:
        channel.probe()
    assert SECRET not in str(told.value)


def test_a_server_that_is_away_is_a_delivery_that_failed(
    channel: ChatChannel, rich: Digest, monkeypatch: pytest.MonkeyPatch, sending: Callable[[OutMessage], Delivery]
) -> None:
    monkeypatch.setenv("DESK_CHAT", f"json://127.0.0.1:1/{SECRET}")
    with pytest.raises(DeliveryError, match="it cannot be reached") as told:
        channel.deliver(sending(channel.compose(render(rich), [])[0]))
    assert not told.value.permanent
    assert SECRET not in str(told.value)


@pytest.mark.parametrize(
    "wrong", [{"chats": []}, {"chats": [{"name": "a"}]}, {"chats": [{"name": "a", "url": "json://x"}]}]
)
def test_a_table_that_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"\[channels\.apprise\]"):
        open_channel("apprise", wrong)


def test_a_long_digest_stays_short_and_keeps_its_link() -> None:
    said = note(gist(render(sample_of(300))))
    assert len(said.title) + len(said.body) <= LONGEST
    assert "… +280" in said.body


def test_a_notice_to_the_operator_can_go_by_chat(
    receiver: Receiver, channel: ChatChannel, sending: Callable[[OutMessage], Delivery]
) -> None:
    about = Paragraph(heading="The disk", sentences=("It is nearly full.",))
    rendered = notice(
        name=OPERATOR, period="2026-11-23", made_at=NOW, subject="Returnwatch", paragraphs=[about], document="[]"
    )
    channel.deliver(sending(channel.compose(rendered, [])[0]))
    ((_, told),) = receiver.got
    assert "It is nearly full." in told["message"]
