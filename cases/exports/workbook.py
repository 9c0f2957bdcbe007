"""batch → XLSX: sheets of cases, of persons under their labels and of sources, and one that says what was withheld.

Every text is written as text and marked as such, so that no program runs it, now or after somebody has edited the cell.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from cases.disclosure import DisclosedCase
from cases.exports.batch import Batch
from cases.exports.cells import plain
from cases.exports.rows import COLUMNS, row

_LONGEST = 32_000
"""A cell holds 32,767 characters."""
_AS_THEY_STAND = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_PERSONS = ("case_no", "person", "name", "sex", "age_min", "age_max", "minor", "nationality")
_SOURCES = ("case_no", "outlet", "title", "published", "lang", "origin", "source_grade", "credibility", "set_by", "url")


def as_xlsx(batch: Batch) -> bytes:
    """Write the cases as a workbook of Office Open XML."""
    out = io.BytesIO()
    book = Workbook(out, _AS_THEY_STAND)
    book.set_properties({"title": "Cases", "created": batch.notice.made_at.replace(tzinfo=None)})
    text, bold = book.add_format({"quote_prefix": True}), book.add_format({"bold": True})
    sheets: dict[str, tuple[Sequence[str], Iterable[Sequence[object]]]] = {
        "Cases": (COLUMNS, (_values(case) for case in batch.cases)),
        "Persons": (_PERSONS, (line for case in batch.cases for line in _persons(case))),
        "Sources": (_SOURCES, (line for case in batch.cases for line in _sources(case))),
        "Withheld": (("what was withheld",), ((sentence,) for sentence in batch.notice.sentences())),
    }
    for name, (head, lines) in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(head) - 1, 80 if name == "Withheld" else 16)
        for column, heading in enumerate(head):
            sheet.write_string(0, column, heading, bold)
        for index, line in enumerate(lines, start=1):
            for column, value in enumerate(line):
                _write(sheet, index, column, value, text)
    book.close()
    return out.getvalue()


def _write(sheet: "Workbook.worksheet_class", index: int, column: int, value: object, text: Format) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(index, column, value)
    elif isinstance(value, int):
        sheet.write_number(index, column, value)
    elif value is not None:
        said = value.isoformat() if isinstance(value, date) else str(value)
        sheet.write_string(index, column, plain(said)[:_LONGEST], text)


def _values(case: DisclosedCase) -> list[object]:
    one = row(case)
    return [getattr(one, column) for column in COLUMNS]


def _persons(case: DisclosedCase) -> Iterator[tuple[object, ...]]:
    for one in case.victims:
        low, high = (one.age.min, one.age.max) if one.age else (None, None)
        yield case.number, one.label, one.name, one.sex, low, high, one.minor, one.nationality


def _sources(case: DisclosedCase) -> Iterator[tuple[object, ...]]:
    for one in case.sources:
        grade = one.grade
        graded = (
            (grade.source, grade.credibility, "person" if grade.by_person else "proposed") if grade else (None,) * 3
        )
        yield case.number, one.source_title, one.title, one.published, one.lang, one.origin, *graded, one.url
