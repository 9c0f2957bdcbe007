"""gold set + what reads it → how good the reading is: precision, recall, F1 and slots, with their errors."""

from cases.evaluation.agreement import Agreement, compared
from cases.evaluation.figures import Evaluation, Rate, Score, evaluate
from cases.evaluation.gold import GoldCase, GoldItem, load_gold
from cases.evaluation.linked import LinkedItem, load_linked
from cases.evaluation.links import LinkFigures, PairError, evaluate_links

__all__ = [
    "Agreement",
    "Evaluation",
    "GoldCase",
    "GoldItem",
    "LinkFigures",
    "LinkedItem",
    "PairError",
    "Rate",
    "Score",
    "compared",
    "evaluate",
    "evaluate_links",
    "load_gold",
    "load_linked",
]
