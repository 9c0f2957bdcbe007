"""redirects → did the listing move? A site that moves for good is told; nobody is followed to where it was not agreed to go."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from urllib.parse import urlsplit

from cases.model import Value

PERMANENT = frozenset({301, 308})
"""Statuses by which a site says that an address is another from now on (RFC 9110, 15.4)."""


class Move(Value, frozen=True, kw_only=True):
    """Where an address led."""

    to: str
    away: bool
    """To a host that is neither that of the address nor of the source."""
    for_good: bool


def move_of(hops: Sequence[str], reasons: Sequence[object], owns: Callable[[str], bool]) -> Move | None:
    """Say where the addresses of a redirect led; None when they led nowhere else.

    ``hops`` are the addresses in their order, the answered one last; ``reasons`` holds the status of each hop.
    """
    if len(hops) < 2:  # noqa: PLR2004 - one address leads nowhere
        return None
    asked, answered = hops[0], hops[-1]
    away = not _same_site(asked, answered) and not owns(answered)
    steps = list(zip(pairwise(hops), reasons, strict=False))
    if away:  # the step over the border decides: what a foreign site then does with its own addresses is its business
        crossing = (
            reason for (here, there), reason in steps if _same_site(asked, here) and not _same_site(asked, there)
        )
        return Move(to=answered, away=True, for_good=next(crossing, None) in PERMANENT)
    return Move(to=answered, away=False, for_good=all(reason in PERMANENT for _, reason in steps))


def _same_site(one: str, other: str) -> bool:
    return _host(one) == _host(other)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""
