"""case + policy → names that must not leave, each with what is shown in its place."""

from collections.abc import Iterable

from cases.extraction.names import find_names
from cases.masking import WITHHELD, names_mask
from cases.model import Report, Value
from cases.register import Case, Telling


class Policy(Value, frozen=True, kw_only=True):
    """What may leave beyond the safe default; each is an explicit choice of the operator."""

    names: bool = False
    """Names of victims and relatives, and with them what is restricted about a person: exact age, pregnancy."""
    exact_dates: bool = False
    exact_places: bool = False
    informants: bool = False
    """Who told it: the kind of informant, and with ``names`` the name."""


def withheld_names(case: Case, policy: Policy) -> dict[str, str]:
    """Give every name that must not leave, with what is shown for it.

    Victims are shown by their label where it is theirs beyond doubt. With ``names``, those of victims and relatives may
    leave, unless they are informants too. Unless both permissions are given, other people of the articles stay as well:
    those of other cases, and whoever the name grammars find who is no public figure.
    """
    reports = (case.report, *(telling.report for telling in case.tellings))
    informants = {one.name for report in reports for one in report.informants if one.name}
    persons = {victim.name for report in reports for victim in report.victims if victim.name}
    persons |= {other.person for report in reports for other in report.collateral if other.person}
    withheld: set[str] = set()
    if not policy.names:
        withheld |= persons
    if not (policy.names and policy.informants):
        withheld |= informants | ({name for one in case.tellings for name in one.protected_names} - persons)
    labels = _labels(case.report, reports)
    known = {name: labels.get(name, WITHHELD) for name in sorted(withheld)}
    if policy.names and policy.informants:
        return known
    spoken_of = {**known, **dict.fromkeys(persons, "")}
    return known | dict.fromkeys(_strangers(case.tellings, spoken_of), WITHHELD)


def _labels(merged: Report, reports: Iterable[Report]) -> dict[str, str]:
    """Give the labels of victims by name; a case of one person calls that person alike in every telling."""
    labels = {victim.name: victim.label for victim in merged.victims if victim.name}
    if len(merged.victims) == 1:
        alone = [report.victims[0] for report in reports if len(report.victims) == 1]
        labels |= {victim.name: merged.victims[0].label for victim in alone if victim.name}
    return labels


def _strangers(tellings: Iterable[Telling], spoken_of: dict[str, str]) -> list[str]:
    """Find the names in the articles that are none of those spoken of, in any form."""
    is_spoken_of = names_mask(spoken_of)
    found = {
        mention.name
        for telling in tellings
        for text in (telling.title, telling.article_text)
        for mention in find_names(text, telling.lang)
        if not mention.public_figure
    }
    return sorted(name for name in found if is_spoken_of(name) == name)
