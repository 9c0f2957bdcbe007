"""Text from outside → text that cannot harm a header, a terminal or a page: no controls, no direction overrides.

Escaping for HTML is the templates' business; here only characters go that no reader could see.
"""

import re
import unicodedata
from urllib.parse import urlsplit

# C0, DEL and C1 controls; line and paragraph separators; surrogates; embedding, override and isolate controls; byte-order mark.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]+")
_BLANKS = re.compile(r"[^\S\u00a0\u202f]+")
"""Any blanks but those that hold words together, as French does before a colon."""

HEADER_LENGTH = 150


def clean(text: str) -> str:
    """Give text on one line: controls become one space, runs of blanks too; the form is NFC. Edges are kept as blanks."""
    return _BLANKS.sub(" ", _CONTROLS.sub(" ", unicodedata.normalize("NFC", text)))


def clean_line(text: str, longest: int = 0) -> str:
    """Clean text and trim its edges; with ``longest``, cut it at that many characters with an ellipsis."""
    line = clean(text).strip()
    return line if not longest or len(line) <= longest else line[: longest - 1].rstrip() + "…"


def header(text: str) -> str:
    """Make text fit for a mail header: one line, cut where clients would cut it anyway."""
    return clean_line(" ".join(text.split()), HEADER_LENGTH)


def web_address(url: str) -> str:
    """Give an address that may stand in a link, or nothing: http and https only, without blanks or controls."""
    trimmed = url.strip()
    if _CONTROLS.search(trimmed) or any(char.isspace() for char in trimmed):
        return ""
    try:
        parts = urlsplit(trimmed)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return trimmed if good else ""


def host(url: str) -> str:
    """Name the site of an address, without ``www.``."""
    address = web_address(url)
    return (urlsplit(address).hostname or "").removeprefix("www.") if address else ""
