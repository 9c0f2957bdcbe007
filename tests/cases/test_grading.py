"""The machine proposes little, people set any grade, and outlets that repeat one another corroborate nothing."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from cases.disclosure import Policy, disclose
from cases.grading import Grade, corroboration, grades, proposed
from cases.merging import whole
from cases.model import Event, Informant, Mention, Persons, Report, Stage
from cases.register import Case, CaseStatus, Telling

AT = datetime(2026, 11, 22, tzinfo=UTC)


def told(outlet: str, count: int = 600, text: str = "", **other: object) -> Telling:
    report = Report(
        mention=Mention.PRIMARY,
        stage=Stage.COMPLETED,
        from_state="CN",
        to_state="KP",
        persons=Persons(min=count, max=count),
        events=(Event(type="return", start=date(2026, 10, 9), end=date(2026, 10, 9), precision="day"),),
    )
    known = {"report": report, "url": f"https://{outlet}.example/1", "title": outlet, "source": outlet}
    rest = {"source_title": outlet.title(), "published": AT, "lang": "en", "article_text": text or f"Told by {outlet}."}
    return Telling(**(known | rest | other))  # type: ignore[arg-type]  # fields by name


def official(telling: Telling) -> Telling:
    report = msgspec.structs.replace(telling.report, informants=(Informant(kind="official"),))
    return msgspec.structs.replace(telling, report=report)


@pytest.mark.parametrize(
    ("tellings", "how", "credibility"),
    [
        ((told("north"),), "single", 6),
        ((told("north"), told("west", credits=("North",))), "multiple_same_origin", 6),
        ((told("north"), told("west")), "multiple_independent", 3),
        ((told("north"), told("west", 9)), "multiple_independent", 6),
        ((told("north"), official(told("west"))), "official", 3),
        ((official(told("north")),), "single", 6),
    ],
)
def test_only_independent_origins_that_agree_are_proposed_as_possibly_true(
    tellings: tuple[Telling, ...], how: str, credibility: int
) -> None:
    assert (corroboration(tellings), proposed(tellings)) == (how, credibility)
    assert {grade.credibility for grade in grades(tellings)} == {credibility}
    assert not any(grade.by_person for grade in grades(tellings))


def test_what_a_person_sets_stands_above_what_is_proposed() -> None:
    given = grades((told("north", credibility=1, source_grade="B"), told("west")))
    assert given == (
        Grade(source="B", credibility=1, by_person=True),
        Grade(source="F", credibility=3, by_person=False),
    )


def test_what_is_mentioned_in_passing_is_not_to_be_judged() -> None:
    aside = told("west")
    aside = msgspec.structs.replace(
        aside, report=msgspec.structs.replace(aside.report, mention=Mention.PREVIOUSLY_REPORTED)
    )
    assert grades((told("north"), told("south"), aside))[2].credibility == 6


def test_grades_leave_with_the_case_and_say_who_set_them() -> None:
    tellings = (told("north", source_grade="C"), told("west"))
    case = Case(
        id="id",
        number="2026-0001",
        revision=1,
        status=CaseStatus.NEW,
        report=whole(tellings),
        tellings=tellings,
        opened_at=AT,
        changed_at=AT,
    )
    shown = disclose(case, Policy())
    assert shown is not None
    assert [source.grade for source in shown.sources] == list(grades(tellings))
    assert shown.corroboration == "multiple_independent"
