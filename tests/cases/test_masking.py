"""What a mask takes out of a text, and what it leaves."""

import pytest

from cases.coarsening import area_of
from cases.masking import days_mask, names_mask, places_mask
from cases.model import Place

NAMES = names_mask(
    {
        "Mun Ha-eun": "V1",
        "문하은": "V1",
        "文夏恩": "V1",
        "Ryu": "V2",
        "Ли Чхоль": "V3",
        "최 모씨": "V4",
        "Sŏk Ji-u": "V5",
        "B": "V6",
    }
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("MUN HA EUN, Haeun Mun and Mun Ha-eun’s son", "V1, V1 and V1’s son"),
        ("Ms. Mun met Mr Ryu; Mun wept", "V1 met V2; V1 wept"),
        ("a munition, a Muncher, the ryus", "a munition, a Muncher, the ryus"),
        ("문하은은 하은 씨와 문씨", "V1은 V1 씨와 V1"),
        ("文夏恩被带走，文女士", "V1被带走，V1"),
        ("Задержали Ли Чхоля", "Задержали V3"),
        ("최 모(31) 씨와 최모씨", "V4(31) 씨와 V4"),
        ("Sok Ji U and Sŏk Jiu", "V5 and V5"),
        ("Ms. B and B alone, but not ABC", "V6 and V6 alone, but not ABC"),
        ("The miner Bogdan Ryu left; Mr. Bogdan Ryu wept. Then Ryu went.", "The miner V2 left; V2 wept. Then V2 went."),
    ],
)
def test_a_name_goes_in_every_form(text: str, masked: str) -> None:
    assert NAMES(text) == masked


def test_an_everyday_word_goes_only_after_a_title() -> None:
    assert names_mask({"An": "V1"})("An officer took Ms. An.") == "An officer took V1."


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("On January 23, 2016, police", "On [January] 2016, police"),
        ("on 8 and 9 October 2023", "on [October] 2023"),
        ("returned on September 21. They wept", "returned on [September]. They wept"),
        ("38 on September 4, 25 on September 11th", "38 on [September], 25 on [September]"),
        ("am 3. Oktober, du 9 au 10 octobre", "am [Oktober], du [octobre]"),
        ("2016-01-23 or 23/01/2016", "[2016-01] or [2016]"),
        ("le 23 janvier 2016", "le [janvier] 2016"),
        ("23 января 2016 года", "[января] 2016 года"),
        ("1월 23일에, 10月8日", "[1월]에, [10月]"),
        ("23일 오전", "[…] 오전"),
        ("the 23rd, he said", "the [day], he said"),
    ],
)
def test_a_day_goes_and_its_month_stays(text: str, masked: str) -> None:
    assert days_mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "in May 2016",
        "in May 25,000 people fled",
        "11일간 구금",
        "10 days in 2016",
        "14 people",
        "call 010-1234",
        "每日",
        "1 in 3 women",
    ],
)
def test_what_is_no_day_stays(text: str) -> None:
    assert days_mask(text) == text


HUNCHUN = Place(
    role="arrest", name="Hunchun", parents=("Jilin",), country="CN", level="county", gazetteer_id="CN-222404"
)
HAMLET = Place(role="residence", name="Saebyol-dong", country="CN", level="town")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("at home in HUNCHUN city", "at home in [place in Yanbian] city"),
        ("훈춘에서 珲春市", "[place in Yanbian]에서 [place in Yanbian]市"),
        ("Saebyol-dong, in Jilin Province", "[place withheld], in Jilin Province"),
        ("by way of Tumen to Dandong", "by way of [place in Yanbian] to Dandong"),
    ],
)
def test_a_small_place_goes_in_every_script_and_its_area_is_named(text: str, masked: str) -> None:
    assert places_mask([HUNCHUN, HAMLET], area_of)(text) == masked
