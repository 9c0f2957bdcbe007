"""cases + policy → batch: those that may leave, in the order of their numbers, and a notice of what stays behind."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from cases.disclosure import DisclosedCase, Policy, disclose
from cases.model import Value
from cases.register import Case, CaseStatus

_MERGED = frozenset({CaseStatus.MERGED})
"""A merged case leaves as the one that it stands in; it is not held back."""


class Notice(Value, frozen=True, kw_only=True):
    """What an export holds and what was withheld from it."""

    made_at: datetime
    exported: int
    held_back: int
    """Cases that were asked for and that people hold back: withheld, embargoed or rejected."""
    widened: int
    """Cases whose places leave as provinces, since a child is concerned."""
    coarsened: tuple[str, ...]
    """What leaves only coarsened."""
    left_out: tuple[str, ...]
    """What does not leave at all."""

    def sentences(self) -> tuple[str, ...]:
        """Say it in plain sentences, without a comma or a quotation mark, so that they may stand in any format."""
        said = [
            f"Exported by Returnwatch on {self.made_at:%Y-%m-%d %H:%M} UTC; reports of cases and no findings",
            f"Cases in this file: {self.exported}; held back by people: {self.held_back}",
        ]
        if self.coarsened:
            said.append(f"Coarsened: {'; '.join(self.coarsened)}")
        if self.widened:
            said.append(f"Cases whose prefectures leave as provinces for the sake of a child: {self.widened}")
        said.append(f"Left out: {'; '.join(self.left_out)}")
        return tuple(said)


class Batch(Value, frozen=True, kw_only=True):
    """What leaves together."""

    cases: tuple[DisclosedCase, ...]
    notice: Notice


def gather(cases: Iterable[Case], policy: Policy, *, now: datetime) -> Batch:
    """Let cases out as the policy allows, and count those that stay. Quoted sentences stay with the evidence."""
    asked = sorted((case for case in cases if case.status not in _MERGED), key=lambda case: case.number)
    shown = [one for case in asked if (one := disclose(case, policy)) is not None]
    left = [msgspec.structs.replace(one, quotes=()) for one in shown]
    return Batch(
        cases=tuple(left),
        notice=Notice(
            made_at=now,
            exported=len(left),
            held_back=len(asked) - len(left),
            widened=sum(one.widened for one in left),
            coarsened=_coarsened(policy),
            left_out=_left_out(policy),
        ),
    )


def _coarsened(policy: Policy) -> tuple[str, ...]:
    rules = (
        (policy.exact_dates, "days to months"),
        (policy.exact_places, "places to prefectures"),
        (policy.names, "names to labels"),
        (policy.names, "ages to bands of ten years; none beside sex and month and prefecture"),
    )
    return tuple(what for allowed, what in rules if not allowed)


def _left_out(policy: Policy) -> tuple[str, ...]:
    rules = (
        (policy.informants, "who told it"),
        (policy.names, "pregnancy"),
        (False, "health"),
        (False, "occupation"),
        (False, "ties between people"),
        (False, "quoted sentences"),
    )
    return tuple(what for allowed, what in rules if not allowed)
