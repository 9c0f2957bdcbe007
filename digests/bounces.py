"""a mail that came back → what it says: which message, which recipient, and whether that address is dead.

Pure. Reads reports of delivery (multipart/report, RFC 3464) with the standard library alone, and the answers of servers by their
enhanced status codes (RFC 3463). What a stranger may write into a report is believed only as far as its token goes: that is
random, and only the servers on the way and the recipient ever see it.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message

from cases.model import Value
from digests.cleaning import clean_line

LARGEST = 256 * 1024
"""Bytes of a report that are read; what it says stands at its beginning, the mail that came back behind it."""

_DEAD = re.compile(r"5\.(?:1\.(?:0|1|2|3|6|10)|2\.1)\Z")
"""No such mailbox, system or address; moved without an address; a mailbox that is closed. Not: full, too big, refused by policy."""
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_NO_SUCH_MAILBOX = re.compile(
    r"no such|unknown|(?:not|n't) exist|not found|invalid (?:recipient|mailbox|address)|no mailbox|user (?:is )?disabled",
    re.IGNORECASE,
)
_REFUSED_FOR_GOOD = frozenset({550, 551, 553})
_TOKEN = re.compile(r"\+([0-9a-f]{8,32})@", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,250}>")
_WHERE_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To")


class Bounce(Value, frozen=True, kw_only=True):
    """What a report says of one recipient."""

    action: str
    """``failed``, ``delayed``, ``delivered``, ``relayed`` or ``expanded``."""
    status: str
    recipients: tuple[str, ...]
    """The address that it names last, and the one that it was first: they differ where mail is forwarded."""
    said: str
    """In the words of the server that refused."""
    token: str
    """Of the address that the report came to; empty when it has none."""
    message_id: str
    """Of the mail that came back; empty when the report does not say."""

    @property
    def failed(self) -> bool:
        """Whether the mail did not arrive and is not tried any more."""
        return self.action == "failed"

    @property
    def is_dead(self) -> bool:
        """Whether the address is dead: writing to it again cannot help."""
        return self.failed and bool(_DEAD.match(self.status))


def is_dead_address(code: int, said: str) -> bool:
    """Tell from a server's answer to a recipient whether the address is dead; a refusal by policy says nothing of it."""
    status = _STATUS.search(said)
    if status:
        return bool(_DEAD.match(status[1]))
    return code in _REFUSED_FOR_GOOD and bool(_NO_SUCH_MAILBOX.search(said))


def read_bounces(content: bytes) -> tuple[Bounce, ...]:
    """Read a report, one entry for each recipient that it names; empty when it is none. Raises nothing."""
    try:
        message = message_from_bytes(content[:LARGEST])
        token, message_id = _token(message), _returned_id(message)
        return tuple(_bounce(block, token, message_id) for block in _recipients(message))
    except (
        MessageError,
        ValueError,
        LookupError,
        AttributeError,
        TypeError,
    ):  # the parser raises these for some malformed mail
        return ()


def _recipients(message: Message) -> Iterator[Message]:
    """Yield the part of the report that speaks of each recipient; the first speaks of the message as a whole."""
    for part in _parts(message, "message/delivery-status"):
        blocks = part.get_payload()
        if isinstance(blocks, list):
            yield from (block for block in blocks if isinstance(block, Message) and "Action" in block)


def _bounce(block: Message, token: str, message_id: str) -> Bounce:
    named = [_address(block, name) for name in ("Final-Recipient", "Original-Recipient")]
    status = _STATUS.search(_field(block, "Status"))
    return Bounce(
        action=_field(block, "Action").lower(),
        status=status[1] if status else "",
        recipients=tuple(dict.fromkeys(filter(None, named))),
        said=_field(block, "Diagnostic-Code").partition(";")[2].strip(),
        token=token,
        message_id=message_id,
    )


def _parts(message: Message, kind: str) -> Iterator[Message]:
    """Yield the parts of a kind that lie directly in the report: what the returned mail holds is not the report's word."""
    inside = message.get_payload() if message.is_multipart() else []
    for part in inside if isinstance(inside, list) else []:
        if isinstance(part, Message) and part.get_content_type() == kind:
            yield part


def _returned_id(message: Message) -> str:
    """Give the Message-ID of the mail that came back, whole or as headers alone."""
    for part in (*_parts(message, "message/rfc822"), *_parts(message, "text/rfc822-headers")):
        inside = part.get_payload()
        returned = inside[0] if isinstance(inside, list) and inside else message_from_bytes(_bytes(part))
        found = _MESSAGE_ID.search(_field(returned, "Message-ID")) if isinstance(returned, Message) else None
        if found:
            return found[0]
    return ""


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _token(message: Message) -> str:
    for name in _WHERE_TO:
        for value in message.get_all(name, []):
            if found := _TOKEN.search(str(value)):
                return found[1].lower()
    return ""


def _address(block: Message, name: str) -> str:
    """Take an address out of ``rfc822; name@example.org``."""
    return _field(block, name).partition(";")[2].strip().strip("<>").lower()


def _field(block: Message, name: str) -> str:
    return clean_line(str(block.get(name, "")), 400)
