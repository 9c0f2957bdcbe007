"""report + known cases → effect: it opens a case, tells a known one, or a person must decide.

Precision first. A report joins a case only when nothing contradicts any of its tellings and enough rare facts agree with
one of them; a reprint has no say beside its original. Reports of one article are told apart by their author, so they never join one another, nor one case.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import combinations

import msgspec

from cases.corroboration import reprints
from cases.likeness import weigh
from cases.merging import ASIDE
from cases.model import Article, Report, Value
from cases.register import Case, Joined, Opened, Telling, Unsure
from cases.rereading import match_earlier, match_reprinted
from cases.retelling import join
from cases.spans import act_end

JOIN = 5.5
"""Likeness from which a report tells a case."""
ASK = 3.5
"""Likeness from which a person should look."""
TIE = 1.0
"""Two cases this close to one another are both possible."""

Effect = Opened | Joined | Unsure


def link(
    report: Report,
    article: Article,
    candidates: Sequence[Case],
    announce_since: date | None = None,
    *,
    source_title: str = "",
    credited: tuple[str, ...] = (),
) -> Effect:
    """Decide what one report of an article does to the register.

    ``candidates`` are known cases; those that this article told in an earlier version are taken up again rather than
    compared, and so are those of an article whose text it reprints. ``announce_since``: what happened, or was published,
    before that day is listed and never announced. ``credited``: whom the article names as its origin.
    """
    return link_all((report,), article, candidates, announce_since, source_title=source_title, credited=credited)[0]


def link_all(
    reports: Sequence[Report],
    article: Article,
    candidates: Sequence[Case],
    announce_since: date | None = None,
    *,
    source_title: str = "",
    credited: tuple[str, ...] = (),
) -> tuple[Effect, ...]:
    """Decide for all reports of one article, in their order; no two of them join the same case."""
    candidates = _permitted(candidates, article.url)
    tellings = [telling_of(report, article, source_title, credited=credited) for report in reports]
    known = match_earlier(tellings, candidates)
    known |= match_reprinted(tellings, [case for case in candidates if not _told_by(case, article.url)], known)
    taken = {case.id for case in known.values()}
    others = [case for case in candidates if not _told_by(case, article.url) and case.id not in taken]
    ranked = [[] if index in known else _ranked(telling, others) for index, telling in enumerate(tellings)]
    chosen = {**known, **_choose(ranked)}
    effects: list[Effect] = []
    for index, telling in enumerate(tellings):
        announce = is_news(telling, announce_since)
        possible = tuple(match.case.id for match in ranked[index] if match.weight >= ASK)
        if index in chosen:
            joined = join(chosen[index], telling, announce=announce)
            effects.append(msgspec.structs.replace(joined, others=_beside(chosen[index], possible, chosen)))
        elif possible:
            effects.append(Unsure(report=telling.report, candidates=possible, announce=announce))
        else:
            effects.append(Opened(report=telling.report, announce=announce))
    return tuple(effects)


def _permitted(candidates: Sequence[Case], url: str) -> list[Case]:
    """Leave out what a person said is not what this article tells: the article does not take it back by another version."""
    told = [case for case in candidates if _told_by(case, url)]
    apart = frozenset[str]().union(*(case.apart for case in told)) - {case.id for case in told}
    return [case for case in candidates if case.id not in apart]


def _beside(case: Case, possible: Sequence[str], chosen: Mapping[int, Case]) -> tuple[str, ...]:
    """Give the cases that may be the same as the one a report joins, as one that comes between two others shows.

    Whichever of the three came last, the same pairs are joined or suggested. What another report of the article tells is none.
    """
    told = {one.id for one in chosen.values()}
    return tuple(other for other in possible if other not in told | case.apart)


def telling_of(
    report: Report,
    article: Article,
    source_title: str,
    *,
    sha256: str | None = None,
    added_at: datetime | None = None,
    credited: tuple[str, ...] = (),
) -> Telling:
    """Put a report together with the article that tells it."""
    return Telling(
        report=report,
        url=article.url,
        title=article.title,
        source=article.source,
        source_title=source_title,
        published=article.published,
        lang=article.lang,
        article_text=article.text,
        capture_sha256=sha256,
        added_at=added_at,
        credits=credited,
    )


def is_news(telling: Telling, announce_since: date | None) -> bool:
    """Whether a case that opens with this telling is new to the reader, and not merely to the store.

    It is not when the article mentions it in passing, or was published before the day: what was told long ago is not
    news, while a testimony of today is, however long ago the act. Where the article bears no date, the end of the act
    decides; what is not dated at all does not stand against it.
    """
    if telling.report.mention in ASIDE:
        return False
    if announce_since is None:
        return True
    told = telling.published.date() if telling.published else act_end(telling.report)
    return told is None or told >= announce_since


class _Match(Value, frozen=True, kw_only=True):
    case: Case
    weight: float
    disputed: bool = False
    """Whether another telling of the case contradicts: then only a person can join the two."""


def _told_by(case: Case, url: str) -> bool:
    return any(telling.url == url for telling in case.tellings)


def _ranked(telling: Telling, cases: Sequence[Case]) -> list[_Match]:
    """Give the cases that a telling may belong to, the likeliest first; of equals the one that was opened first.

    A case of which one telling is like it and another contradicts is disputed: had the two come in another order, the likeness
    would show, and so a person is asked whichever came last.
    """
    matches = []
    for case in cases:
        weights = [weigh(telling, known) for known in case.tellings]
        against = [index for index, weight in enumerate(weights) if weight is None]
        strongest = max((weight for weight in weights if weight is not None), default=0.0)
        excused = not against or _only_reprints(case, against) or _disputed_already(case, against)
        matches.append(_Match(case=case, weight=strongest, disputed=not excused))
    return sorted(matches, key=lambda match: (-match.weight, match.case.number))


def _only_reprints(case: Case, against: Sequence[int]) -> bool:
    """Whether the tellings that contradict merely print what another one tells without contradiction, under another date."""
    if len(against) == len(case.tellings):
        return False
    printed = reprints(case.tellings)
    return all(printed[index] is not None for index in against)


def _disputed_already(case: Case, against: Sequence[int]) -> bool:
    """Whether each telling that contradicts came into the case by a person's merge with one that does not."""
    heard = {known.filed_under for index, known in enumerate(case.tellings) if index not in against}
    return bool(heard) and heard.isdisjoint(case.tellings[index].filed_under for index in against)


def _choose(ranked: Sequence[Sequence[_Match]]) -> dict[int, Case]:
    """Give each report the case it tells, if there is one: the surest pairs first, each case once."""
    sure = [
        (match.weight, index, match)
        for index, matches in enumerate(ranked)
        if not _torn(matches)
        for match in matches
        if match.weight >= JOIN and not match.disputed
    ]
    chosen: dict[int, Case] = {}
    for _, index, match in sorted(sure, key=lambda pair: (-pair[0], pair[2].case.number, pair[1])):
        if index not in chosen and match.case.id not in {case.id for case in chosen.values()}:
            chosen[index] = match.case
    return chosen


def _torn(matches: Sequence[_Match]) -> bool:
    """Whether two cases are equally likely that one article or a person tells apart: only a person can know which is meant."""
    sound = [match for match in matches if not match.disputed]
    close = [match.case for match in sound if match.weight >= max(JOIN, sound[0].weight - TIE)]
    return any(_are_told_apart(one, other) for one, other in combinations(close, 2))


def _are_told_apart(one: Case, other: Case) -> bool:
    told, told_there = ({telling.url for telling in case.tellings} for case in (one, other))
    return other.id in one.apart or bool(told & told_there)
