"""Writes docs/recognition.md: what the reading is worth on the gold set, by language and value, with a confusion table each.

Run by ``make docs``; a test fails when the page is not what this would write.
"""

from collections.abc import Iterator
from pathlib import Path

from cases.decision import judge
from cases.evaluation import Evaluation, GoldItem, Rate, evaluate, load_gold
from cases.evaluation.figures import Figures

PAGE = Path(__file__).parent / "recognition.md"
GOLD = Path(__file__).parents[1] / "tests" / "gold"
NAMES = {
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "ja": "Japanese",
    "ko": "Korean",
    "ru": "Russian",
    "zh": "Chinese, both scripts",
}
SLOTS = (
    "cases",
    "stage",
    "from",
    "to",
    "persons",
    "dates",
    "places",
    "mention",
    "victim.name",
    "victim.age",
    "outcome",
)

INTRODUCTION = """\
# What the reading is worth

Measured on the project's own gold set ([labelling.md](labelling.md)): invented texts, half of which look like reports and are none. This page is written from them
(`make docs`), so it tells of this very version. `returnwatch evaluate tests/gold/unseen --errors` prints the same with intervals and every error;
`make bench-judge` adds the speed.

The *unseen* texts were written by people who had not seen the rules, and no rule is changed for one of them: they say what to expect of texts that nobody has
seen. The *open* ones are those that the rules were made on, and flatter. With some twenty-seven reports a language, read every figure of the unseen half as ±0.15. None of
this was measured on real news in other languages than English: [limits.md](limits.md) has what was.

In the second table of each half, *cases* is whether the acts were found; the other values are scored where an act was found, and a value that the text does not tell
counts as wrong.
"""


def page() -> str:
    """Give the page as it should stand."""
    return "\n".join([INTRODUCTION, *_half("unseen"), *_half("open"), *_confusions("unseen")])


def _half(half: str) -> Iterator[str]:
    found = {code: evaluate(_items(half, code), judge) for code in NAMES}
    yield f"## The {half} texts\n"
    yield "| | texts | precision | recall | F1 | right label | flagged of 1,000 |"
    yield "|---|---|---|---|---|---|---|"
    for code, one in found.items():
        of = one.overall
        rates = (of.reports.precision, of.reports.recall, of.reports.f1, of.label_accuracy)
        yield f"| {NAMES[code]} | {of.items} | {' | '.join(map(_rate, rates))} | {of.flags_per_1000:g} |"
    yield ""
    yield f"| F1 of | {' | '.join(SLOTS)} |"
    yield f"|---|{'---|' * len(SLOTS)}"
    for code, one in found.items():
        yield f"| {NAMES[code]} | {' | '.join(_slot(one.overall, slot) for slot in SLOTS)} |"
    yield ""


def _confusions(half: str) -> Iterator[str]:
    yield f"## Which labels are taken for which, in the {half} texts\n"
    yield "What a careful reader says stands down, what Returnwatch says across."
    for code, name in NAMES.items():
        yield f"\n### {name}\n"
        yield from _confusion(evaluate(_items(half, code), judge))


def _confusion(found: Evaluation) -> Iterator[str]:
    counts = {(one.expected.value, one.given.value): one.count for one in found.overall.confusion}
    labels = list(dict.fromkeys(label for pair in counts for label in pair))
    yield f"| | {' | '.join(label.replace('_', ' ') for label in labels)} |"
    yield f"|---|{'---|' * len(labels)}"
    for row in labels:
        yield f"| {row.replace('_', ' ')} | {' | '.join(str(counts.get((row, column), '')) for column in labels)} |"


def _items(half: str, code: str) -> list[GoldItem]:
    return [item for item in load_gold(GOLD / half) if item.lang.partition("-")[0] == code]


def _slot(figures: Figures, slot: str) -> str:
    return _rate(figures.slots[slot].f1) if slot in figures.slots else "–"


def _rate(rate: Rate) -> str:
    return "–" if rate.value is None else f"{rate.value:.2f}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
