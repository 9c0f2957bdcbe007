"""rendered → the bytes of a mail: both parts, headers that no title can break, the same bytes for the same digest."""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC
from email.message import EmailMessage
from email.policy import EmailPolicy
from html import escape
from urllib.parse import quote

from digests.cleaning import header
from digests.rendering import Rendered
from digests.speech import speech

_LIMIT = 998
"""Longest line of a header that RFC 5322 permits; the fold aims at 78."""

_VERBATIM = frozenset(
    {
        *(
            "list-id",
            "list-help",
            "list-post",
            "list-owner",
            "list-archive",
            "list-unsubscribe",
            "list-unsubscribe-post",
        ),
        *("message-id", "in-reply-to", "references", "archived-at"),
    }
)

_LINE_START_DOT = re.compile(rb"^\.", re.MULTILINE)


class WirePolicy(EmailPolicy):
    """Write headers that hold addresses and ids as they are, folded at blanks only.

    The standard library's policy turns any long word in these into an encoded word, which no client decodes there: a link
    to unsubscribe of 80 characters is dead. Bodies are encoded for lines of 7 bits.
    """

    def _fold(self, name: str, value: object, refold_binary: bool = False) -> str:  # noqa: FBT001, FBT002 - the base's own
        if name.lower() not in _VERBATIM:
            folded: str = super()._fold(name, value, refold_binary)  # type: ignore[misc]  # the stubs do not know it
            return folded
        lines = [f"{name}:"]
        for word in str(value).split():
            if len(lines[-1]) + 1 + len(word) > self.max_line_length and lines[-1] != f"{name}:":  # type: ignore[operator]  # WIRE sets it
                lines.append("")
            lines[-1] += f" {word}"
        if any(len(line) > _LIMIT for line in lines) or not all(" " <= char <= "~" for char in "".join(lines)):
            raise ValueError(f"header {name} holds what cannot be sent: {str(value)[:80]!r}")
        return self.linesep.join(lines) + self.linesep


_MOST_ROOTS = 20
"""Conversations that one mail continues; what tells of more cases is no part of any."""

WIRE = WirePolicy(linesep="\r\n", max_line_length=78, cte_type="7bit")


def message_id(name: str, period: str, recipient: str, sender: str) -> str:
    """Give the Message-ID of one digest for one recipient: always the same, and it does not show the recipient."""
    mark = hashlib.blake2b(f"{name}\0{period}\0{recipient.lower()}".encode(), digest_size=12).hexdigest()
    return f"<{name}.{period}.{mark}@{sender.rpartition('@')[2]}>"


def mail(
    rendered: Rendered, *, sender: str, recipient: str, reply_to: str | None = None, unsubscribe: str = ""
) -> bytes:
    """Write one mail of a digest: plain text first, then HTML. The same arguments give the same bytes.

    ``unsubscribe`` is the address behind which a POST stops this digest for this recipient; without it, whoever wants no more
    answers the mail.
    """
    identity = message_id(rendered.name, rendered.period, recipient, sender)
    message = EmailMessage(policy=WIRE)
    message["From"] = f"Returnwatch <{sender}>"
    message["To"] = recipient
    if reply_to:
        message["Reply-To"] = reply_to
    message["Subject"] = header(rendered.subject)
    message["Date"] = rendered.made_at.astimezone(UTC)
    message["Message-ID"] = identity
    for name, value in _thread(rendered, recipient, sender):
        message[name] = value
    message["Auto-Submitted"] = "auto-generated"
    for name, value in _list_headers(rendered, sender, reply_to or sender, unsubscribe):
        message[name] = value
    message["X-Returnwatch-Digest"] = f"{rendered.name} {rendered.period}"
    message["X-Returnwatch-Severity"] = rendered.severity or rendered.subject[1:].partition("]")[0].lower()
    message["X-Returnwatch-Reason"] = rendered.reason
    message.set_content(_sendable(_with_footer(rendered, unsubscribe)), subtype="plain", charset="utf-8")
    message.add_alternative(_sendable(_with_html_footer(rendered, unsubscribe)), subtype="html", charset="utf-8")
    message["Content-Language"] = (
        rendered.language
    )  # last: the standard library drops what is called Content-… with each part
    message.set_boundary("=_" + hashlib.blake2b(identity.encode(), digest_size=16).hexdigest())
    return message.as_bytes()


def _list_headers(rendered: Rendered, sender: str, answers_to: str, unsubscribe: str) -> Iterator[tuple[str, str]]:
    """Say what list this is, and how one leaves it: RFC 2369, 2919 and 8058, and 5064 for the page."""
    by_mail = f"<mailto:{answers_to}?subject={quote(f'stop {rendered.name}')}>"
    yield "List-Id", f"<{rendered.name}.returnwatch.{sender.rpartition('@')[2]}>"
    yield "List-Help", f"<mailto:{answers_to}?subject={quote(f'help {rendered.name}')}>"
    if unsubscribe:
        yield "List-Unsubscribe", f"<{unsubscribe}>, {by_mail}"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    else:
        yield "List-Unsubscribe", by_mail
    if rendered.archive_url:
        yield "List-Archive", f"<{rendered.archive_url}>"
    if rendered.page_url:
        yield "Archived-At", f"<{rendered.page_url}>"


def _thread(rendered: Rendered, recipient: str, sender: str) -> Iterator[tuple[str, str]]:
    """Name the conversation of each case: a root that no mail has, but that all of them refer to."""
    roots = [_root(rendered.name, number, recipient, sender) for number in rendered.thread[:_MOST_ROOTS]]
    if roots:
        yield "In-Reply-To", roots[0]
        yield "References", " ".join(roots)


def _root(name: str, number: str, recipient: str, sender: str) -> str:
    mark = hashlib.blake2b(
        f"{name}\0{number}\0{recipient.lower()}".encode(errors="replace"), digest_size=12
    ).hexdigest()
    return f"<case.{mark}@{sender.rpartition('@')[2]}>"


def _sendable(text: str) -> str:
    """Put a question mark where half a character stands, which UTF-8 cannot write."""
    return text.encode("utf-8", "replace").decode()


def _with_footer(rendered: Rendered, unsubscribe: str) -> str:
    text = rendered.text
    return f"{text.rstrip()}\n\n{_stop_words(rendered)}\n{unsubscribe}\n" if unsubscribe else text


def _with_html_footer(rendered: Rendered, unsubscribe: str) -> str:
    if not unsubscribe:
        return rendered.mail_html
    link = f'<a href="{escape(unsubscribe)}">{escape(_stop_words(rendered))}</a>'
    footer = f'<p style="font:14px/1.5 sans-serif;text-align:center;padding:0 16px 24px">{link}</p>'
    before, end, after = rendered.mail_html.rpartition("</body>")
    return f"{before}{footer}{end}{after}" if end else f"{after}{footer}"


def _stop_words(rendered: Rendered) -> str:
    """Give the words of the link below both parts: it names the recipient, and so it is no part of what all are shown."""
    return speech(rendered.language).gettext("Stop receiving this digest")


def on_the_wire(payload: bytes) -> bytes:
    """Prepare a message for SMTP's DATA: a dot at the beginning of a line is doubled, and a lone dot ends it."""
    ended = payload if payload.endswith(b"\r\n") else payload + b"\r\n"
    return _LINE_START_DOT.sub(b"..", ended) + b".\r\n"
