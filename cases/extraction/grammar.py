"""table → grammar: named patterns over word lists, and the search for them in a text.

A grammar table holds ``[words.<list>]`` tables (word = meaning, with endings in brackets: "узбек(/а/у)"), ``[patterns]``, ``[fragments]`` (patterns whose match nobody
asks for) and ``[[forms]]`` (``kind``, ``pattern``). In a form ``{list}`` stands for any word of that list or for that pattern,
``{number}`` for a whole number of the language; what it matched is found under that name, and ``{list2}`` under ``list2``.
``[surnames]`` makes lists of the surnames of some scripts, ``[nationals]`` adds the people of every State to a list. Every pattern is compiled once, ignores case outside ``(?-i:…)``
unless ``case_counts`` is set, and uses only bounded repetition, so that a search takes time in proportion to the text.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from cases.extraction.needs import Need, needed
from cases.extraction.numerals import numerals
from cases.extraction.pack import table
from cases.extraction.surnames import surnames
from cases.packs.alternation import alternation, as_listed, spelt_out
from cases.packs.presence import Presence

_FULL_WIDTH = re.compile("[０-９]")
_GROUP = re.compile(r"\(\?P<\w+>")
_SLOT = re.compile(r"\{([a-z_]+)(\d?)\}")


class Form(NamedTuple):
    """One way to say something: what kind of thing it says, and its pattern."""

    kind: str
    pattern: re.Pattern[str]
    settings: Mapping[str, Any]
    needs: frozenset[Need] = frozenset()
    """Word lists and patterns that a text must hold something of; see ``cases.extraction.needs``."""


class Hit(NamedTuple):
    """A form found in a text: where, and what each of its slots matched (only those that did)."""

    start: int
    end: int
    form: Form
    slots: Mapping[str, str]


class Grammar:
    """The forms of one language for one kind of value."""

    def __init__(self, language: str, name: str) -> None:
        data = _with_nationals(table(language, name), language)
        self.language = language
        words = {
            key: {form: meaning for word, meaning in entries.items() for form in spelt_out(word)}
            for key, entries in data["words"].items()
        }
        self._words = {
            key: {as_listed(form): meaning for form, meaning in entries.items()} for key, entries in words.items()
        }
        slots = {key: _guarded(key, entries, data) for key, entries in words.items()}
        lists: dict[str, tuple[str, ...]] = {key: tuple(entries) for key, entries in words.items()}
        for key, scripts in data.get("surnames", {}).items():
            lists[key] = tuple(form for script in scripts for form in surnames(script))
            slots[key] = alternation(lists[key])
        self._slots = {"number": numerals(language).pattern, **data.get("patterns", {}), **slots}
        self._fragments = data.get("fragments", {})
        self.flags = re.NOFLAG if data.get("case_counts") else re.IGNORECASE
        spaced = data.get("spaced", True)
        self._edges = (r"(?<!\w)", r"(?!\w)") if spaced else ("", "")
        self._forms = tuple(self._form(entry, lists) for entry in data["forms"])
        asked = frozenset(name for form in self._forms for need in form.needs for name in need)
        self._presence = Presence(
            {name: lists[name] for name in asked if name in lists},
            {name: re.compile(self._slots[name], self.flags) for name in asked if name not in lists},
            spaced=spaced,
        )

    def meaning(self, words: str, matched: str) -> Any:  # noqa: ANN401 - each list has meanings of its own type
        """Give what a matched word of a list means."""
        return self._words[words][as_listed(matched)]

    def pattern(self, words: str) -> str:
        """Give the pattern of a list's words, or the pattern or fragment of that name."""
        pattern: str = {**self._slots, **self._fragments}[words]
        return pattern

    def patterns_of(self, kind: str) -> list[str]:
        """Give the patterns of the forms of a kind, their groups without names."""
        return [_GROUP.sub("(?:", form.pattern.pattern) for form in self._forms if form.kind == kind]

    def has(self, words: str) -> bool:
        """Tell whether the grammar has that list."""
        return words in self._words

    def hits(self, text: str) -> Iterator[Hit]:
        """Give every form found, overlapping ones too, in no particular order. Full-width digits count as digits."""
        text = _FULL_WIDTH.sub(lambda digit: str(int(digit[0])), text)
        present = self._presence.within(text)
        for form in self._forms:
            if not all(map(present, form.needs)):
                continue
            for match in form.pattern.finditer(text):
                slots = {name: matched for name, matched in match.groupdict().items() if matched is not None}
                yield Hit(match.start(), match.end(), form, slots)

    def _slot(self, slot: re.Match[str]) -> str:
        fragment = self._fragments.get(slot[1])
        return f"(?P<{slot[1]}{slot[2]}>{self._slots[slot[1]]})" if fragment is None else f"(?:{fragment})"

    def _form(self, entry: Mapping[str, Any], lists: Collection[str]) -> Form:
        pattern, (left, right) = _SLOT.sub(self._slot, entry["pattern"]), self._edges
        compiled = re.compile(f"{left}(?:{pattern}){right}", self.flags)
        return Form(entry["kind"], compiled, entry, needed(entry["pattern"], {*lists, *self._slots}))


def _with_nationals(data: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    """Add to the lists named in ``[nationals]`` the people of every State, as the table of countries writes them.

    Only forms with one of the given endings: "Ghanaians" and "Burmese" are people, "Ghanaian" only says of what State.
    """
    lists = {**data["words"]}
    for name, rule in data.get("nationals", {}).items():
        demonyms = (forms[1].split("|") for forms in table(language, "countries")["forms"].values())
        people = (form for forms in demonyms for form in forms if form.endswith(tuple(rule["endings"])))
        lists[name] = dict.fromkeys((form for form in people if form not in rule["but"]), rule["meaning"]) | lists[name]
    return {**data, "words": lists}


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
