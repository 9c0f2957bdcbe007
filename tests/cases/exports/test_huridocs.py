"""JSON after the Events Standard Formats: the codes, the roles, and that nothing is claimed."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from cases.disclosure import Policy
from cases.exports import Batch, as_json
from cases.model import Authority, LegalBasis, Outcome, Report
from cases.register import Case

MakeCase = Callable[..., Case]
MakeBatch = Callable[..., Batch]


def only(content: bytes) -> dict[str, Any]:
    (case,) = json.loads(content)["cases"]
    found: dict[str, Any] = case
    return found


def test_event_acts_and_persons_stand_with_their_codes(case_of: MakeCase, batch_of: MakeBatch) -> None:
    case = only(as_json(batch_of(case_of())))
    assert case["event"]["title"] == "Case 2026-0007: report of a forced return from CN to KP"
    assert case["event"]["violation_status"] == {"term": "unknown", "code": None}
    assert (case["event"]["first_date"], case["event"]["last_date"]) == ("2026-11-01", "2026-11-30")
    assert [act["type"]["code"] for act in case["acts"]] == ["330101000000", "030101000000"]
    assert case["acts"][0]["alleged_as"]["code"] == "380101000000"
    assert case["acts"][0]["status_at_end"]["code"] == "030200000000"
    assert case["acts"][0]["instruments"][0]["code"] == "090200000000"
    assert [(one["label"], one["name"], one["sex"]["term"]) for one in case["persons"]] == [("V1", None, "female")]
    assert case["involvement"][0]["type"]["code"] == "010104000000"
    assert case["involvement"][0]["degree"]["code"] == "010600000000"
    assert [one["url"] for one in case["information"]] == ["https://outlet.example/2026-0007"]


def test_every_code_has_twelve_digits(case_of: MakeCase, batch_of: MakeBatch) -> None:
    def codes(value: object) -> list[str]:
        if isinstance(value, dict):
            own = [value["code"]] if value.get("code") else []
            return own + [code for part in value.values() for code in codes(part)]
        return [code for part in value for code in codes(part)] if isinstance(value, list) else []

    found = codes(only(as_json(batch_of(case_of()))))
    assert len(found) > 6
    assert {len(code) for code in found} == {12}


@pytest.mark.parametrize(
    ("outcome", "code"),
    [("died", "010100000000"), ("imprisoned", "020200000000"), ("fate_unknown", "990000000000"), ("resettled", None)],
)
def test_what_became_of_somebody_is_the_status_at_the_end(
    outcome: str, code: str | None, report: Report, case_of: MakeCase, batch_of: MakeBatch
) -> None:
    told = msgspec.structs.replace(report, outcome=msgspec.convert({"value": outcome}, Outcome))
    assert only(as_json(batch_of(case_of(told=told))))["acts"][0]["status_at_end"]["code"] == code


def test_what_has_no_code_keeps_its_words(report: Report, case_of: MakeCase, batch_of: MakeBatch) -> None:
    told = msgspec.structs.replace(
        report,
        authorities=(Authority(name="A border post", type="border_guard"),),
        legal_bases=(LegalBasis(instrument="border protocol of 1986"),),
    )
    case = only(as_json(batch_of(case_of(told=told))))
    assert case["involvement"][0]["type"] == {"term": "border guard", "code": None}
    assert case["acts"][0]["instruments"][0]["term"] == "border protocol of 1986"


def test_who_told_it_leaves_only_where_the_operator_says_so(case_of: MakeCase, batch_of: MakeBatch) -> None:
    open_ = only(as_json(batch_of(case_of(), policy=Policy(informants=True))))
    assert open_["information"][-1] == {
        "connection": {"term": "relative of the victim", "code": "020101000000"},
        "name": None,
    }


def test_the_document_says_what_was_withheld_and_the_numbers_of_its_fields(
    case_of: MakeCase, batch_of: MakeBatch
) -> None:
    document = json.loads(as_json(batch_of(case_of(), case_of("2026-0008", status="embargoed"))))
    assert (document["withheld"]["exported"], document["withheld"]["held_back"]) == (1, 1)
    assert document["fields"]["acts.type"] == "2109"
