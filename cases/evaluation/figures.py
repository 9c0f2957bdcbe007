"""agreements → figures: rates with their intervals, per language, kind and slot, and a confusion table."""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import NormalDist

from cases.evaluation.agreement import Agreement, Count, compared
from cases.evaluation.gold import GoldItem
from cases.model import Article, Judgement, Label, Value

_LEVEL = 0.95
_Z = NormalDist().inv_cdf(0.5 + _LEVEL / 2)
_RESAMPLES = 500


class Rate(Value, frozen=True, kw_only=True):
    """A share with its 95 % interval; ``None`` where there was nothing to count."""

    value: float | None
    low: float | None
    high: float | None
    of: int


class Score(Value, frozen=True, kw_only=True):
    """Precision, recall and F1."""

    precision: Rate
    recall: Rate
    f1: Rate


class Confusion(Value, frozen=True, kw_only=True):
    """How often texts of one label were given another."""

    expected: Label
    given: Label
    count: int


class Figures(Value, frozen=True, kw_only=True):
    """What was measured over some items."""

    items: int
    reports: Score
    """Is it a report?"""
    flags_per_1000: float
    label_accuracy: Rate
    slots: Mapping[str, Score]
    """Over acts that were found; ``cases`` is the finding of the acts itself."""
    confusion: tuple[Confusion, ...]


class Evaluation(Value, frozen=True, kw_only=True):
    """All figures, those of each language, and every item on which something was wrong."""

    overall: Figures
    languages: Mapping[str, Figures]
    wrong: tuple[Agreement, ...]


def evaluate(items: Iterable[GoldItem], judge: Callable[[Article], Judgement]) -> Evaluation:
    """Judge every item and measure. Pure but for ``judge``; the same items always give the same figures."""
    agreements = [compared(item, judge(item.article)) for item in items]
    by_language: dict[str, list[Agreement]] = defaultdict(list)
    for agreement in agreements:
        by_language[agreement.item.lang].append(agreement)
    return Evaluation(
        overall=_figures(agreements),
        languages={lang: _figures(of) for lang, of in sorted(by_language.items())},
        wrong=tuple(one for one in agreements if not one.verdict_is_right or one.errors or _missed_acts(one)),
    )


def _missed_acts(agreement: Agreement) -> bool:
    found = agreement.slots["cases"]
    return bool(found.wrong or found.missed)


def _figures(agreements: Sequence[Agreement]) -> Figures:
    flagged = sum(one.judgement.verdict.report for one in agreements)
    slots = sorted({slot for one in agreements for slot in one.slots})
    return Figures(
        items=len(agreements),
        reports=_score([_verdict(one) for one in agreements]),
        flags_per_1000=round(1000 * flagged / len(agreements), 1) if agreements else 0.0,
        label_accuracy=rate(
            sum(one.judgement.verdict.label == one.item.gold.label for one in agreements), len(agreements)
        ),
        slots={slot: _score([one.slots.get(slot, Count()) for one in agreements]) for slot in slots},
        confusion=_confusion(agreements),
    )


def _verdict(agreement: Agreement) -> Count:
    expected, given = agreement.item.gold.report, agreement.judgement.verdict.report
    return Count(right=expected and given, wrong=given and not expected, missed=expected and not given)


def _confusion(agreements: Iterable[Agreement]) -> tuple[Confusion, ...]:
    counted = Counter((one.item.gold.label, one.judgement.verdict.label) for one in agreements)
    order = list(Label)
    ranked = sorted(counted, key=lambda pair: (order.index(pair[0]), order.index(pair[1])))
    return tuple(Confusion(expected=pair[0], given=pair[1], count=counted[pair]) for pair in ranked)


def _score(counts: Sequence[Count]) -> Score:
    total = sum(counts, Count())
    return Score(
        precision=rate(total.right, total.right + total.wrong),
        recall=rate(total.right, total.right + total.missed),
        f1=_f1(counts, total),
    )


def rate(right: int, of: int) -> Rate:
    """Give a share with its interval after Wilson, which stays inside 0 and 1 and holds for few items."""
    if of == 0:
        return Rate(value=None, low=None, high=None, of=0)
    share = right / of
    middle = (share + _Z**2 / (2 * of)) / (1 + _Z**2 / of)
    reach = _Z / (1 + _Z**2 / of) * math.sqrt(share * (1 - share) / of + _Z**2 / (4 * of**2))
    return Rate(value=share, low=max(0.0, middle - reach), high=min(1.0, middle + reach), of=of)


def _f1(counts: Sequence[Count], total: Count) -> Rate:
    """Give F1 with the interval of its bootstrap over items, which are what was sampled."""
    value = _harmonic(total)
    if value is None:
        return Rate(value=None, low=None, high=None, of=0)
    telling = [count for count in counts if count != Count()]
    chance = random.Random(len(telling))  # noqa: S311 - resampling, no secret; fixed, so that figures repeat
    drawn = sorted(_harmonic(sum(chance.choices(telling, k=len(telling)), Count())) or 0.0 for _ in range(_RESAMPLES))
    edge = round((1 - _LEVEL) / 2 * _RESAMPLES)
    return Rate(value=value, low=drawn[edge], high=drawn[-edge - 1], of=total.right + total.missed)


def _harmonic(count: Count) -> float | None:
    whole = 2 * count.right + count.wrong + count.missed
    return 2 * count.right / whole if whole else None
