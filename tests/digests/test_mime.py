import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.mime import WIRE, mail, message_id, on_the_wire
from digests.rendering import Rendered, render
from digests.view import Digest

SENDER = "watch@example.org"


def read(payload: bytes) -> EmailMessage:
    return email.message_from_bytes(payload, policy=email.policy.default)


def written(rendered: Rendered, recipient: str = "desk@example.org") -> bytes:
    return mail(rendered, sender=SENDER, recipient=recipient, reply_to="people@example.org")


def test_a_mail_has_both_parts_and_the_text_comes_first(rich: Digest) -> None:
    rendered = render(rich)
    message = read(written(rendered))
    assert message.get_content_type() == "multipart/alternative"
    text, html = list(message.iter_parts())
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert cast("EmailMessage", text).get_content().replace("\r\n", "\n") == rendered.text
    assert cast("EmailMessage", html).get_content().replace("\r\n", "\n").strip() == rendered.mail_html.strip()


def test_the_headers_tell_people_and_filters_what_this_is(rich: Digest) -> None:
    message = read(written(render(rich)))
    assert str(message["From"]) == "Returnwatch <watch@example.org>"
    assert str(message["To"]) == "desk@example.org"
    assert str(message["Reply-To"]) == "people@example.org"
    assert str(message["Subject"]).startswith("[URGENT] 1 of 5 sources failing, 1 quieter than usual; 2 urgent, 3 new")
    assert str(message["Date"]) == "Sun, 22 Nov 2026 22:00:00 +0000"
    assert str(message["List-Id"]) == "<weekly.returnwatch.example.org>"
    assert str(message["List-Unsubscribe"]) == "<mailto:people@example.org?subject=stop%20weekly>"
    assert str(message["Auto-Submitted"]) == "auto-generated"
    assert str(message["X-Returnwatch-Severity"]) == "urgent"
    assert message.defects == []


def test_each_header_stands_once(rich: Digest) -> None:
    names = [name.lower() for name in read(written(render(rich)))]
    assert len(names) == len(set(names))


def test_the_same_digest_gives_the_same_bytes(rich: Digest) -> None:
    assert written(render(rich)) == written(render(rich))


def test_every_line_can_be_sent_over_seven_bits(rich: Digest) -> None:
    payload = written(render(rich))
    assert all(byte < 128 for byte in payload)
    assert all(len(line) <= 78 for line in payload.split(b"\r\n"))
    assert b"\n" not in payload.replace(b"\r\n", b"")


def test_a_message_id_is_the_same_for_ever_and_hides_the_recipient() -> None:
    first = message_id("weekly", "2026-11-23", "Desk@example.org", SENDER)
    assert first == message_id("weekly", "2026-11-23", "desk@example.org", SENDER)
    assert first != message_id("weekly", "2026-11-30", "desk@example.org", SENDER)
    assert first != message_id("weekly", "2026-11-23", "other@example.org", SENDER)
    assert "desk" not in first
    assert first.endswith("@example.org>")


def test_a_long_address_in_a_list_header_stays_as_it_is() -> None:
    message = EmailMessage(policy=WIRE)
    address = f"<mailto:{'a' * 60}@{'b' * 60}.example.org?subject=stop%20weekly>"
    message["List-Unsubscribe"] = address
    message["References"] = " ".join(f"<{n}.{'c' * 40}@example.org>" for n in range(4))
    payload = message.as_bytes()
    assert address.encode() in payload
    assert b"=?utf-8?" not in payload
    assert str(read(payload)["References"]).split() == [f"<{n}.{'c' * 40}@example.org>" for n in range(4)]


def test_a_list_header_that_is_not_ascii_is_refused() -> None:
    message = EmailMessage(policy=WIRE)
    message["List-Id"] = "<wöchentlich.example.org>"
    with pytest.raises(ValueError, match="List-Id"):
        message.as_bytes()


@given(st.text(max_size=200))
def test_no_subject_breaks_out_of_its_header(text: str) -> None:
    rendered = Rendered(
        name="daily",
        period="2026-11-23",
        made_at=datetime(2026, 11, 22, 22, tzinfo=UTC),
        language="ko",
        severity="new",
        subject=f"[NEW] {text}",
        page_html="",
        mail_html="<p>x</p>",
        text="x\n",
        json="{}",
    )
    message = read(mail(rendered, sender=SENDER, recipient="desk@example.org"))
    assert len(message.get_all("Subject", [])) == 1
    assert message["Bcc"] is None
    assert len(list(message.iter_parts())) == 2


def test_a_dot_at_the_beginning_of_a_line_ends_nothing() -> None:
    assert on_the_wire(b"a\r\n.\r\n..b\r\n") == b"a\r\n..\r\n...b\r\n.\r\n"
    assert on_the_wire(b"a") == b"a\r\n.\r\n"
