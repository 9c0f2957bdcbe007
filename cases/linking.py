"""report + known cases → effect: does it open a case, tell a known one, or must a person decide?"""

from collections.abc import Sequence
from datetime import date

from cases.model import Article, Case, Joined, Opened, Report, Unsure


def link(
    report: Report,
    article: Article,
    candidates: Sequence[Case],
    announce_since: date | None = None,
    *,
    source_title: str = "",
) -> Opened | Joined | Unsure:
    """Decide what one report of an article does to the register."""
    raise NotImplementedError


def link_all(
    reports: Sequence[Report],
    article: Article,
    candidates: Sequence[Case],
    announce_since: date | None = None,
    *,
    source_title: str = "",
) -> tuple[Opened | Joined | Unsure, ...]:
    """Decide for all reports of one article, in their order; no two of them join the same case."""
    raise NotImplementedError
