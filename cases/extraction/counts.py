"""text → count mentions: how many persons, with the qualifier that the text gives."""

from typing import Literal

from cases.extraction.mention import Mention
from cases.model import Persons

Kind = Literal["victims", "officers", "other", "unknown"]


class CountMention(Mention, frozen=True, kw_only=True):
    """A number of persons. ``part`` is true when the text tells it as a part of a total ("including two children")."""

    persons: Persons
    noun: str | None = None
    kind: Kind = "unknown"
    family: bool = False
    part: bool = False


def find_counts(text: str, lang: str | None) -> tuple[CountMention, ...]:
    """Find the numbers of persons in a text, in order."""
    return ()
