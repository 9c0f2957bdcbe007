from datetime import datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cases.disclosure import DisclosedCase
from cases.model import Persons, Stage
from digests.headlines import headline, route
from digests.names import country
from digests.speech import speech

NOW = datetime(2026, 11, 23, 7, tzinfo=ZoneInfo("Asia/Seoul"))


def case(stage: Stage = Stage.COMPLETED, **more: Any) -> DisclosedCase:  # noqa: ANN401 - the fields of the case
    given: dict[str, Any] = {"from_state": "CN", "to_state": "KP", "assertion": "asserted"} | more
    return DisclosedCase(
        number="2026-0001", revision=1, status="new", opened_at=NOW, changed_at=NOW, stage=stage, **given
    )


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        (Stage.COMPLETED, "Two people forcibly returned from China to North Korea"),
        (Stage.IMMINENT, "Two people about to be returned from China to North Korea"),
        (Stage.IN_CUSTODY_AT_RISK, "Two people in custody in China, at risk of return to North Korea"),
        (Stage.FEARED, "Return of two people from China to North Korea feared"),
        (Stage.AVERTED, "Return of two people from China to North Korea averted"),
        (Stage.SUSPENDED, "Return of two people from China to North Korea suspended"),
        (Stage.INDIRECT_COMPLETED, "Two people forcibly returned from China to North Korea through another State"),
        (Stage.DEATH_BEFORE_RETURN, "Two people died before return from China to North Korea"),
        (Stage.UNKNOWN, "Return of two people from China to North Korea reported; how far it went is not clear"),
    ],
)
def test_every_stage_makes_a_sentence(stage: Stage, said: str) -> None:
    assert headline(case(stage, persons=Persons(min=2, max=2))) == said


def test_an_end_of_the_route_that_is_not_told_is_not_invented() -> None:
    nowhere = case(from_state=None, to_state=None, persons=Persons(min=1, max=1))
    assert headline(nowhere) == "One person forcibly returned"
    assert route(nowhere) == "route not stated"
    assert route(case(from_state=None)) == "origin not stated → North Korea"


def test_korean_has_a_word_of_its_own_for_a_return_to_north_korea_alone() -> None:
    ko = speech("ko")
    two = Persons(min=2, max=2)
    assert headline(case(persons=two), ko) == "2명, 중국에서 강제북송"
    assert headline(case(persons=two, from_state=None), ko) == "2명, 강제북송"
    assert headline(case(persons=two, to_state="RU"), ko) == "2명, 중국에서 러시아로 강제송환"
    assert headline(case(persons=two, to_state="EG"), ko) == "2명, 중국에서 이집트로 강제송환"
    assert headline(case(persons=two, to_state="VN"), ko) == "2명, 중국에서 베트남으로 강제송환"
    assert headline(case(persons=two, to_state="NP"), ko) == "2명, 중국에서 네팔로 강제송환"
    assert headline(case(persons=two, to_state=None), ko) == "2명, 중국에서 강제송환"


@pytest.mark.parametrize("code", ["en", "ko", "zh", "ja"])
def test_every_headline_says_what_is_known_and_nothing_else(code: str) -> None:
    tongue = speech(code)
    ways = [("CN", "KP"), ("TH", "VN"), ("CN", None), (None, "KP"), (None, "VN"), (None, None)]
    for stage, (start, end) in product(Stage, ways):
        said = headline(case(stage, from_state=start, to_state=end, persons=Persons(min=7, max=7)), tongue)
        assert "{" not in said
        told = {state for state in ("CN", "KP", "TH", "VN") if country(state, tongue) in said}
        if code == "ko":
            assert ("북송" in said) == (end == "KP")
            told |= {"KP"} if "북송" in said else set()
        assert told == {state for state in (start, end) if state}
