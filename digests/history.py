"""Counts of this digest set beside those of the digests before it: a small timeline, as numbers in a table. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from digests.dates import day
from digests.material import DigestBefore
from digests.speech import ENGLISH, Speech
from digests.view import Coverage, Period, Section


def history(
    before: Sequence[DigestBefore],
    sections: Iterable[Section],
    seen: Coverage,
    local: datetime,
    speech: Speech = ENGLISH,
) -> tuple[Period, ...]:
    """Count what each digest told, oldest first and this one last; empty when there is none to compare it with."""
    if not before:
        return ()
    cards = [card for section in sections for card in section.cards]
    now = _period(local, [(card.change, card.urgent) for card in cards], seen.articles, speech)
    earlier = (
        _period(
            one.created_at.astimezone(local.tzinfo),
            [(case.change, case.urgent) for case in one.cases],
            one.coverage.articles,
            speech,
        )
        for one in before
    )
    return (*earlier, now)


def _period(at: datetime, told: Sequence[tuple[str, bool]], articles: int, speech: Speech) -> Period:
    changes = [change for change, _ in told]
    return Period(
        day=at.date(),
        day_words=day(at.date(), speech),
        urgent=sum(urgent and change != "backfilled" for change, urgent in told),
        new=changes.count("new"),
        updated=changes.count("updated") + changes.count("corrected"),
        corroborated=changes.count("corroborated"),
        articles=articles,
    )
