"""lengths of texts → were they cut short? Pure. A paywall that shows a piece of each article looks like a source in good health.

NK News gave 1,008 to 1,224 characters of each article to those who do not pay: nearly the same length, and too short.
"""

from collections.abc import Sequence
from statistics import median

_ENOUGH = 5
"""Texts of one visit from which their lengths may be compared."""

_SPREAD = 1.25
"""Articles of one length: the longest is at most so many times the shortest. Those of a newsroom differ more."""

_PIECE = 2_500
"""Characters up to which a text may be a piece; news in brief are of this length as well, but not of one length."""

_SHORT = 0.4
"""Share of the source's usual length below which its articles are told as short."""

_MEMORY = 0.8
"""How much of what was usual stays usual after one visit."""


def remark_on(lengths: Sequence[int], usual: int | None) -> str | None:
    """Say in words what is odd about the lengths of a visit's articles, in characters; None when nothing is.

    ``usual`` is the median length of the source's articles as earlier visits found it.
    """
    if len(lengths) < _ENOUGH:
        return None
    middle, shortest, longest = round(median(lengths)), min(lengths), max(lengths)
    if longest <= _SPREAD * shortest and longest <= _PIECE:
        return (
            f"teaser: all {len(lengths)} articles have nearly the same length ({shortest:,} to {longest:,} characters), "
            "as if only the beginning of each were shown"
        )
    if usual is not None and middle < _SHORT * usual:
        return f"short: half of {len(lengths)} articles have at most {middle:,} characters, where {usual:,} are usual"
    return None


def usual_after(lengths: Sequence[int], usual: int | None) -> int | None:
    """Give the usual length after a visit: what it was, moved a little towards what came."""
    if len(lengths) < _ENOUGH:
        return usual
    middle = median(lengths)
    return round(middle if usual is None else _MEMORY * usual + (1 - _MEMORY) * middle)
