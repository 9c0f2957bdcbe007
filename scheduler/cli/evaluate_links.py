"""``returnwatch evaluate --links``: how good the linking is, on articles labelled by the cases they tell."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from scheduler.cli.output import print_json, print_table, say
from scheduler.cli.rates import shown

if TYPE_CHECKING:
    from cases.evaluation import LinkFigures, PairError
    from cases.model import Article, Report

HEAD = ("", "reports", "cases", "precision", "recall", "suggestions", "with suggestions", "B-cubed F1")


def measure_links(
    gold: Path,
    languages: Sequence[str],
    read: "Callable[[Article], Sequence[Report]]",
    errors: bool,  # noqa: FBT001 - handed on from the command line
    as_json: bool,  # noqa: FBT001
) -> None:
    """Measure on the labelled values and through ``read``, and print both."""
    from cases.errors import InputError
    from cases.evaluation import evaluate_links, load_linked

    items = [item for item in load_linked(gold) if not languages or item.lang in languages]
    if not items:
        raise InputError(f"{gold}: it holds no text in {', '.join(languages)}")
    found = {"labelled": evaluate_links(items), "read": evaluate_links(items, read)}
    if as_json:
        print_json({name: _document(of, errors=errors) for name, of in found.items()})
        return
    rows = [
        (
            {"labelled": "labelled values", "read": "as read"}[name],
            of.reports,
            of.cases,
            *(shown(rate) for rate in (of.precision, of.recall, of.suggestions, of.recall_with_suggestions)),
            shown(of.b_cubed.f1),
        )
        for name, of in found.items()
    ]
    print_table("Is it one case?", HEAD, rows)
    if errors:
        for name, of in found.items():
            _list(f"{name}: two cases taken for one", of.wrong_merges)
            _list(f"{name}: one case taken for two", of.misses)


def _document(found: "LinkFigures", *, errors: bool) -> Mapping[str, Any]:
    lists = ("wrong_merges", "misses")
    return {name: of for name, of in msgspec.structs.asdict(found).items() if errors or name not in lists}


def _list(title: str, wrong: "Iterable[PairError]") -> None:
    for number, one in enumerate(wrong):
        if number == 0:
            say(f"\n{title}")
        say(f"  {one.one} and {one.other} ({', '.join(one.cases)}): {one.weight:g}")
        say(f"    alike: {', '.join(one.agrees) or 'nothing'}; contrary: {', '.join(one.contradicts) or 'nothing'}")
