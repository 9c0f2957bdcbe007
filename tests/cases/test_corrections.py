from datetime import date

import pytest

from cases.corrections import corrected, parse
from cases.errors import UsageError
from cases.model import Evidence, Mention, Outcome, Persons, Report, Stage
from cases.register import Correction

DAY = date(2026, 11, 2)
TOLD = Report(
    mention=Mention.PRIMARY,
    stage=Stage.IMMINENT,
    to_state="KP",
    evidence=(
        Evidence(field="to", text="to North Korea", start=0, end=14),
        Evidence(field="stage", text="soon", start=20, end=24),
    ),
)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("to=kp", "KP"),
        ("risk_state = CN", "CN"),
        ("stage=completed", "completed"),
        ("to=", None),
        ("persons=unknown", None),
        ("persons=600", {"min": 600, "max": 600, "qualifier": "exact", "raw": None}),
        ("persons=about 600", {"min": 600, "max": 600, "qualifier": "about", "raw": None}),
        ("persons=at least 20", {"min": 20, "max": None, "qualifier": "at_least", "raw": None}),
        ("persons=4–6", {"min": 4, "max": 6, "qualifier": "exact", "raw": None}),
        ("outcome=released", {"value": "released", "as_of": "2026-11-02"}),
        ("stated_reason=no papers = no stay", "no papers = no stay"),
    ],
)
def test_a_correction_is_read_as_a_person_writes_it(written: str, value: object) -> None:
    found = parse(written, as_of=DAY)
    assert (found.field, found.value) == (written.partition("=")[0].strip(), value)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("to", "FIELD=VALUE"),
        ("name=Kim", "expected FIELD=VALUE, with one of"),
        ("to=North Korea", "two letters"),
        ("stage=gone", "expected one of feared"),
        ("persons=many", "a number or an interval"),
        ("persons=6-4", "smaller number first"),
        ("outcome=happy", "happy"),
    ],
)
def test_what_is_no_correction_is_refused_with_what_was_expected(written: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        parse(written, as_of=DAY)


def test_a_corrected_value_has_no_sentence_and_the_others_keep_theirs() -> None:
    report = corrected(TOLD, [Correction(field="to", value="LA")])
    assert (report.to_state, [one.field for one in report.evidence]) == ("LA", ["stage"])


def test_the_last_correction_of_a_field_counts_and_nothing_can_be_one_too() -> None:
    report = corrected(TOLD, [Correction(field="to", value="LA"), Correction(field="to", value=None)])
    assert report.to_state is None


@pytest.mark.parametrize(
    ("written", "attribute", "value"),
    [
        ("persons=7", "persons", Persons(min=7, max=7)),
        ("stage=completed", "stage", Stage.COMPLETED),
        ("outcome=died", "outcome", Outcome(value="died", as_of=DAY)),
    ],
)
def test_a_value_comes_back_from_the_store_as_what_it_was(written: str, attribute: str, value: object) -> None:
    assert getattr(corrected(TOLD, [parse(written, as_of=DAY)]), attribute) == value
