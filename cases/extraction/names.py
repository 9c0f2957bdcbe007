"""text → name mentions: persons that the text names, and whether it says that a name is not the real one."""

from cases.extraction.mention import Mention


class NameMention(Mention, frozen=True, kw_only=True):
    """A person's name. ``raw`` includes the honorific and the mark of a pseudonym, ``name`` is the name alone.

    ``pseudonym`` is true or ``None``: unstated is not real.
    """

    name: str
    honorific: str | None = None
    surname_only: bool = False
    pseudonym: bool | None = None


def find_names(text: str, lang: str | None) -> tuple[NameMention, ...]:
    """Find the names of persons in a text, in order."""
    return ()


def document_pseudonyms(text: str, lang: str | None) -> bool | None:
    """Tell whether the text says of all its names that they are pseudonyms; ``None`` when it says nothing."""
    return None
