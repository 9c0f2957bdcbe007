"""gold set + what reads it → how good the reading is: precision, recall, F1 and slots, with their errors."""

from cases.evaluation.agreement import Agreement, compared
from cases.evaluation.figures import Evaluation, Rate, Score, evaluate
from cases.evaluation.gold import GoldCase, GoldItem, load_gold

__all__ = ["Agreement", "Evaluation", "GoldCase", "GoldItem", "Rate", "Score", "compared", "evaluate", "load_gold"]
