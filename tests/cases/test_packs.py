from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.evaluation import load_gold
from cases.extraction.events import read
from cases.model import Article
from cases.packs import Forms, Pack, PackFile, languages, pack_for
from cases.packs.anchors import anchors
from cases.packs.notation import Notation, fold
from cases.packs.tables import Table

GOLD = Path(__file__).parents[1] / "gold"
LANGUAGES = ("en", "es", "fr", "ja", "ko", "ru", "zh")
EVERY_PACK_HAS = (
    "victim", "single", "pronoun", "vague", "sex", "relation", "pregnant", "speaker", "informant", "authority", "legal",
    "state_label", "outcome", "event", "place_role", "route", "nationality", "back",
)  # fmt: skip


def table(*terms: str, boundary: str = "both") -> Table:
    return Table({"key": list(terms)}, Notation({"who": "(him/her)"}), boundary=boundary)


def found(searched: Table, text: str) -> list[str]:
    folded = fold(text)
    return [folded[hit.start : hit.end] for hit in searched.find(folded)]


def test_the_seven_languages_have_packs() -> None:
    assert languages() == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pack_compiles_and_has_every_word_table(language: str) -> None:
    pack = pack_for(language)
    assert pack is not None
    assert [name for name in EVERY_PACK_HAS if name not in pack.tables] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pack_has_the_cues_of_english(language: str) -> None:
    pack, english = pack_for(language), pack_for("en")
    assert pack is not None
    assert english is not None
    only_english = {"passive", "ordered", "owned", "record", "spare"}
    assert english.cue_names - only_english - {"sanctions", "repeated"} <= pack.cue_names


@pytest.mark.parametrize("code", ["zh-Hans", "zh-Hant", "zh"])
def test_both_chinese_scripts_share_a_pack(code: str) -> None:
    assert pack_for(code) is pack_for("zh")


@pytest.mark.parametrize("code", ["cs", "de", "", None, "../en"])
def test_a_language_without_a_pack_has_none(code: str | None) -> None:
    assert pack_for(code) is None


def test_alternatives_are_found_as_whole_words_only() -> None:
    assert found(table("(sent/brought) back"), "She was sent back; they brought backpacks.") == ["sent back"]


def test_an_optional_part_takes_the_space_before_it_along() -> None:
    assert found(table("was [soon] sent"), "was sent, was soon sent, was  soon sent") == [
        "was sent",
        "was soon sent",
        "was  soon sent",
    ]


def test_an_optional_part_that_begins_a_term_takes_the_space_after_it_along() -> None:
    assert found(table("[was] [soon] sent"), "sent; was sent, soon sent, and was soon sent") == [
        "sent",
        "was sent",
        "soon sent",
        "was soon sent",
    ]


def test_a_tilde_stands_for_the_rest_of_a_word() -> None:
    assert found(table("repatriat~"), "repatriated, repatriation, patriot") == ["repatriated", "repatriation"]


def test_a_gap_is_bounded_and_does_not_leave_its_part_of_the_sentence() -> None:
    assert found(table("taken … back"), "taken by bus back, taken; back") == ["taken by bus back"]
    assert found(table("taken … back"), "taken" + " far" * 30 + " back") == []


def test_a_dollar_sign_asks_for_the_end_of_a_clause() -> None:
    assert found(table("sent$"), 'sent, "they sent" … sent them; sentenced; sent') == ["sent", "sent", "sent"]


def test_a_macro_is_put_in_place() -> None:
    assert found(table("sent {who} back"), "They sent her back.") == ["sent her back"]


@pytest.mark.parametrize(
    ("term", "says"),
    [("a {nobody} b", "nobody"), ("a (b", "not closed"), ("a b]", "not opened"), ("a {itself}", "holds itself")],
)
def test_a_term_that_is_written_wrongly_is_refused(term: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Notation({"itself": "a {itself}"}).parts(term)


def test_the_term_that_reaches_further_wins_at_one_place() -> None:
    assert found(table("was", "was {who}", "(was/were/been/be/being)"), "it was her") == ["was her"]


def test_a_trigger_inside_a_false_friend_is_left_out() -> None:
    korean = pack_for("ko")
    assert korean is not None
    assert korean.triggers(fold("대북송금 사건")) == ()
    assert korean.triggers(fold("강제 북송됐다")) != ()


def test_a_macro_of_words_takes_the_longest_that_lets_the_rest_match() -> None:
    listed = Table({"key": ["{by}gone"]}, Notation({"by": "(by/bygo/by gone)"}), boundary="both")
    assert found(listed, "bygone") == ["bygone"]


def test_a_cue_inside_a_longer_word_is_left_out() -> None:
    article = Article(url="x", title="", text="她被捕不久被遣返北韩。她没有被遣返北韩。", lang="zh-Hans")
    soon, denied = read(article).sentences
    assert not soon.cue("negation", "directly")
    assert denied.cue("negation", "directly")


def test_curly_quotes_and_hard_spaces_are_folded() -> None:
    assert fold("haven’t\u00a0“heard”") == 'haven\'t "heard"'


@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=200))
def test_folding_never_changes_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("deported", {"deported"}),
        ("(was/were) deport~", {"deport"}),
        ("sent {who} home", {"sent"}),
        ("(carried/brought) [all] back", {"carried", "brought"}),
        ("[forcibly] taken … over", {"taken"}),
        ("cut/taken away", {"cut", "taken"}),
        ("((a/b) long/another)", {"long", "another"}),
        ("被(强制/强行)[再次]遣返", {"遣返"}),
    ],
)
def test_a_term_is_anchored_by_the_longest_part_that_it_cannot_miss(term: str, words: set[str]) -> None:
    assert anchors(Notation({"who": "(him/her)"}).parts(term)) == words


@pytest.mark.parametrize("term", ["[forcibly]", "(a/[b])", "~"])
def test_a_term_that_would_match_anything_is_refused(term: str) -> None:
    with pytest.raises(ValueError, match="may be missing"):
        Pack(
            PackFile(
                language="xx", boundary="both", reach=9, triggers={"strong": Forms(done=[term])}, cues={}, words={}
            )
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_trigger_is_passed_over_that_is_there(language: str) -> None:
    pack = pack_for(language)
    assert pack is not None
    texts = [fold(item.article.text) for item in load_gold(GOLD) if item.lang.startswith(language)]
    lines = [line for text in texts for line in text.splitlines()]
    assert [line for line in lines if pack._returns.find(line) and not pack.may_tell(line)] == []
    assert [line for line in lines if pack._in_headlines.find(line) and not pack.may_tell(line, headline=line)] == []
