"""article → verdict: is it a report of a forced return, and by which sentences.

The article's score is that of its best sentence, raised a little by the two next ones. A title is one of them where the text goes on
about it. The rules give the label, and where there is no report, signs of what it is about instead; the sentences that spoke stand
beside it.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Protocol

from cases.extraction.events import Considered, Reading, read, read_with
from cases.extraction.filters import FILTERS, Filter
from cases.model import Article, Label, Quote, Reason, Verdict
from cases.plugins import CLASSIFIERS, load
from cases.recognition.matter import matter_of
from cases.recognition.profile import Judging, Profile, Thresholds, settled
from cases.recognition.weights import alone_in, reasons_of, squeeze, total

__all__ = ["Classifier", "Judging", "Profile", "RuleClassifier", "Thresholds", "classifier_named"]

_SHOWN = 3
_WEIGHED = 8
"""Of an article without a report, so many closed candidates are weighed for the list of near misses."""
_SUPPORT = (1.0, 0.25, 0.1)
"""What the best three sentences count for."""


class Classifier(Protocol):
    """Anything that can say what an article is; its reports are read by the rules all the same."""

    def classify(self, article: Article, profile: Profile) -> Verdict:
        """Give the verdict on an article by a source's profile, without any effect elsewhere."""
        ...


@cache
def classifier_named(name: str) -> Classifier:
    """Make the classifier that is registered under a name, once a process. Raises PluginError when there is none."""
    made: Classifier = load(CLASSIFIERS, name)()
    return made


class RuleClassifier:
    """Judge by the rules of the language packs; ``filters`` may leave some out, to see what they do."""

    def __init__(self, *, filters: Mapping[str, Filter] = FILTERS) -> None:
        self._filters = filters

    def classify(self, article: Article, profile: Profile = Profile()) -> Verdict:  # noqa: B008 - a frozen value
        """Give the verdict on an article by its sentences."""
        strict = profile.strict_verbs
        reading = read(article, strict=strict) if self._filters is FILTERS else read_with(article, self._filters)
        if not reading.supported:
            return Verdict(label=Label.UNSUPPORTED_LANGUAGE, report=False, score=0.0)
        thresholds = profile.thresholds(reading.lang)
        return settled(_verdict(reading, thresholds.alert), thresholds)


def _verdict(reading: Reading, alert: float) -> Verdict:
    ranked = _less_alone(_ranked([one for one in reading.considered if one.is_open]))
    if ranked:
        weight = sum(share * max(0.0, total(reasons)) for share, (_, reasons) in zip(_SUPPORT, ranked, strict=False))
        best = total(ranked[0][1])
        score = squeeze(weight if best > 0 else best)
        if score > alert:
            return Verdict(
                label=Label.CASE_REPORT,
                report=True,
                score=round(score, 3),
                evidence=_quotes(ranked),
                reasons=ranked[0][1],
            )
    return _negative(reading, ranked, alert)


def _less_alone(ranked: list[tuple[Considered, tuple[Reason, ...]]]) -> list[tuple[Considered, tuple[Reason, ...]]]:
    """Trust the only sentence of a long article that speaks the less, the less plainly it does."""
    if len(ranked) != 1:
        return ranked
    one, reasons = ranked[0]
    return [(one, (*reasons, *alone_in(one.candidate)))]


def _negative(reading: Reading, ranked: Sequence[tuple[Considered, tuple[Reason, ...]]], alert: float) -> Verdict:
    """Label an article without a report by what closed its candidates; what nearly made it stays visible."""
    closed = [one for one in reading.considered if one.label not in (None, Label.UNRELATED)]
    label = matter_of(reading)
    nearest = _ranked(sorted(closed, key=_plainness)[:_WEIGHED])
    shown = [*ranked, *nearest]
    if not shown:
        return Verdict(label=label, report=False, score=0.0)
    best = total(shown[0][1])
    score = squeeze(best) if ranked else squeeze(best) / 2
    return Verdict(
        label=label,
        report=False,
        score=round(min(score, alert), 3),
        evidence=_quotes(shown),
        reasons=shown[0][1],
    )


def _plainness(one: Considered) -> tuple[bool, bool]:
    """Order closed candidates by how plainly they speak, before any weight is asked for."""
    return one.candidate.strength != "strong", one.candidate.form != "done"


def _ranked(considered: Sequence[Considered]) -> list[tuple[Considered, tuple[Reason, ...]]]:
    """Order by weight, the best candidate of each sentence only."""
    best: dict[int, tuple[Considered, tuple[Reason, ...]]] = {}
    for one in considered:
        reasons = reasons_of(one.candidate)
        index = one.candidate.sentence.index
        if index not in best or total(reasons) > total(best[index][1]):
            best[index] = (one, reasons)
    return sorted(best.values(), key=lambda pair: (-total(pair[1]), pair[0].candidate.sentence.index))


def _quotes(ranked: Sequence[tuple[Considered, tuple[Reason, ...]]]) -> tuple[Quote, ...]:
    return tuple(one.candidate.sentence.quote() for one, _ in ranked[:_SHOWN])
