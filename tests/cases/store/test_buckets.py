"""Where a case is kept, a report that may tell it looks: whatever their dates and routes leave open."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cases.likeness import compare
from cases.linking import JOIN
from cases.model import Event, Mention, Persons, Place, Report, Stage
from cases.register import Telling
from cases.store.buckets import buckets_for, buckets_of

DAY = date(2026, 1, 1)


@st.composite
def tellings(draw: st.DrawFn) -> Telling:
    start = DAY + timedelta(days=draw(st.integers(0, 800)))
    end = start + timedelta(days=draw(st.sampled_from([0, 0, 0, 6, 30, 61, 90, 364, 900, 4000])))
    kind = draw(st.sampled_from(["arrest", "return"]))
    event = Event(type="arrest" if kind == "arrest" else "return", start=start, end=end, precision="range")
    published = draw(st.one_of(st.none(), st.integers(0, 900)))
    return Telling(
        report=Report(
            mention=Mention.PRIMARY,
            stage=Stage.COMPLETED,
            from_state="CN",
            to_state=draw(st.sampled_from(["KP", None])),
            risk_state=draw(st.sampled_from([None, "KP"])),
            persons=Persons(min=600, max=600),
            multiplicity="mass",
            events=draw(st.sampled_from([(), (event,)])),
            places=(Place(role="arrest", name="Hunchun", parents=("Jilin",), country="CN", level="county"),),
        ),
        url="https://a.example/",
        title="",
        source="a",
        source_title="A",
        published=None if published is None else datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=published),
        lang="en",
    )


@given(tellings(), tellings())
def test_whatever_would_join_is_found_when_the_days_are_near(known: Telling, new: Telling) -> None:
    likeness = compare(known, new)
    if likeness.contradicts or likeness.weight < JOIN or not {"days", "published"} & set(likeness.agrees):
        return
    assert buckets_of([known]) & buckets_for(new.report, new.published)


def test_a_report_looks_in_few_buckets(now: datetime) -> None:
    report = Report(
        mention=Mention.PRIMARY,
        stage=Stage.COMPLETED,
        to_state="KP",
        events=(Event(type="arrest", start=date(2026, 11, 12), end=date(2026, 11, 12), precision="day"),),
    )
    assert buckets_for(report, now) == {
        f"{route}/{when}"
        for route in ("KP", "-")
        for when in (
            *("2026-09", "2026-10", "2026-11", "2026-12", "2027-01", "2026", "2027"),
            *("told:2026-10", "told:2026-11", "told:2026-12"),
        )
    }
