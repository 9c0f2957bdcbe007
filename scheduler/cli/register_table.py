"""cases → table: how a case looks on the keeper's own terminal, exact but without names."""

from collections.abc import Iterable

from cases.disclosure import DisclosedCase, Policy, disclose
from cases.register import Case
from digests import words
from digests.dates import when
from digests.headlines import route
from digests.people import who
from scheduler.cli.output import print_table

KEEPER = Policy(exact_dates=True, exact_places=True)
"""Whoever can run the command has the store at hand: days and towns are shown; names only where they are asked for."""

NEARNESS = {"arrest": 0, "held": 1, "transfer": 2, "crossing": 3, "residence": 4}
"""How near to the act a place of each role is; origin and destination are in the route already."""


def print_cases(cases: Iterable[Case]) -> None:
    """Print cases as a table for people. Cases that people withheld are listed by number alone."""
    print_table(None, ("case", "what", "when, where", "told by"), map(_line, cases))


def _line(case: Case) -> tuple[object, ...]:
    shown = disclose(case, KEEPER)
    if shown is None:
        return (case.number, case.status)
    tellers = "; ".join(dict.fromkeys(source.source_title for source in shown.sources))
    return (
        shown.number,
        ", ".join(filter(None, (f"{words.STAGES[shown.stage]}: {who(shown)}", route(shown)))),
        ", ".join(filter(None, (_when(shown), _where(shown)))),
        tellers,
    )


def _when(case: DisclosedCase) -> str:
    """Say when the return was, or else the last thing before it that is dated."""
    dated = [event for event in case.events if event.type != "media_report" and (event.start or event.end)]
    returns = [event for event in dated if event.type == "return"]
    return when((returns or dated[-1:])[0]) if dated else ""


def _where(case: DisclosedCase) -> str:
    near = sorted((place for place in case.places if place.role in NEARNESS), key=lambda place: NEARNESS[place.role])
    return words.place(near[0]) if near else ""
