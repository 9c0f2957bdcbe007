"""text → mention: the common part of everything that a grammar finds in a text."""

from typing import TypeVar

import msgspec

from cases.model import Value


class Mention(Value, frozen=True, kw_only=True):
    """A stretch of the text that says something: ``text[start:end] == raw`` always holds."""

    start: int
    end: int
    raw: str


M = TypeVar("M", bound=Mention)


def moved(mention: M, by: int) -> M:
    """Give a mention whose place counts from elsewhere."""
    return msgspec.structs.replace(mention, start=mention.start + by, end=mention.end + by)
