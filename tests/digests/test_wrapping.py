from hypothesis import given
from hypothesis import strategies as st

from digests.wrapping import columns, wrapped


def test_han_and_hangul_take_two_columns() -> None:
    assert columns("a字한é") == 6
    assert columns("e\u0301") == 1


def test_chinese_breaks_between_characters_but_no_line_begins_with_a_full_stop() -> None:
    lines = wrapped("一名妇女被带走，几天后被遣返。她的家人没有收到通知。" * 3, width=20).split("\n")
    assert all(columns(line) <= 20 for line in lines)
    assert not any(line[0] in "，。" for line in lines)
    assert "".join(lines) == "一名妇女被带走，几天后被遣返。她的家人没有收到通知。" * 3


def test_korean_breaks_at_blanks() -> None:
    assert wrapped("강제로 북송했다 그 뒤로", width=16) == "강제로 북송했다\n그 뒤로"


def test_an_address_stays_whole() -> None:
    address = "https://example.org/" + "字" * 60
    assert address in wrapped(f"see {address} there", 4, width=40).split("\n    ")


def test_the_first_line_may_have_its_own_indent() -> None:
    assert wrapped("one two three four", 4, 2, width=13) == "  one two\n    three\n    four"


@given(st.text(max_size=200), st.integers(0, 6))
def test_wrapping_keeps_every_word(text: str, indent: int) -> None:
    assert "".join(wrapped(text, indent, width=30).split()) == "".join(text.split())


@given(st.text(alphabet="ab ,.字。한", max_size=200))
def test_no_line_is_too_wide_unless_a_word_is(text: str) -> None:
    longest = max((columns(word) for word in text.split()), default=0)
    assert all(columns(line) <= max(30, longest) for line in wrapped(text, width=30).split("\n"))
