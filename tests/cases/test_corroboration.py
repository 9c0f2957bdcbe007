"""Origins, not outlets; and disagreements side by side."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from cases.corroboration import counts_overlap, disagreements, origins
from cases.model import Event, Informant, Mention, Persons, Place, Report, Stage, Telling

PLAIN = Report(mention=Mention.PRIMARY, stage=Stage.COMPLETED, from_state="CN", to_state="KP")


def told(outlet: str, text: str = "", **fields: object) -> Telling:
    return Telling(
        report=msgspec.structs.replace(PLAIN, **fields),
        url=f"https://{outlet}.example/",
        title="",
        source=outlet,
        source_title=outlet.title(),
        published=datetime(2026, 11, 1, tzinfo=UTC),
        lang="en",
        article_text=text or f"Written by {outlet}.",
    )


def citing(name: str, *, pseudonym: bool | None = None) -> tuple[Informant, ...]:
    return (Informant(kind="activist", name=name, pseudonym=pseudonym),)


@pytest.mark.parametrize(
    ("tellings", "count"),
    [
        ([told("north")], 1),
        ([told("north"), told("south")], 2),
        ([told("north"), told("north")], 1),
        ([told("north", "Wire."), told("south", " Wire.\n"), told("west")], 2),
        ([told("north"), told("south", informants=citing("NORTH"))], 1),
        ([told(outlet, informants=citing("Tae Chol-min")) for outlet in ("a", "b", "c", "d", "e")], 1),
        ([told(outlet, informants=citing("Tae Chol-min", pseudonym=True)) for outlet in ("a", "b")], 2),
        ([told("north"), told("south", mention=Mention.BACKGROUND)], 1),
    ],
)
def test_origins_are_counted_and_not_outlets(tellings: list[Telling], count: int) -> None:
    assert origins(tellings) == count


def test_two_chains_that_meet_late_are_one_origin() -> None:
    meeting = told("third", informants=(*citing("North"), *citing("South")))
    assert origins([told("north"), told("south"), meeting]) == 1


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Persons(min=600, max=600), Persons(min=500, max=None, qualifier="at_least"), True),
        (Persons(min=600, max=600), Persons(min=550, max=550, qualifier="about"), True),
        (Persons(min=600, max=600), Persons(min=500, max=500), False),
        (Persons(min=600, max=600), Persons(min=200, max=300), False),
        (Persons(min=8, max=9), Persons(min=9, max=9), True),
    ],
)
def test_figures_may_both_be_right(one: Persons, other: Persons, both: bool) -> None:
    assert counts_overlap(one, other) is both is counts_overlap(other, one)


def test_counts_days_and_places_that_exclude_each_other_are_named_with_their_tellings() -> None:
    def seven(outlet: str, day: int, town: str, count: int = 7) -> Telling:
        when = date(2019, 4, day)
        return told(
            outlet,
            persons=Persons(min=count, max=count),
            events=(Event(type="arrest", start=when, end=when, precision="day"),),
            places=(Place(role="held", name=town, parents=("Liaoning",), country="CN", level="prefecture"),),
        )

    found = disagreements([seven("a", 27, "Shenyang"), seven("b", 28, "Anshan", 8), told("c")])
    assert [(one.field, one.tellings) for one in found] == [
        ("persons", (0, 1)),
        ("events.arrest", (0, 1)),
        ("places.held", (0, 1)),
    ]


def test_a_coarser_telling_disagrees_with_nothing() -> None:
    month = Event(type="arrest", start=date(2019, 4, 1), end=date(2019, 4, 30), precision="month")
    day = Event(type="arrest", start=date(2019, 4, 28), end=date(2019, 4, 28), precision="day")
    province = Place(role="held", name="Liaoning", country="CN", level="province")
    town = Place(role="held", name="Anshan", parents=("Liaoning",), country="CN", level="prefecture")
    assert (
        disagreements([told("a", events=(month,), places=(province,)), told("b", events=(day,), places=(town,))]) == ()
    )
