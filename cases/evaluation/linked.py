"""JSON lines → articles whose acts say which case they tell: the gold set of linking (docs/labelling.md).

An article holds its text and, for each act, the values that a careful reader takes from it, so that linking can be measured on those
values alone and through the whole reading. Values are written as in the ``judge`` contract.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from cases.evaluation.gold import (
    LINKS,
    GoldCase,
    GoldEvent,
    GoldPersons,
    GoldPlace,
    GoldVictim,
    lines_of,
    without_doubles,
)
from cases.model import Article, Report, Value


class LinkedAct(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One act of an article: which case it is, and what is told of it."""

    case: str
    report: Report

    @property
    def labels(self) -> GoldCase:
        """The same values as the slots by which acts are paired with what was read."""
        report, count = self.report, self.report.persons
        return GoldCase(
            mention=report.mention,
            stage=report.stage,
            from_state=report.from_state,
            to_state=report.to_state,
            persons=GoldPersons(min=count.min, max=count.max) if count else None,
            events=tuple(GoldEvent(type=one.type, start=one.start, end=one.end) for one in report.events),
            places=tuple(GoldPlace(role=one.role, name=one.raw or one.name) for one in report.places),
            victims=tuple(
                GoldVictim(sex=one.sex, age=(one.age.min, one.age.max) if one.age else None) for one in report.victims
            ),
        )


class LinkedItem(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One article of the set."""

    id: str
    story: str
    """What it is about in the set: acts of one story are told together, and may be taken for one another."""
    lang: str
    published: date
    source: str
    title: str
    text: str
    acts: tuple[LinkedAct, ...]
    note: str = ""

    @property
    def article(self) -> Article:
        """The article as a visit to its outlet would give it."""
        day = self.published
        return Article(
            url=f"https://{self.source}.example/{self.id}",
            title=self.title,
            text=self.text,
            lang=self.lang,
            published=datetime(day.year, day.month, day.day, tzinfo=UTC),
            source=self.source,
        )


def load_linked(path: Path) -> list[LinkedItem]:
    """Read a file of articles with cases, or the folder ``links`` of a gold set, in the order of publication.

    Raises InputError naming file, line and what was expected there, and for an id that stands twice or a set without articles.
    """
    folder = path / LINKS if (path / LINKS).is_dir() else path
    files: Sequence[Path] = sorted(folder.glob("*.jsonl")) if folder.is_dir() else [folder]
    items = without_doubles(path, [item for file in files for item, _ in lines_of(file, LinkedItem)])
    return sorted(items, key=lambda item: (item.published, item.id))
