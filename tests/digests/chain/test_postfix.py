"""Mail through the real programs: our client, Postfix, OpenDKIM as verifier, LMTP, Dovecot, read back over IMAP."""

import email
import email.policy
import smtplib
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from cases.errors import DeliveryError, DigestError
from cases.store import Delivery, DigestRecord, OutMessage, Store, open_store
from digests.channels.email import EmailChannel
from digests.dispatch import deliver_due
from digests.links import Links
from digests.mailserver import EmailSettings
from digests.rendering import Rendered, render
from digests.returned import collect
from digests.settling import settle
from digests.view import Digest

pytestmark = pytest.mark.postfix

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
DESK, FIELD = "desk@example.org", "field@example.org"
LINKS = Links("https://a-very-long-name-of-a-small-organisation.watch.example.org/returnwatch", ["k" * 40])
Key = Any
Chain = Any
"""Loaded by its path: ``benchmarks/mailchain.py``."""


def channel(chain: Chain, *, links: Links | None = LINKS, **more: Any) -> EmailChannel:  # noqa: ANN401 - as TOML gives it
    given = {"host": "127.0.0.1", "port": chain.relay_port, "security": "none", "sender": "watch@example.org"}
    made = EmailChannel(EmailSettings.model_validate(given | more))
    return made.linked(links) if links else made


