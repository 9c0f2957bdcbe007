"""``returnwatch evaluate``: how good the reading is, on texts that somebody labelled."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli.evaluate_links import measure_links
from scheduler.cli.options import as_json
from scheduler.cli.output import print_json, print_table, say
from scheduler.cli.rates import shown

if TYPE_CHECKING:
    from cases.evaluation import Agreement, Evaluation, Score

HEAD = ("", "items", "precision", "recall", "F1", "right label", "flags per 1,000")
SLOTS = ("slot", "precision", "recall", "F1", "values")


@click.command()
@click.argument("gold", metavar="GOLD", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--lang", "languages", metavar="CODE", multiple=True, help="Only texts of this language; may be repeated."
)
@click.option(
    "--classifier", metavar="NAME", default="rules", show_default=True, help="What judges, by its entry point."
)
@click.option("--links", "links", is_flag=True, help="Measure the linking instead, on articles labelled by case.")
@click.option("--errors", "errors", is_flag=True, help="List every text on which something was wrong, and why.")
@as_json
def evaluate(
    gold: Path, languages: tuple[str, ...], classifier: str, *, links: bool, errors: bool, as_json: bool
) -> None:
    """Measure the reading on labelled texts.

    GOLD is a file of JSON lines or a folder of them, as docs/labelling.md describes. Prints precision, recall and F1 with 95 %
    intervals for each language and each value that is read, and a confusion table. With --links, GOLD holds articles labelled by the
    cases they tell: prints how well reports are put to their cases, on the labelled values and through the whole reading.
    """
    from cases.decision import judge
    from cases.errors import InputError
    from cases.evaluation import evaluate as measured
    from cases.evaluation import load_gold
    from cases.recognition import classifier_named

    chosen = classifier_named(classifier)
    if links:
        measure_links(gold, languages, lambda article: judge(article, classifier=chosen).reports, errors, as_json)
        return
    items = [item for item in load_gold(gold) if not languages or item.lang in languages]
    if not items:
        raise InputError(f"{gold}: it holds no text in {', '.join(languages)}")
    found = measured(items, lambda article: judge(article, classifier=chosen))
    if as_json:
        print_json(_document(found, errors=errors))
        return
    _tell(found)
    if errors:
        _list(found.wrong)


def _tell(found: "Evaluation") -> None:
    every = {**found.languages, "all": found.overall} if len(found.languages) > 1 else found.languages
    rows = [
        (name, of.items, *_rates(of.reports), shown(of.label_accuracy), f"{of.flags_per_1000:g}")
        for name, of in every.items()
    ]
    print_table("Is it a report?", HEAD, rows)
    for name, of in every.items():
        say()
        slots = [(slot, *_rates(score), score.f1.of) for slot, score in of.slots.items() if score.f1.value is not None]
        print_table(f"What it says ({name})", SLOTS, slots)
    for name, of in found.languages.items():
        say()
        labels = list(dict.fromkeys(label for one in of.confusion for label in (one.expected, one.given)))
        counts = {(one.expected, one.given): one.count for one in of.confusion}
        table = [(row, *(counts.get((row, column), 0) for column in labels)) for row in labels]
        print_table(f"Labels ({name}): expected down, given across", ("", *labels), table)


def _rates(score: "Score") -> tuple[str, str, str]:
    return shown(score.precision), shown(score.recall), shown(score.f1)


def _list(wrong: Iterable["Agreement"]) -> None:
    for one in wrong:
        verdict, gold = one.judgement.verdict, one.item.gold
        say(f"\n{one.item.id}: {one.item.title or one.item.text[:80]}")
        if not one.verdict_is_right or verdict.label != gold.label:
            say(f"  called {verdict.label} ({verdict.score:.2f}), expected {gold.label}")
        for reason in verdict.reasons:
            say(f"    {reason.weight:+5.1f}  {reason.name}")
        acts = one.slots["cases"]
        if acts.wrong or acts.missed:
            say(f"  acts: {acts.right} found, {acts.missed} missed, {acts.wrong} too many")
        for error in one.errors:
            say(f"  {error}")


def _document(found: "Evaluation", *, errors: bool) -> Mapping[str, Any]:
    wrong = [
        {
            "id": one.item.id,
            "label": one.judgement.verdict.label,
            "expected": one.item.gold.label,
            "score": one.judgement.verdict.score,
            "reasons": one.judgement.verdict.reasons,
            "acts": one.slots["cases"],
            "errors": one.errors,
        }
        for one in found.wrong
    ]
    figures = {"overall": found.overall, "languages": found.languages}
    return {**figures, "wrong": wrong} if errors else figures


COMMANDS = (evaluate,)
