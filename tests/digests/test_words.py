from datetime import date

import pytest

from cases.disclosure import DisclosedAuthority, DisclosedEvent, DisclosedPlace
from cases.ledger import SetAside, SourceOutcome
from cases.model import Label, Outcome, Stage
from digests import words


def test_a_place_stands_in_its_chain_with_its_state_once() -> None:
    assert (
        words.place(DisclosedPlace(role="arrest", name="Yanbian", parents=("Jilin",), country="CN"))
        == "Yanbian, Jilin, China"
    )
    assert words.place(DisclosedPlace(role="destination", name="North Korea", country="KP")) == "North Korea"


def test_an_authority_says_its_kind_only_where_its_name_does_not() -> None:
    assert words.authority(DisclosedAuthority(name="Police", type="police", country="CN")) == "Police (China)"
    assert words.authority(DisclosedAuthority(name="Bureau 5", type="state_security")) == "Bureau 5 (state security)"
    assert words.authority(DisclosedAuthority(name="Officials", type="unknown")) == "Officials"


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        (Stage.COMPLETED, "Returned: November 2026"),
        (Stage.IMMINENT, "Return expected: November 2026"),
        (Stage.AVERTED, "Return expected: November 2026"),
    ],
)
def test_a_return_that_has_not_come_about_is_only_expected(stage: Stage, said: str) -> None:
    event = DisclosedEvent(type="return", start=date(2026, 11, 1), end=date(2026, 11, 30), precision="month")
    assert words.happened(event, stage) == said


def test_an_outcome_says_when_it_was_known() -> None:
    assert words.outcome(Outcome(value="fate_unknown", as_of=date(2018, 9, 9))) == "Fate unknown, as of September 2018"
    assert words.outcome(Outcome(value="resettled")) == "Resettled"


def test_every_code_has_its_words() -> None:
    assert set(words.STAGES) == set(Stage)
    assert set(words.OUTCOMES_OF_VISITS) == set(SourceOutcome)
    assert set(words.SET_ASIDE) == set(SetAside)
    assert set(words.LABELS) == set(Label)


def test_one_thing_is_not_counted_as_many() -> None:
    assert words.counted(1, "entry", "entries") == "1 entry"
    assert words.counted(0, "entry", "entries") == "0 entries"
    assert words.counted(1200, "case") == "1,200 cases"
