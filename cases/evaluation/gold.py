"""JSON lines → gold items: texts with what a careful reader takes from them (docs/labelling.md).

In a case a key that is left out (UNSET) is not scored; one that is null says that the text does not tell.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal, Protocol, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from cases.errors import InputError
from cases.model import Article, EventType, Label, Mention, PlaceRole, Sex, Stage, Value

Kind = Literal["report", "hard_negative", "easy_negative"]


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


Labelled = TypeVar("Labelled", bound=_HasId)


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


LINKS = "links"
"""Folder of a gold set whose texts are labelled for linking instead; see ``linked``."""


def load_gold(path: Path) -> list[GoldItem]:
    """Read a file of gold items, or every ``*.jsonl`` below a folder in the order of their names, those for linking aside.

    Raises InputError naming file, line and what was expected there, and for an id that stands twice or a set without items.
    """
    files = sorted(file for file in path.rglob("*.jsonl") if file.parent.name != LINKS) if path.is_dir() else [path]
    return without_doubles(path, [_checked(item, where) for file in files for item, where in lines_of(file, GoldItem)])


def without_doubles(path: Path, items: list[Labelled]) -> list[Labelled]:
    """Give the items back; raises InputError when there are none, or when an id stands twice."""
    if not items:
        raise InputError(f"{path}: it holds no labelled text")
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise InputError(f"{path}: the id {item.id!r} stands twice")
        seen.add(item.id)
    return items


def lines_of(file: Path, kind: type[Labelled]) -> Iterator[tuple[Labelled, str]]:
    """Read one item from each line that holds anything, with the words for where it stands."""
    try:
        lines = file.read_bytes().splitlines()
    except OSError as cause:
        raise InputError(f"{file} cannot be read: {cause.strerror or cause}") from cause
    for number, line in enumerate(lines, start=1):
        where = f"{file}, line {number}"
        if line.strip():
            try:
                yield msgspec.json.decode(line, type=kind), where
            except (msgspec.MsgspecError, UnicodeDecodeError) as cause:
                raise InputError(f"{where}: {cause}") from cause


def _checked(item: GoldItem, where: str) -> GoldItem:
    if item.gold.report != bool(item.gold.cases):
        raise InputError(f"{where}: {item.id}: a report holds at least one case, and nothing else holds any")
    return item
