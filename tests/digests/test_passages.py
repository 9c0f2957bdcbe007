from hypothesis import given
from hypothesis import strategies as st

from digests.passages import GAP, Piece, mark


def test_the_first_span_is_the_main_one_and_the_others_are_marked_beside_it() -> None:
    assert mark("One. Two. Three.", [(5, 9), (0, 4)]) == (
        Piece(text="One.", mark="also"),
        Piece(text=" "),
        Piece(text="Two.", mark="main"),
        Piece(text=" Three."),
    )


def test_spans_that_overlap_are_marked_once_and_the_main_one_whole() -> None:
    assert mark("abcdef", [(1, 3), (0, 6)]) == (
        Piece(text="a", mark="also"),
        Piece(text="bc", mark="main"),
        Piece(text="def", mark="also"),
    )


def test_a_span_outside_the_paragraph_marks_nothing() -> None:
    assert mark("abc", [(2, 9), (-1, 2), (1, 1)]) == (Piece(text="abc"),)


def test_a_long_paragraph_is_cut_around_its_main_sentence_at_blanks() -> None:
    text = "before " * 200 + "THE SENTENCE." + " after" * 200
    start = text.index("THE")
    pieces = mark(text, [(start, start + 13)], longest=100)
    assert pieces[0].text == f"{GAP} "
    assert pieces[-1].text == f" {GAP}"
    assert [piece.text for piece in pieces if piece.mark] == ["THE SENTENCE."]
    whole = "".join(piece.text for piece in pieces)
    assert 60 <= len(whole) <= 104
    assert set(whole.replace(GAP, "").split()) == {"before", "THE", "SENTENCE.", "after"}


def test_a_paragraph_without_blanks_is_cut_all_the_same() -> None:
    pieces = mark("字" * 500, [(250, 260)], longest=100)
    assert [piece.text for piece in pieces if piece.mark] == ["字" * 10]
    assert sum(len(piece.text) for piece in pieces) <= 104


@given(
    text=st.text(alphabet="ab 字\n", max_size=80),
    spans=st.lists(st.tuples(st.integers(-2, 90), st.integers(-2, 90)), max_size=6),
    longest=st.integers(1, 100),
)
def test_no_character_is_lost_or_told_twice(text: str, spans: list[tuple[int, int]], longest: int) -> None:
    pieces = mark(text, spans, longest=longest)
    whole = "".join(piece.text for piece in pieces)
    if len(text) <= longest:
        assert whole == text
        good = {n for a, b in spans if 0 <= a < b <= len(text) for n in range(a, b)}
        assert sum(len(piece.text) for piece in pieces if piece.mark) == len(good)
    else:
        assert whole.removeprefix(f"{GAP} ").removesuffix(f" {GAP}") in text
