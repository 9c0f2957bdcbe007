"""bytes → text: a page decoded by what its bytes are, rather than by what is said of them. Pure.

Statements are often wrong: a site that moved to UTF-8 still names windows-1251, a template names UTF-8 above an old Korean
article. So bytes that are UTF-8 are read as UTF-8 whoever says otherwise, and one broken byte does not change what the
other hundred thousand are.
"""

import re
from collections.abc import Iterator

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

_UNFIT = re.compile("[\x00\ud800-\udfff]")
_BROKEN = "\ufffd"
_HEAD = 16_384
"""Bytes in which a page may name its encoding; browsers look at 1,024, sites name it later."""
_SAMPLE = 200_000
_SURE = 4
"""Characters of several bytes from which UTF-8 cannot be a coincidence: two hanzi of GBK may be UTF-8 by accident."""
_MOST_BROKEN = 0.02
"""Share of a text's characters beyond ASCII that may be broken where its encoding is believed all the same."""


def decoded(body: bytes, content_type: str = "") -> str:
    """Turn the bytes of a page into text; never raises.

    A byte-order mark settles it. Then comes UTF-8 when the bytes are that, beyond coincidence; then what the header and
    the page state, when every byte fits; then the one of these that leaves the least broken; and last the most likely
    encoding of the first 200 kB. What does not fit becomes U+FFFD. NUL and lone surrogates are dropped.
    """
    named, mark = read_bom(body)
    if named and mark:
        return _fit(body[len(mark) :].decode(named, errors="replace"))
    stated = list(dict.fromkeys(_stated(body, content_type)))
    return _fit(_fitting(body, stated) or _least_broken(body, stated))


def _fit(text: str) -> str:
    """Drop what neither a store nor a parser takes, which hardly any page holds: to look for it in all costs more."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _UNFIT.sub("", text)
    return text.replace("\x00", "")


def _stated(body: bytes, content_type: str) -> Iterator[str]:
    for name in (http_content_type_encoding(content_type), html_body_declared_encoding(body[:_HEAD])):
        known = resolve_encoding(name) if name else None
        if known and _has_units_of(known, body):
            yield known


def _has_units_of(encoding: str, body: bytes) -> bool:
    """Refuse UTF-16 and UTF-32 for bytes without NUL: who can read that statement in ASCII knows that it is wrong."""
    return not encoding.startswith(("utf-16", "utf-32")) or b"\x00" in body[:_HEAD]


def _fitting(body: bytes, stated: list[str]) -> str | None:
    hidden = [name for name in stated if _hides_in_ascii(name, body)]
    text = None if hidden else _strictly(body, "utf-8")
    if text is not None and (not stated or _beyond_ascii(text) == 0 or _beyond_ascii(text) >= _SURE):
        return text
    return next((found for name in (*hidden, *stated, "utf-8") if (found := _strictly(body, name)) is not None), None)


def _hides_in_ascii(encoding: str, body: bytes) -> bool:
    """Tell whether bytes that look like ASCII are another script: UTF-16 between NULs, ISO 2022 behind escapes."""
    return (encoding.startswith("utf-16") and b"\x00" in body) or (encoding.startswith("iso2022") and b"\x1b" in body)


def _strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _least_broken(body: bytes, stated: list[str]) -> str:
    tried = [body.decode(name, errors="replace") for name in dict.fromkeys(("utf-8", *stated))]
    best = min(tried, key=lambda text: text.count(_BROKEN))
    if best.count(_BROKEN) <= max(1, _MOST_BROKEN * _beyond_ascii(best)):
        return best
    likely = from_bytes(body[:_SAMPLE]).best()
    return body.decode(likely.encoding, errors="replace") if likely else best


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", errors="ignore"))
