"""JSON lines → gold items: texts with what a careful reader takes from them (docs/labelling.md).

In a case a key that is left out (UNSET) is not scored; one that is null says that the text does not tell.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from cases.errors import InputError
from cases.model import Article, EventType, Label, Mention, PlaceRole, Sex, Stage, Value

Kind = Literal["report", "hard_negative", "easy_negative"]


class GoldPersons(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many were returned: a closed interval, open above when ``max`` is ``None``."""

    min: int
    max: int | None


class GoldEvent(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that happened, with the interval of days that the text allows."""

    type: EventType
    start: date | None = None
    end: date | None = None


class GoldPlace(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place and its part in the act, under the name that the text gives it."""

    role: PlaceRole
    name: str


class GoldVictim(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the text tells of one person who was returned; what is left out is not scored."""

    name: str | UnsetType | None = UNSET
    sex: Sex | UnsetType | None = UNSET
    age: tuple[int, int | None] | UnsetType | None = UNSET
    pregnant: bool | UnsetType | None = UNSET
    pseudonym: bool | UnsetType | None = UNSET
    nationality: str | UnsetType | None = UNSET


class GoldCase(
    Value,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename={"from_state": "from", "to_state": "to"},
):
    """One act as the text tells it."""

    mention: Mention | UnsetType = UNSET
    stage: Stage | UnsetType = UNSET
    from_state: str | UnsetType | None = UNSET
    to_state: str | UnsetType | None = UNSET
    risk_state: str | UnsetType | None = UNSET
    persons: GoldPersons | UnsetType | None = UNSET
    outcome: str | UnsetType | None = UNSET
    events: tuple[GoldEvent, ...] | UnsetType = UNSET
    places: tuple[GoldPlace, ...] | UnsetType = UNSET
    victims: tuple[GoldVictim, ...] | UnsetType = UNSET


class GoldAnswer(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The verdict and the acts that a careful reader takes from a text."""

    label: Label
    report: bool
    cases: tuple[GoldCase, ...] = ()


class GoldItem(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One labelled text."""

    id: str
    lang: str
    text: str
    gold: GoldAnswer
    title: str = ""
    published: date | None = None
    kind: Kind | None = None
    note: str = ""

    @property
    def article(self) -> Article:
        """The text as an article; a headline alone is judged as a text."""
        day = self.published
        return Article(
            url="",
            title=self.title,
            text=self.text or self.title,
            lang=self.lang,
            published=datetime(day.year, day.month, day.day, tzinfo=UTC) if day is not None else None,
        )


def load_gold(path: Path) -> list[GoldItem]:
    """Read a file of gold items, or every ``*.jsonl`` below a folder in the order of their names.

    Raises InputError naming file, line and what was expected there, and for an id that stands twice or a set without items.
    """
    files = sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]
    items = [item for file in files for item in _items(file)]
    if not items:
        raise InputError(f"{path}: it holds no labelled text")
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise InputError(f"{path}: the id {item.id!r} stands twice")
        seen.add(item.id)
    return items


def _items(file: Path) -> Iterator[GoldItem]:
    try:
        lines = file.read_bytes().splitlines()
    except OSError as cause:
        raise InputError(f"{file} cannot be read: {cause.strerror or cause}") from cause
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _item(line, f"{file}, line {number}")


def _item(line: bytes, where: str) -> GoldItem:
    try:
        item = msgspec.json.decode(line, type=GoldItem)
    except (msgspec.MsgspecError, UnicodeDecodeError) as cause:
        raise InputError(f"{where}: {cause}") from cause
    if item.gold.report != bool(item.gold.cases):
        raise InputError(f"{where}: {item.id}: a report holds at least one case, and nothing else holds any")
    return item
