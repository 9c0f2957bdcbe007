"""What a visit counts: every entry ends in exactly one place, so that the funnel closes."""

from collections import Counter

from cases.ledger import Judged, SetAside
from cases.model import Judgement, Label, Verdict
from cases.store import CaseChange
from crawler.readers import Entry

_NEW = frozenset({"new", "backfilled"})


class Tally:
    """Counts of one visit while it runs. ``waiting`` are the entries whose pages are still to come."""

    def __init__(self) -> None:
        self.entries = 0
        self.repeats = 0
        self.articles = 0
        self.reports = 0
        self.cases_new = 0
        self.cases_updated = 0
        self.set_aside: Counter[str] = Counter()
        self.labels: Counter[str] = Counter()
        self.came_to: Counter[str] = Counter()
        """How far the judged articles came, by ``Judged``."""
        self.waiting: dict[str, Entry] = {}

    @property
    def done(self) -> int:
        """Entries that have found their place."""
        return self.articles + self.set_aside.total()

    def leave(self, why: SetAside, url: str | None = None) -> None:
        """Set one entry aside; ``url`` when it was waiting."""
        if url is not None:
            self.waiting.pop(url)
        self.set_aside[why] += 1

    def judged(self, url: str, judgement: Judgement, changes: tuple[CaseChange, ...]) -> None:
        """Count one article that was read, judged and kept."""
        self.waiting.pop(url)
        self.articles += 1
        self.labels[judgement.verdict.label] += 1
        self.came_to[came_to(judgement.verdict)] += 1
        self.reports += len(judgement.reports)
        for change in changes:
            if change.kind in _NEW:
                self.cases_new += 1
            else:
                self.cases_updated += 1

    def close(self) -> None:
        """Set aside what is still waiting: the visit ended before it."""
        self.set_aside[SetAside.NOT_REACHED] += len(self.waiting)
        self.waiting.clear()
        self.set_aside += Counter()  # drops names that count nothing


def came_to(verdict: Verdict) -> Judged:
    """Say how far an article came by its verdict."""
    if verdict.report:
        return Judged.REPORT
    if verdict.label is Label.UNSUPPORTED_LANGUAGE:
        return Judged.OTHER_LANGUAGE
    return Judged.NEAR_MISS if verdict.near_miss else Judged.BELOW_THRESHOLD
