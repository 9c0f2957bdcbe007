"""What every match of a term begins with, and tables that look only for terms that may begin at a place."""

import pytest

from cases.packs.notation import Hit, Table, tokens
from cases.packs.openings import openings


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("deported", {"deport"}),
        ("sent back", {"sent"}),
        ("(was/were) sent", {"was", "were"}),
        ("(re/)turned", {"return", "turned"}),
        ("[been] sent", {"been", "sent"}),
        ("[been] [now] sent", {"been", "now", "sent"}),
        ("~ back", {""}),
        ("(~/was)[now] sent", {"", "was", "wasnow"}),
        ("…back", {""}),
        ("push~", {"push"}),
        ("re[-]turn", {"re-tur", "return"}),
    ],
)
def test_a_term_begins_with_its_openings(term: str, expected: set[str]) -> None:
    assert openings(tokens(term)) == expected


def test_where_openings_are_very_many_they_are_cut_short() -> None:
    letters = "/".join("abcdefghijklmnop")
    assert all(len(opening) <= 4 for opening in openings(tokens(f"({letters})({letters})({letters})")))


def test_the_furthest_reaching_term_wins_whatever_the_terms_begin_with() -> None:
    table = Table({"short": ["sent"], "long": ["(sent/led) back"], "any": ["~ed"]}, macros={}, boundary="both")
    assert table.find("led back and sent, then sent back; resent, deported") == (
        Hit("long", 0, 8),
        Hit("short", 13, 17),
        Hit("long", 24, 33),
        Hit("any", 43, 51),
    )
