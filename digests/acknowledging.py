"""The link by which somebody acknowledges an alert: which alert, and who; it shows no address, and cannot be made by others."""

import hashlib
from collections.abc import Iterable

from cases.model import Value
from digests.links import Links

_SEPARATOR = "/"


class Acknowledging(Value, frozen=True, kw_only=True):
    """What a link says: the alert by its digest and period, and a mark of the one it was sent to."""

    digest: str
    period: str
    mark: str


def acknowledge_link(links: Links | None, digest: str, period: str, recipient: str) -> str:
    """Give the address of the page on which a recipient acknowledges an alert; empty without a public address."""
    if links is None or not recipient:
        return ""
    return links.link("acknowledge", _SEPARATOR.join((digest, period, _mark(recipient))))


def read_link(links: Links, token: str) -> Acknowledging | None:
    """Read the token of a link; none for one that was not made here."""
    payload = links.read("acknowledge", token)
    parts = payload.split(_SEPARATOR) if payload else []
    return Acknowledging(digest=parts[0], period=parts[1], mark=parts[2]) if len(parts) == 3 else None  # noqa: PLR2004 - as written


def who(mark: str, recipients: Iterable[str]) -> str:
    """Find the recipient whom a mark stands for, among those who were told; ``somebody with a link`` when none is left."""
    return next((one for one in recipients if _mark(one) == mark), "somebody with a link")


def _mark(recipient: str) -> str:
    return hashlib.blake2b(recipient.lower().encode(), digest_size=6).hexdigest()
