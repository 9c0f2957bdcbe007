import email
import email.policy
import ssl
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Protocol

import pytest
from cryptography import x509

from cases.errors import ConfigError, DeliveryError
from cases.store import Delivery, OutMessage
from digests.channels import open_channel
from digests.channels.email import EmailChannel
from digests.mailserver import EmailSettings
from digests.rendering import render
from digests.view import Digest

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)


class Mailbox(Protocol):
    port: int
    received: list[tuple[list[str], bytes]]
    refuses: dict[str, str]
    answer: str
    hangs_up: bool
    thinks_s: float


Server = Callable[..., AbstractContextManager[Mailbox]]


def settings(port: int, **more: Any) -> EmailSettings:  # noqa: ANN401 - as TOML gives it
    given = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "watch@example.org", "timeout_s": 5}
    return EmailSettings.model_validate(given | more)


Sending = Callable[[OutMessage], Delivery]


def one(sending: Sending, channel: EmailChannel, digest: Digest) -> Delivery:
    (message,) = channel.compose(render(digest), ["desk@example.org"])
    return sending(message)


def test_a_mail_arrives_byte_for_byte_with_both_parts(mailbox: Mailbox, rich: Digest, sending: Sending) -> None:
    channel = EmailChannel(settings(mailbox.port))
    sent = one(sending, channel, rich)
    receipt = channel.deliver(sent)
    assert receipt.said == "250 2.0.0 queued as 4711"
    ((recipients, content),) = mailbox.received
    assert recipients == ["desk@example.org"]
    assert content == sent.payload
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert str(message["Message-ID"]) == sent.message_id


def test_each_recipient_has_a_mail_of_its_own(rich: Digest) -> None:
    channel = EmailChannel(settings(25))
    messages = channel.compose(render(rich), ["a@example.org", "b@example.org"])
    assert [message.recipient for message in messages] == ["a@example.org", "b@example.org"]
    assert b"b@example.org" not in messages[0].payload


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [("550 5.1.1 no such mailbox", True), ("451 4.7.1 greylisted, come back later", False)],
)
def test_a_refused_recipient_is_told_with_the_servers_words(
    mailbox: Mailbox, rich: Digest, answer: str, permanent: bool, sending: Sending
) -> None:
    mailbox.refuses["desk@example.org"] = answer
    channel = EmailChannel(settings(mailbox.port))
    with pytest.raises(DeliveryError) as told:
        channel.deliver(one(sending, channel, rich))
    assert f"the server refused the recipient: {answer}" in str(told.value)
    assert f"weekly of 2026-11-23 to desk@example.org over 127.0.0.1:{mailbox.port}" in str(told.value)
    assert (told.value.permanent, told.value.uncertain) == (permanent, False)
    assert mailbox.received == []


def test_a_refused_message_is_told(mailbox: Mailbox, rich: Digest, sending: Sending) -> None:
    mailbox.answer = "552 5.3.4 message too big"
    channel = EmailChannel(settings(mailbox.port))
    with pytest.raises(DeliveryError, match=r"the server refused the message: 552 5\.3\.4 message too big") as told:
        channel.deliver(one(sending, channel, rich))
    assert told.value.permanent


def test_a_server_that_hangs_up_after_the_message_leaves_its_fate_unknown(
    mailbox: Mailbox, rich: Digest, sending: Sending
) -> None:
    mailbox.hangs_up = True
    channel = EmailChannel(settings(mailbox.port))
    with pytest.raises(DeliveryError, match="no answer came, so it may have arrived") as told:
        channel.deliver(one(sending, channel, rich))
    assert told.value.uncertain
    assert len(mailbox.received) == 1


def test_a_server_may_think_for_long_about_a_whole_message_alone(
    mailbox: Mailbox, rich: Digest, sending: Sending
) -> None:
    mailbox.thinks_s = 0.6
    patient = EmailChannel(settings(mailbox.port, timeout_s=0.3, final_timeout_s=10))
    assert patient.deliver(one(sending, patient, rich)).said.startswith("250")
    hasty = EmailChannel(settings(mailbox.port, timeout_s=5, final_timeout_s=0.2))
    with pytest.raises(DeliveryError, match="may have arrived: it did not answer in time") as told:
        hasty.deliver(one(sending, hasty, rich))
    assert told.value.uncertain


