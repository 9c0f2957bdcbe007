"""articles with cases → how good the linking is: pairs, suggestions and B-cubed, with every wrong merge and every miss.

A register is filled in the order of publication, as a crawl would, with every case a candidate. Each report says which case it
tells; two reports are a pair when that is one case. Pairs of one case are not independent of one another, so that their intervals are
narrower than those of as many pairs drawn at random; B-cubed counts by reports and is resampled by them.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import combinations

import msgspec

from cases.decision import registered
from cases.evaluation.agreement import paired
from cases.evaluation.figures import Rate, Score, rate
from cases.evaluation.linked import LinkedAct, LinkedItem
from cases.likeness import compare
from cases.linking import Effect, link_all, telling_of
from cases.model import Article, Report, Value
from cases.register import Case, CaseStatus, Joined, Telling, Unsure

Read = Callable[[Article], Sequence[Report]]
"""What reads an article, where linking is measured through the whole reading."""
_AT = datetime(1, 1, 1, tzinfo=UTC)
_RESAMPLES = 500


class Placed(Value, frozen=True, kw_only=True):
    """One report: the case it is, and the case of the register it came to."""

    id: str
    truth: str
    case: str
    telling: Telling
    suggested: tuple[str, ...] = ()
    """Cases of the register that were suggested to a person instead."""
    lost: bool = False
    """Whether the reading missed it: it stands alone, and nothing of it is known."""


class PairError(Value, frozen=True, kw_only=True):
    """Two reports in one case that are two, or in two that are one; and what was found alike and contrary in them."""

    one: str
    other: str
    cases: tuple[str, ...]
    weight: float
    agrees: tuple[str, ...]
    contradicts: tuple[str, ...]


class LinkFigures(Value, frozen=True, kw_only=True):
    """What was measured."""

    reports: int
    cases: int
    precision: Rate
    """Share of the pairs that were put into one case and are one."""
    recall: Rate
    """Share of the pairs that are one case and were put into one."""
    suggestions: Rate
    """Share of the suggested cases that hold another report of the same case."""
    recall_with_suggestions: Rate
    """Share of the pairs that are one case and were put into one or suggested."""
    b_cubed: Score
    wrong_merges: tuple[PairError, ...]
    misses: tuple[PairError, ...]


def evaluate_links(items: Iterable[LinkedItem], read: Read | None = None) -> LinkFigures:
    """Link the reports of all articles and measure: on their labelled values, or on what is read from their texts.

    What is read and no label answers to is a case of its own, and wrong wherever it is put; what is not read is missed.
    """
    return measured(place(items, read))


def place(items: Iterable[LinkedItem], read: Read | None = None) -> list[Placed]:
    """Fill a register with the articles, in the order given; a report that does nothing to it stands alone."""
    register: dict[str, Case] = {}
    placed: list[Placed] = []
    for item in items:
        truths, reports, lost = _told(item, read)
        kept = registered(reports)
        effects = iter(link_all(kept, item.article, list(register.values()), source_title=item.source))
        for position, (truth, report) in enumerate(zip(truths, reports, strict=True)):
            telling = telling_of(report, item.article, item.source)
            key = f"{item.id}.{position + 1}"
            effect = next(effects) if report in kept else None
            case = _keep(register, effect, telling, key)
            suggested = effect.candidates if isinstance(effect, Unsure) else ()
            placed.append(Placed(id=key, truth=truth, case=case, telling=telling, suggested=suggested))
        placed += [
            Placed(
                id=f"{item.id} {act.case}",
                truth=act.case,
                case=f"lost {item.id} {act.case}",
                telling=_bare(item, act),
                lost=True,
            )
            for act in lost
        ]
    return placed


def _told(item: LinkedItem, read: Read | None) -> tuple[list[str], list[Report], list[LinkedAct]]:
    """Give the reports of an article with the cases they are, and the acts that were not read."""
    if read is None:
        return [act.case for act in item.acts], [act.report for act in item.acts], []
    reports = list(read(item.article))
    found = {given: expected for expected, given in paired([act.labels for act in item.acts], reports)}
    truths = [
        item.acts[found[index]].case if index in found else f"nothing in {item.id}, {index + 1}"
        for index in range(len(reports))
    ]
    return truths, reports, [act for index, act in enumerate(item.acts) if index not in found.values()]


def _bare(item: LinkedItem, act: LinkedAct) -> Telling:
    return telling_of(Report(mention=act.report.mention, stage=act.report.stage), item.article, item.source)


def _keep(register: dict[str, Case], effect: Effect | None, telling: Telling, key: str) -> str:
    if effect is None:
        return f"alone {key}"
    if isinstance(effect, Joined):
        known = register[effect.case_id]
        tellings = (*known.tellings, telling)
        register[known.id] = msgspec.structs.replace(known, tellings=tellings, report=effect.merged)
        return known.id
    number = f"{len(register) + 1:06d}"
    register[number] = Case(
        id=number,
        number=number,
        revision=1,
        status=CaseStatus.NEW,
        report=telling.report,
        tellings=(telling,),
        opened_at=_AT,
        changed_at=_AT,
    )
    return number


def measured(placed: Sequence[Placed]) -> LinkFigures:
    """Measure how reports were placed."""
    pairs = list(combinations(placed, 2))
    one_case = [(a, b) for a, b in pairs if a.truth == b.truth]
    together = [(a, b) for a, b in pairs if a.case == b.case]
    right = [(a, b) for a, b in together if a.truth == b.truth]
    held: dict[str, set[str]] = defaultdict(set)
    for one in placed:
        held[one.case].add(one.truth)
    offered = [one.truth in held[case] for one in placed for case in one.suggested]
    tied = {frozenset({one.case, case}) for one in placed for case in one.suggested}
    reached = sum(a.case == b.case or frozenset({a.case, b.case}) in tied for a, b in one_case)
    return LinkFigures(
        reports=len(placed),
        cases=len({one.truth for one in placed}),
        precision=rate(len(right), len(together)),
        recall=rate(len(right), len(one_case)),
        suggestions=rate(sum(offered), len(offered)),
        recall_with_suggestions=rate(reached, len(one_case)),
        b_cubed=_b_cubed(placed),
        wrong_merges=tuple(_error(a, b) for a, b in together if a.truth != b.truth),
        misses=tuple(_error(a, b) for a, b in one_case if a.case != b.case),
    )


def _error(one: Placed, other: Placed) -> PairError:
    found = compare(one.telling, other.telling)
    return PairError(
        one=one.id,
        other=other.id,
        cases=tuple(dict.fromkeys((one.truth, other.truth))),
        weight=found.weight,
        agrees=found.agrees,
        contradicts=("not read",) if one.lost or other.lost else found.contradicts,
    )


def _b_cubed(placed: Sequence[Placed]) -> Score:
    """Average over reports how pure and how whole the case is that each came to."""
    cases, truths = Counter(one.case for one in placed), Counter(one.truth for one in placed)
    both = Counter((one.case, one.truth) for one in placed)
    shares = [
        (both[one.case, one.truth] / cases[one.case], both[one.case, one.truth] / truths[one.truth]) for one in placed
    ]
    drawn = [_averages(shares), *_resampled(shares)] if shares else []
    return Score(**{name: _interval([one[name] for one in drawn]) for name in ("precision", "recall", "f1")})


_Shares = Sequence[tuple[float, float]]


def _resampled(shares: _Shares) -> Iterator[Mapping[str, float]]:
    chance = random.Random(len(shares))  # noqa: S311 - resampling, no secret; fixed, so that figures repeat
    for _ in range(_RESAMPLES):
        yield _averages(chance.choices(shares, k=len(shares)))


def _averages(shares: _Shares) -> Mapping[str, float]:
    precision, recall = (sum(share[side] for share in shares) / len(shares) for side in (0, 1))
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / (precision + recall)}


def _interval(values: Sequence[float]) -> Rate:
    """Give the first value with the interval that holds 95 % of the others."""
    if not values:
        return Rate(value=None, low=None, high=None, of=0)
    value, *drawn = values
    edge = round(0.025 * len(drawn))
    ordered = sorted(drawn)
    return Rate(value=value, low=ordered[edge], high=ordered[-edge - 1], of=len(drawn))
