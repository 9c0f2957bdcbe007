"""rate → words: a share with its interval, as every table of figures prints it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cases.evaluation import Rate


def shown(rate: "Rate") -> str:
    """Print a share with its interval; a dash where there was nothing to count."""
    if rate.value is None or rate.low is None or rate.high is None:
        return "–"
    return f"{rate.value:.2f} ({rate.low:.2f}–{rate.high:.2f})"
