"""article without a report → label: what it is about instead, by named signs.

What a sign weighs for each label, beside ``unrelated``, stands in ``matters.toml``. ``python -m benchmarks.matters`` fits the weights on
the open gold texts; they are rounded, and no probabilities.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources

from cases.extraction.events import Considered, Reading
from cases.extraction.sentences import Sentence
from cases.model import Label

_HEAD = 3
"""So many sentences below the title still say what an article is about."""
_BRIEF = 2
"""Sentences of a text that is a headline, or little more."""
_ACTS = 12
"""So many sentences with a candidate are looked at."""
_MANY = 5_000
_BEFORE_OTHERS = (Label.OTHER_REMOVAL, Label.HISTORY, Label.AGGREGATE_REPORT, Label.POLICY_OR_LAW)
"""Of as many candidates, the first of these names a brief text."""
_CUES = (
    "appeal",
    "culture",
    "excluded",
    "excluded_people",
    "history",
    "internal",
    "policy",
    "record",
    "statistics",
    "voluntary",
)
_PEOPLE = frozenset({"risk", "migrant"})
_BIAS = "bias"


def matter_of(reading: Reading) -> Label:
    """Give the label of an article that reports nothing; ``unrelated`` where no rule saw anything, or nothing speaks for another."""
    if not is_weighed(reading):
        return _agreed(reading.considered)
    signs = signs_of(reading)
    weighed = {label: weigh(weights, signs) for label, weights in _weights().items()}
    best = max(weighed, key=lambda label: weighed[label])
    return best if weighed[best] > 0 else Label.UNRELATED


def is_weighed(reading: Reading) -> bool:
    """Tell whether an article says enough to weigh signs: some rule saw something, and it is more than a headline."""
    return bool(reading.considered) and len(reading.sentences) > _BRIEF


def _agreed(considered: Sequence[Considered]) -> Label:
    """Give the label that most candidates of a brief text were closed with: there is nothing beside them to weigh."""
    votes = _votes(considered)
    told = [label for label in _BEFORE_OTHERS if votes[label]]
    return max(told, key=lambda label: votes[label], default=Label.UNRELATED)


def signs_of(reading: Reading) -> Mapping[str, float]:
    """Give the signs of an article by their names: 1 for what is there, and each label's share of the closed candidates."""
    head = [one for one in reading.sentences[: _HEAD + 1] if one.is_title or one.index <= _HEAD]
    acts = {one.candidate.sentence.index: one.candidate.sentence for one in reading.considered}
    names = {
        *_told_in(head, "at the head"),
        *_told_in([*acts.values()][:_ACTS], "beside an act"),
        *(f"{hit.key} at the head" for sentence in head for hit in sentence.triggers),
        *(f"closed by {one.closed_by} as {one.label.value}" for one in reading.considered if one.label is not None),
    }
    return {**dict.fromkeys(names, 1.0), **_shares(reading.considered)}


def weigh(weights: Mapping[str, float], signs: Mapping[str, float]) -> float:
    """Add up what speaks for one label."""
    return weights[_BIAS] + sum(weight * signs[name] for name, weight in weights.items() if name in signs)


def _told_in(sentences: Sequence[Sentence], where: str) -> Iterator[str]:
    yield from (f"{cue} {where}" for cue in _CUES if any(one.cue(cue) for one in sentences))
    for one in sentences:
        yield from (f"people ({hit.key}) {where}" for hit in one.words("victim") if hit.key in _PEOPLE)
        if any(count.persons.min >= _MANY for count in one.counts):
            yield f"many {where}"
        if one.words("authority") or one.agencies:
            yield f"authority {where}"
        if one.words("over"):
            yield f"border {where}"
        if one.countries:
            yield f"State {where}"


def _shares(considered: Sequence[Considered]) -> Mapping[str, float]:
    """Give each label's share of the candidates, and say where all have one."""
    votes = _votes(considered)
    told = {label.value if label is not None else "open": count / votes.total() for label, count in votes.items()}
    shares = {f"share of {name}": share for name, share in told.items()}
    return shares if len(told) > 1 else {**shares, **{f"all {name}": 1.0 for name in told}}


def _votes(considered: Sequence[Considered]) -> Counter[Label | None]:
    """Count the candidates of each label, those that are open under None; all but weak verbs count twice."""
    votes: Counter[Label | None] = Counter()
    for one in considered:
        votes[one.label] += 2 if one.candidate.strength != "weak" else 1
    return votes


@cache
def _weights() -> Mapping[Label, Mapping[str, float]]:
    table = tomllib.loads(resources.files(__package__).joinpath("matters.toml").read_text("utf-8"))
    return {Label(name): weights for name, weights in table.items()}
