"""Reports of delivery: read from what real servers write, and from whatever strangers may write."""

from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.store import Delivery, DigestRecord, OutMessage, Store
from digests.bounces import is_dead_address, read_bounces
from digests.returned import take_in

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
TOKEN = "0123456789abcdef"


def report(
    action: str = "failed", status: str = "5.1.1", to: str = f"bounce+{TOKEN}@example.org", **more: str
) -> bytes:
    """Write a report as RFC 3464 describes it."""
    whole = MIMEMultipart("report", report_type="delivery-status")
    whole["From"], whole["To"], whole["Subject"] = "MAILER-DAEMON@mail.example.org", to, "Undelivered"
    whole.attach(MIMEText("It could not be delivered."))
    of_message, of_recipient = Message(), Message()
    of_message["Reporting-MTA"] = "dns; mail.example.org"
    of_recipient["Final-Recipient"] = f"rfc822; {more.get('recipient', 'desk@example.org')}"
    of_recipient["Action"], of_recipient["Status"] = action, status
    of_recipient["Diagnostic-Code"] = f"smtp; {more.get('said', '550 5.1.1 no such mailbox')}"
    blocks = MIMEMessage(Message(), "delivery-status")
    blocks.set_payload([of_message, of_recipient])
    whole.attach(blocks)
    returned = EmailMessage()
    returned["Message-ID"] = more.get("message_id", "<weekly.1@example.org>")
    returned.set_content("x")
    whole.attach(MIMEMessage(returned))
    return whole.as_bytes()


@pytest.fixture
def delivery(store: Store) -> Delivery:
    out = OutMessage(
        channel="email", recipient="Desk@example.org", payload=b"x", token=TOKEN, message_id="<weekly.1@example.org>"
    )
    digest = store.outbox.record(DigestRecord(name="weekly", period="2026-11-23", made_at=NOW), [out])
    (recorded,) = store.deliveries.of(digest)
    store.deliveries.sent(recorded.id, "250", NOW)
    return recorded


def test_a_report_says_which_mail_which_recipient_and_why() -> None:
    (bounce,) = read_bounces(report())
    assert (bounce.action, bounce.status, bounce.recipients) == ("failed", "5.1.1", ("desk@example.org",))
    assert (bounce.token, bounce.message_id) == (TOKEN, "<weekly.1@example.org>")
    assert bounce.said == "550 5.1.1 no such mailbox"
    assert bounce.is_dead


@pytest.mark.parametrize(
    ("action", "status", "dead"),
    [
        ("failed", "5.1.1", True),
        ("failed", "5.2.1", True),
        ("failed", "5.1.10", True),
        ("failed", "5.2.2", False),
        ("failed", "5.7.1", False),
        ("failed", "4.4.7", False),
        ("failed", "", False),
        ("failed", "5.1.8", False),
        ("delayed", "5.1.1", False),
        ("relayed", "2.0.0", False),
    ],
)
def test_only_a_dead_address_is_left_alone(
    store: Store, delivery: Delivery, action: str, status: str, dead: bool
) -> None:
    (meant,) = take_in(store, report(action, status), now=NOW, by_token=True)
    assert meant.suppressed is dead
    assert bool(store.suppressions.standing()) is dead
    found = store.deliveries.find(delivery.id)
    assert found is not None
    assert found.state == ("failed" if action == "failed" else "sent")
    assert "to Desk@example.org" in meant.said


def test_a_message_id_alone_is_believed_from_a_person_only(store: Store, delivery: Delivery) -> None:
    written = report(to="bounce@example.org")
    (meant,) = take_in(store, written, now=NOW, by_token=True)
    assert (meant.delivery, meant.understood) == (None, False)
    assert store.suppressions.standing() == []
    (meant,) = take_in(store, written, now=NOW)
    assert meant.suppressed


def test_a_token_inside_the_returned_mail_names_nothing(store: Store, delivery: Delivery) -> None:
    written = report(to="bounce@example.org", message_id=f"<x+{TOKEN}@example.org>")
    (meant,) = take_in(store, written, now=NOW)
    assert meant.delivery is None


def test_a_journal_that_refuses_its_copy_stops_no_recipient(store: Store, delivery: Delivery) -> None:
    written = report(recipient="Journal@example.org")
    (meant,) = take_in(store, written, now=NOW, journal="journal@example.org", by_token=True)
    assert "the journal takes no copies" in meant.said
    assert store.suppressions.standing() == []


def test_a_mail_that_is_no_report_is_left_for_a_person(store: Store, delivery: Delivery) -> None:
    away = EmailMessage()
    away["To"], away["Subject"] = f"bounce+{TOKEN}@example.org", "Out of office"
    away.set_content("Action: failed\nStatus: 5.1.1\n")
    (meant,) = take_in(store, away.as_bytes(), now=NOW, by_token=True)
    assert not meant.understood
    assert store.suppressions.standing() == []


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, 1500), st.integers(0, 200))
def test_whatever_a_stranger_writes_is_read_without_an_error(noise: bytes, at: int, gone: int) -> None:
    written = report()
    for content in (
        noise,
        written[:at] + noise + written[at + gone :],
        b"Content-Type: multipart/report\r\n\r\n" + noise,
    ):
        for bounce in read_bounces(content):
            assert len(bounce.said) <= 400


@pytest.mark.parametrize(
    ("code", "said", "dead"),
    [
        (550, "5.1.1 <a@b.org>: Recipient address rejected: User unknown", True),
        (550, "No such user here", True),
        (553, "mailbox name not found", True),
        (550, "5.7.1 rejected by policy: unknown sender", False),
        (550, "relaying denied", False),
        (554, "no such luck: blocked", False),
        (552, "5.2.2 mailbox full", False),
        (450, "4.1.1 user unknown, try later", False),
        (450, "unknown", False),
    ],
)
def test_a_refusal_by_policy_is_no_dead_address(code: int, said: str, dead: bool) -> None:
    assert is_dead_address(code, said) is dead
