"""Whose text is it? A reprint is known however it was cut and dressed; two stories on one event are never copies."""

import tomllib
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.syndication import COPY, copied, families, looks_shared, may_share, share, sketch

FOLDER = Path(__file__).parent / "data" / "reprints"
LANGUAGES = ("en", "ja", "ko", "ru", "zh")
WIDEST = 2**63

Told = dict[str, Any]


def told(language: str) -> Told:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def joined(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def edited(story: Told) -> str:
    text = joined(*story["original"])
    for before, after in story["edits"]:
        assert before in text
        text = text.replace(before, after)
    return text


REPRINTS: dict[str, Callable[[Told], str]] = {
    "word for word": lambda story: joined(*story["original"]),
    "the first paragraph alone": lambda story: story["original"][0],
    "the first two paragraphs": lambda story: joined(*story["original"][:2]),
    "the last two paragraphs": lambda story: joined(*story["original"][-2:]),
    "a new lead": lambda story: joined(story["lead"], *story["original"][1:]),
    "a local ending": lambda story: joined(*story["original"], story["ending"]),
    "a new lead, cut, a local ending": lambda story: joined(story["lead"], *story["original"][2:], story["ending"]),
    "edited throughout": edited,
    "edited, cut, a local ending": lambda story: joined(*edited(story).split("\n\n")[:3], story["ending"]),
    "in another order": lambda story: joined(*reversed(story["original"])),
    "a statement added": lambda story: joined(*story["original"][:3], story["statement"], *story["original"][3:]),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("how", REPRINTS)
def test_a_reprint_is_a_copy_however_it_was_treated(language: str, how: str) -> None:
    story = told(language)
    original, reprint = joined(*story["original"]), REPRINTS[how](story)
    assert (copied(original, reprint) or 0) >= 0.65
    assert may_share(sketch(original), sketch(reprint)), "the sketches must let it be found"


INDEPENDENT: dict[str, Callable[[Told], tuple[str, str]]] = {
    "each in its own words": lambda story: (joined(*story["original"]), joined(*story["independent"])),
    "both quote a statement at length": lambda story: (
        joined(*story["original"], story["statement"]),
        joined(*story["independent"][:3], story["statement"], *story["independent"][3:]),
    ),
    "the statement is most of one": lambda story: (
        joined(*story["original"], story["statement"]),
        joined(story["independent"][0], story["statement"]),
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("how", INDEPENDENT)
def test_two_stories_on_one_event_are_no_copies(language: str, how: str) -> None:
    one, other = INDEPENDENT[how](told(language))
    assert copied(one, other) is None
    assert share(one, other) < COPY / 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_statement_printed_by_two_is_a_copy(language: str) -> None:
    statement = told(language)["statement"]
    assert copied(statement, joined(told(language)["lead"], statement)) is not None


def test_a_translation_is_not_seen() -> None:
    for one, other in combinations(LANGUAGES, 2):
        assert share(joined(*told(one)["original"]), joined(*told(other)["original"])) == 0.0


def test_a_note_needs_more_in_common_than_a_story() -> None:
    note = "Police in Longtan detained two women from North Korea on Friday and would not say where they are held now."
    other = (
        "Police in Longtan detained two women from North Korea on Friday, their church says, and no lawyer was let in."
    )
    assert share(note, other) >= COPY
    assert copied(note, other) is None
    assert copied(note, note.upper()) == 1.0


def test_a_line_is_a_copy_only_when_all_of_it_stands_there() -> None:
    assert copied("Two women sent back.", "Two women sent back, at night.") == 1.0
    assert copied("Two women sent back again.", "Two women sent back, at night.") is None
    assert (
        copied("Ten words make a line of eight shingles, no more.", "Ten words make a line of eight shingles, no less.")
        is None
    )
    assert copied("", "") is None
    assert copied("—", "…") is None


# -- what says nothing ------------------------------------------------------------------------------------------------

WORDS = st.lists(
    st.sampled_from(
        ["река", "мост", "두만강", "강변", "river", "bridge", "night", "guard", "图们", "江边", "夜", "兵", "川", "橋"]
    ),
    min_size=1,
)
TEXTS = st.lists(WORDS, min_size=1, max_size=6).map(lambda lines: "\n\n".join(" ".join(line) for line in lines))


@given(TEXTS, TEXTS)
def test_it_does_not_matter_which_of_two_is_named_first(one: str, other: str) -> None:
    assert share(one, other) == share(other, one)
    assert copied(one, other) == copied(other, one)


@given(TEXTS, TEXTS, st.sampled_from(["  ", "\n", "\t", "\u3000", " — ", ", ", "\u00a0", "… "]))
def test_case_punctuation_and_spacing_say_nothing(one: str, other: str, between: str) -> None:
    dressed = between.join(one.upper().split()) + "!"
    assert share(dressed, other) == share(one, other)
    assert sketch(dressed) == sketch(one)


@given(st.lists(st.integers(0, 10_000), min_size=12, max_size=400), st.data())
def test_the_beginning_of_a_text_stands_in_it_whole_however_short(numbers: Sequence[int], data: st.DataObject) -> None:
    words = [f"word{number}" for number in numbers]
    kept = data.draw(st.integers(9, len(words)))
    assert copied(" ".join(words), " ".join(words[:kept])) == 1.0


@given(st.integers(20, 200), st.integers(0, 200))
def test_the_more_of_its_own_a_text_adds_to_a_piece_the_less_it_is_a_copy(piece: int, added: int) -> None:
    original = " ".join(f"old{n}" for n in range(400))
    shares = [
        share(original, " ".join([*(f"old{n}" for n in range(piece)), *(f"own{n}" for n in range(own))]))
        for own in (added, added + 1)
    ]
    assert shares[0] >= shares[1]


@given(TEXTS)
def test_a_sketch_is_small_sorted_and_fits_a_signed_column(text: str) -> None:
    numbers = sketch(text * 50)
    assert list(numbers) == sorted(set(numbers))
    assert 1 <= len(numbers) <= 96
    assert all(-WIDEST <= number < WIDEST for number in numbers)


def test_a_sketch_is_the_same_in_every_process() -> None:
    assert sketch("One two three four.") == (-9131546873261565382, 7274879177180986167)


def test_texts_with_a_tenth_in_common_are_not_worth_comparing() -> None:
    assert not looks_shared(0, 0)
    assert not looks_shared(1, 12)
    assert looks_shared(2, 12)


@pytest.mark.parametrize("text", ['"' * 30_000, "“a" * 10_000, "a" * 60_000, "« " * 10_000, "\x00\ud800\u202e" * 9])
def test_hostile_text_costs_little_and_breaks_nothing(text: str) -> None:
    assert share(text, text) in {0.0, 1.0}
    sketch(text)


# -- families ---------------------------------------------------------------------------------------------------------


def test_copies_are_one_family_and_others_stay_apart() -> None:
    story = told("en")
    original, independent = joined(*story["original"]), joined(*story["independent"])
    texts = [independent, original, REPRINTS["a local ending"](story), "", independent.upper(), "", edited(story)]
    assert families(texts) == (0, 1, 1, 3, 0, 5, 1)


def test_two_parts_of_one_text_belong_together_once_the_whole_is_known() -> None:
    story = told("ko")["original"]
    first, last = joined(*story[:2]), joined(*story[3:])
    assert families([first, last]) == (0, 1)
    assert families([first, last, joined(*story)]) == (0, 0, 0)


@settings(max_examples=25)
@given(st.permutations(range(6)))
def test_families_do_not_depend_on_the_order(order: list[int]) -> None:
    story = told("ru")
    texts = [
        joined(*story["original"]),
        REPRINTS["a local ending"](story),
        joined(*story["independent"]),
        REPRINTS["the first two paragraphs"](story),
        joined(*story["independent"], story["ending"]),
        story["statement"],
    ]
    found = families([texts[place] for place in order])
    together = {frozenset(order[i] for i, one in enumerate(found) if one == number) for number in set(found)}
    assert together == {frozenset({0, 1, 3}), frozenset({2, 4}), frozenset({5})}


def test_the_demonstration_holds_no_copies() -> None:
    folder = Path(__file__).parents[2] / "scheduler" / "demo" / "articles"
    texts = [file.read_text(encoding="utf-8").rpartition("+++")[2] for file in sorted(folder.rglob("*.md"))]
    assert len(texts) > 50
    assert families(texts) == tuple(range(len(texts)))
