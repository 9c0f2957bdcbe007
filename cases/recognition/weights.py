"""open candidate → score: a sum of named weights that a reader can see, squeezed between 0 and 1.

The figures are set by hand on practice texts and are no probabilities; ``benchmarks`` of the project tell what they give.
"""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from cases.extraction.candidates import Candidate
from cases.extraction.filters import is_told_of_below
from cases.extraction.patients import ONE_PERSON
from cases.extraction.routes import route_of
from cases.model import Reason, Stage
from cases.packs.notation import fold

_DAYS = frozenset({"day", "few_days", "week", "month"})
_QUESTION = ("?", "？")
_QUOTES = "\"'”’»」』)） "
_RISK = frozenset({Stage.IMMINENT, Stage.IN_CUSTODY_AT_RISK, Stage.SUSPENDED, Stage.AVERTED})

_TOLD = frozenset({Stage.COMPLETED, Stage.INDIRECT_COMPLETED, Stage.DEATH_BEFORE_RETURN})
_STOPPED = frozenset({Stage.SUSPENDED, Stage.AVERTED})
_LONG = {True: 3_000, False: 1_200}
"""Characters from which an article is long, by whether the language parts its words by spaces: about 500 words."""

Test = Callable[[Candidate], bool]


def _leads_somewhere(candidate: Candidate) -> bool:
    """Tell whether the sentence says where they are taken: a State, one of its places, home, or over the border.

    A headline says it with the State that acts and the people of another.
    """
    route = route_of(candidate.sentence)
    if candidate.sentence.is_title and route.origin is not None and route.nationality not in (None, route.origin):
        return True
    over = any(hit.key == "border" for hit in candidate.sentence.words("over"))
    return route.destination is not None or route.homeward or bool(route.reached) or over


def _goes_on_about_a_number(candidate: Candidate) -> bool:
    """Tell whether it speaks of a group by a pronoun, or by none, whose number the sentences right before tell."""
    meant = candidate.patient.pronoun in ("group", "omitted") and candidate.patient.count is None
    return meant and any(
        count.kind == "victims" or count.family for one in candidate.context[-2:] for count in one.counts
    )


def _goes_on_about_somebody(candidate: Candidate) -> bool:
    """Tell whether it speaks by a pronoun alone of one person, whom the sentence right before names and says who that is."""
    patient = candidate.patient
    meant = patient.pronoun in ONE_PERSON and not patient.specific and candidate.form == "done"
    return meant and any(one.names and one.words("single") for one in candidate.context[-1:])


def _is_told_of_a_work(candidate: Candidate) -> bool:
    """Tell whether a book, film or play is spoken of in the sentence or right before it, whose plot this may be."""
    return candidate.cues.has("culture") or any(one.cue("culture") for one in candidate.context[-1:])


def _stands_under_a_work(candidate: Candidate) -> bool:
    """Tell whether the title is on a book, film or play, so that all below may be its plot."""
    sentence = candidate.sentence
    title = fold(sentence.article.title) or sentence.around.folded[: sentence.around.headline]
    return sentence.pack.cue("review", "sentence").first(title) is not None


FEATURES: Mapping[str, tuple[float, Test]] = MappingProxyType(
    {
        "bias": (-1.4, lambda _: True),
        "strong verb": (1.1, lambda c: c.strength == "strong"),
        "told as done": (0.7, lambda c: c.form == "done" and c.stage in (Stage.COMPLETED, Stage.INDIRECT_COMPLETED)),
        "at hand": (0.6, lambda c: c.stage in _RISK),
        "death": (1.0, lambda c: c.stage is Stage.DEATH_BEFORE_RETURN),
        "only feared": (-0.3, lambda c: c.stage is Stage.FEARED),
        "noun": (-0.3, lambda c: c.form == "noun"),
        "counted": (0.7, lambda c: c.patient.count is not None),
        "named": (0.8, lambda c: bool(c.patient.names)),
        "one person": (0.6, lambda c: c.patient.single is not None),
        "pronoun": (0.3, lambda c: c.patient.pronoun in ONE_PERSON),
        "told of before": (0.4, _goes_on_about_a_number),
        "named before": (0.3, _goes_on_about_somebody),
        "unnumbered group": (0.2, lambda c: c.patient.vague is not None),
        "told of below": (0.5, lambda c: not c.patient.specific and is_told_of_below(c)),
        "people at risk": (0.5, lambda c: bool(c.classes & {"risk", "migrant"})),
        "route": (0.5, _leads_somewhere),
        "dated": (0.5, lambda c: any(mention.precision in _DAYS for mention in c.sentence.dates)),
        "placed": (0.2, lambda c: bool(c.sentence.places)),
        "force": (0.3, lambda c: c.cues.has("force")),
        "custody": (0.3, lambda c: c.cues.has("custody")),
        "hypothetical": (-0.6, lambda c: c.cues.near("hypothetical") and c.stage is not Stage.FEARED),
        "habit": (-0.8, lambda c: c.cues.has("habitual")),
        "demand": (-0.5, lambda c: c.cues.has("appeal")),
        "policy": (-0.6, lambda c: c.cues.has("policy")),
        "statistics": (-0.5, lambda c: c.cues.has("statistics")),
        "police record": (-2.0, lambda c: c.cues.has("record")),
        "an earlier one": (-1.5, lambda c: c.cues.near("record")),
        "history": (-0.6, lambda c: c.cues.has("history")),
        "question": (-0.8, lambda c: c.sentence.text.rstrip(_QUOTES).endswith(_QUESTION) and not c.sentence.is_title),
        "culture": (-1.2, _is_told_of_a_work),
        "a work in the title": (-1.6, _stands_under_a_work),
    }
)
"""Name, weight and test of everything that counts."""


def reasons_of(candidate: Candidate) -> tuple[Reason, ...]:
    """Give the weights that speak for and against a candidate, in a fixed order."""
    return tuple(Reason(name=name, weight=weight) for name, (weight, test) in FEATURES.items() if test(candidate))


def alone_in(candidate: Candidate) -> tuple[Reason, ...]:
    """Give what speaks against the only candidate of an article: a long one that is on an act says so plainly or twice."""
    length = len(candidate.sentence.article.text)
    plain = candidate.strength == "strong" and candidate.form == "done"
    if plain or length < _LONG[candidate.sentence.pack.spaced]:
        return ()
    counted = candidate.strength == "strong" and candidate.patient.count is not None
    told = counted or (candidate.patient.specific and candidate.stage in _TOLD | _STOPPED)
    return (Reason(name="one line in a long article", weight=-0.3 if told else -0.8),)


def total(reasons: tuple[Reason, ...]) -> float:
    """Add weights up."""
    return sum(reason.weight for reason in reasons)


def squeeze(weight: float) -> float:
    """Bring a sum of weights between 0 and 1: no weight at all is one half."""
    return 1 / (1 + math.exp(-weight))
