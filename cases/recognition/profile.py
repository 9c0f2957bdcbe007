"""How much a source's articles must say: from which score an article alerts, and from which a person should look at it.

General news tells of removals in every second meaning, a site on the subject in one: what is right for one costs the other its recall
or its precision. So both thresholds, and the gate on verbs with harmless senses, belong to a source and a language.
"""

from collections.abc import Mapping

import msgspec

from cases.errors import InputError
from cases.model import Value, Verdict


class Thresholds(Value, frozen=True, kw_only=True):
    """Scores between 0 and 1: above ``alert`` an article is a report, from ``review`` on it is a near miss."""

    alert: float = 0.5
    review: float = 0.3

    def __post_init__(self) -> None:
        """Raise InputError where they are not 0 < review <= alert < 1."""
        if not 0 < self.review <= self.alert < 1:
            raise InputError(f"review {self.review:g} and alert {self.alert:g}: 0 < review <= alert < 1 is expected")


class Profile(Value, frozen=True, kw_only=True):
    """What a source's articles are judged by; ``languages`` holds what differs from ``usual`` by primary language code."""

    usual: Thresholds = Thresholds()
    languages: Mapping[str, Thresholds] = {}
    strict_verbs: bool = False
    """True when a verb with harmless senses needs a destination and a sign of custody, migration or danger beside it."""

    def thresholds(self, lang: str | None) -> Thresholds:
        """Give the thresholds of a BCP 47 language."""
        return self.languages.get((lang or "").split("-")[0].lower(), self.usual)


class Judging(Value, frozen=True, kw_only=True):
    """What judges, by its name under the entry points ``returnwatch.classifiers``, and by which profile."""

    classifier: str = "rules"
    profile: Profile = Profile()


def settled(verdict: Verdict, thresholds: Thresholds) -> Verdict:
    """Give a verdict its place among the thresholds: a report, a near miss for a person to look at, or neither.

    Only what its classifier calls a report can be one; a report below the alert threshold keeps its label and is a near miss, or not
    even that.
    """
    report = verdict.report and verdict.score > thresholds.alert
    return msgspec.structs.replace(verdict, report=report, near_miss=not report and verdict.score >= thresholds.review)
