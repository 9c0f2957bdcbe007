"""address, time, counter → identity: canonical URLs, text fingerprints, UUIDv7 and case numbers.

Nothing here looks at a clock or rolls dice: the caller gives time and randomness.
"""

import hashlib
import re
import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|mc_[ce]id|yclid|igshid|_hsenc|_hsmi|_ga|ref_src|amp)",
    re.IGNORECASE,
)
_KEPT_IN_PATH = "/:@!$&'()*+,;=~-._"
_RANDOM_BYTES = 10
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def canonical_url(url: str) -> str:
    """Give the one address under which an article is known, however a page linked it.

    Scheme and host in lower case (an international host in its ASCII form), no default port, user, fragment or
    parameters that only trace a reader; the query otherwise kept, in order of names; percent-escapes of one form; no
    dot segments. The scheme is kept: ``http`` and ``https`` are two addresses unless the site
    redirects. What cannot be read as an http address comes back stripped and otherwise unchanged. Idempotent.
    """
    bare = url.strip()
    try:
        parts = urlsplit(bare)
        host, port = _host(parts), parts.port
    except ValueError:
        return bare
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not host:
        return bare
    shown_port = "" if port in {None, _DEFAULT_PORTS[scheme]} else f":{port}"
    query = _query(parts.query)
    return f"{scheme}://{host}{shown_port}{_path(parts.path)}{'?' if query else ''}{query}"


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        return f"[{host}]"
    try:
        return host.encode("ascii").decode() if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as cause:
        raise ValueError(f"host {host!r} has no ASCII form") from cause


def _path(path: str) -> str:
    """One form of escapes, no ``.`` or ``..`` segments; a closing or doubled slash is kept, since sites tell it apart."""
    kept: list[str] = []
    segments = path.removeprefix("/").split("/")
    for segment in segments:
        if segment == "..":
            kept[-1:] = []
        elif segment != ".":
            kept.append(_escaped(segment))
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _escaped(segment: str) -> str:
    """Escape a path segment in one way; an escaped slash or percent sign stays escaped."""
    plain = unquote(segment, errors="surrogateescape")
    return quote(plain, safe=_KEPT_IN_PATH.replace("/", ""), errors="surrogateescape")


def _query(query: str) -> str:
    kept = [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
        if not _TRACKING.fullmatch(name)
    ]
    return urlencode(sorted(kept), errors="surrogateescape")


def text_sha256(text: str) -> str:
    """Hex SHA-256 of a text as UTF-8: whether two readings of a page say the same."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def uuid7(at: datetime, randomness: bytes) -> str:
    """Make a UUID of version 7 (RFC 9562) from a time and ten random bytes; later times sort after earlier ones.

    Raises ValueError when ``at`` has no zone or there are not ten bytes.
    """
    if at.tzinfo is None or len(randomness) != _RANDOM_BYTES:
        raise ValueError("a UUIDv7 needs an aware time and ten random bytes")
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
    number = int.from_bytes(milliseconds.to_bytes(6, "big") + randomness, "big")
    number = number & ~(0xF << 76) | (0x7 << 76)  # version
    number = number & ~(0x3 << 62) | (0x2 << 62)  # variant
    return str(uuid.UUID(int=number))


def case_number(year: int, ordinal: int) -> str:
    """Write the permanent human number of a case: ``2026-0007``; past 9,999 it grows by a digit."""
    return f"{year:04d}-{ordinal:04d}"
