"""edited article + what it told before → which of its reports goes on with which case."""

from collections.abc import Sequence
from itertools import product

from cases.likeness import count_of
from cases.model import Case, Report, Telling

ALIKE = 1.0
"""From here on two readings of one article tell the same act; see ``_alike``."""


def match_earlier(tellings: Sequence[Telling], cases: Sequence[Case]) -> dict[int, Case]:
    """Give the reports of an edited article the cases it told before: the likeliest pairs first, each once.

    An edit may change any value, so what would contradict across articles only counts against a pair here; and a
    pseudonym, worthless across articles, is a good sign within one.
    """
    pairs = [
        (_alike(telling.report, known.report), -index, case)
        for index, telling in enumerate(tellings)
        for case in cases
        for known in case.tellings
        if known.url == telling.url
    ]
    matched: dict[int, Case] = {}
    for likeness, index, case in sorted(pairs, key=lambda pair: pair[:2], reverse=True):
        taken = {one.id for one in matched.values()}
        if likeness >= ALIKE and -index not in matched and case.id not in taken:
            matched[-index] = case
    return matched


def _alike(new: Report, old: Report) -> float:
    """Weigh two readings: shared evidence and names most, then each fact that stayed."""
    weight = 2.0 * _shared({quote.text for quote in new.evidence}, {quote.text for quote in old.evidence})
    weight += 2.0 * _names_agree(new, old)
    weight += 1.0 * _shared({e.raw for e in new.events} - {None}, {e.raw for e in old.events} - {None})
    weight += 0.5 * _shared({p.name for p in new.places}, {p.name for p in old.places})
    weight += 0.5 if count_of(new) == count_of(old) else -0.5
    weight += 0.5 if new.stage == old.stage else 0.0
    weight += 0.5 if {v.sex for v in new.victims} == {v.sex for v in old.victims} else -0.5
    return weight


def _shared(ones: set[str] | set[str | None], others: set[str] | set[str | None]) -> float:
    """Give the share of the smaller set that both hold."""
    return len(ones & others) / min(len(ones), len(others)) if ones and others else 0.0


def _names_agree(new: Report, old: Report) -> float:
    pairs = [(a.name, b.name) for a, b in product(new.victims, old.victims) if a.name and b.name]
    if not pairs:
        return 0.0
    return 1.0 if any(one == other for one, other in pairs) else -1.0
