"""date of a feed → the one form that is read everywhere. Pure; what it does not know it gives back as it came.

RSS asks for dates as mail has them (RFC 822), and gets them with years of two digits, whole names of months, hyphens in
place of spaces, no space after the weekday, or as C's ``asctime`` writes them.
"""

import re

_MAIL = re.compile(
    r"(?:[^\W\d_]+\.?,?\s*)?(?P<day>\d{1,2})[\s-]+(?P<month>[A-Za-z]{3})[A-Za-z]*\.?[\s-]+(?P<year>\d{4}|\d{2})[,\s]+"
    r"(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)\s*(?P<zone>[+-]\d{2}:?\d{2}|[A-Za-z]{1,5})?"
)
_ASCTIME = re.compile(
    r"[A-Za-z]{3}\s+(?P<month>[A-Za-z]{3})\s+(?P<day>\d{1,2})\s+(?P<clock>\d{1,2}:\d{2}:\d{2})\s+"
    r"(?P<zone>[A-Za-z]{1,5}|[+-]\d{4})?\s*(?P<year>\d{4})"
)
_HOURS_OF_ZONES = {"Z": "+0000", "KST": "+0900", "JST": "+0900", "MSK": "+0300", "CET": "+0100", "CEST": "+0200"}
"""Zones that mail does not know by name, and that mean one thing only."""
_TWO_DIGITS = 2
_LAST_OF_2000S = 49
"""RFC 2822, section 4.3: years 00 to 49 are of this century, 50 to 99 of the last."""
_LONGEST = 200


def plain_date(stated: str) -> str:
    """Write a mail-like date as ``4 Mar 2026 05:06:07 +0900``; any other comes back as it is."""
    text = " ".join(stated[:_LONGEST].split())
    match = _MAIL.fullmatch(text) or _ASCTIME.fullmatch(text)
    if match is None:
        return stated
    zone = (match["zone"] or "").replace(":", "").upper()
    clock = match["clock"] if match["clock"].count(":") > 1 else f"{match['clock']}:00"
    parts = (match["day"], match["month"].capitalize(), _year(match["year"]), clock, _HOURS_OF_ZONES.get(zone, zone))
    return " ".join(part for part in parts if part)


def _year(digits: str) -> str:
    if len(digits) > _TWO_DIGITS:
        return digits
    return f"20{digits}" if int(digits) <= _LAST_OF_2000S else f"19{digits}"