def mailbox(chain: Chain, user: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as TOML gives it
    table = {"host": "127.0.0.1", "port": chain.imap_port, "security": "none", "username": user}
    return table | {"password_env": "RW_TEST_PASSWORD", "address": f"{user}@example.org"} | more


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RW_TEST_PASSWORD", "open sesame")


@pytest.fixture
def rendered(rich: Digest) -> Rendered:
    return msgspec.structs.replace(render(rich), thread=tuple(f"2026-{number:04d}" for number in range(4)))


@pytest.fixture
def outbox(migrated_sqlite: Path, tmp_path: Path) -> Any:  # noqa: ANN401 - a generator of a store
    file = tmp_path / "watch.db"
    file.write_bytes(migrated_sqlite.read_bytes())
    with open_store(f"sqlite:///{file}", migrate=False) as store:
        yield store


def record(store: Store, messages: list[OutMessage], period: str = "2026-11-23") -> list[Delivery]:
    digest = store.outbox.record(DigestRecord(name="weekly", period=period, made_at=NOW), messages)
    return store.deliveries.of(digest)


def read(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


def header_lines(content: bytes) -> list[bytes]:
    return content.partition(b"\r\n\r\n")[0].split(b"\r\n")


def test_a_mail_arrives_whole_and_its_headers_are_right_on_the_wire(
    emptied: Chain, outbox: Store, rendered: Rendered, dkim_key: Key
) -> None:
    over = channel(emptied, dkim={"domain": "example.org", "selector": "watch", "key_file": str(dkim_key.file)})
    (sent,) = record(outbox, over.compose(rendered, [DESK]))
    (attempt,) = deliver_due(outbox, {"email": over}, now=NOW)
    assert attempt.receipt is not None
    assert attempt.receipt.said.startswith("250 2.0.0 Ok: queued as ")
    (content,) = emptied.messages("desk")
    message = read(content)
    assert "mail.example.org; dkim=pass" in " ".join(str(message["Authentication-Results"]).split())
    text, html = (cast("EmailMessage", part) for part in message.iter_parts())
    link = LINKS.link("unsubscribe", sent.token)
    assert len(link) > 80
    assert text.get_content().replace("\r\n", "\n").startswith(rendered.text.rstrip())
    assert link in text.get_content()
    assert f'<a href="{link}">Stop receiving this digest</a>' in html.get_content()
    lines = header_lines(content)
    assert f"List-Unsubscribe: <{link}>,".encode() in lines, "unbroken, as it is"
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert f"Message-ID: {sent.message_id}".encode() in lines
    assert str(message["References"]).split()[0] == str(message["In-Reply-To"])
    assert len(str(message["References"]).split()) == 4
    assert b"=?utf-8?" not in b"\r\n".join(line for line in lines if line.startswith((b"List-", b"References", b" <")))


def test_no_header_can_be_added_to_a_signed_mail(emptied: Chain, rendered: Rendered, dkim_key: Key) -> None:
    over = channel(emptied, dkim={"domain": "example.org", "selector": "watch", "key_file": str(dkim_key.file)})
    (message,) = over.compose(rendered, [DESK])
    for added in (b"List-Unsubscribe: <https://evil.example.net/>", b"Subject: another", b"Cc: evil@example.net"):
        emptied.empty("desk")
        with closing(smtplib.SMTP("127.0.0.1", emptied.relay_port)) as server:
            server.sendmail("watch@example.org", [DESK], added + b"\r\n" + message.payload)
        (content,) = emptied.messages("desk")
        assert "dkim=fail" in str(read(content)["Authentication-Results"])


def test_a_connection_is_verified_and_both_ways_to_log_in_work(
    emptied: Chain, rendered: Rendered, monkeypatch: pytest.MonkeyPatch, access_token: Callable[[str], str]
) -> None:
    secure = {"port": emptied.submission_port, "security": "starttls"}
    trusting = secure | {"ca_file": str(emptied.ca_file), "username": "watch"}
    monkeypatch.setenv("RW_TEST_TOKEN", access_token("watch"))
    plain = channel(emptied, **trusting, password_env="RW_TEST_PASSWORD")
    token = channel(emptied, **trusting, auth="xoauth2", password_env="RW_TEST_TOKEN")
    plain.probe()
    token.probe()
    with pytest.raises(DeliveryError, match="its certificate cannot be trusted"):
        channel(emptied, **secure).probe()
    monkeypatch.setenv("RW_TEST_TOKEN", access_token("watch") + "x")
    with pytest.raises(DeliveryError, match="does not accept the login: 535"):
        token.probe()


def test_a_recipient_who_does_not_exist_is_not_written_to_again_and_the_others_are(
    emptied: Chain, outbox: Store, rendered: Rendered
) -> None:
    over = channel(emptied)
    people = ["nobody@example.org", DESK, FIELD]
    record(outbox, over.compose(rendered, people))
    attempts = deliver_due(outbox, {"email": over}, now=NOW)
    (error,) = [attempt.error for attempt in attempts if attempt.error]
    assert "550 5.1.1 <nobody@example.org>: Recipient address rejected: User unknown" in error
    assert "returnwatch recipients restore nobody@example.org" in error
    assert len(emptied.messages("desk")) == len(emptied.messages("field")) == 1
    (found,) = outbox.suppressions.standing()
    assert (found.recipient, found.digest, found.reason) == ("nobody@example.org", None, "bounced")
    record(outbox, over.compose(rendered, people), period="2026-11-30")
    again = deliver_due(outbox, {"email": over}, now=NOW)
    assert [attempt.dropped is not None for attempt in again].count(True) == 1
    assert not [attempt.error for attempt in again if attempt.error]


def test_a_mail_that_comes_back_later_is_understood(emptied: Chain, outbox: Store, rendered: Rendered) -> None:
    over = channel(emptied, bounces=mailbox(emptied, "bounce"), journal=mailbox(emptied, "journal"))
    (sent,) = record(outbox, over.compose(rendered, ["gone@example.org"]))
    (attempt,) = deliver_due(outbox, {"email": over}, now=NOW)
    assert attempt.receipt is not None, "Postfix took it"
    (report,) = emptied.messages("bounce")
    assert f"bounce+{sent.token}@example.org".encode() in report
    (returned,) = collect(outbox, over.settings, now=NOW)
    assert returned.suppressed
    assert "came back: 550 5.1.1 <gone@example.org> User doesn't exist" in returned.said
    now = outbox.deliveries.find(sent.id)
    assert now is not None
    assert (now.state, now.due_at) == ("failed", None)
    assert outbox.suppressions.find("gone@example.org", digest="another") is not None
    assert collect(outbox, over.settings, now=NOW) == (), "it is read once"


def test_a_forged_report_stops_nobody(emptied: Chain, outbox: Store, rendered: Rendered) -> None:
    over = channel(emptied, bounces=mailbox(emptied, "bounce"))
    (sent,) = record(outbox, over.compose(rendered, ["gone@example.org"]))
    deliver_due(outbox, {"email": over}, now=NOW)
    (report,) = emptied.messages("bounce")
    emptied.empty("bounce")
    forged = report.replace(sent.token.encode(), b"0123456789abcdef").replace(b"gone@", b"desk@")
    with closing(smtplib.SMTP("127.0.0.1", emptied.relay_port)) as server:
        server.sendmail("", ["bounce@example.org"], forged)
    emptied.messages("bounce")
    (returned,) = collect(outbox, over.settings, now=NOW)
    assert (returned.delivery, returned.understood) == (None, False)
    assert outbox.suppressions.standing() == []
    with emptied.mailbox("bounce") as imap:
        assert imap.search(None, "FLAGGED")[1] == [b"1"], "it is left for a person to look at"


def test_the_journal_tells_what_arrived(emptied: Chain, outbox: Store, rendered: Rendered) -> None:
    over = channel(emptied, journal=mailbox(emptied, "journal", grace_min=30))
    lost, never = record(outbox, over.compose(rendered, [DESK, FIELD]))
    deliver_due(outbox, {"email": over}, now=NOW)
    assert emptied.messages("journal", at_least=2)
    with emptied.mailbox("journal") as imap:
        number = imap.search(None, "HEADER", "Message-ID", never.message_id)[1][0].decode()
        imap.store(number, "+FLAGS", "\\Deleted")
        imap.expunge()
    for one in (lost, never):
        outbox.deliveries.unknown(one.id, "the connection was lost", NOW)
    assert [one.became for one in settle(outbox, {"email": over}, now=NOW)] == ["sent", "asked"]
    assert settle(outbox, {"email": over}, now=NOW + timedelta(minutes=29)) == ()
    (held,) = settle(outbox, {"email": over}, now=NOW + timedelta(minutes=30))
    assert held.became == "held"
    assert f"returnwatch deliveries retry {never.id}" in held.said
    assert settle(outbox, {"email": over}, now=NOW + timedelta(days=3)) == (), "it waits for a person"
    copy = read(emptied.messages("journal")[0])
    assert "journal@" not in str(copy), "nobody sees that a copy is kept"


def test_a_mailbox_is_read_over_a_verified_connection(
    emptied: Chain, rendered: Rendered, access_token: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (message,) = channel(emptied).compose(rendered, [DESK])
    delivery = Delivery(
        id=1, digest_id=1, digest="weekly", period="x", channel="email", recipient=DESK, message_id=message.message_id,
        payload=b"", state="unknown", tries=1, due_at=None, changed_at=NOW,
    )  # fmt: skip
    tls = {"port": emptied.imap_tls_port, "security": "tls"}
    trusting = tls | {"ca_file": str(emptied.ca_file)}
    monkeypatch.setenv("RW_TEST_TOKEN", access_token("journal"))
    with_token = {"auth": "xoauth2", "password_env": "RW_TEST_TOKEN"}
    starttls = trusting | {"port": emptied.imap_port, "security": "starttls"}
    for table in (trusting, trusting | with_token, starttls):
        over = channel(emptied, journal=mailbox(emptied, "journal", **table))
        assert over.arrived([delivery]) == frozenset()
    with pytest.raises(DigestError, match="CERTIFICATE_VERIFY_FAILED"):
        channel(emptied, journal=mailbox(emptied, "journal", **tls)).arrived([delivery])
    with pytest.raises(DigestError, match="folder 'Nowhere' cannot be opened"):
        channel(emptied, journal=mailbox(emptied, "journal", folder="Nowhere")).arrived([delivery])
    channel(emptied, journal=mailbox(emptied, "journal"), bounces=mailbox(emptied, "bounce")).probe()
    with pytest.raises(DigestError, match=r"mailbox bounce at 127.*folder 'Nowhere' cannot be opened"):
        channel(emptied, bounces=mailbox(emptied, "bounce", folder="Nowhere")).probe()
    monkeypatch.setenv("RW_TEST_PASSWORD", "wrong")
    with pytest.raises(DigestError, match="mailbox journal at 127") as told:
        channel(emptied, journal=mailbox(emptied, "journal")).arrived([delivery])
    assert "wrong" not in str(told.value)


def test_a_mail_that_is_sent_again_is_shown_once_where_sieve_looks(emptied: Chain, rendered: Rendered) -> None:
    over = channel(emptied)
    (message,) = over.compose(rendered, ["once@example.org"])
    for recipient in ("once@example.org", "once@example.org", DESK):
        with closing(smtplib.SMTP("127.0.0.1", emptied.relay_port)) as server:
            server.sendmail("watch@example.org", [recipient], message.payload)
    emptied.messages("desk")
    assert len(emptied.messages("once")) == 1
