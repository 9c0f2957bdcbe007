"""headers → how long a site wants to be left alone. Pure: the time is an argument.

Retry-After is RFC 9110, section 10.2.3: seconds, or a date. ``max-age`` is RFC 9111, section 5.2.2.1. Both come from outside: what
cannot be read says nothing, and nobody may send the watch to sleep for longer than a day.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=1)
"""No header makes us wait longer."""

AFTER_TOO_MANY = timedelta(seconds=30)
"""Least pause of a whole host after it answered 429; the figure is that of Media Cloud's story indexer."""

_MANY_DIGITS = 9
_MAX_AGE = re.compile(r'(?:^|[,\s])max-age\s*=\s*"?(\d{1,12})', re.IGNORECASE)


def retry_after(stated: str | None, now: datetime | None) -> timedelta | None:
    """Read a Retry-After header: not less than nothing, and a day at most; None when it is absent or cannot be read.

    Without ``now`` a date cannot be read.
    """
    text = (stated or "").strip()
    if text.isascii() and text.isdigit():
        return LONGEST if len(text) > _MANY_DIGITS else min(timedelta(seconds=int(text)), LONGEST)
    if now is None:
        return None
    try:
        named = parsedate_to_datetime(text)
        when = named.replace(tzinfo=UTC) if named.tzinfo is None else named
        return max(timedelta(), min(when - now, LONGEST))
    except (ValueError, TypeError, IndexError, OverflowError):  # what the standard library raises at odd texts
        return None


def wait_asked(status: int, headers: Mapping[str, str], now: datetime | None) -> timedelta | None:
    """Say how long an answer asks us to wait: 429 for half a minute at least, 503 when it says so; None for all others."""
    if status == 429:  # noqa: PLR2004 - Too Many Requests
        return max(retry_after(headers.get("retry-after"), now) or AFTER_TOO_MANY, AFTER_TOO_MANY)
    return retry_after(headers.get("retry-after"), now) if status == 503 else None  # noqa: PLR2004 - Service Unavailable


def fresh_for(headers: Mapping[str, str]) -> timedelta | None:
    """Say how long an answer says of itself that it stays as it is, up to a day; None when it does not."""
    found = _MAX_AGE.search(headers.get("cache-control", "")[:1_000])
    return min(timedelta(seconds=min(int(found[1]), 10**6)), LONGEST) if found else None
