"""A table finds what trying every term at every place would find, and what a sentence is said not to hold is not there."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.evaluation import load_gold
from cases.extraction.sentences import Sentence, split
from cases.packs import Pack, languages, pack_for
from cases.packs.notation import Notation, fold
from cases.packs.tables import Hit, Table

GOLD = Path(__file__).parents[1] / "gold" / "open"
TERMS = {
    "was": ["[then] (was/were) [~] sent [back]", "sent"],
    "l'": ["l'[en/y] (a/ont) ~", "(vers/de) l'"],
    "to": ["to (the/a) … (post/border)$", "(re/)turn[ed]", "~ing home"],
    "-": ["self-(deported/turned)", "a (b/) [c] d"],
}
PIECES = (
    "then",
    "was",
    "were",
    "sent",
    "back",
    "l'",
    "l’",
    "en",
    "a",
    "ont",
    "vers",
    "to",
    "the",
    "post",
    "re",
    "turn",
    "ed",
    "ing",
)


def tried_everywhere(table: Table, folded: str) -> tuple[Hit, ...]:
    """Try each term of a table at each place, the one that may reach furthest first."""
    terms = [(key, re.compile(f"{table._edge}{table._pattern(parts)}")) for key, parts in table._rows]
    hits: list[Hit] = []
    reached = 0
    for at in range(len(folded)):
        if at < reached:
            continue
        found = next(((key, match.end()) for key, term in terms if (match := term.match(folded, at))), None)
        if found is not None and found[1] > at:
            hits.append(Hit(found[0], at, found[1]))
            reached = found[1]
    return tuple(hits)


def sentences(language: str) -> list[tuple[Pack, Sentence]]:
    pack = pack_for(language)
    assert pack is not None
    items = [item for item in load_gold(GOLD) if item.lang.startswith(language)][::9]
    return [(pack, sentence) for item in items for sentence in split(item.article, pack)]


@pytest.mark.parametrize("boundary", ["both", "left", "none"])
@given(
    text=st.lists(st.sampled_from([*PIECES, " ", "  ", "\n", "-", "–", "’", ",", ".", "ß", "İ"]), max_size=40).map(
        "".join
    )
)
@settings(deadline=None)
def test_a_table_finds_what_trying_every_term_at_every_place_finds(boundary: str, text: str) -> None:
    table = Table(TERMS, Notation({}), boundary=boundary)
    assert table.find(fold(text)) == tried_everywhere(table, fold(text))


@pytest.mark.parametrize("language", languages())
def test_the_triggers_of_a_pack_are_found_as_by_trying_all(language: str) -> None:
    for pack, sentence in sentences(language)[::25]:
        assert pack._returns.find(sentence.folded) == tried_everywhere(pack._returns, sentence.folded), sentence.text


@pytest.mark.parametrize("language", languages())
def test_a_sentence_holds_nothing_of_a_table_that_it_is_said_not_to_hold(language: str) -> None:
    for pack, sentence in sentences(language)[::4]:
        said = pack.tables_in(sentence.folded)
        there = {key for key, table in pack._cues.items() if table.find(sentence.folded)}
        there |= {(name, "") for name, table in pack._words.items() if table.find(sentence.folded)}
        assert there <= said, (sentence.text, there - said)
