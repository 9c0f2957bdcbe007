"""text → mention: the common part of everything that a grammar finds in a text."""

from cases.model import Value


class Mention(Value, frozen=True, kw_only=True):
    """A stretch of the text that says something: ``text[start:end] == raw`` always holds."""

    start: int
    end: int
    raw: str
