"""Articles that a feed holds whole, put where pages are read."""

from collections.abc import Callable

import pytest

from crawler.pages import page
from crawler.pages.told import told_page
from crawler.readers import Entry
from crawler.sources import Source


@pytest.fixture
def source(make_source: Callable[..., Source]) -> Source:
    return make_source("https://magazine.example/", layout={"body": ".elsewhere", "remove": [".advert"]})


def read(source: Source, content: str, title: str = "Title") -> str:
    entry = Entry(url="https://magazine.example/a/", title=title, content=content, authors=("Una <Hale>",))
    made = told_page(entry, source, None)
    own = source.model_copy(update={"layout": made.layout})
    article = page.read(made.body, url=made.url, content_type=made.content_type, source=own)
    assert (article.url, article.title, article.authors) == (entry.url, title, ("Una <Hale>",))
    return article.text


def test_what_a_feed_tells_is_read_as_a_page_is_and_without_furniture(source: Source) -> None:
    content = (
        "<p>First words.</p><figure><figcaption>A caption</figcaption></figure><div class='advert'>Buy</div>"
        "<script>alert(1)</script><p>Last words.</p>"
        "<p>The post <a href='/a/'>Title</a> appeared first on <a href='/'>Magazine</a>.</p>"
    )
    assert read(source, content) == "First words.\n\nLast words."


def test_markup_in_a_title_stays_text(source: Source) -> None:
    assert read(source, "<p>Words of the story.</p>", title="Salt < snow & <b>ice</b>") == "Words of the story."


def test_a_content_that_closes_what_it_did_not_open_takes_nothing_from_the_page(source: Source) -> None:
    assert read(source, "<p>First.</p></div></article></body><p>Second.</p>").startswith("First.")
