"""runs → funnel: what became of everything that was listed, a row a source and day. Pure.

The sums close, or the row says so: ``entries == sum(set_aside) + articles`` and ``articles == sum(judged)``.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date

from cases.ledger import Run
from cases.model import Value


class FunnelRow(Value, frozen=True, kw_only=True):
    """What one source gave on one day, in UTC; counted when a visit ends."""

    source: str
    day: date
    visits: int
    entries: int
    """Articles that were listed: once a visit, however often and by however many readers."""
    set_aside: Mapping[str, int]
    """By ``SetAside``: why an entry became no judged article."""
    articles: int
    """Pages that were read and judged."""
    judged: Mapping[str, int]
    """By ``Judged``: how far the articles came."""
    labels: Mapping[str, int]
    """What they are about."""
    reports: int
    """Acts that the articles tell of; one article may tell several."""

    @property
    def closes(self) -> bool:
        """Whether every entry has its place, and every article too.

        Runs from before articles were counted by how far they came close without it.
        """
        told = sum(self.judged.values())
        return self.entries == sum(self.set_aside.values()) + self.articles and told in {self.articles, 0}


def funnel(runs: Iterable[Run]) -> tuple[FunnelRow, ...]:
    """Sum runs by source and day, the newest day first, sources by name."""
    groups: dict[tuple[date, str], list[Run]] = {}
    for run in runs:
        groups.setdefault((run.finished_at.astimezone(UTC).date(), run.source), []).append(run)
    ordered = sorted(groups.items(), key=lambda group: (-group[0][0].toordinal(), group[0][1]))
    return tuple(_row(source, day, of_the_day) for (day, source), of_the_day in ordered)


def summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Add counts up by their names; names that count nothing are left out."""
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return dict(+total)


def _row(source: str, day: date, runs: list[Run]) -> FunnelRow:
    return FunnelRow(
        source=source,
        day=day,
        visits=sum(run.visits for run in runs),
        entries=sum(run.entries for run in runs),
        set_aside=summed(run.set_aside for run in runs),
        articles=sum(run.articles for run in runs),
        judged=summed(run.judged for run in runs),
        labels=summed(run.labels for run in runs),
        reports=sum(run.reports for run in runs),
    )
