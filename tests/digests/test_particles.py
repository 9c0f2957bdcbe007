import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.particles import fill, particle

HANGUL = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
PAIRS = st.sampled_from(["이/가", "을/를", "은/는", "과/와", "이라고/라고", "이나/나"])
LEADS, VOWELS, FINALS = 19, 21, 28
RIEUL = 8


@pytest.mark.parametrize(
    ("before", "forms", "said"),
    [
        ("북한", "으로/로", "으로"),
        ("러시아", "으로/로", "로"),
        ("네팔", "으로/로", "로"),
        ("네팔", "을/를", "을"),
        ("일가족 5명", "이/가", "이"),
        ("기사 3건", "을/를", "을"),
        ("2026-0042", "을/를", "를"),
        ("2026-0041", "으로/로", "로"),
        ("13", "으로/로", "으로"),
        ("매체(서울)", "은/는", "은"),
        ("‘두만강’", "이/가", "이"),
        ("Borderland Courier", "을/를", "을(를)"),
        ("", "이/가", "이(가)"),
    ],
)
def test_a_particle_follows_the_sound_before_it(before: str, forms: str, said: str) -> None:
    assert particle(before, forms) == said


@given(
    st.text(max_size=8),
    st.integers(0, LEADS - 1),
    st.integers(0, VOWELS - 1),
    st.integers(0, FINALS - 1),
    PAIRS,
)
def test_a_syllable_with_a_final_consonant_takes_the_first_form(
    before: str, lead: int, vowel: int, final: int, pair: str
) -> None:
    text = before + chr(0xAC00 + (lead * VOWELS + vowel) * FINALS + final)
    closed, open_ = pair.split("/")
    assert particle(text, pair) == (closed if final else open_)
    assert particle(text, "으로/로") == ("으로" if final not in {0, RIEUL} else "로")


@given(st.text(max_size=40), PAIRS)
def test_a_particle_is_one_of_its_forms_or_both(before: str, pair: str) -> None:
    closed, open_ = pair.split("/")
    assert particle(before, pair) in {closed, open_, f"{closed}({open_})"}


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_a_value_holds_is_never_read_as_a_pattern(name: str, end: str) -> None:
    assert fill("{name} / {end}(으로/로)", {"name": name, "end": end}).startswith(f"{name} / {end}")
    assert fill("{name}, {end}", {"name": name, "end": end}) == f"{name}, {end}"
    assert fill("{name}/", {"name": "{end}(으로/로)", "end": end}) == "{end}(으로/로)/"


def test_a_pattern_without_its_value_is_an_error() -> None:
    for pattern in ("{who}", "{who}(이/가)"):
        with pytest.raises(KeyError):
            fill(pattern, {})


def test_a_pattern_reaches_into_no_value() -> None:
    for pattern in ("{name.__class__}", "{name[0]}", "{name!r}", "{name:>99999999}", "{}", "{{name}}"):
        assert fill(pattern, {"name": "a"}) in {pattern, "{a}"}


@given(HANGUL)
def test_a_mark_stands_only_behind_a_value(letter: str) -> None:
    assert fill("{one}(이/가) 온다", {"one": letter})[1] in "이가"
    assert fill("(이/가) {one}", {"one": letter}) == f"(이/가) {letter}"
