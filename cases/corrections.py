"""a person's correction → the case's report: a value that stands above what the articles say, until it is lifted.

What the articles say stays with them; a corrected field shows the person's value and no sentence of theirs.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from cases.errors import UsageError
from cases.model import Outcome, Persons, Report, Stage
from cases.register import Correction

_STATES = ("from", "to", "risk_state")
_NOTHING = ("", "null", "none", "unknown")


def corrected(report: Report, corrections: Iterable[Correction]) -> Report:
    """Give a report with its corrected values, the last correction of a field counting."""
    for correction in corrections:
        attribute = _ATTRIBUTES.get(correction.field, correction.field)
        kind = _KINDS[correction.field]
        value = None if correction.value is None else msgspec.convert(correction.value, kind)
        kept = tuple(one for one in report.evidence if one.field.partition(".")[0] != correction.field)
        report = msgspec.structs.replace(report, **{attribute: value}, evidence=kept)
    return report


def parse(written: str, *, as_of: date) -> Correction:
    """Read ``field=value`` as a person writes it: ``to=KP``, ``stage=completed``, ``persons=about 600``, ``persons=4-6``.

    An empty value says that it is not known. ``as_of`` dates an outcome. Raises UsageError naming field and what was expected.
    """
    field, sign, value = (part.strip() for part in written.partition("="))
    if not sign or field not in _READERS:
        raise UsageError(f"{written!r}: expected FIELD=VALUE, with one of {', '.join(sorted(_READERS))}")
    if value.casefold() in _NOTHING and field != "stage":
        return Correction(field=field, value=None)
    made = _READERS[field](value, as_of)
    return Correction(field=field, value=msgspec.to_builtins(made))


def _state(value: str, _: date) -> str:
    code = value.upper()
    if len(code) != 2 or not code.isascii() or not code.isalpha():  # noqa: PLR2004 - ISO 3166-1 alpha-2
        raise UsageError(f"{value!r}: expected the two letters of a State, such as KP")
    return code


def _stage(value: str, _: date) -> Stage:
    if value not in list(Stage):
        raise UsageError(f"{value!r}: expected one of {', '.join(Stage)}")
    return Stage(value)


def _persons(value: str, _: date) -> Persons:
    words = value.replace("–", "-").split()
    qualifiers = {"about": "about", "least": "at_least", "most": "at_most", "over": "more_than"}
    qualifier = next((qualifiers[word] for word in words if word in qualifiers), "exact")
    low, _sign, high = words[-1].partition("-")
    if not low.isdecimal() or (high and not high.isdecimal()):
        raise UsageError(f'{value!r}: expected a number or an interval, such as "about 600", "at least 20" or "4-6"')
    least, most = int(low), int(high or low)
    if not 0 < least <= most:
        raise UsageError(f"{value!r}: expected at least one, and the smaller number first")
    if qualifier == "at_most":
        return Persons(min=1, max=most, qualifier="at_most", raw=None)
    open_above = qualifier in ("at_least", "more_than") and not high
    return Persons(min=least, max=None if open_above else most, qualifier=qualifier, raw=None)  # type: ignore[arg-type]  # of the table above


def _outcome(value: str, as_of: date) -> Outcome:
    try:
        return msgspec.convert({"value": value, "as_of": as_of}, Outcome)
    except msgspec.ValidationError as cause:
        raise UsageError(f"{value!r}: {cause}") from cause


def _text(value: str, _: date) -> str:
    return value[:500]


_READERS: Mapping[str, Callable[[str, date], Any]] = {
    **dict.fromkeys(_STATES, _state),
    "stage": _stage,
    "persons": _persons,
    "outcome": _outcome,
    "stated_reason": _text,
    "state_label": _text,
}
_ATTRIBUTES = {"from": "from_state", "to": "to_state"}
_KINDS: Mapping[str, Any] = {
    **dict.fromkeys((*_STATES, "stated_reason", "state_label"), str),
    "stage": Stage,
    "persons": Persons,
    "outcome": Outcome,
}
