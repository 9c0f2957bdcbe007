"""The ZIP for Uwazi, read back by a reader that follows the rules of Uwazi's own import."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any
from zipfile import ZipFile

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.disclosure import Policy
from cases.exports import Batch, as_uwazi
from cases.exports.uwazi import PROPERTIES, choice, label, link, several, text
from cases.model import Authority, LegalBasis, Place, Report
from cases.register import Case

MakeCase = Callable[..., Case]
MakeBatch = Callable[..., Batch]
HOSTILE = [
    "a|b",
    "a::b",
    "a:b",
    "a\nb",
    'a"b',
    "a,b",
    "N/A",
    "null",
    "  a  b ",
    "=1+1",
    "a:::b|c::d",
    "|",
    "::",
    "-",
    "값|값",
]


# -- a reader after Uwazi's rules -------------------------------------------------------------------------------------


class Uwazi:
    """Reads a cell by the type of its property, as the import does: squeezes, splits, drops and refuses."""

    def read(self, kind: str, cell: str) -> Any:  # noqa: ANN401 - each type has values of its own
        return getattr(self, f"_{kind}")(cell)

    def _text(self, cell: str) -> str:
        squeezed = re.sub(r"\s+", " ", cell).strip()
        return "" if squeezed.casefold() in {"null", "undefined", "n/a"} else squeezed

    _title = _text

    def _numeric(self, cell: str) -> int | None:
        return int(cell) if cell else None

    def _select(self, cell: str) -> str:
        (only,) = self._multiselect(cell) or [""]
        return only

    def _multiselect(self, cell: str) -> list[str]:
        labels = [part.strip() for part in cell.split("|") if part.strip()]
        assert not [one for one in labels if "::" in one], "a group that does not exist"
        return [kept for one in labels if (kept := self._text(one))]

    def _relationship(self, cell: str) -> list[str]:
        return list(dict.fromkeys(part for part in cell.split("|") if part))

    def _date(self, cell: str) -> date | None:
        return self._day(cell) if cell else None

    def _daterange(self, cell: str) -> tuple[date | None, date | None] | None:
        if not cell:
            return None
        start, end = cell.split(":")
        return self._date(start), self._date(end)

    def _geolocation(self, cell: str) -> tuple[float, float] | None:
        if not cell:
            return None
        lat, lon = cell.split("|")
        return float(lat), float(lon)

    def _link(self, cell: str) -> tuple[str, str] | None:
        if not cell:
            return None
        name, url = cell.split("|")
        assert re.match(r"https?://[^/]+", url), "a link without a host is dropped"
        return name, url

    @staticmethod
    def _day(cell: str) -> date:
        assert re.fullmatch(r"\d{4}/\d\d/\d\d", cell), "a partial date is no date"
        return date.fromisoformat(cell.replace("/", "-"))


def imported(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """Give the entities of each template with their values."""
    found = {}
    with ZipFile(io.BytesIO(content)) as archive:
        assert "import.csv" in archive.namelist(), "the import looks for it in the root"
        for template, properties in PROPERTIES.items():
            name = "import.csv" if template == "Case" else f"templates/{template.lower().replace(' ', '_')}.csv"
            lines = list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8"), newline="")))
            found[template] = [
                {column: Uwazi().read(properties[column], cell) for column, cell in line.items()} for line in lines
            ]
    return found


# -- what is written --------------------------------------------------------------------------------------------------


def test_a_case_is_imported_with_what_is_tied_to_it(case_of: MakeCase, batch_of: MakeBatch) -> None:
    entities = imported(as_uwazi(batch_of(case_of())))
    (case,) = entities["Case"]
    assert case["Title"] == "Case 2026-0007"
    assert case["Date of the act"] == (date(2026, 11, 1), date(2026, 11, 30))
    assert case["Dates as told"] == "arrest: 2026-10-01 to 2026-10-31 (month); return: 2026-11-01 to 2026-11-30 (month)"
    assert (case["Persons at least"], case["Persons as told"], case["Stage"]) == (1, "exact", "completed")
    assert case["First source"] == ("Outlet", "https://outlet.example/2026-0007")
    ties = {"Places": "Place", "Authorities": "Authority", "Persons": "Person", "Sources": "Source article"}
    for column, template in ties.items():
        assert case[column]
        assert set(case[column]) == {entity["Title"] for entity in entities[template]}


def test_titles_are_unique_and_the_same_the_next_time(case_of: MakeCase, batch_of: MakeBatch) -> None:
    cases = [case_of(f"2026-{number:04}") for number in range(5)]
    entities = imported(as_uwazi(batch_of(*cases)))
    for found in entities.values():
        titles = [entity["Title"] for entity in found]
        assert len(set(titles)) == len(titles)
    again = imported(as_uwazi(batch_of(cases[2])))
    assert again["Source article"][0] in entities["Source article"]
    assert as_uwazi(batch_of(*cases)) == as_uwazi(batch_of(*reversed(cases)))


def test_a_range_may_be_open(report: Report, case_of: MakeCase, batch_of: MakeBatch) -> None:
    event = msgspec.structs.replace(report.events[1], end=None, precision="range")
    told = msgspec.structs.replace(report, events=(event,))
    (case,) = imported(as_uwazi(batch_of(case_of(told=told))))["Case"]
    assert case["Date of the act"] == (date(2026, 11, 1), None)


def test_a_point_is_the_centre_of_a_prefecture_even_where_towns_may_leave(
    report: Report, case_of: MakeCase, batch_of: MakeBatch
) -> None:
    place = Place(
        role="held",
        name="Changyi",
        parents=("Jilin City", "Jilin"),
        country="CN",
        level="county",
        gazetteer_id="CN-220202",
    )
    told = msgspec.structs.replace(report, places=(place,))
    (case,) = imported(as_uwazi(batch_of(case_of(told=told), policy=Policy(exact_places=True))))["Case"]
    assert case["Location_geolocation"] == (43.83, 126.54)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_values_come_back_as_one_value_each(
    hostile: str, report: Report, case_of: MakeCase, batch_of: MakeBatch
) -> None:
    told = msgspec.structs.replace(
        report,
        authorities=(Authority(name=hostile), Authority(name="Other")),
        legal_bases=(LegalBasis(instrument=hostile),),
    )
    case = case_of(told=told, title=hostile)
    outlet = msgspec.structs.replace(case.tellings[0], source_title=hostile)
    entities = imported(as_uwazi(batch_of(msgspec.structs.replace(case, tellings=(outlet,)))))
    (case_line,), (source,) = entities["Case"], entities["Source article"]
    assert same(source["Headline"], hostile)
    assert same(source["Outlet"], hostile)
    assert [same(one, hostile) for one in case_line["Legal bases"]] == [True]
    assert {entity["Title"] for entity in entities["Authority"]} == set(case_line["Authorities"])
    assert len(case_line["Authorities"]) == 2
    assert same(case_line["First source"][0], hostile)
    assert source["Address"][1] == "https://outlet.example/2026-0007"


def same(read: str, meant: str) -> bool:
    """Whether a value is what was meant: signs that part values look alike only, and whitespace is squeezed."""
    looks = read.replace("¦", "|").replace("∶", ":").strip("“”").removeprefix("'")
    return looks == " ".join(meant.split())


@given(st.lists(st.text(min_size=1), max_size=6))
def test_any_text_survives_as_a_single_value(values: list[str]) -> None:
    for value in values:
        assert Uwazi().read("text", text(value)) == text(value)
        assert Uwazi().read("select", choice(value)) == choice(value)
        assert Uwazi().read("link", link(value, "https://a.example/x|y"))[1] == "https://a.example/x%7Cy"
    expected = list(dict.fromkeys(filter(None, map(label, values))))
    assert Uwazi().read("multiselect", several(values)) == expected
    assert Uwazi().read("relationship", several(values)) == expected


def test_an_address_without_a_protocol_is_no_link() -> None:
    assert link("Outlet", "outlet.example/1") == link("Outlet", "") == link("Outlet", "javascript:alert(1)") == ""


def test_the_readme_says_what_was_withheld_and_how_to_import(case_of: MakeCase, batch_of: MakeBatch) -> None:
    with ZipFile(io.BytesIO(as_uwazi(batch_of(case_of(), case_of("2026-0008", status="withheld"))))) as archive:
        readme = archive.read("README.txt").decode()
    assert "Cases in this file: 1; held back by people: 1." in readme
    assert "  Date of the act: daterange" in readme
    assert "templates/source_article.csv as Source article" in readme
