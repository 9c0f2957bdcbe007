"""A case of invented people, and batches of such cases."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import msgspec
import pytest

from cases.disclosure import Policy
from cases.exports import Batch, gather
from cases.merging import whole
from cases.model import Age, Authority, Event, Informant, LegalBasis, Mention, Persons, Place, Report, Stage, Victim
from cases.register import Case, CaseStatus, Telling

NOW = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
MakeCase = Callable[..., Case]
MakeBatch = Callable[..., Batch]


@pytest.fixture(scope="session")
def report() -> Report:
    return Report(
        mention=Mention.PRIMARY,
        stage=Stage.COMPLETED,
        from_state="CN",
        to_state="KP",
        multiplicity="individual",
        persons=Persons(min=1, max=1),
        victims=(Victim(label="V1", name="Ryom Myong-suk", sex="female", age=Age(min=34, max=34), nationality="KP"),),
        events=(
            Event(type="arrest", start=date(2026, 10, 3), end=date(2026, 10, 3), precision="day"),
            Event(type="return", start=date(2026, 11, 12), end=date(2026, 11, 12), precision="day"),
        ),
        places=(
            Place(
                role="arrest",
                name="Hunchun",
                parents=("Jilin Province",),
                country="CN",
                level="county",
                gazetteer_id="CN-222404",
            ),
        ),
        authorities=(Authority(name="Hunchun police station", type="police", country="CN"),),
        legal_bases=(LegalBasis(instrument="Refugee Convention"),),
        informants=(Informant(kind="relative", name="Piao Guang"),),
    )


@pytest.fixture(scope="session")
def case_of(report: Report) -> MakeCase:
    """Make a case that one outlet tells; anything may be said otherwise."""

    def make(
        number: str = "2026-0007", *, told: Report = report, title: str = "A woman is sent back", **other: object
    ) -> Case:
        telling = Telling(
            report=told,
            url=f"https://outlet.example/{number}",
            title=title,
            source="outlet",
            source_title="Outlet",
            published=datetime(2026, 11, 14, tzinfo=UTC),
            lang="en",
            article_text="Ryom Myong-suk was taken in Hunchun on October 3, 2026, says Piao Guang.",
        )
        case = Case(
            id=f"id-{number}",
            number=number,
            revision=3,
            status=CaseStatus.NEW,
            report=whole((telling,)),
            tellings=(telling,),
            opened_at=NOW,
            changed_at=NOW,
        )
        return msgspec.structs.replace(case, **other)

    return make


@pytest.fixture(scope="session")
def batch_of() -> MakeBatch:
    def make(*cases: Case, policy: Policy | None = None) -> Batch:
        return gather(cases, policy or Policy(), now=NOW)

    return make
