"""gold item + judgement → agreement: which acts were found, and slot by slot what was right, wrong, missed or invented.

Acts are paired so that most of their values agree. A slot counts only in pairs, so that a missed act is one error and not ten.
A value that differs is both: one that is there and wrong, and one that is missing.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import product

from msgspec import UNSET

from cases.evaluation.gold import GoldCase, GoldItem, GoldVictim
from cases.evaluation.naming import answers_to
from cases.model import Judgement, Report, Value, Victim

_GUIDES = ("stage", "from", "to", "persons", "mention")
"""Slots by which acts are paired."""


class Count(Value, frozen=True, kw_only=True):
    """Right values, values that are wrong or invented, and values that were missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(right=self.right + other.right, wrong=self.wrong + other.wrong, missed=self.missed + other.missed)


class Agreement(Value, frozen=True, kw_only=True):
    """How one judgement agrees with what was expected."""

    item: GoldItem
    judgement: Judgement
    slots: Mapping[str, Count]
    errors: tuple[str, ...]
    """Differences in words: ``persons: 7-7, expected 7-12``."""

    @property
    def verdict_is_right(self) -> bool:
        """Whether it was rightly called a report, or rightly not."""
        return self.judgement.verdict.report == self.item.gold.report


def compared(item: GoldItem, judgement: Judgement) -> Agreement:
    """Hold a judgement against its gold item."""
    pairs = _paired(item.gold.cases, judgement.reports)
    found = Count(
        right=len(pairs),
        wrong=len(judgement.reports) - len(pairs),
        missed=len(item.gold.cases) - len(pairs),
    )
    slots: dict[str, Count] = {"cases": found}
    errors: list[str] = []
    for case, report in pairs:
        for slot, expected, given in _slots(case, report):
            count = _counted(expected, given)
            slots[slot] = slots.get(slot, Count()) + count
            if count.wrong or count.missed:
                errors.append(f"{slot}: {_shown(given)}, expected {_shown(expected)}")
    return Agreement(item=item, judgement=judgement, slots=slots, errors=tuple(errors))


def _paired(cases: Sequence[GoldCase], reports: Sequence[Report]) -> list[tuple[GoldCase, Report]]:
    return [(cases[case], reports[report]) for case, report in paired(cases, reports)]


def paired(cases: Sequence[GoldCase], reports: Sequence[Report]) -> list[tuple[int, int]]:
    """Pair acts greedily by index, those first that agree most; every act is in one pair at most."""
    ranked = sorted(
        product(range(len(cases)), range(len(reports))),
        key=lambda pair: (-_likeness(cases[pair[0]], reports[pair[1]]), pair),
    )
    left, right, pairs = set(range(len(cases))), set(range(len(reports))), []
    for case, report in ranked:
        if case in left and report in right:
            left.remove(case)
            right.remove(report)
            pairs.append((case, report))
    return pairs


def _likeness(case: GoldCase, report: Report) -> int:
    agreed = {slot: _counted(expected, given) for slot, expected, given in _slots(case, report)}
    guides = sum(2 for slot in _GUIDES if slot in agreed and not agreed[slot].wrong and not agreed[slot].missed)
    return guides + sum(count.right for slot, count in agreed.items() if slot not in _GUIDES)


_Bag = tuple[Hashable, ...]


def _slots(case: GoldCase, report: Report) -> Iterable[tuple[str, _Bag, _Bag]]:
    """Give each labelled slot as bags of comparable values: expected and given."""
    scalars: Mapping[str, tuple[object, Hashable]] = {
        "mention": (case.mention, report.mention.value),
        "stage": (case.stage, report.stage.value),
        "from": (case.from_state, report.from_state),
        "to": (case.to_state, report.to_state),
        "risk_state": (case.risk_state, report.risk_state),
        "outcome": (case.outcome, report.outcome.value if report.outcome else None),
    }
    for slot, (expected, given) in scalars.items():
        if expected is not UNSET:
            yield slot, _one(getattr(expected, "value", expected)), _one(given)
    if case.persons is not UNSET:
        counted = report.persons
        expected_count = (case.persons.min, case.persons.max) if case.persons else None
        yield "persons", _one(expected_count), _one((counted.min, counted.max) if counted else None)
    if case.events is not UNSET:
        expected_events = tuple((event.type, event.start, event.end) for event in case.events)
        yield "dates", expected_events, tuple((event.type, event.start, event.end) for event in report.events)
    if case.places is not UNSET:
        yield "places", *_placed(case, report)
    if case.victims is not UNSET:
        yield from _people(case.victims, report.victims)


def _one(value: object) -> _Bag:
    return () if value is None else (value,)


def _placed(case: GoldCase, report: Report) -> tuple[_Bag, _Bag]:
    """Give places by role and name, where a place that answers to an expected name is called by it."""
    expected = [(place.role, place.name) for place in case.places or ()]
    given = []
    for place in report.places:
        called = next((name for role, name in expected if role == place.role and answers_to(place, name)), place.name)
        given.append((place.role, called))
    return tuple(expected), tuple(given)


def _people(expected: Sequence[GoldVictim], given: Sequence[Victim]) -> Iterable[tuple[str, _Bag, _Bag]]:
    readers: Mapping[str, tuple[Callable[[GoldVictim], object], Callable[[Victim], Hashable]]] = {
        "victim.name": (lambda one: one.name, lambda one: one.name),
        "victim.sex": (lambda one: one.sex, lambda one: one.sex),
        "victim.age": (lambda one: one.age, lambda one: (one.age.min, one.age.max) if one.age else None),
        "victim.pregnant": (lambda one: one.pregnant, lambda one: one.pregnant),
        "victim.pseudonym": (lambda one: one.pseudonym, lambda one: one.pseudonym),
        "victim.nationality": (lambda one: one.nationality, lambda one: one.nationality),
    }
    for slot, (wanted, got) in readers.items():
        labelled = [wanted(one) for one in expected]
        if any(value is not UNSET for value in labelled):
            known = tuple(value for value in labelled if value not in {UNSET, None})
            yield slot, known, tuple(value for one in given if (value := got(one)) is not None)


def _counted(expected: _Bag, given: _Bag) -> Count:
    """Compare two bags; nothing expected and nothing given is neither right nor wrong."""
    wanted, found = Counter(expected), Counter(given)
    right = (wanted & found).total()
    return Count(right=right, wrong=found.total() - right, missed=wanted.total() - right)


def _shown(values: _Bag) -> str:
    return ", ".join(_word(value) for value in values) or "nothing"


def _word(value: object) -> str:
    return " ".join(_word(part) for part in value) if isinstance(value, tuple) else str(value)
