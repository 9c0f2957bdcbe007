"""The WordPress fixture itself: what a crawl meets there is what it is meant to meet."""

import json
import urllib.error
import urllib.request
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

if TYPE_CHECKING:
    from tests.wordpress.conftest import WordPress

pytestmark = [pytest.mark.wordpress, pytest.mark.timeout(300)]


def get(url: str) -> tuple[int, dict[str, str], str]:
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, dict(refusal.headers), refusal.read().decode()


def tags(wordpress: "WordPress") -> dict[str, dict[str, Any]]:
    return {tag["slug"]: tag for tag in json.loads(get(f"{wordpress.url}/wp-json/wp/v2/tags?per_page=100")[2])}


def test_every_article_of_the_magazine_is_published_under_its_own_address(wordpress: "WordPress") -> None:
    found = json.loads(get(f"{wordpress.url}/wp-json/wp/v2/posts?per_page=100&_fields=link")[2])
    assert {row["link"] for row in found} == {f"{wordpress.url}/{post.slug}/" for post in wordpress.magazine.posts}


def test_spellings_of_a_tag_are_one_term_with_one_address(wordpress: "WordPress") -> None:
    spellings = {tag for post in wordpress.magazine.posts for tag in post.tags if tag.casefold() == "human rights"}
    assert len(spellings) > 1
    assert tags(wordpress)["human-rights"]["count"] == sum(
        "human rights" in [tag.casefold() for tag in post.tags] for post in wordpress.magazine.posts
    )


def test_dates_and_edits_are_those_of_the_magazine(wordpress: "WordPress") -> None:
    post = wordpress.magazine.posts[0]
    row = json.loads(get(f"{wordpress.url}/wp-json/wp/v2/posts?slug={post.slug}")[2])[0]
    assert row["date_gmt"] == f"{post.date:%Y-%m-%dT%H:%M:%S}"
    assert row["modified_gmt"] == f"{post.changed:%Y-%m-%dT%H:%M:%S}"


def test_a_page_has_the_date_glued_to_the_byline_and_furniture_around_the_body(wordpress: "WordPress") -> None:
    status, _, page = get(f"{wordpress.url}/four-families-of-the-changbai-valley/")
    assert status == 200
    assert '<span class="entry-date">09/14/2026</span><span class="entry-author-name">Nan Xuelian</span> |' in page
    for part in (
        "Skip to primary navigation",
        "Tagged With: ",
        "Uses a pseudonym for security reasons.",
        "Keep Reading",
    ):
        assert part in page
    assert page.count("<h1") == 1


def test_tag_pages_have_followers_until_the_last(wordpress: "WordPress") -> None:
    pages = -(-tags(wordpress)["north-korea"]["count"] // 10)
    assert 'class="next page-numbers"' in get(f"{wordpress.url}/tag/north-korea/page/{pages - 1}/")[2]
    assert 'class="next page-numbers"' not in get(f"{wordpress.url}/tag/north-korea/page/{pages}/")[2]
    assert get(f"{wordpress.url}/tag/north-korea/page/{pages + 1}/")[0] == 404


def test_rest_and_feeds_can_be_closed_while_pages_stay_open(wordpress: "WordPress") -> None:
    wordpress.close("rest", "feeds")
    assert get(f"{wordpress.url}/wp-json/wp/v2/posts")[0] == 401
    assert get(f"{wordpress.url}/tag/north-korea/feed/")[0] == 403
    assert get(f"{wordpress.url}/feed/")[0] == 403
    assert get(f"{wordpress.url}/tag/north-korea/")[0] == 200
    wordpress.reset()
    assert get(f"{wordpress.url}/wp-json/wp/v2/posts")[0] == 200
    assert get(f"{wordpress.url}/tag/north-korea/feed/")[0] == 200


def test_an_edit_moves_the_time_of_change_and_keeps_the_address(wordpress: "WordPress") -> None:
    post = wordpress.magazine.posts[-1]
    later = datetime(2026, 11, 19, 8, tzinfo=UTC)
    wordpress.publish(msgspec.structs.replace(post, paragraphs=("Rewritten.",), modified=later))
    rows = json.loads(get(f"{wordpress.url}/wp-json/wp/v2/posts?modified_after=2026-11-18T12:00:00")[2])
    assert [(row["slug"], row["modified_gmt"]) for row in rows] == [(post.slug, "2026-11-19T08:00:00")]
    assert "Rewritten." in rows[0]["content"]["rendered"]


def test_drafts_are_not_to_be_seen(wordpress: "WordPress") -> None:
    draft = msgspec.structs.replace(wordpress.magazine.posts[0], slug="not-yet", title="Not yet")
    wordpress.publish(draft, status="draft")
    assert get(f"{wordpress.url}/not-yet/")[0] == 404


def test_requests_are_written_down_by_the_server(wordpress: "WordPress") -> None:
    before = len(wordpress.requests())
    get(f"{wordpress.url}/tag/human-rights/feed/?paged=2")
    assert ("/tag/human-rights/feed/?paged=2", 200) in wordpress.requests()[before:]
