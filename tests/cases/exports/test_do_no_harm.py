"""Whatever the case: no name, no informant, no small place, no day and no four traits of one person leave in any format."""

import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zipfile import ZipFile

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.disclosure import Policy
from cases.exports import Batch, as_csv, as_geojson, as_gold, as_json, as_uwazi, as_wacz, as_xlsx, gather, label
from cases.gazetteer import gazetteer
from cases.merging import whole
from cases.model import Age, Authority, Collateral, Event, Informant, LegalBasis, Mention, Place, Report, Stage, Victim
from cases.register import Case, CaseStatus, Telling
from cases.whereabouts import FINE

NOW = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
PEOPLE = ["Ryom Myong-suk", "Tae Chol-min", "Piao Guang", "Ok Bo-ra", "염명숙", "廉明淑", "朴光"]
SMALL = [
    row
    for row in gazetteer()
    if row.level in FINE and gazetteer().country(row) in {"CN", "KP"} and not any(form.weak for form in row.forms["en"])
]
OF_PROVINCES = {part for row in gazetteer() if row.level == "province" for part in (row.name, *row.name.split())}
WIDE_NAMES = {part for row in gazetteer() if row.level not in FINE for part in row.name.split()}
FILLER = ["officers came", "to the house", "at night", "=1+1", "a|b", "her mother", "왔다", "被带走"]
MONTHLY = frozenset({"day", "few_days", "week", "month"})


@st.composite
def cases(draw: st.DrawFn, number: str = "2026-0007") -> Case:
    """A case whose every text repeats people, small places and days."""
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=4, unique=True))
    rows = draw(st.lists(st.sampled_from(SMALL), max_size=2, unique_by=lambda row: row.id))
    days = [date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 300))) for _ in range(2)]
    above = [one.name for row in rows for one in gazetteer().parents(row) if one.level == "prefecture"]
    spoken = [
        *people,
        *(row.name for row in rows),
        *above,
        *(f"{day:%B} {day.day}, {day.year}" for day in days),
        *FILLER,
    ]

    def prose() -> str:
        return " ".join(draw(st.lists(st.sampled_from(spoken), min_size=2, max_size=8))) + "."

    report = Report(
        mention=Mention.PRIMARY,
        stage=draw(st.sampled_from(list(Stage))),
        from_state="CN",
        to_state="KP",
        victims=tuple(draw(victims(f"V{place}", name)) for place, name in enumerate(people[:-1], start=1)),
        events=(
            Event(type="arrest", start=days[0], end=days[0], precision="day", raw=days[0].isoformat()),
            Event(type="return", start=days[1], end=days[1], precision="day", raw=days[1].isoformat()),
        ),
        places=tuple(place_of(row.id) for row in rows),
        authorities=(Authority(name=prose(), type="police", country="CN"),),
        legal_bases=(LegalBasis(instrument=prose(), invoked_by=prose()),),
        stated_reason=prose(),
        state_label=prose(),
        informants=(Informant(kind="relative", name=people[-1], relation="husband"),),
        collateral=(Collateral(act="detention", person=people[-1], days=10),),
    )
    telling = Telling(
        report=report,
        url="https://outlet.example/story",
        title=prose(),
        source="outlet",
        source_title="Outlet",
        published=NOW,
        lang="en",
        article_text=prose() + "\n" + prose(),
    )
    return Case(
        id=f"id-{number}",
        number=number,
        revision=1,
        status=CaseStatus.CONFIRMED,
        report=whole((telling,)),
        tellings=(telling,),
        opened_at=NOW,
        changed_at=NOW,
    )


@st.composite
def victims(draw: st.DrawFn, name_label: str, name: str) -> Victim:
    years = draw(st.integers(5, 80))
    return Victim(
        label=name_label,
        name=name,
        sex=draw(st.sampled_from(["female", "male", None])),
        age=draw(st.sampled_from([None, Age(min=years, max=years, raw=str(years))])),
        minor=years < 18 or None,
        pregnant=draw(st.sampled_from([True, None])),
        nationality="KP",
        relation="wife of the informant",
    )


