"""entries that nobody knew → may others have fallen between two visits? Pure."""

from collections.abc import Sequence
from datetime import datetime

from crawler.readers import Entry

_FEW = 3
"""So many entries without a date must be strangers, all of them, before they count as a sign: a new tag begins with one."""


def gap_in(entries: Sequence[Entry], last: datetime | None) -> str | None:
    """Say in words that a listing does not reach back to the last complete visit, ``last``; None when it does.

    ``entries`` are all that the listing shows, and none of them was known. Before the first visit there is nothing to miss.
    """
    if last is None:
        return None
    times = [entry.published for entry in entries if entry.published is not None]
    if times:
        oldest = f"{min(times):%Y-%m-%d %H:%M}"
        return (
            f"gap: the listing reaches back to {oldest} UTC, the last visit was before that"
            if min(times) > last
            else None
        )
    known = f"gap: none of the {len(entries)} entries that the listing shows was known, and it states no times"
    return known if len(entries) >= _FEW else None
