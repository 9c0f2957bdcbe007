"""Saved plain-text pages: anchors, furniture, and bare texts."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import InputError
from crawler.pages.saved_text import read_text
from crawler.sources import Source

SAVED = """• Skip to primary navigation
  • HOME
    • CHINA PERSECUTION MAP

Frost Review

three friends
Home / China / Testimonies China

Police Return a Woman

{dateline}

river at dusk
A summary that tells of the woman a second time.

In May 2025, two officers came to the house of Ok Sample.

They came back after a few days.

(All names in this article are pseudonyms)

Reported by Wen Example

Tagged With: Human Rights, North Korea

Wen Example profile picture
Wen Example

Uses a pseudonym for security reasons.

Related articles

  • Ten Deported Elsewhere

    Ten Deported Elsewhere

Keep Reading

  • Une autre affaire
    Une autre affaire

    Le tribunal a parlé.

Footer

10121 Turin"""


def saved(dateline: str = "09/20/2025Wen Example |") -> str:
    return SAVED.format(dateline=dateline)


def test_a_saved_page_gives_its_article_without_the_furniture() -> None:
    article = read_text(saved())
    assert article.title == "Police Return a Woman"
    assert article.text.split("\n\n") == [
        "In May 2025, two officers came to the house of Ok Sample.",
        "They came back after a few days.",
        "(All names in this article are pseudonyms)",
    ]
    assert article.published == datetime(2025, 9, 20, tzinfo=UTC)
    assert article.published_raw == "09/20/2025"
    assert article.authors == ("Wen Example",)
    assert article.byline_pseudonymous
    assert article.tags == ("Human Rights", "North Korea")
    assert article.sections == ("China", "Testimonies China")
    assert (article.url, article.lang) == ("", "en")


def test_an_ambiguous_date_needs_a_source(make_source: Callable[..., Source]) -> None:
    text = saved("03/04/2025Wen Example |")
    assert read_text(text).published is None
    assert read_text(text).published_raw == "03/04/2025"
    assert read_text(text, source=make_source("https://m.example/")).published == datetime(2025, 3, 4, tzinfo=UTC)


def test_line_ends_of_every_system_are_the_same() -> None:
    assert read_text("\ufeff" + saved().replace("\n", "\r\n")) == read_text(saved())


def test_a_page_without_a_picture_keeps_its_first_paragraph() -> None:
    text = "Title\n\n09/20/2025Wen Example |\n\nThe first paragraph is a sentence.\n\nThe second too.\n\nThe third too."
    assert read_text(text).text.startswith("The first paragraph")


def test_the_reporters_name_missing_is_no_author() -> None:
    assert read_text(saved("09/20/2025 |")).authors == ()


def test_a_pseudonym_named_in_somebody_elses_teaser_is_not_the_reporters() -> None:
    text = saved().replace("Uses a pseudonym for security reasons.", "Lives in town.")
    assert read_text(text + "\n\nUses a pseudonym").byline_pseudonymous is None


def test_a_bare_text_is_title_and_body() -> None:
    article = read_text("A headline without a stop\n\nThe story begins here.\nAnd goes on.\n\nIt ends here.")
    assert article.title == "A headline without a stop"
    assert article.text == "The story begins here.\nAnd goes on.\n\nIt ends here."


def test_a_text_that_begins_with_a_sentence_has_no_title() -> None:
    article = read_text("The story begins at once. It ends.")
    assert (article.title, article.text) == ("", "The story begins at once. It ends.")


@pytest.mark.parametrize("text", ["", " \n\n\t", "\x00"])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="empty"):
        read_text(text)


def test_a_date_line_without_an_article_is_refused() -> None:
    with pytest.raises(InputError, match="no article after it"):
        read_text("Title\n\n09/20/2025Wen Example |\n\nReported by Wen Example")


@given(st.text(min_size=1))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert read_text(text).text
    except InputError:
        assert True
