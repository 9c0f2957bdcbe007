"""Places in their chains: one spot under many names, and names that cannot be compared."""

import pytest

from cases.model import Mention, Place, PlaceLevel, Report, Stage
from cases.whereabouts import folded, scenes, shared_level, within


def place(
    name: str, *parents: str, level: PlaceLevel | None = "county", known_as: str | None = None, country: str = "CN"
) -> Place:
    return Place(role="arrest", name=name, parents=parents, level=level, gazetteer_id=known_as, country=country)


HUNCHUN = place("Hunchun", "Jilin", known_as="CN-222404")


@pytest.mark.parametrize(
    ("other", "level"),
    [
        (place("珲春", known_as="CN-222404"), "county"),
        (place("hunchun city"), "county"),
        (place("Tumen", known_as="CN-222402"), "prefecture"),
        (place("Yanbian", level="prefecture", known_as="CN-2224"), "prefecture"),
        (place("Somewhere", "Jilin Province"), "province"),
        (place("Dandong", "Liaoning", level="prefecture", known_as="CN-2106"), None),
        (place("훈춘"), None),
    ],
)
def test_two_places_meet_on_the_finest_level_they_share(other: Place, level: PlaceLevel | None) -> None:
    assert shared_level(HUNCHUN, other) == level == shared_level(other, HUNCHUN)


@pytest.mark.parametrize(
    ("other", "agrees"),
    [
        (place("Yanbian", level="prefecture", known_as="CN-2224"), True),
        (place("Jilin", level="province"), True),
        (place("Tumen", known_as="CN-222402"), False),
        (place("Dandong", level="prefecture"), False),
        (place("暉春"), True),
    ],
)
def test_a_place_agrees_with_what_it_lies_in_and_with_what_nobody_can_compare(other: Place, agrees: bool) -> None:
    assert within(HUNCHUN, other) is agrees is within(other, HUNCHUN)


@pytest.mark.parametrize(
    ("name", "plain"), [("Jilin City", "jilin"), ("Ji’an", "jian"), ("沈阳市", "沈阳"), ("City", "city")]
)
def test_kind_words_and_marks_do_not_make_another_place(name: str, plain: str) -> None:
    assert folded(name) == plain


def test_an_unknown_id_of_the_gazetteer_is_no_chain() -> None:
    assert shared_level(place("Hunchun", known_as="XX-1"), HUNCHUN) == "county"


def test_scenes_lie_in_the_state_that_returns() -> None:
    report = Report(
        mention=Mention.PRIMARY,
        stage=Stage.COMPLETED,
        from_state="CN",
        places=(
            HUNCHUN,
            place("Seoul", level="province", country="KR"),
            Place(role="origin", name="Hoeryong", country="KP"),
        ),
    )
    assert scenes(report) == [HUNCHUN]
