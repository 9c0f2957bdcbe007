"""table → grammar: named patterns over word lists, and the search for them in a text.

A grammar table holds ``[words.<list>]`` tables (word = meaning), ``[patterns]``, ``[fragments]`` (patterns whose match nobody
asks for) and ``[[forms]]`` (``kind``, ``pattern``). In a form ``{list}`` stands for any word of that list or for that pattern,
``{number}`` for a whole number of the language; what it matched is found under that name, and ``{list2}`` under ``list2``.
``[surnames]`` makes lists of the surnames of some scripts. Every pattern is compiled once, ignores case outside ``(?-i:…)``
unless ``case_counts`` is set, and uses only bounded repetition, so that a search takes time in proportion to the text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from cases.extraction.alternation import alternation, as_listed
from cases.extraction.numerals import numerals
from cases.extraction.pack import table
from cases.extraction.surnames import surnames

_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_SLOT = re.compile(r"\{([a-z_]+)(\d?)\}")


class Form(NamedTuple):
    """One way to say something: what kind of thing it says, and its pattern."""

    kind: str
    pattern: re.Pattern[str]
    settings: Mapping[str, Any]


class Hit(NamedTuple):
    """A form found in a text: where, and what each of its slots matched (only those that did)."""

    start: int
    end: int
    form: Form
    slots: Mapping[str, str]


class Grammar:
    """The forms of one language for one kind of value."""

    def __init__(self, language: str, name: str) -> None:
        data = table(language, name)
        self.language = language
        self._words = {
            key: {as_listed(word): meaning for word, meaning in entries.items()}
            for key, entries in data["words"].items()
        }
        slots = {key: _guarded(key, entries, data) for key, entries in data["words"].items()}
        for key, scripts in data.get("surnames", {}).items():
            slots[key] = alternation(form for script in scripts for form in surnames(script))
        self._slots = {"number": numerals(language).pattern, **data.get("patterns", {}), **slots}
        self._fragments = data.get("fragments", {})
        self._flags = re.NOFLAG if data.get("case_counts") else re.IGNORECASE
        left, right = (r"(?<!\w)", r"(?!\w)") if data.get("spaced", True) else ("", "")
        self._forms = tuple(self._form(entry, left, right) for entry in data["forms"])

    def meaning(self, words: str, matched: str) -> Any:  # noqa: ANN401 - each list has meanings of its own type
        """Give what a matched word of a list means."""
        return self._words[words][as_listed(matched)]

    def has(self, words: str) -> bool:
        """Tell whether the grammar has that list."""
        return words in self._words

    def hits(self, text: str) -> Iterator[Hit]:
        """Give every form found, overlapping ones too, in no particular order. Full-width digits count as digits."""
        text = text.translate(_FULL_WIDTH)
        for form in self._forms:
            for match in form.pattern.finditer(text):
                slots = {name: matched for name, matched in match.groupdict().items() if matched is not None}
                yield Hit(match.start(), match.end(), form, slots)

    def _slot(self, slot: re.Match[str]) -> str:
        fragment = self._fragments.get(slot[1])
        return f"(?P<{slot[1]}{slot[2]}>{self._slots[slot[1]]})" if fragment is None else f"(?:{fragment})"

    def _form(self, entry: Mapping[str, Any], left: str, right: str) -> Form:
        pattern = _SLOT.sub(self._slot, entry["pattern"])
        return Form(entry["kind"], re.compile(f"{left}(?:{pattern}){right}", self._flags), entry)


@cache
def grammar(language: str, name: str) -> Grammar:
    """Load a grammar once."""
    return Grammar(language, name)


def longest_first(hits: Iterable[Hit]) -> list[Hit]:
    """Keep of overlapping hits the one that starts first and reaches furthest; equal ones in the order of the table."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _guarded(key: str, entries: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """Make the pattern of a word list; lists named in ``exact`` keep their case ("May" is not "may")."""
    pattern = alternation(entries)
    return f"(?-i:{pattern})" if key in data.get("exact", ()) else pattern
