from pathlib import Path

import msgspec
import pytest

from digests.archive import decoded, told_in
from digests.channels.file import Papers
from digests.holding import without
from digests.rendering import render
from digests.sample import sample, sample_of
from digests.templating import Templates
from digests.view import CaseCard, Digest


def papers(digest: Digest) -> Papers:
    rendered = render(digest)
    return Papers(html=rendered.page_html, txt=rendered.text, json=rendered.json)


def texts_of(card: CaseCard) -> list[str]:
    """Everything by which a reader could find the case: addresses, titles, and what its sentences say."""
    return [
        *(source.url for source in card.sources),
        *(source.title for source in card.sources),
        *(saying.text for source in card.sources for saying in source.sayings),
    ]


def everything(made: Papers) -> str:
    return "\n".join(msgspec.structs.astuple(made))


@pytest.mark.parametrize("place", range(8))
def test_a_case_that_is_held_back_leaves_nothing_in_any_paper(place: int) -> None:
    digest = sample()
    card, others = digest.cards[place], [one for n, one in enumerate(digest.cards) if n != place]
    left = without(papers(digest), {card.number})
    only_its = set(texts_of(card)) - {text for one in (*others, *digest.older) for text in texts_of(one)}
    assert only_its
    assert [text for text in only_its if text in everything(left)] == []
    assert f"Case {card.number} was told here. People have held it back since" in left.html
    for other in others:
        assert other.headline in left.html
        assert f'id="case-{other.number}"' in left.html
    document = decoded(left.json)
    assert document is not None
    assert document["held_back"] == [card.number]
    assert card.number not in {one["number"] for one in document["cases"]}


def test_an_older_case_leaves_its_line() -> None:
    digest = sample()
    (older,) = digest.older
    left = without(papers(digest), {older.number})
    assert older.sources[0].url in papers(digest).html
    assert older.sources[0].url not in everything(left)


def test_a_digest_that_tells_none_of_them_stays_to_the_byte() -> None:
    made = papers(sample())
    assert without(made, {"2026-9999"}) is made
    assert told_in(made.json) == {card.number for card in (*sample().cards, *sample().older)}


def test_a_subject_that_tells_the_only_case_goes_with_it() -> None:
    digest = sample_of(1)
    digest = msgspec.structs.replace(digest, coverage=msgspec.structs.replace(digest.coverage, sources=()))
    made = papers(digest)
    assert "about to be returned" in made.html
    assert "12 people" in made.json or "Twelve" in made.json
    left = without(made, {"2026-0001"})
    assert "welve people" not in everything(left)
    assert '"subject": "[HELD BACK] weekly, 2026-11-23"' in left.json


def test_where_a_template_of_ones_own_says_it_elsewhere_a_notice_takes_the_place_of_the_whole_page(
    tmp_path: Path,
) -> None:
    (tmp_path / "page_case.html.j2").write_text(
        "{% macro language_of(source) %}{% endmacro %}{% macro case_card(card) %}<p>{{ card.headline }}"
        "<b title='{{ card.sources[0].url }}'>x</b></p>{% endmacro %}",
        encoding="utf-8",
    )
    rendered = render(sample(), Templates(tmp_path))
    made = Papers(html=rendered.page_html, txt=rendered.text, json=rendered.json)
    left = without(made, {"2026-0001"})
    assert "This digest is held back" in left.html
    assert "https://news.example.org/en/1-" not in everything(left)
    assert "One man in custody in Russia" in left.html, "the others are named, and stand in the register"


def test_what_is_no_digest_is_left_alone() -> None:
    other = Papers(html="<p>notes</p>", txt="notes", json='{"mine": true}')
    assert without(other, {"2026-0001"}) is other
