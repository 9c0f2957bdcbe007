import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.mime import WIRE, mail, message_id, on_the_wire
from digests.rendering import Rendered, render
from digests.spec import check_address
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
    assert str(message["Content-Language"]) == "en"
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


@settings(deadline=None)
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


HOSTILE = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("\r\n\x00\x0b\x85\u2028\u2029\u202e,;:<>@\"'\\=? ")),
    max_size=200,
)


@settings(deadline=None)
@given(subject=HOSTILE, name=HOSTILE, local=HOSTILE, host=HOSTILE)
def test_no_text_makes_a_header_or_a_recipient(subject: str, name: str, local: str, host: str) -> None:
    """Whatever the news, an operator or a recipient is called: a mail is refused, or has the headers and people it should."""
    rendered = Rendered(
        name="daily",
        period="2026-11-23",
        made_at=datetime(2026, 11, 22, 22, tzinfo=UTC),
        subject=subject,
        page_html="",
        mail_html=f"<p>{name}</p>",
        text=f"{name}\n",
        json="{}",
        language="en",
        severity="new",
        thread=(name, local),
    )
    quiet = read(mail(rendered, sender=SENDER, recipient="desk@example.org"))
    assert sorted(quiet.keys()) == sorted(EXPECTED)
    try:
        recipient = check_address(f"{local}@{host}")
    except ValueError:
        return
    message = read(mail(rendered, sender=SENDER, recipient=recipient))
    assert sorted(message.keys()) == sorted(EXPECTED)
    assert [one.addr_spec for one in message["To"].addresses] == [recipient]


EXPECTED = (
    *("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Content-Language", "Auto-Submitted"),
    *("List-Id", "List-Help", "List-Unsubscribe", "X-Returnwatch-Digest", "X-Returnwatch-Severity"),
    *("X-Returnwatch-Reason", "MIME-Version", "Content-Type"),
)


def test_every_alert_of_a_case_continues_one_conversation_of_its_own(rich: Digest) -> None:
    first, second = (
        msgspec.structs.replace(render(rich), period=period, thread=thread)
        for period, thread in (("a1", ("2026-0001",)), ("a2", ("2026-0001", "2026-0002")))
    )
    root = str(read(written(first))["In-Reply-To"])
    again = read(written(second))
    assert str(again["References"]).split()[0] == str(again["In-Reply-To"]) == root
    assert len(str(again["References"]).split()) == 2
    assert str(read(written(first, "other@example.org"))["References"]) != root
    assert "2026-0001" not in root


def test_a_digest_that_can_be_stopped_by_one_click_says_so(rich: Digest) -> None:
    link = f"https://watch.example.org/unsubscribe/{'t' * 90}"
    rendered = msgspec.structs.replace(
        render(rich), page_url="https://watch.example.org/weekly/1", archive_url="https://watch.example.org/weekly"
    )
    message = read(mail(rendered, sender=SENDER, recipient="desk@example.org", unsubscribe=link))
    assert str(message["List-Unsubscribe"]) == f"<{link}>, <mailto:{SENDER}?subject=stop%20weekly>"
    assert str(message["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    assert str(message["List-Archive"]) == "<https://watch.example.org/weekly>"
    assert str(message["Archived-At"]) == "<https://watch.example.org/weekly/1>"
    text, html = (cast("EmailMessage", part).get_content() for part in message.iter_parts())
    assert f"Stop receiving this digest\n{link}\n" in text.replace("\r\n", "\n")
    assert f'<a href="{link}">Stop receiving this digest</a></p></body>' in html


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Stop receiving this digest"),
        ("ko", "이 소식지 수신 거부"),
        ("zh-CN", "停止接收本简报"),
        ("ja", "このダイジェストの受信を停止する"),
    ],
)
def test_the_way_out_is_told_in_the_language_of_the_digest(rich: Digest, language: str, words: str) -> None:
    rendered = msgspec.structs.replace(render(rich), language=language)
    content = mail(rendered, sender=SENDER, recipient="desk@example.org", unsubscribe="https://watch.example.org/u/1")
    text = cast("EmailMessage", next(read(content).iter_parts())).get_content()
    assert words in text


def test_nothing_in_a_mail_is_fetched_when_it_is_opened(rich: Digest) -> None:
    html = mail(render(rich), sender=SENDER, recipient="desk@example.org", unsubscribe="https://watch.example.org/u/1")
    body = cast("EmailMessage", list(read(html).iter_parts())[1]).get_content().lower()
    assert not [sign for sign in ("<img", "<link", "<script", "<iframe", "url(", "@import", "src=") if sign in body]