def test_a_server_that_is_not_there_may_be_there_later(serve_smtp: Server, rich: Digest, sending: Sending) -> None:
    with serve_smtp() as closed:
        port = closed.port
    channel = EmailChannel(settings(port))
    with pytest.raises(DeliveryError, match="Connection refused") as told:
        channel.deliver(one(sending, channel, rich))
    assert (told.value.permanent, told.value.uncertain) == (False, False)


def test_a_name_that_is_none_is_told(rich: Digest, sending: Sending) -> None:
    channel = EmailChannel(settings(25, host="mail.invalid"))
    with pytest.raises(DeliveryError, match=r"mail\.invalid:25"):
        channel.deliver(one(sending, channel, rich))


def test_a_server_without_encryption_gets_nothing(mailbox: Mailbox, rich: Digest, sending: Sending) -> None:
    channel = EmailChannel(settings(mailbox.port, security="starttls"))
    with pytest.raises(DeliveryError, match="STARTTLS"):
        channel.deliver(one(sending, channel, rich))
    assert mailbox.received == []


def test_mail_goes_over_a_verified_connection(
    serve_smtp: Server, rich: Digest, tmp_path: Path, sending: Sending, self_signed: Callable[..., tuple[Path, Path]]
) -> None:
    theirs, ours = contexts(*self_signed(x509.IPAddress(ip_address("127.0.0.1"))))
    with serve_smtp(tls_context=theirs, require_starttls=True) as mailbox:
        channel = EmailChannel(settings(mailbox.port, security="starttls"), trust=ours)
        assert channel.deliver(one(sending, channel, rich)).said.startswith("250")
        stranger = EmailChannel(settings(mailbox.port, security="starttls"))
        with pytest.raises(DeliveryError, match="its certificate cannot be trusted"):
            stranger.deliver(one(sending, stranger, rich))
        assert len(mailbox.received) == 1


def test_a_login_is_made_and_a_wrong_one_told(
    serve_smtp: Server,
    rich: Digest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    sending: Sending,
    self_signed: Callable[..., tuple[Path, Path]],
) -> None:
    from aiosmtpd.smtp import AuthResult

    def judge(server: object, session: object, envelope: object, mechanism: str, data: Any) -> AuthResult:  # noqa: ANN401 - untyped there
        return AuthResult(success=data.password == b"open sesame", handled=False)

    theirs, ours = contexts(*self_signed(x509.IPAddress(ip_address("127.0.0.1"))))
    login = {"username": "watch", "password_env": "RW_TEST_PASSWORD", "security": "starttls"}
    with serve_smtp(tls_context=theirs, authenticator=judge, auth_required=True) as mailbox:
        channel = EmailChannel(settings(mailbox.port, **login), trust=ours)
        monkeypatch.setenv("RW_TEST_PASSWORD", "open sesame")
        assert channel.deliver(one(sending, channel, rich)).said.startswith("250")
        monkeypatch.setenv("RW_TEST_PASSWORD", "wrong")
        with pytest.raises(DeliveryError, match="the server does not accept the login: 535") as told:
            channel.deliver(one(sending, channel, rich))
        assert not told.value.permanent
        assert "wrong" not in str(told.value)
        monkeypatch.setenv("RW_TEST_PASSWORD", "오픈 세사미")
        with pytest.raises(ConfigError, match="other than ASCII") as refused:
            channel.deliver(one(sending, channel, rich))
        assert "세사미" not in str(refused.value)


def test_the_channel_is_found_by_its_name_and_refuses_a_broken_table() -> None:
    table = {"host": "localhost", "sender": "watch@example.org"}
    assert isinstance(open_channel("email", table), EmailChannel)
    with pytest.raises(ConfigError, match=r"\[channels.email\]: sender: .*not a mail address"):
        open_channel("email", table | {"sender": "nobody"})
    with pytest.raises(ConfigError, match=r"\[channels.email\]: hosst: unknown key"):
        open_channel("email", table | {"hosst": "x"})


def contexts(public: Path, private: Path) -> tuple[ssl.SSLContext, Callable[[], ssl.SSLContext]]:
    """The server's side of TLS, and ours that trusts this certificate alone."""
    theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    theirs.load_cert_chain(public, private)
    return theirs, lambda: ssl.create_default_context(cafile=str(public))
