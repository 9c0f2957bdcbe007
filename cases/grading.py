"""tellings → how far a case is corroborated, and the grades of each telling: the machine proposes little, people set them.

The scale is the Admiralty's (NATO AJP-2.1): the source from A, completely reliable, to F, which cannot be judged; what it says
from 1, confirmed, to 6, which cannot be judged. A person may set any; the machine never says more than "possibly true".
"""

from collections.abc import Sequence
from typing import Literal, get_args

from cases.corroboration import disagreements, origin_of_each, origins
from cases.merging import ASIDE
from cases.model import Value
from cases.register import Credibility, SourceGrade, Telling

Proposed = Literal[3, 6]
"""All that the machine ever proposes."""
Corroboration = Literal["single", "multiple_same_origin", "multiple_independent", "official"]

SOURCE_GRADES: tuple[SourceGrade, ...] = get_args(SourceGrade)
CREDIBILITY: dict[Credibility, str] = {
    1: "confirmed by other sources",
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "cannot be judged",
}
CONFIRMED: Credibility = 1


class Grade(Value, frozen=True, kw_only=True):
    """How far an outlet and what it tells of a case are to be relied upon."""

    source: SourceGrade
    """F, unless a person has said, of the outlet or of this article."""
    credibility: Credibility
    by_person: bool
    """Whether a person has set the credibility; else it is no more than proposed."""


def proposed(tellings: Sequence[Telling]) -> Proposed:
    """Propose a credibility: possibly true once independent origins tell a case and none contradicts, else not to be judged."""
    return 3 if origins(tellings) > 1 and not disagreements(tellings) else 6


def grades(tellings: Sequence[Telling]) -> tuple[Grade, ...]:
    """Give the grade of each telling."""
    idea = proposed(tellings)
    return tuple(
        Grade(
            source=telling.source_grade or "F",
            credibility=telling.credibility or (6 if telling.report.mention in ASIDE else idea),
            by_person=telling.credibility is not None,
        )
        for telling in tellings
    )


def corroboration(tellings: Sequence[Telling]) -> Corroboration:
    """Say how far a case is corroborated: by origins, not by outlets; ``official`` where an official tells it and others do."""
    spoken = [telling for telling in tellings if telling.report.mention not in ASIDE] or list(tellings)
    independent = len(set(origin_of_each(spoken))) > 1
    official = any(one.kind == "official" for telling in spoken for one in telling.report.informants)
    if independent:
        return "official" if official else "multiple_independent"
    return "multiple_same_origin" if len(spoken) > 1 else "single"
