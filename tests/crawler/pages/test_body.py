"""The text of the story, whatever stands around it and wherever it stands."""

from lxml import html

from crawler.pages.body import story
from crawler.pages.queries import Page
from crawler.sources import Layout

LONG = "The town lies by the river, and its people tell of the night at length, one after the other. "


def text(body: str, *, layout: Layout | None = None, stated: str = "") -> str:
    tree = html.document_fromstring(f"<html><body>{body}</body></html>")
    return story(Page(tree), layout or Layout(), facts=[], stated=stated)


def test_a_body_in_several_containers_is_one_story() -> None:
    body = f"<main><div class=entry-content><p>{LONG * 3}</p></div><div>ad</div><div class=entry-content><h2>Later</h2><p>Two.</p></div></main>"
    assert text(body) == f"{(LONG * 3).strip()}\n\nLater\n\nTwo."


def test_of_several_articles_on_a_page_the_one_with_the_headline_counts() -> None:
    other = f"<article><div class=entry-content><p>Other. {LONG * 4}</p></div></article>"
    own = f"<article><h1>Town</h1><div class=entry-content><p>Own. {LONG * 4}</p></div></article>"
    assert text(other + own).startswith("Own.")


def test_a_body_that_holds_little_of_the_page_is_not_believed() -> None:
    teaser = "<main><div class=entry-content><p>Short.</p></div>"
    rest = "".join(f"<p>Paragraph {n}. {LONG * 2}</p>" for n in range(6))
    assert "Paragraph 5." in text(f"{teaser}<div class=long>{rest}</div></main>")


def test_a_text_that_only_json_ld_states_serves_where_the_page_shows_nothing() -> None:
    assert text("<div id=root></div>", stated="One.\n\nTwo.") == "One.\n\nTwo."
    assert text("<div id=root></div>", layout=Layout(body="#x"), stated="One.") == ""


def test_lists_tables_and_quotes_are_part_of_the_story() -> None:
    body = (
        f"<main><div class=entry-content><p>{LONG * 3}</p><ul><li>One</li><li>Two<ul><li>Inner</li></ul></li></ul>"
        "<table><tr><th>Town</th><td>Seven</td></tr></table><blockquote>Quote.</blockquote></div></main>"
    )
    assert text(body).split("\n\n")[1:] == ["One", "Two", "Inner", "Town", "Seven", "Quote."]


def test_parts_that_a_layout_removes_are_no_text() -> None:
    layout = Layout(body="#x", remove=(".y",))
    assert text("<div id=x><p>It rained.</p><p class=y>Out.</p></div>", layout=layout) == "It rained."
