"""What is exported as a table opens in LibreOffice with every value as it was written, and no text becomes a formula."""

import csv
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from cases.exports import Batch, as_csv, as_xlsx
from cases.exports.cells import plain
from cases.exports.rows import COLUMNS, row
from cases.model import Report
from cases.register import Case

pytestmark = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="opens exports where LibreOffice is: apt-get install libreoffice-calc"
)
MakeCase = Callable[..., Case]
MakeBatch = Callable[..., Batch]
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", 'a "quoted", word', "two\nlines", "김 모 씨; 金某", "\t=1+1"]
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
"""Fields parted by commas, texts in quotation marks, UTF-8, as shown, every sheet to a file of its own."""


@pytest.fixture(scope="module")
def hostile(case_of: MakeCase, batch_of: MakeBatch, report: Report) -> Batch:
    told = [msgspec.structs.replace(report, stated_reason=text) for text in HOSTILE]
    cases = [case_of(f"2026-{n:04d}", told=one, title=HOSTILE[n]) for n, one in enumerate(told)]
    return batch_of(*cases)


def opened(file: Path, *wanted: str) -> Path:
    """Let LibreOffice open a file and write it in another format; gives the folder with what it wrote."""
    out = file.parent / "out"
    command = ["soffice", f"-env:UserInstallation=file://{file.parent}/profile", "--headless", "--norestore"]
    subprocess.run(
        [*command, "--convert-to", *wanted, "--outdir", out, file], check=True, capture_output=True, timeout=120
    )
    return out


def lines_of(file: Path) -> list[list[str]]:
    with file.open(newline="", encoding="utf-8") as opened_file:
        return list(csv.reader(opened_file))


def test_a_workbook_opens_with_every_sheet_and_every_value(hostile: Batch, tmp_path: Path) -> None:
    file = tmp_path / "cases.xlsx"
    file.write_bytes(as_xlsx(hostile))
    out = opened(file, EVERY_SHEET)
    sheets = {path.stem.removeprefix("cases-"): lines_of(path) for path in out.iterdir()}
    assert set(sheets) == {"Cases", "Persons", "Sources", "Withheld"}
    assert sheets["Cases"][0] == list(COLUMNS)
    shown = [
        ["" if (value := getattr(row(case), name)) is None else str(value) for name in COLUMNS]
        for case in hostile.cases
    ]
    assert sheets["Cases"][1:] == shown
    titles = [line[sheets["Sources"][0].index("title")] for line in sheets["Sources"][1:]]
    assert titles == [plain(case.sources[0].title) for case in hostile.cases]
    assert [line[0] for line in sheets["Withheld"][1:]] == list(hostile.notice.sentences())


def test_a_csv_opens_with_its_columns_and_nothing_computed(hostile: Batch, tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.write_bytes(as_csv(hostile))
    out = opened(file, "csv:Text - txt - csv (StarCalc):44,34,76", "--infilter=CSV:44,34,76")
    lines = lines_of(out / "cases.csv")
    assert lines[0][0].startswith("#")
    assert lines[1] == list(COLUMNS)
    assert [line[0] for line in lines[2:]] == [case.number for case in hostile.cases]
