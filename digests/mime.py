"""rendered → the bytes of a mail: both parts, headers that no title can break, the same bytes for the same digest."""

import hashlib
import re
from datetime import UTC
from email.message import EmailMessage
from email.policy import EmailPolicy
from urllib.parse import quote

from digests.cleaning import header
from digests.rendering import Rendered

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


WIRE = WirePolicy(linesep="\r\n", max_line_length=78, cte_type="7bit")


def message_id(name: str, period: str, recipient: str, sender: str) -> str:
    """Give the Message-ID of one digest for one recipient: always the same, and it does not show the recipient."""
    mark = hashlib.blake2b(f"{name}\0{period}\0{recipient.lower()}".encode(), digest_size=12).hexdigest()
    return f"<{name}.{period}.{mark}@{sender.rpartition('@')[2]}>"


def mail(rendered: Rendered, *, sender: str, recipient: str, reply_to: str | None = None) -> bytes:
    """Write one mail of a digest: plain text first, then HTML. The same arguments give the same bytes."""
    identity = message_id(rendered.name, rendered.period, recipient, sender)
    domain = sender.rpartition("@")[2]
    message = EmailMessage(policy=WIRE)
    message["From"] = f"Returnwatch <{sender}>"
    message["To"] = recipient
    if reply_to:
        message["Reply-To"] = reply_to
    message["Subject"] = header(rendered.subject)
    message["Date"] = rendered.made_at.astimezone(UTC)
    message["Message-ID"] = identity
    message["Content-Language"] = rendered.language
    message["Auto-Submitted"] = "auto-generated"
    message["List-Id"] = f"<{rendered.name}.returnwatch.{domain}>"
    message["List-Unsubscribe"] = f"<mailto:{reply_to or sender}?subject={quote(f'stop {rendered.name}')}>"
    message["X-Returnwatch-Digest"] = f"{rendered.name} {rendered.period}"
    message["X-Returnwatch-Severity"] = rendered.severity
    message.set_content(rendered.text, subtype="plain", charset="utf-8")
    message.add_alternative(rendered.mail_html, subtype="html", charset="utf-8")
    message.set_boundary("=_" + hashlib.blake2b(identity.encode(), digest_size=16).hexdigest())
    return message.as_bytes()


def on_the_wire(payload: bytes) -> bytes:
    """Prepare a message for SMTP's DATA: a dot at the beginning of a line is doubled, and a lone dot ends it."""
    ended = payload if payload.endswith(b"\r\n") else payload + b"\r\n"
    return _LINE_START_DOT.sub(b"..", ended) + b".\r\n"
