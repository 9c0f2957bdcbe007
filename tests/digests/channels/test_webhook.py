"""Against a real HTTP server that verifies with the package of the convention's authors."""

import base64
import json
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography import x509
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from cases.errors import ConfigError, DeliveryError
from cases.store import Delivery, DigestRecord, OutMessage, Store
from digests.channels import open_channel
from digests.channels.webhook import LARGEST, WebhookChannel, WebhookSettings, body
from digests.dispatch import deliver_due
from digests.gist import gist
from digests.posting import peace
from digests.rendering import render
from digests.sample import sample_of
from digests.settling import settle
from digests.view import Digest

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
OLD, NEW = ("whsec_" + base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))


class Receiver(ThreadingHTTPServer):
    """Answers as it is told, and keeps what it was told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.answer, self.headers = 204, dict[str, str]()
        self.thinks_s = 0.0
        self.got: list[tuple[str, dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?key=in-the-address"


class Taking(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, {key.lower(): value for key, value in self.headers.items()}, content))
        time.sleep(self.server.thinks_s)
        self.send_response(self.server.answer)
        for key, value in self.server.headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver(serving: Callable[[Receiver], AbstractContextManager[Receiver]]) -> Iterator[Receiver]:
    with serving(Receiver()) as running:
        yield running


@pytest.fixture
def opened(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Callable[..., WebhookChannel]:
    monkeypatch.setenv("HOOK_SECRET", OLD)

    def make(**more: Any) -> WebhookChannel:  # noqa: ANN401 - as TOML gives it
        endpoint = {"name": "register", "url": receiver.url, "secret_env": "HOOK_SECRET", "allow_private": True, **more}
        return WebhookChannel(WebhookSettings.model_validate({"endpoints": [endpoint]}))

    return make


Sending = Callable[[OutMessage], Delivery]


def one(sending: Sending, channel: WebhookChannel, digest: Digest) -> Delivery:
    (message,) = channel.compose(render(digest), [])
    return sending(message)


def test_what_arrives_is_verified_by_the_conventions_own_package(
    receiver: Receiver, opened: Callable[..., WebhookChannel], rich: Digest, sending: Sending
) -> None:
    channel = opened()
    sent = one(sending, channel, rich)
    assert channel.deliver(sent).said == "204 No Content"
    ((path, headers, content),) = receiver.got
    assert (path, content, headers["webhook-id"]) == ("/hook?key=in-the-address", sent.payload, sent.message_id)
    told = Webhook(OLD).verify(content, headers)
    assert (told["type"], told["data"]["name"]) == ("digest.made", "weekly")
    assert [case["headline"] for case in told["data"]["cases"]] == [
        *(card.headline for card in rich.cards),
        *(card.headline for card in rich.older),
    ]
    assert told["data"]["counts"]["urgent"] == rich.counted("urgent") > 0
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(content, headers)


def test_while_a_secret_is_changed_both_sign(
    receiver: Receiver,
    opened: Callable[..., WebhookChannel],
    rich: Digest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    sending: Sending,
) -> None:
    monkeypatch.setenv("HOOK_SECRET", f"{NEW} {OLD}")
    file = tmp_path / "secrets"
    file.write_text(f"{NEW}\n{OLD}\n", encoding="ascii")
    file.chmod(0o600)
    for channel in (opened(), opened(secret_env="", secret_file=str(file))):
        channel.deliver(one(sending, channel, rich))
        _, headers, content = receiver.got[-1]
        for secret in (OLD, NEW):
            assert Webhook(secret).verify(content, headers)


@pytest.mark.parametrize(
    ("answer", "told", "permanent"),
    [
        (500, "it answers 500 Internal Server Error", False),
        (404, "it answers 404 Not Found", False),
        (410, "it wants nothing more; take it out", True),
        (302, "redirects are not followed: correct its url", False),
    ],
)
def test_only_success_is_success(
    receiver: Receiver,
    opened: Callable[..., WebhookChannel],
    rich: Digest,
    answer: int,
    told: str,
    permanent: bool,
    sending: Sending,
) -> None:
    receiver.answer, receiver.headers = answer, {"Location": receiver.url}
    with pytest.raises(DeliveryError, match=told) as refused:
        opened().deliver(one(sending, opened(), rich))
    assert (refused.value.permanent, refused.value.uncertain) == (permanent, False)
    assert "in-the-address" not in str(refused.value)
    assert len(receiver.got) == 1


def test_a_receiver_that_asks_for_peace_is_left_in_peace(
    receiver: Receiver, opened: Callable[..., WebhookChannel], rich: Digest, store: Store
) -> None:
    receiver.answer, receiver.headers = 503, {"Retry-After": "7200"}
    channel = opened()
    record = DigestRecord(name="weekly", period="2026-11-23", made_at=NOW)
    store.outbox.record(record, channel.compose(render(rich), []))
    (attempt,) = deliver_due(store, {"webhook": channel}, now=NOW)
    assert attempt.retry_at == NOW + timedelta(hours=2)
    receiver.answer = 200
    assert deliver_due(store, {"webhook": channel}, now=NOW + timedelta(hours=1)) == ()
    (attempt,) = deliver_due(store, {"webhook": channel}, now=NOW + timedelta(hours=2))
    assert attempt.receipt
    first, second = receiver.got
    assert first[1]["webhook-id"] == second[1]["webhook-id"]
    assert first[2] == second[2]


@pytest.mark.parametrize(
    ("asked", "peaceful"),
    [
        ("120", timedelta(minutes=2)),
        ("99999999999", timedelta(days=1)),
        ("Sun, 22 Nov 2026 22:10:00 GMT", timedelta(minutes=10)),
        ("Sun, 22 Nov 2026 21:00:00 GMT", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_both_forms(asked: str, peaceful: timedelta | None) -> None:
    assert peace(asked, NOW) == peaceful


def test_a_lost_answer_is_tried_again_with_the_same_id(
    receiver: Receiver, opened: Callable[..., WebhookChannel], rich: Digest, sending: Sending
) -> None:
    receiver.thinks_s = 0.5
    channel = opened(timeout_s=0.1)
    with pytest.raises(DeliveryError, match="it did not answer in time") as lost:
        channel.deliver(one(sending, channel, rich))
    assert not lost.value.uncertain, "a receiver knows a repetition by its webhook-id"


def test_what_a_killed_process_was_posting_is_posted_again(
    opened: Callable[..., WebhookChannel], rich: Digest, store: Store
) -> None:
    channel = opened()
    record = DigestRecord(name="weekly", period="2026-11-23", made_at=NOW)
    store.outbox.record(record, channel.compose(render(rich), []))
    store.deliveries.take(NOW)
    store.deliveries.recover(NOW)
    (settled,) = settle(store, {"webhook": channel}, now=NOW)
    assert settled.became == "ready"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "10.1.2.3", "169.254.169.254"]
)
def test_an_address_of_ones_own_network_is_refused_unless_it_is_allowed(
    opened: Callable[..., WebhookChannel], rich: Digest, host: str, sending: Sending
) -> None:
    channel = opened(allow_private=False, url=f"https://{host}/hook")
    with pytest.raises(DeliveryError, match="to post there all the same, set allow_private = true"):
        channel.deliver(one(sending, channel, rich))


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://example.org/", "allow_private": False},
        {"url": "https://me:word@example.org/"},
        {"url": "ftp://example.org/"},
        {"url": "https://"},
        {"secret_env": ""},
        {"name": "Not a name"},
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    table = {"name": "a", "url": "https://example.org/x", "secret_env": "HOOK_SECRET", "allow_private": True}
    with pytest.raises(ConfigError, match=r"\[channels\.webhook\]") as told:
        open_channel("webhook", {"endpoints": [table | wrong]})
    assert "word" not in str(told.value)


def test_a_secret_that_is_none_is_told_without_repeating_it(
    opened: Callable[..., WebhookChannel], rich: Digest, monkeypatch: pytest.MonkeyPatch, sending: Sending
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "whsec_c2hvcnQ=")
    with pytest.raises(ConfigError, match="openssl rand") as told:
        opened().deliver(one(sending, opened(), rich))
    assert "c2hvcnQ" not in str(told.value)


def test_a_long_digest_stays_small_and_says_how_much_it_leaves_out() -> None:
    told = gist(render(sample_of(300)))
    payload = body(told)
    data = json.loads(payload)["data"]
    assert LARGEST - 500 < len(payload) <= LARGEST
    assert len(data["cases"]) + data["omitted"] == 300
    assert json.loads(body(msgspec.structs.replace(told, cases=told.cases[:3])))["data"]["omitted"] == 0


def test_an_endpoint_that_was_taken_out_gets_nothing_more(
    opened: Callable[..., WebhookChannel], rich: Digest, sending: Sending
) -> None:
    gone = msgspec.structs.replace(one(sending, opened(), rich), recipient="former")
    with pytest.raises(DeliveryError, match="no endpoint of this name") as told:
        opened().deliver(gone)
    assert told.value.permanent


def test_a_probe_connects_and_says_nothing(receiver: Receiver, opened: Callable[..., WebhookChannel]) -> None:
    opened().probe()
    assert receiver.got == []


def test_tls_is_verified_by_the_name_though_the_connection_goes_to_an_address(
    receiver: Receiver,
    opened: Callable[..., WebhookChannel],
    rich: Digest,
    tmp_path: Path,
    self_signed: Callable[..., tuple[Path, Path]],
    sending: Sending,
) -> None:
    cert, key = self_signed(x509.DNSName("localhost"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    receiver.socket = context.wrap_socket(receiver.socket, server_side=True)
    by_name, by_address = (f"https://{host}:{receiver.server_port}/hook" for host in ("localhost", "127.0.0.1"))
    trusting = opened(url=by_name, ca_file=str(cert))
    assert trusting.deliver(one(sending, trusting, rich)).said == "204 No Content"
    for untrusted in (opened(url=by_name), opened(url=by_address, ca_file=str(cert))):
        with pytest.raises(DeliveryError, match="its certificate cannot be trusted"):
            untrusted.deliver(one(sending, untrusted, rich))
    assert len(receiver.got) == 1
