"""report → table: each sentence of an article, and beside it the values that it says. For the keeper's own terminal: exact."""

import re
from typing import Any

import msgspec

from cases.model import Report
from scheduler.cli.output import print_table

_SILENT = frozenset({"raw", "gazetteer_id", "inherited", "anchor"})
"""Parts of a value that say how it was found, which its sentence shows better."""

_ONE = {
    "victims": "victim",
    "events": "event",
    "places": "place",
    "authorities": "authority",
    "legal_bases": "legal basis",
    "informants": "informant",
}


_OF_A_DIGEST = 12
"""Letters of a capture's digest that tell it from others; the whole one stands above."""


def print_evidence(report: Report, title: str | None = None, *, capture: str | None = None) -> None:
    """Print what a report says, a row a sentence, in the order in which the report holds its evidence.

    ``capture`` is the digest of what the sentences were read from; its beginning stands beside each.
    """
    said: dict[str, list[str]] = {}
    for one in report.evidence:
        value = value_at(report, one.field)
        said.setdefault(one.text, []).append(f"{heading(one.field)}: {value}" if value else heading(one.field))
    if capture is None:
        print_table(title, ("says", "in these words"), (("\n".join(values), words) for words, values in said.items()))
        return
    rows = (("\n".join(values), words, capture[:_OF_A_DIGEST]) for words, values in said.items())
    print_table(title, ("says", "in these words", "in capture"), rows)


def heading(field: str) -> str:
    """Write a field path for people: ``victims[0].age`` is ``victim 1 age``."""
    found = re.fullmatch(r"(\w+)\[(\d+)\](?:\.(\w+))?", field)
    if found is None:
        return field.replace("_", " ")
    name, index, part = found.groups()
    return " ".join(filter(None, (_ONE.get(name, name), str(int(index) + 1), part))).replace("_", " ")


def value_at(report: Report, field: str) -> str:
    """Write the value that an evidence's field path names, such as ``events[0]`` or ``victims[0].name``, in short."""
    value: Any = msgspec.to_builtins(report)
    for step in field.replace("]", "").replace("[", ".").split("."):
        value = value[int(step)] if isinstance(value, list | tuple) else value.get(step)
        if value is None:
            return ""
    return _short(value)


def _short(value: object) -> str:
    if isinstance(value, dict):
        parts = (key if part is True else _short(part) for key, part in value.items() if key not in _SILENT)
        return ", ".join(dict.fromkeys(part for part in parts if part))
    if isinstance(value, list | tuple):
        return " > ".join(_short(part) for part in value)
    return "" if value is None or value is False else str(value).replace("_", " ")
