"""What a reader of dates is given, and what it gives back."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from cases.extraction.grammar import Grammar, Hit
from cases.model import Precision


class Told(NamedTuple):
    """A time as told: an interval, or a distance from the event told before."""

    first: date | None
    last: date | None
    precision: Precision
    anchor: str | None
    relative_to_previous: tuple[int, int | None] | None = None

    @classmethod
    def open(cls, anchor: str | None) -> "Told":
        """Give a time that cannot be placed."""
        return cls(None, None, "unknown", anchor)

    @classmethod
    def relative(cls, least: int, most: int | None) -> "Told":
        """Give a time counted in days from the event told before."""
        return cls(None, None, "unknown", "previous event", (least, most))


class Named(NamedTuple):
    """The date that the same paragraph named just before; the dates after it may lean on its year and month."""

    first: date
    precision: Precision
    end: int
    with_year: bool
    """Did the text name the year, so that later days and months may share it?"""


class Found(NamedTuple):
    """A form found in a text, with what is needed to read it."""

    hit: Hit
    grammar: Grammar
    raw: str
    published: date | None
    named: Named | None

    @property
    def settings(self) -> Mapping[str, Any]:
        """Give the settings that the form has in its table."""
        return self.hit.form.settings

    def slot(self, name: str) -> str | None:
        """Give what a slot matched; patterns with alternatives write the second one with a 2."""
        return self.hit.slots.get(name, self.hit.slots.get(f"{name}2"))

    def meaning(self, words: str) -> Any:  # noqa: ANN401 - each list has meanings of its own type
        """Give the meaning of the word that a slot matched, or ``None``."""
        matched = self.slot(words)
        return None if matched is None else self.grammar.meaning(words, matched)


def bounded(told: Told, found: Found) -> Told:
    """Open the interval on the side that a leading word opens: since, until, before, after; a night begins a day earlier."""
    match found.meaning("lead"):
        case "since":
            until = (
                found.published if told.first is None or (found.published and found.published >= told.first) else None
            )
            return told._replace(last=until, precision="range")
        case "after":
            return told._replace(last=None, precision="range")
        case "until":
            return told._replace(first=None, precision="range")
        case "overnight" if told.first is not None:
            return told._replace(first=told.first - timedelta(days=1), precision="few_days")
        case "before":
            last = told.first and told.first - timedelta(days=1)
            return told._replace(first=None, last=last, precision="range")
    return told
