"""gazetteer.csv → places: the places of the corridor by id, with their names in six languages and their parents.

Columns: ``id`` (own, permanent), ``level``, ``kind`` (what the place is, in one word), ``parent`` (an id), ``code`` (Chinese
division code or ISO 3166-2), names in ``en ko zh_hans zh_hant ja ru`` (``|`` between forms, the first is the usual one),
``ambiguous``, ``lat lon`` (WGS84, two decimals), ``coord_source``, ``note``.

A form that ends in ``*`` is weak: an everyday word or a name with several bearers in that language, so it stands for the place
only beside its kind or its parent. ``ambiguous`` is ``yes`` where the name needs a parent or neighbour in the article, or the
ids of countries whose mention is enough. Where the coordinates come from: docs/ATTRIBUTION.md.
"""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import get_args

from cases.errors import ConfigError
from cases.model import PlaceLevel, Value

NAME_COLUMNS = ("en", "ko", "zh_hans", "zh_hant", "ja", "ru")
_LEVELS: frozenset[str] = frozenset(get_args(PlaceLevel))


class Form(Value, frozen=True, kw_only=True):
    """One written form of a place's name."""

    text: str
    weak: bool


class Row(Value, frozen=True, kw_only=True):
    """One place."""

    id: str
    level: PlaceLevel
    kind: str
    parent: str | None
    name: str
    """The usual English name."""
    forms: Mapping[str, tuple[Form, ...]]
    """Written forms by name column."""
    code: str | None
    ambiguous: bool
    enough: tuple[str, ...]
    """Countries whose mention settles an ambiguous name."""
    position: tuple[float, float] | None
    """Latitude and longitude, where they are known."""
    coord_source: str | None
    note: str | None


class Gazetteer:
    """The places, linked by id."""

    def __init__(self, rows: Mapping[str, Row]) -> None:
        self._rows = dict(rows)
        for row in self._rows.values():
            if row.parent is not None and row.parent not in self._rows:
                raise ConfigError(f"gazetteer row {row.id!r} has the parent {row.parent!r}, which has no row")

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def __getitem__(self, place_id: str) -> Row:
        return self._rows[place_id]

    def find(self, place_id: str | None) -> Row | None:
        """Give the row of an id that a stored place holds; ``None`` for none, and for one that has gone since."""
        return self._rows.get(place_id) if place_id is not None else None

    def __len__(self) -> int:
        return len(self._rows)

    def parents(self, row: Row) -> tuple[Row, ...]:
        """Give the chain above a place, the nearest first and the country last."""
        chain: list[Row] = []
        while row.parent is not None and len(chain) < len(self._rows):
            row = self._rows[row.parent]
            chain.append(row)
        return tuple(chain)

    def country(self, row: Row) -> str | None:
        """Give the code of the country that a place lies in; ``None`` for a place between two."""
        top = (row, *self.parents(row))[-1]
        return top.id if top.level == "country" else None


@cache
def gazetteer() -> Gazetteer:
    """Load the gazetteer that ships with the program."""
    text = (files("cases") / "gazetteer.csv").read_text(encoding="utf-8")
    return read_gazetteer(text)


def read_gazetteer(text: str) -> Gazetteer:
    """Read a gazetteer from CSV text; ``ConfigError`` names the row that cannot be meant."""
    rows: dict[str, Row] = {}
    for record in csv.DictReader(text.splitlines()):
        row = _row(record)
        if row.id in rows:
            raise ConfigError(f"gazetteer row {row.id!r} stands twice")
        rows[row.id] = row
    return Gazetteer(rows)


def _row(record: Mapping[str, str]) -> Row:
    level = record["level"]
    if level not in _LEVELS:
        raise ConfigError(f"gazetteer row {record['id']!r} has the level {level!r}, expected one of {sorted(_LEVELS)}")
    forms = {column: _forms(record[column]) for column in NAME_COLUMNS}
    settled_by = record["ambiguous"]
    position = (float(record["lat"]), float(record["lon"])) if record["lat"] else None
    return Row(
        id=record["id"],
        level=level,  # type: ignore[arg-type] # checked against PlaceLevel just above
        kind=record["kind"],
        parent=record["parent"] or None,
        name=forms["en"][0].text,
        forms=forms,
        code=record["code"] or None,
        ambiguous=bool(settled_by),
        enough=tuple(part for part in settled_by.split("|") if part and part != "yes"),
        position=position,
        coord_source=record["coord_source"] or None,
        note=record["note"] or None,
    )


def _forms(cell: str) -> tuple[Form, ...]:
    return tuple(Form(text=text.rstrip("*"), weak=text.endswith("*")) for text in cell.split("|") if text)
