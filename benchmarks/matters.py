"""Fit what each sign weighs for the label of an article without a report: ``python -m benchmarks.matters``.

A multinomial logistic regression over the open gold texts without a report, one weight a sign and label, drawn towards 0. Signs that
matter least are left out, step by step, until so many are left. Prints how often the label is right in tenfold cross-validation, and
writes the rounded weights, beside those of ``unrelated``, to ``cases/recognition/matters.toml``.
"""

from pathlib import Path
from typing import Any

import numpy as np

from cases.evaluation import load_gold
from cases.extraction.events import read
from cases.model import Label
from cases.recognition.matter import is_weighed, signs_of

_GOLD = Path("tests/gold/open")
_TABLE = Path("cases/recognition/matters.toml")
_LABELS = (Label.UNRELATED, Label.OTHER_REMOVAL, Label.POLICY_OR_LAW, Label.HISTORY, Label.AGGREGATE_REPORT)
_SIGNS = 36
_SELDOM = 8
"""A sign of fewer texts is left out."""
_DRAWN = 0.002
_STEPS, _RATE = 800, 0.6
_FOLDS = 10

Matrix = Any  # an array of numpy's


def main() -> None:
    """Fit, print and write."""
    texts = [item for path in sorted(_GOLD.glob("*.jsonl")) for item in load_gold(path) if not item.gold.report]
    read_ones = [(item.gold.label, read(item.article)) for item in texts]
    read_ones = [(label, reading) for label, reading in read_ones if reading.considered]
    signs = [(_LABELS.index(label), signs_of(reading)) for label, reading in read_ones]
    weighed = np.array([is_weighed(reading) for _, reading in read_ones])
    gold = np.array([label for label, _ in signs])
    named = [dict(found) for _, found in signs]
    names = sorted({name for found in named for name in found if sum(name in one for one in named) >= _SELDOM})
    while len(names) > _SIGNS:
        table = _table(named, names)
        weights = _fitted(table, gold)
        spread = np.abs(weights[:-1] - weights[:-1].mean(1, keepdims=True)).max(1) * np.sqrt(table[:, :-1].mean(0))
        least = set(np.argsort(spread)[: max(1, len(names) // 10)].tolist())
        names = [name for place, name in enumerate(names) if place not in least]
    table = _table(named, names)
    right = (_cross_validated(table, gold) == gold)[weighed]
    print(f"{len(texts)} texts, {len(signs)} with a candidate, {len(right)} of them weighed by {len(names)} signs")
    print(f"right in cross-validation: {right.mean():.3f}")
    _write(names, _fitted(table, gold))


def _table(named: list[dict[str, float]], names: list[str]) -> Matrix:
    return np.array([[*(found.get(name, 0.0) for name in names), 1.0] for found in named])


def _fitted(table: Matrix, gold: Matrix) -> Matrix:
    """Give a weight for each sign and label; the last row is each label's own."""
    weights, wanted = np.zeros((table.shape[1], len(_LABELS))), np.eye(len(_LABELS))[gold]
    for _ in range(_STEPS):
        raw = table @ weights
        odds = np.exp(raw - raw.max(1, keepdims=True))
        slope = table.T @ (odds / odds.sum(1, keepdims=True) - wanted) / len(table)
        slope[:-1] += _DRAWN * weights[:-1]
        weights -= _RATE * slope
    return weights


def _cross_validated(table: Matrix, gold: Matrix) -> Matrix:
    fold = np.random.default_rng(0).integers(0, _FOLDS, len(gold))
    found = np.zeros(len(gold), int)
    for one in range(_FOLDS):
        found[fold == one] = (table[fold == one] @ _fitted(table[fold != one], gold[fold != one])).argmax(1)
    return found


def _write(names: list[str], weights: Matrix) -> None:
    """Write the weights of each label beside those of ``unrelated``."""
    lines = ["# What each sign weighs for a label, beside unrelated. Written by `python -m benchmarks.matters`."]
    beside = np.round(weights - weights[:, :1], 1)
    for column, label in enumerate(_LABELS[1:], 1):
        lines += ["", f"[{label.value}]", f"bias = {beside[-1, column]}"]
        told = sorted(zip(names, beside[:-1, column].tolist(), strict=True), key=lambda pair: -pair[1])
        lines += [f'"{name}" = {weight}' for name, weight in told if weight]
    _TABLE.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
