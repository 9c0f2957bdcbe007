"""CSV and XLSX: the columns, what stands in them, and that no cell is run."""

import csv
import io
from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import msgspec
import pytest

from cases.exports import Batch, as_csv, as_xlsx
from cases.model import Authority, Persons, Report
from cases.register import Case

MakeCase = Callable[..., Case]
MakeBatch = Callable[..., Batch]
FORMULAS = ['=HYPERLINK("https://bad.example")', "+1", "-1+2", "@SUM(A1)", "\t=1", " =1", "＝1", "\r\n=1"]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def rows_of(content: bytes) -> list[dict[str, str]]:
    """Read as a program does that takes ``#`` for the beginning of a comment."""
    first, _, rest = content.decode().partition("\r\n")
    assert first.startswith("# ")
    return list(csv.DictReader(io.StringIO(rest, newline="")))


def sheets_of(content: bytes) -> dict[str, list[list[tuple[str, str]]]]:
    """Read a workbook: by sheet its rows, of each cell the type and the value."""
    with ZipFile(io.BytesIO(content)) as book:
        strings = ET.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(node.itertext()) for node in strings.iter(f"{MAIN}si")]
        names = [node.attrib["name"] for node in ET.fromstring(book.read("xl/workbook.xml")).iter(f"{MAIN}sheet")]
        return {
            name: [list(cells(row, texts)) for row in ET.fromstring(book.read(path)).iter(f"{MAIN}row")]
            for name, path in ((name, f"xl/worksheets/sheet{index}.xml") for index, name in enumerate(names, start=1))
        }


def cells(row: ET.Element, texts: list[str]) -> Iterator[tuple[str, str]]:
    for cell in row:
        assert cell.find(f"{MAIN}f") is None, "a formula"
        value = cell.findtext(f"{MAIN}v", "")
        kind = cell.attrib.get("t", "n")
        yield kind, texts[int(value)] if kind == "s" else value


def test_a_case_is_a_row(case_of: MakeCase, batch_of: MakeBatch) -> None:
    (line,) = rows_of(as_csv(batch_of(case_of())))
    assert line == {
        "case_no": "2026-0007", "rev": "3", "status": "new", "stage": "completed", "sending": "CN", "destination": "KP",
        "count_min": "1", "count_max": "1", "qualifier": "exact",
        "date_start": "2026-11-01", "date_end": "2026-11-30", "time_precision": "month",
        "place": "Yanbian, Jilin, CN", "geo_precision": "prefecture",
        "sources": "Outlet", "independent_sources": "1", "assertion": "asserted", "conflicts": "",
        "url": "https://outlet.example/2026-0007",
    }  # fmt: skip


def test_the_notice_is_one_line_before_the_header(case_of: MakeCase, batch_of: MakeBatch) -> None:
    first = as_csv(batch_of(case_of(), case_of("2026-0008", status="withheld"))).decode().split("\r\n")[0]
    assert "Cases in this file: 1; held back by people: 1." in first
    assert not set(first) & {",", '"'}


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_run_by_a_spreadsheet(formula: str, case_of: MakeCase, batch_of: MakeBatch) -> None:
    case = case_of()
    telling = msgspec.structs.replace(case.tellings[0], source_title=formula, title=formula)
    batch = batch_of(msgspec.structs.replace(case, tellings=(telling,)))
    (line,) = rows_of(as_csv(batch))
    assert line["sources"].startswith("'")
    assert not [value for value in line.values() if value.strip().startswith(("=", "+", "-", "@", "＝"))]
    told = sheets_of(as_xlsx(batch))["Sources"][1]
    assert {kind for kind, value in told if value and not value.isdigit()} == {"s"}


def test_an_open_count_is_an_empty_cell(report: Report, case_of: MakeCase, batch_of: MakeBatch) -> None:
    many = msgspec.structs.replace(report, persons=Persons(min=600, max=None, qualifier="at_least"))
    (line,) = rows_of(as_csv(batch_of(case_of(told=many))))
    assert (line["count_min"], line["count_max"], line["qualifier"]) == ("600", "", "at_least")


def test_outlets_that_disagree_stand_in_one_cell(report: Report, case_of: MakeCase, batch_of: MakeBatch) -> None:
    crowd = msgspec.structs.replace(
        report, victims=(), multiplicity="mass", persons=Persons(min=600, max=600), informants=()
    )
    case = case_of(told=crowd)
    fewer = msgspec.structs.replace(crowd, persons=Persons(min=500, max=500))
    other = msgspec.structs.replace(
        case.tellings[0],
        report=fewer,
        source="other",
        source_title="Other",
        url="https://other.example/1",
        article_text="Quite another text.",
    )
    (line,) = rows_of(as_csv(batch_of(msgspec.structs.replace(case, tellings=(*case.tellings, other)))))
    assert line["conflicts"] == "persons: 500 (Other) / 600 (Outlet)"
    assert line["sources"] == "Other; Outlet"
    assert line["url"] == "https://other.example/1 https://outlet.example/2026-0007"


def test_the_workbook_has_cases_persons_sources_and_what_was_withheld(case_of: MakeCase, batch_of: MakeBatch) -> None:
    sheets = sheets_of(as_xlsx(batch_of(case_of())))
    assert list(sheets) == ["Cases", "Persons", "Sources", "Withheld"]
    assert [value for _, value in sheets["Cases"][1]][:7] == ["2026-0007", "3", "new", "completed", "CN", "KP", "1"]
    assert [value for _, value in sheets["Persons"][1]] == ["2026-0007", "V1", "female", "KP"]
    assert "Cases in this file: 1; held back by people: 0" in [row[0][1] for row in sheets["Withheld"]]


def test_what_no_file_can_hold_is_left_out(report: Report, case_of: MakeCase, batch_of: MakeBatch) -> None:
    odd = msgspec.structs.replace(report, authorities=(Authority(name="x"),))
    case = case_of(told=odd, title="a\x00b\ud800c\u202ed\ne")
    assert [value for _, value in sheets_of(as_xlsx(batch_of(case)))["Sources"][1]][2] == "abcd e"
    assert as_csv(batch_of(case))


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_the_same_cases_give_the_same_bytes(
    write: Callable[[Batch], bytes], case_of: MakeCase, batch_of: MakeBatch
) -> None:
    one, other = case_of("2026-0001"), case_of("2026-0002")
    assert write(batch_of(one, other)) == write(batch_of(other, one))
