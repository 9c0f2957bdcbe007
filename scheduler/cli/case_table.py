"""one case → all that is known of it, for its keeper's own terminal: values, sentences, conflicts, grades, decisions. Names too."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from cases.coarsening import figure
from cases.corroboration import disagreements, origin_of_each, origins
from cases.custody import LogLine
from cases.grading import CREDIBILITY, Grade, corroboration, grades
from cases.merging import of_type
from cases.model import Event, Report
from cases.register import Case
from cases.store import Store
from digests.words import counted
from scheduler.cli.evidence_table import print_evidence
from scheduler.cli.origins import origins_of
from scheduler.cli.output import print_table, say
from scheduler.cli.register_table import print_cases


def case_document(store: Store, case: Case, asked: str) -> dict[str, Any]:
    """Give a case as ``cases show --json`` promises it."""
    return {
        **msgspec.to_builtins(case),
        "asked": asked,
        "merged": store.cases.merged_into(case.id),
        "origins": origin_of_each(case.tellings),
        "corroboration": corroboration(case.tellings),
        "grades": grades(case.tellings),
        "conflicts": [{"field": field, "values": values} for field, values in conflicts(case)],
        "log": decisions(store, case),
    }


def print_case(store: Store, case: Case, asked: str) -> None:
    """Print all that is known of a case."""
    if asked not in {case.number, case.id}:
        say(f"{asked} was merged: it leads to {case.number}\n")
    print_cases([case])
    say(f"\nrevision {case.revision}, {case.status.replace('_', ' ')}")
    if merged := store.cases.merged_into(case.id):
        say(f"stands for {', '.join(merged)} as well, which were merged into it")
    for other in filter(None, (store.cases.get(other) for other in store.cases.suggestions(case.id))):
        say(f"may be the same as {other.number}: a person must decide")
    told = f"{counted(len(case.tellings), 'article')}, {counted(origins(case.tellings), 'independent origin')}"
    say(f"told by {told}: {corroboration(case.tellings).replace('_', ' ')}")
    _print_conflicts(case)
    for telling, origin, grade in zip(case.tellings, origins_of(case), grades(case.tellings), strict=True):
        say(f"\n{telling.source_title or telling.source}: {telling.title}\n{telling.url}\n{origin}\n{_graded(grade)}")
        if telling.capture_sha256:
            say(f"capture sha256:{telling.capture_sha256}")
        print_evidence(telling.report, capture=telling.capture_sha256)
    if log := decisions(store, case):
        say("")
        print_decisions("Decisions", log, store.cases.numbers_of)


def decisions(store: Store, case: Case) -> list[LogLine]:
    """Give the lines of the log about a case, and about those that stand in it."""
    inner = (store.custody.lines(subject=one) for one in (case.id, *store.cases.merged_ids(case.id)))
    return sorted((line for lines in inner for line in lines), key=lambda line: line.position)


def print_decisions(
    title: str | None, lines: Sequence[LogLine], numbers_of: Callable[[Collection[str]], Mapping[str, str]]
) -> None:
    """Print lines of the log for people: cases by their numbers, where the log itself has their permanent ids."""
    numbers = numbers_of({text for line in lines for text in _texts(line)})
    rows = (
        (
            line.position,
            f"{line.at:%Y-%m-%d %H:%M}",
            line.actor,
            line.act.replace("_", " "),
            numbers.get(line.subject or "", line.subject or ""),
            _said(line, numbers),
        )
        for line in lines
    )
    print_table(title, ("line", "when (UTC)", "who", "did", "of", "said"), rows)


def _texts(line: LogLine) -> Iterator[str]:
    """Give whatever in a line may be the id of a case."""
    for value in (line.subject, *(line.detail or {}).values()):
        yield from (one for one in (value if isinstance(value, list) else (value,)) if isinstance(one, str))


def _said(line: LogLine, numbers: Mapping[str, str]) -> str:
    told = ((name, value) for name, value in (line.detail or {}).items() if value not in ([], 0))
    return ", ".join(f"{name}: {_short(value, numbers)}" for name, value in told)


def _short(value: object, numbers: Mapping[str, str]) -> str:
    if not isinstance(value, list):
        return numbers.get(str(value), str(value))
    if any(isinstance(one, dict) for one in value):
        return f"{len(value)} of them"
    return " ".join(numbers.get(str(one), str(one)) for one in value)


def _graded(grade: Grade) -> str:
    set_by = "set by a person" if grade.by_person else "proposed"
    return f"source {grade.source}; {grade.credibility}, {CREDIBILITY[grade.credibility]} ({set_by})"


# -- where the articles disagree --------------------------------------------------------------------------------------


def conflicts(case: Case) -> list[tuple[str, list[dict[str, Any]]]]:
    """Give each field on which articles disagree: its values side by side, each with the outlets; of figures the lowest first."""
    found = []
    for conflict in disagreements(case.tellings):
        told: dict[str, list[str]] = {}
        tellings = [case.tellings[index] for index in conflict.tellings]
        if conflict.field == "persons":
            tellings.sort(key=lambda one: one.report.persons.min if one.report.persons else 0)
        for telling in tellings:
            for value in _values(conflict.field, telling.report):
                told.setdefault(value, []).append(telling.source_title or telling.source)
        found.append((conflict.field, [{"value": value, "outlets": sorted({*by})} for value, by in told.items()]))
    return found


def _print_conflicts(case: Case) -> None:
    rows = [
        (field.replace(".", ": ") if number == 0 else "", one["value"], ", ".join(one["outlets"]))
        for field, values in conflicts(case)
        for number, one in enumerate(values)
    ]
    if rows:
        say("")
        print_table("The articles disagree", ("on", "value", "as told by"), rows)


def _values(field: str, report: Report) -> list[str]:
    kind, _, which = field.partition(".")
    if kind == "persons":
        return [figure(report.persons)] if report.persons else []
    if kind == "events":
        return [_days(event) for event in of_type(report.events, which)]
    return [", ".join((place.name, *place.parents)) for place in report.places if place.role == which]


def _days(event: Event) -> str:
    first, last = event.start or "?", event.end or "?"
    return str(first) if first == last else f"{first} to {last}"
