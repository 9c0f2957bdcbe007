"""text → age mentions: an age or a band in whole years."""

from cases.extraction.mention import Mention
from cases.model import Age


class AgeMention(Mention, frozen=True, kw_only=True):
    """An age that the text gives to someone."""

    age: Age


def find_ages(text: str, lang: str | None) -> tuple[AgeMention, ...]:
    """Find the ages in a text, in order."""
    return ()
