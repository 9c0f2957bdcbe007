"""Pages that show only the beginning."""

import pytest
from lxml import html

from crawler.pages.queries import Page
from crawler.pages.teaser import is_partial

SHORT = "The bus left in the night."


def partial(body: str, text: str = SHORT, *, closed: bool = False, parts: tuple[str, ...] = ()) -> bool:
    tree = html.document_fromstring(f"<html><body><p>{text}</p>{body}</body></html>")
    return is_partial(Page(tree), text, closed=closed, parts=list(parts))


@pytest.mark.parametrize(
    "body",
    [
        "<div class='site-paywall'></div>",
        "<div id='regwall'></div>",
        "<p>Subscribe now to continue reading</p>",
        "<h3>This article is only for subscribers</h3>",
        "<p>この記事は会員限定です</p>",
        "<p>로그인하시면 기사 전문을 볼 수 있습니다</p>",
        "<p>Оформите подписку, чтобы читать дальше</p>",
    ],
)
def test_a_barrier_is_known_by_its_name_or_its_words(body: str) -> None:
    assert partial(body)
    assert not partial(body, SHORT * 200)


def test_a_page_like_any_other_is_whole() -> None:
    assert not partial("<a>Sign in to your account</a><p>Subscribe to our newsletter</p>")


def test_what_is_said_to_be_closed_and_is_there_all_the_same_is_whole() -> None:
    assert partial("<div class=locked></div>", closed=True, parts=(".locked",))
    assert not partial(f"<div class=locked>{SHORT * 20}</div>", closed=True, parts=(".locked",))
    assert partial("", closed=True, parts=("[broken",))
