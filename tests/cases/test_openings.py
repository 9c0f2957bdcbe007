"""What every match of a term begins with, and tables that look only for terms that may begin at a place."""

import pytest

from cases.packs.notation import Notation
from cases.packs.openings import openings
from cases.packs.tables import Hit, Table


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("deported", {"deported"}),
        ("sent back", {"sent bac"}),
        ("(was/were) sent", {"was sent", "were sen"}),
        ("(re/)turned", {"returned", "turned"}),
        ("[been] sent", {"been sen", "sent"}),
        ("[been] [now] sent", {"been now", "been sen", "now sent", "sent"}),
        ("~ back", {""}),
        ("(~/was)[now] sent", {"", "was sent", "wasnow s"}),
        ("…back", {""}),
        ("push~", {"push"}),
        ("re[-]turn", {"re-turn", "return"}),
    ],
)
def test_a_term_begins_with_its_openings(term: str, expected: set[str]) -> None:
    assert openings(Notation({}).parts(term), 8) == expected


def test_where_openings_are_very_many_they_are_cut_short() -> None:
    letters = "/".join("abcdefghijklmnop")
    assert all(len(opening) <= 4 for opening in openings(Notation({}).parts(f"({letters})" * 5), 8))


def test_the_furthest_reaching_term_wins_whatever_the_terms_begin_with() -> None:
    table = Table({"short": ["sent"], "long": ["(sent/led) back"], "any": ["~ed"]}, Notation({}), boundary="both")
    assert table.find("led back and sent, then sent back; resent, deported") == (
        Hit("long", 0, 8),
        Hit("short", 13, 17),
        Hit("long", 24, 33),
        Hit("any", 43, 51),
    )
