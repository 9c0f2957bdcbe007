"""What of a page is no text of the article."""

import pytest
from lxml import html

from crawler.pages.furniture import facts_of, furniture_in, only_states, told

STORY = "<p>" + "The town lies by the river, and its people tell of the night at length. " * 12 + "</p>"


def left(part: str) -> str:
    root = html.fragment_fromstring(f"<div>{STORY}{part}</div>")
    for node in furniture_in(root):
        node.drop_tree()
    text: str = root.text_content()
    return text.removeprefix(html.fragment_fromstring(STORY).text_content())


@pytest.mark.parametrize(
    "part",
    [
        "<nav>Home</nav>",
        "<div class='jp-relatedposts'>Another case</div>",
        "<div class='shareBar'>Share</div>",
        "<div id='author_box'>Biography</div>",
        "<section class='c-most-read'>Ten deported</section>",
        "<p class='wp-caption-text'>The river</p>",
        "<div class='newsletter-signup'>Our letter</div>",
        "<div class='cookie-notice'>We use cookies</div>",
        "<div class='entry-tags'>Tagged With: a</div>",
        "<ul><li><a href=/1>Three sent back elsewhere</a></li><li><a href=/2>A year of returns</a></li></ul>",
        "<p><strong>Read: </strong><a href=/1>Three more people were sent back from another town</a></p>",
        "<div style='display: none'>Unseen</div>",
        "<div hidden>Unseen</div>",
    ],
)
def test_furniture_goes_by_its_element_its_name_or_its_links(part: str) -> None:
    assert left(part) == ""


@pytest.mark.parametrize(
    "part",
    [
        "<div class='section has-ads'>One more.</div>",
        "<div class='post-1 tag-social-media category-related-news'>One more.</div>",
        "<div class='Section Section--Ads'>One more.</div>",
        "<p>She named <a href=/1>the town</a> again.</p>",
        "<p><a href=/1>They were taken over the bridge before the sun rose, and nobody told us why they were taken.</a></p>",
    ],
)
def test_what_only_resembles_it_stays(part: str) -> None:
    assert left(part) == html.fragment_fromstring(part).text_content()


def test_what_holds_most_of_the_story_is_no_furniture_whatever_its_name() -> None:
    root = html.fragment_fromstring(f"<div><div class='related meta'>{STORY}</div><p>End.</p></div>")
    assert furniture_in(root) == []


def test_lines_that_lead_elsewhere_or_only_label_are_not_told() -> None:
    found = [
        ("h2", "The deck"),
        ("p", "By Wen Example"),
        ("p", "4 March 2026"),
        ("p", "On 4 March 2026 she was sent back."),
        ("p", "Read more: Another town"),
        ("h3", "The night"),
        ("p", "It rained."),
        ("p", "관련기사"),
        ("h3", "Related topics"),
        ("p", "© The Paper"),
    ]
    assert told(found, []) == ["On 4 March 2026 she was sent back.", "The night", "It rained."]


def test_a_sentence_that_holds_what_is_stated_is_more_than_that() -> None:
    facts = facts_of(["Una Hale", "harbour", "The boats stay in the harbour"])
    assert only_states("Published 9 October by Una Hale. Topics: harbour", facts)
    assert only_states("The boats stay in the harbour", facts)
    assert not only_states("Una Hale left the harbour", facts)
