"""The site for tests is a real server, and its magazine answers as WordPress would."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPResponse
from typing import cast

import pytest

from crawler.testing import LoopbackSite, Magazine, Post


def fetch(url: str) -> HTTPResponse:
    return cast("HTTPResponse", urllib.request.urlopen(url, timeout=10))


@pytest.fixture
def magazine(make_posts: Callable[[int], list[Post]]) -> Magazine:
    return Magazine(make_posts(18))


def test_requests_are_recorded_with_their_headers(magazine: Magazine) -> None:
    with LoopbackSite(magazine) as site:
        with fetch(f"{site.url}feed/?paged=2"):
            pass
        assert site.paths() == ["/feed/?paged=2"]
        assert site.asked[0].query == {"paged": "2"}
        assert "user-agent" in site.asked[0].headers


def test_the_interface_gives_totals_and_ends_as_wordpress_does(magazine: Magazine) -> None:
    with LoopbackSite(magazine) as site:
        posts = f"{site.url}wp-json/wp/v2/posts?per_page=10&page="
        with fetch(f"{posts}2") as answer:
            assert answer.headers["X-WP-Total"] == "18"
            assert len(json.load(answer)) == 8
        with pytest.raises(urllib.error.HTTPError, match="400") as past_the_end:
            fetch(f"{posts}3")
        past_the_end.value.close()


def test_doors_can_be_closed(magazine: Magazine) -> None:
    magazine.closed = frozenset({"rest", "feeds", "tags"})
    with LoopbackSite(magazine) as site:
        for path in ("wp-json/wp/v2/posts", "feed/", "tag/north-korea/"):
            with pytest.raises(urllib.error.HTTPError, match="404") as closed:
                fetch(f"{site.url}{path}")
            closed.value.close()
