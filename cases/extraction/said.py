"""value + sentence: what was read, and where the article says it."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from cases.extraction.sentences import Sentence

T = TypeVar("T")


@dataclass(frozen=True)
class Said(Generic[T]):
    """A value together with the sentence that says it."""

    value: T
    sentence: Sentence
    beside: Sentence | None = None
    """Another sentence that a part of the value comes from: the one with its date, or the one that places it."""
