"""the bytes of a mail → what stays readable outside an encrypted one, and what goes inside.

Subject, severity and all that tells of the content go inside (RFC 9788); outside stands what servers need, and "..." for the
subject. The two ways to encrypt are ``pgp`` and ``smime``; neither ever gives clear text back.
"""

import re
from email import message_from_bytes

from digests.mime import WIRE

OUTSIDE = frozenset(
    {
        *("from", "to", "reply-to", "date", "message-id", "mime-version", "in-reply-to", "references"),
        *("auto-submitted", "list-id", "list-help", "list-unsubscribe", "list-unsubscribe-post"),
    }
)
"""Headers that stay in clear: for servers, and so that a list can be left without reading it."""

NEVER_IN_CLEAR = "and is never sent in clear"

_HEADER = re.compile(rb"\r\n(?![ \t])")


def outside(mail: bytes) -> list[bytes]:
    """Give the headers that an encrypted mail shows, each as it is folded, with a subject that says nothing."""
    head = _HEADER.split(mail.partition(b"\r\n\r\n")[0])
    shown = [line for line in head if line.partition(b":")[0].decode("ascii").lower() in OUTSIDE]
    return [*shown, b"Subject: ..."]


def inside(mail: bytes, shown: list[bytes]) -> bytes:
    """Give the whole mail as the part to encrypt: it says itself that its headers count, and what stands outside."""
    inner = message_from_bytes(mail, policy=WIRE)
    inner.set_param("hp", "cipher")
    inner.set_param("protected-headers", "v1")
    for line in shown:
        inner["HP-Outer"] = b"".join(line.split(b"\r\n")).decode("ascii")
    return inner.as_bytes()