def has_a_child(case: Case) -> bool:
    return any(victim.minor for victim in case.report.victims)


def place_of(place_id: str) -> Place:
    row = gazetteer()[place_id]
    return Place(
        role="arrest",
        name=row.name,
        parents=tuple(one.name for one in gazetteer().parents(row) if one.level != "country"),
        country=gazetteer().country(row),
        level=row.level,
        gazetteer_id=row.id,
    )


def texts(batch: Batch, case: Case) -> dict[str, str]:
    """Give all that every format says, as text."""
    packed = {"uwazi": as_uwazi(batch), "xlsx": as_xlsx(batch), "wacz": as_wacz(batch, ())}
    written: dict[str, Callable[[Batch], bytes]] = {"csv": as_csv, "json": as_json, "geojson": as_geojson}
    return {
        **{name: write(batch).decode() for name, write in written.items()},
        **{name: unpacked(content) for name, content in packed.items()},
        "gold": as_gold(label([case], {}, Policy())).decode(),
    }


def unpacked(content: bytes) -> str:
    with ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "ignore") for name in archive.namelist())


@settings(max_examples=60)
@given(cases())
def test_no_name_no_small_place_and_no_day_leaves_in_any_format(case: Case) -> None:
    batch = gather([case], Policy(), now=NOW)
    secrets = {name for victim in case.report.victims if (name := victim.name)} | {
        one.name for one in case.report.informants if one.name
    }
    small = {place.name for place in case.report.places} - WIDE_NAMES
    days = {f"{event.start:%B} {event.start.day}," for event in case.report.events if event.start}
    for name, said in texts(batch, case).items():
        found = {secret for secret in secrets | days if secret in said}
        found |= {place for place in small if f" {place} " in f" {said} " or f'"{place}"' in said}
        assert not found, (name, found)
        assert "wife of the informant" not in said
        assert "husband" not in said
    for event in batch.cases[0].events:
        assert (event.start or NOW.date()).day == 1


@settings(max_examples=150)
@given(cases())
def test_at_most_three_traits_of_a_person_leave_together(case: Case) -> None:
    (shown,) = gather([case], Policy(), now=NOW).cases
    near = any(place.level == "prefecture" for place in shown.places)
    assert not (near and any(victim.minor for victim in shown.victims))
    month = any(event.precision in MONTHLY for event in shown.events)
    for victim in shown.victims:
        aged = victim.age is not None or bool(victim.minor)
        assert sum((near, month, aged, victim.sex is not None)) <= 3
    assert not [place for place in shown.places if place.level in FINE]


@settings(max_examples=60)
@given(cases().filter(has_a_child))
def test_no_prefecture_of_a_child_leaves_in_any_format(case: Case) -> None:
    batch = gather([case], Policy(), now=NOW)
    near = {parent for place in case.report.places for parent in place.parents} | {
        place.name for place in case.report.places
    }
    assert batch.cases[0].widened
    for name, said in texts(batch, case).items():
        found = {place for place in near - OF_PROVINCES if f" {place} " in f" {said} " or f'"{place}"' in said}
        assert not found, (name, found)


@settings(max_examples=20)
@given(cases(), st.sampled_from([CaseStatus.WITHHELD, CaseStatus.EMBARGOED, CaseStatus.REJECTED]))
def test_nothing_of_a_case_that_is_held_back_leaves(case: Case, status: CaseStatus) -> None:
    held = Case(**{name: getattr(case, name) for name in case.__struct_fields__} | {"status": status})
    batch = gather([held], Policy(names=True, exact_dates=True, exact_places=True, informants=True), now=NOW)
    for said in (as_csv(batch), as_json(batch), as_geojson(batch)):
        assert case.number.encode() not in said
    assert case.number not in unpacked(as_uwazi(batch)) + unpacked(as_xlsx(batch))
    assert json.loads(as_json(batch))["withheld"]["held_back"] == 1
    assert as_gold(label([held], {}, Policy())) == b""
