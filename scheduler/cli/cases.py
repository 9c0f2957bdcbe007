"""``returnwatch cases``: the register, as the person who keeps it sees it."""

from pathlib import Path
from typing import Any

import click
import msgspec

from cases.errors import UsageError
from cases.model import Case, CaseStatus
from scheduler.cli import rulings
from scheduler.cli.exports import export
from scheduler.cli.options import as_json
from scheduler.cli.output import print_json, say


@click.group()
def cases() -> None:
    """Show the register of cases, and decide what stands in it."""


@cases.command("list")
@click.option("--status", type=click.Choice([status.value for status in CaseStatus]), help="Only cases that stand so.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many, the last changed first. Without it: all.")
@as_json
@click.pass_obj
def list_cases(config: Path | None, *, status: str | None, limit: int | None, as_json: bool) -> None:
    """List the cases, the last changed first. No names are printed."""
    from digests.words import counted
    from scheduler.assembly import open_watch
    from scheduler.cli.register_table import print_cases

    with open_watch(config) as watch:
        found = watch.store.cases.rows(status=[CaseStatus(status)] if status else None, limit=limit)
    if as_json:
        print_json([row(case) for case in found])
    else:
        print_cases(found)
        say(counted(len(found), "case"))


@cases.command("show")
@click.argument("number")
@as_json
@click.pass_obj
def show_case(config: Path | None, number: str, *, as_json: bool) -> None:
    """Show one case: every value with the sentence that says it.

    NUMBER is a case's number, such as 2026-0007, or its id. Prints what the articles say, names too.
    """
    from cases.corroboration import origin_of_each, origins
    from digests.words import counted
    from scheduler.assembly import open_watch
    from scheduler.cli.evidence_table import print_evidence
    from scheduler.cli.origins import origins_of
    from scheduler.cli.register_table import print_cases

    with open_watch(config) as watch:
        case = watch.store.cases.get(number)
        alike = [watch.store.cases.get(other) for other in watch.store.cases.suggestions(case.id)] if case else []
    if case is None:
        raise UsageError(f"there is no case {number!r} in the register")
    if as_json:
        print_json({**msgspec.to_builtins(case), "origins": origin_of_each(case.tellings)})
        return
    print_cases([case])
    say(f"\nrevision {case.revision}, {case.status.replace('_', ' ')}")
    for other in filter(None, alike):
        say(f"may be the same as {other.number}: a person must decide")
    say(f"told by {counted(len(case.tellings), 'article')}, {counted(origins(case.tellings), 'independent origin')}")
    for telling, origin in zip(case.tellings, origins_of(case), strict=True):
        say(f"\n{telling.source_title or telling.source}: {telling.title}\n{telling.url}\n{origin}")
        if telling.capture_sha256:
            say(f"capture sha256:{telling.capture_sha256}")
        print_evidence(telling.report)


def row(case: Case) -> dict[str, Any]:
    """Give a case as ``cases list --json`` promises it."""
    from cases.corroboration import origin_of_each

    report = case.report
    return {
        "id": case.id,
        "number": case.number,
        "revision": case.revision,
        "status": case.status,
        "stage": report.stage,
        "from": report.from_state,
        "to": report.to_state,
        "persons": report.persons,
        "events": report.events,
        "places": report.places,
        "reports": [
            {
                "url": telling.url,
                "title": telling.title,
                "published": telling.published,
                "lang": telling.lang,
                "source": telling.source,
                "origin": origin,
            }
            for telling, origin in zip(case.tellings, origin_of_each(case.tellings), strict=True)
        ],
    }


for ruling in rulings.COMMANDS:
    cases.add_command(ruling)
cases.add_command(export)

COMMANDS = (cases,)
