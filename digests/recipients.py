"""Who a digest goes to, and how each of them wants it: the key ``recipients`` of ``[[digests]]``.

A plain address takes what the digest says; a table says more for one recipient. Only form is checked here.
"""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

Language = Literal["en", "ko", "zh", "ja"]
"""In which a digest is worded; what its articles say stays in their own language."""

Detail = Literal["full", "headlines"]
"""``headlines``: the counts, a line for each case, and where it was told; no facts of it, and no sentences of the articles."""

_ADDRESS = re.compile(
    r"(?=.{3,254}\Z)(?=[^@]{1,64}@)"
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*",
    re.ASCII,
)
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d) ?- ?([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


def check_address(address: str) -> str:
    """Give back a mail address that is safe to put on the wire: ASCII, one ``@``, no quotes, blanks or line ends.

    RFC 5321 permits more (quoted and international local parts); a relay on the way may not, so they are refused here
    with a sentence rather than later with a bounce. Raises ValueError.
    """
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"{address!r} is not a mail address of the form name@example.org (ASCII letters only)")
    return address


def check_zone(name: str) -> str:
    """Give back the name of a time zone that this machine knows. Raises ValueError."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as cause:
        raise ValueError(f'{name!r} is not a time zone; expected a name such as "Asia/Seoul" or "UTC"') from cause
    return name


Address = Annotated[str, AfterValidator(check_address)]
Zone = Annotated[str, AfterValidator(check_zone)]


class Recipient(BaseModel):
    """One entry of ``recipients``: a table, where a plain address says too little."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    address: Address
    """Mail address, or whatever the channel writes to."""
    language: Language | None = None
    """"en", "ko", "zh" or "ja"; without it the digest's own."""
    detail: Detail = "full"
    """"headlines" gives the counts and a line for each case, without facts and without sentences of the articles."""
    channels: tuple[str, ...] = ()
    """Of the digest's channels those that reach this recipient; empty for all."""
    alerts: Literal["by day", "always", "never"] = "by day"
    """"by day": urgent alerts wait for the end of quiet hours; "always": they come at night too; "never": only the digest comes."""
    timezone: Zone | None = None
    """Zone in which this recipient's quiet hours are counted; without it the digest's own."""

    def reached_by(self, channel: str) -> bool:
        """Tell whether a channel writes to this recipient."""
        return not self.channels or channel in self.channels

    def zone(self, otherwise: ZoneInfo) -> ZoneInfo:
        """Give the zone in which this recipient sleeps."""
        return ZoneInfo(self.timezone) if self.timezone else otherwise


def as_recipient(value: object) -> object:
    """Take a plain address for a recipient who wants nothing of their own."""
    return {"address": value} if isinstance(value, str) else value


def once_each(given: Sequence[str]) -> tuple[str, ...]:
    """Give back names that stand there once each, in any case of letters. Raises ValueError."""
    small = [one.lower() for one in given]
    twice = sorted({one for one in given if small.count(one.lower()) > 1})
    if twice:
        raise ValueError(f"named twice: {', '.join(twice)}")
    return tuple(given)


Recipients = tuple[Annotated[Recipient, BeforeValidator(as_recipient)], ...]


class QuietHours(BaseModel):
    """Hours of a wall clock in which nobody is woken; they may pass midnight."""

    model_config = ConfigDict(frozen=True)

    begin: time
    end: time

    def over_at(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """Say when the quiet hours that ``now`` lies in are over, in ``zone``; ``None`` when it lies in none.

        An end that a change of the clocks leaves out comes as much later as the clocks jump.
        """
        local = now.astimezone(zone)
        if not self._hold(local.time()):
            return None
        passes_midnight = self.begin >= self.end and local.time() >= self.begin
        day = local.date() + timedelta(days=1 if passes_midnight else 0)
        return datetime.combine(day, self.end, zone).astimezone(now.tzinfo)

    def _hold(self, at: time) -> bool:
        if self.begin < self.end:
            return self.begin <= at < self.end
        return at >= self.begin or at < self.end


def parse_hours(value: object) -> object:
    """Read ``22:00-07:00``; an empty text is none. Raises ValueError for what is no such text."""
    if not isinstance(value, str):
        return value
    if not value:
        return None
    found = _HOURS.fullmatch(value)
    if found is None or value[:5] == value[-5:]:
        raise ValueError(f'{value!r} are no hours; expected a beginning and an end, such as "22:00-07:00"')
    first, last = (time(int(found[n]), int(found[n + 1])) for n in (1, 3))
    return {"begin": first, "end": last}


Hours = Annotated[QuietHours | None, BeforeValidator(parse_hours)]
