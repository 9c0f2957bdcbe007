"""What two names say of their bearers; invented names throughout."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.model import Victim
from cases.namesakes import Likeness, compare_names, is_full, turned


def bearer(name: str | None, *, pseudonym: bool | None = None) -> Victim:
    return Victim(label="V1", name=name, pseudonym=pseudonym)


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("Mun Ha-eun", "Haeun Mun", Likeness.SIMILAR),
        ("Mun Ha-eun", "Ms. MUN HA EUN", Likeness.SIMILAR),
        ("Mun Ha-eun", "Ryu Sol-bi", Likeness.UNLIKE),
        ("문하은", "문하은", Likeness.SIMILAR),
        ("Mun Ha-eun", "문하은", Likeness.SIMILAR),
        ("Moon Haeun", "문하은", Likeness.SIMILAR),
        ("Mun Ha-eun", "류솔비", Likeness.SILENT),
        ("Mun Ha-eun", "文河恩", Likeness.SILENT),
        ("Mun Ha-eun", "Mun", Likeness.SILENT),
        ("문하은", "문모", Likeness.SILENT),
        ("Mun Ha-eun", None, Likeness.SILENT),
    ],
)
def test_names_of_which_nobody_says_that_they_are_real(one: str, other: str | None, likeness: Likeness) -> None:
    assert compare_names(bearer(one), bearer(other)) is likeness
    assert compare_names(bearer(other), bearer(one)) is likeness


def test_real_names_settle_it() -> None:
    mun, ryu = bearer("Mun Ha-eun", pseudonym=False), bearer("Ryu Sol-bi", pseudonym=False)
    assert compare_names(mun, mun) is Likeness.SAME
    assert compare_names(mun, ryu) is Likeness.DIFFERENT


def test_a_pseudonym_says_nothing_even_of_the_same_name() -> None:
    assert compare_names(bearer("Mun Ha-eun", pseudonym=True), bearer("Mun Ha-eun")) is Likeness.SILENT


@pytest.mark.parametrize("name", ["김모", "金某", "Kim", "A. Li", "김○○", "さくらさん"])
def test_a_surname_an_initial_or_a_mask_is_no_full_name(name: str) -> None:
    assert not is_full(name)


@given(st.lists(st.text("abcdefgh", min_size=2, max_size=6), min_size=1, max_size=4))
def test_the_order_of_a_name_s_words_does_not_matter_when_they_are_turned(words: list[str]) -> None:
    rotated = words[1:] + words[:1]
    assert turned(" ".join(words)) == turned(" ".join(rotated))
