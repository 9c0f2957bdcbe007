"""text → toponyms: names of the gazetteer as they stand in a text, each with every place it could be.

Works by each language's table ``packs/<language>/places.toml``: name columns, words for kinds ("city", 省), and how child and
parent are joined. Decides nothing but what the kind rules out.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple

from cases.extraction.pack import table
from cases.gazetteer import Row, gazetteer
from cases.packs.alternation import alternation

_NO_PLACE = "no place"
_SAME_KIND = {
    "city": {"city", "municipality"},
    "province": {"province", "region", "municipality"},
    "region": {"region"},
    "county": {"county"},
    "district": {"district", "region"},
    "town": {"town", "port", "village"},
    "prefecture": {"prefecture"},
}
"""What a place may be when the text calls it so."""

_JOINT = 40
"""The most characters between a child and its parent."""


class Toponym(NamedTuple):
    """A name in a text. ``joint`` says what it is to the name before: its ``parent``, its ``child``, or nothing."""

    start: int
    end: int
    name: str
    rows: tuple[Row, ...]
    weak_in: frozenset[str]
    kind: str | None
    joint: Literal["parent", "child"] | None = None
    supported: bool = False
    """True when its parent or child stands beside it."""

    @property
    def weak(self) -> bool:
        """Tell whether the name stands for none of its places by itself."""
        return not self.supported and all(self.is_weak_for(row) for row in self.rows)

    def is_weak_for(self, row: Row) -> bool:
        """Tell whether the name needs support to mean that place."""
        return row.id in self.weak_in and not (self.kind and row.kind in _SAME_KIND.get(self.kind, ()))


class _Names(NamedTuple):
    """The names of places as one language writes them."""

    pattern: re.Pattern[str]
    rows: dict[str, tuple[tuple[Row, bool], ...]]
    kinds: dict[str, str]
    child_then_parent: re.Pattern[str]
    parent_then_child: re.Pattern[str]
    enumeration: re.Pattern[str]


def find_toponyms(text: str, language: str) -> list[Toponym]:
    """Find the names in order; names that their kind makes no place (a river, a mountain) are left out."""
    names = _names(language)
    found: list[Toponym] = []
    for toponym in _named(names, text):
        before = text[found[-1].end : toponym.start] if found and toponym.start - found[-1].end <= _JOINT else None
        found.append(toponym._replace(joint=None if before is None else _joint(names, before)))
    return [toponym for toponym in _listed(found, names, text) if toponym.kind != _NO_PLACE]


def _listed(found: list[Toponym], names: _Names, text: str) -> list[Toponym]:
    """Let a weak name count where it is listed beside a strong one ("훈춘·도문·장백")."""
    listed = list(found)
    for index in [*range(1, len(listed)), *range(len(listed) - 1, 0, -1)]:
        left, right = listed[index - 1], listed[index]
        if left.weak != right.weak and names.enumeration.match(text[left.end : right.start][:_JOINT]):
            listed[index - 1] = left._replace(weak_in=frozenset())
            listed[index] = right._replace(weak_in=frozenset())
    return listed


def is_toponym(name: str, language: str) -> bool:
    """Tell whether a name is a place of the gazetteer, in the forms of that language."""
    return _plain(name) in _names(language).rows


def _joint(names: _Names, between: str) -> Literal["parent", "child"] | None:
    if names.child_then_parent.match(between):
        return "parent"
    return "child" if names.parent_then_child.match(between) else None


def _named(names: _Names, text: str) -> Iterator[Toponym]:
    for match in names.pattern.finditer(text):
        forms = names.rows.get(_plain(match["form"] or match["stem"] + "~"), ())
        kind_word = match["kind"] or match["kind_before"]
        kind = names.kinds[" ".join(kind_word.split())] if kind_word else None
        fitting = [(row, weak) for row, weak in forms if kind in _SAME_KIND and row.kind in _SAME_KIND[kind]] or forms
        yield Toponym(
            start=match.start(),
            end=match.end(),
            name=match["form"] or match["stem"],
            rows=tuple(row for row, _ in fitting),
            weak_in=frozenset(row.id for row, weak in fitting if weak),
            kind=kind,
        )


@cache
def _names(language: str) -> _Names:
    data = table(language, "places")
    rows: dict[str, tuple[tuple[Row, bool], ...]] = {}
    for row in gazetteer():
        for form in (form for column in data["columns"] for form in row.forms[column] if row.level != "country"):
            key = _plain(form.text) if not data.get("inflected") else _plain(form.text.rstrip(data["inflected"])) + "~"
            if row.id not in {known.id for known, _ in rows.get(key, ())}:
                rows[key] = (*rows.get(key, ()), (row, form.weak))
    return _Names(
        pattern=_pattern(rows, data),
        rows=rows,
        kinds=data["kinds"] | data.get("kinds_before", {}),
        child_then_parent=re.compile(data["child_then_parent"]),
        parent_then_child=re.compile(data["parent_then_child"]),
        enumeration=re.compile(data.get("enumeration", r"(?!)")),
    )


def _pattern(forms: dict[str, tuple[tuple[Row, bool], ...]], data: Mapping[str, Any]) -> re.Pattern[str]:
    left, right, ending, space = (data[key] for key in ("left", "right", "ending", "between_name_and_kind"))
    whole = alternation(form for form in forms if not form.endswith("~"))
    stems = alternation(form.removesuffix("~") for form in forms if form.endswith("~"))
    kinds, before = data["kinds"], data.get("kinds_before", {})
    return re.compile(
        rf"{left}(?:(?P<kind_before>{alternation(before)}){data.get('after_kind', '')})?"
        rf"(?:(?P<form>{whole})|(?P<stem>{stems}){ending})(?:{space}(?P<kind>{alternation(kinds)}){right})?{right}"
    )


def _plain(form: str) -> str:
    return " ".join(form.replace("’", "'").replace("‑", "-").split())
