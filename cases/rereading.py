"""edited or reprinted article + what was told before → which of its reports goes on with which case."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import product

from cases import syndication
from cases.likeness import count_of
from cases.model import Report
from cases.register import Case, Telling

ALIKE = 1.0
"""From here on two readings of one article tell the same act; see ``_alike``."""
SAME_SENTENCES = 0.5
"""Share of the evidence in which a reprint's report must agree with the original's, word for word."""
_WORD = re.compile(r"\w+")

_Pair = tuple[float, int, Case]
"""Likeness, report's index negated, case."""


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
    return _likeliest(pairs, set(), set())


def match_reprinted(tellings: Sequence[Telling], cases: Sequence[Case], matched: Mapping[int, Case]) -> dict[int, Case]:
    """Give the reports of a reprint the cases that the article it prints tells, in the same way.

    The sentences that say it are the same, so nothing of what is read around them can contradict: not the date of the
    reprint, from which "last Tuesday" is another day. Where they differ the two are compared like any others; a form that
    is filled in anew for each act is no reprint. Articles of one source never reprint one another. ``matched`` are reports
    that have their case already.
    """
    pairs = [
        (_alike(telling.report, known.report), -index, case)
        for index, telling in enumerate(tellings)
        for case in cases
        for known in case.tellings
        if _same_sentences(telling.report, known.report) >= SAME_SENTENCES and is_reprint(telling, known)
    ]
    return _likeliest(pairs, set(matched), {case.id for case in matched.values()})


def is_reprint(one: Telling, other: Telling) -> bool:
    """Tell whether two tellings of different sources print one text, or most of it."""
    if one.url == other.url or (one.source and one.source == other.source):
        return False
    mine, theirs = one.article_text, other.article_text
    return (
        syndication.may_share(syndication.sketch(mine), syndication.sketch(theirs))
        and syndication.copied(mine, theirs) is not None
    )


def _likeliest(pairs: Iterable[_Pair], placed: Collection[int], taken: Collection[str]) -> dict[int, Case]:
    """Match the likeliest pairs first; neither a report nor a case twice, nor those that are placed and taken."""
    matched: dict[int, Case] = {}
    for likeness, index, case in sorted(pairs, key=lambda pair: pair[:2], reverse=True):
        used = {*taken, *(one.id for one in matched.values())}
        if likeness >= ALIKE and -index not in {*placed, *matched} and case.id not in used:
            matched[-index] = case
    return matched


def _same_sentences(one: Report, other: Report) -> float:
    """Give the share of the report with fewer sentences of evidence that the other has too, a dateline more or less."""
    few, many = sorted(({_plain(quote.text) for quote in report.evidence} - {""} for report in (one, other)), key=len)
    found = sum(any(mine in theirs or theirs in mine for theirs in many) for mine in few)
    return found / len(few) if few else 0.0


@lru_cache(maxsize=4096)
def _plain(sentence: str) -> str:
    return " ".join(_WORD.findall(sentence.casefold()))


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
