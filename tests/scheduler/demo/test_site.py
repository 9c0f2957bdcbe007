"""The bundled magazine over real HTTP: what a crawl of it meets."""

import asyncio
import json
import socket
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from cases.errors import ConfigError
from scheduler.demo.magazine import Magazine, load_magazine, load_magazines
from scheduler.demo.outlet import Outlet
from scheduler.demo.site import served, serving

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
TESTIMONY = "/four-families-of-the-changbai-valley/"


class Reply:
    """A status, headers and a body."""

    def __init__(self, outlet: Outlet, path: str, **headers: str) -> None:
        connection = HTTPConnection(urlsplit(outlet.url).netloc, timeout=20)
        try:
            connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            self.status, self.headers, self.text = response.status, response.headers, response.read().decode()
        finally:
            connection.close()

    def json(self) -> Any:  # noqa: ANN401 - whatever the site said
        return json.loads(self.text)


@pytest.fixture(scope="module")
def outlets() -> Iterator[dict[str, Outlet]]:
    with served(load_magazines()) as running:
        yield running


@pytest.fixture
def courier(outlets: dict[str, Outlet]) -> Iterator[Outlet]:
    """The magazine, as it was and with every way in open."""
    outlet = outlets["frost-courier"]
    before = outlet.magazine
    yield outlet
    outlet.magazine = before
    outlet.closed.clear()


@pytest.fixture
def wire(outlets: dict[str, Outlet]) -> Outlet:
    return outlets["estuary-dispatch"]


def walk_tag_pages(outlet: Outlet, tag: str) -> list[str]:
    """Return the text of every page of a tag, by following the link to the next."""
    texts, path = [], f"/tag/{tag}/"
    while path:
        texts.append(Reply(outlet, path).text)
        _, found, rest = texts[-1].partition('<link rel="next" href="')
        path = urlsplit(rest.partition('"')[0]).path if found else ""
    return texts


def test_an_article_stands_in_the_furniture_of_a_magazine(courier: Outlet) -> None:
    page = Reply(courier, TESTIMONY)
    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert '<span class="entry-date">09/14/2026</span><span class="entry-author-name">Nan Xuelian</span> |' in page.text
    for part in (
        "Skip to primary navigation",
        "Home</a> / <span>The Border</span> / <span>Testimonies</span>",
        "Reported by Nan Xuelian",
        "Tagged With: ",
        "Nan Xuelian profile picture",
        "Uses a pseudonym for security reasons.",
        "Related articles",
        "Keep Reading",
        "Most Read",
        "30121 Venice, Italy",
    ):
        assert part in page.text


def test_related_articles_have_their_titles_twice_and_may_be_in_another_language(courier: Outlet) -> None:
    title = "Репатриация валютной выручки: что изменится для экспортёров"
    assert Reply(courier, TESTIMONY).text.count(title) == 2


def test_the_tag_pages_lead_to_every_tagged_article_and_the_front_to_all(courier: Outlet) -> None:
    tagged = courier.tagged(["north-korea"])
    texts = walk_tag_pages(courier, "north-korea")
    assert len(texts) == -(-len(tagged) // 10)
    for post in tagged:
        assert any(f'rel="bookmark" href="{courier.address(post)}"' in text for text in texts)
    assert Reply(courier, f"/tag/north-korea/page/{len(texts) + 1}/").status == 404
    assert Reply(courier, "/page/2/").status == 200


def test_a_tag_that_nobody_carries_has_no_page_and_no_feed(courier: Outlet) -> None:
    assert Reply(courier, "/tag/volleyball/").status == 404
    assert Reply(courier, "/tag/volleyball/feed/").status == 404


def test_tag_feeds_can_be_paged_to_the_end(courier: Outlet) -> None:
    links: list[str | None] = []
    page = 1
    while (reply := Reply(courier, f"/tag/human-rights/feed/?paged={page}")).status == 200:
        links += [item.findtext("link") for item in ET.fromstring(reply.text).iter("item")]
        page += 1
    assert reply.status == 404
    assert links == [courier.address(post) for post in courier.tagged(["human-rights"])]


def test_feed_items_keep_the_spelling_of_their_tags(courier: Outlet) -> None:
    post = next(post for post in courier.magazine.posts if "NORTH KOREA" in post.tags)
    page = courier.tagged(["north-korea"]).index(post) // 10 + 1
    items = ET.fromstring(Reply(courier, f"/tag/north-korea/feed/?paged={page}").text).iter("item")
    item = next(item for item in items if item.findtext("link") == courier.address(post))
    assert [category.text for category in item.iter("category")] == [*post.categories, "NORTH KOREA"]


def test_rest_gives_tags_by_slug_and_posts_by_tag_with_totals(courier: Outlet) -> None:
    tags = Reply(courier, "/wp-json/wp/v2/tags?slug=north-korea,human-rights").json()
    assert [(tag["slug"], tag["count"]) for tag in tags] == [
        (slug, len(courier.tagged([slug]))) for slug in ("north-korea", "human-rights")
    ]
    numbers = ",".join(str(tag["id"]) for tag in tags)
    found = Reply(courier, f"/wp-json/wp/v2/posts?tags={numbers}&per_page=100&_fields=id,slug,link")
    expected = courier.tagged(["north-korea", "human-rights"])
    assert [row["slug"] for row in found.json()] == [post.slug for post in expected]
    assert set(found.json()[0]) == {"id", "slug", "link"}
    assert (found.headers["X-WP-Total"], found.headers["X-WP-TotalPages"]) == (str(len(expected)), "1")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("page=99", "rest_post_invalid_page_number"),
        ("per_page=101", "rest_invalid_param"),
        ("page=0", "rest_invalid_param"),
        ("page=²", "rest_invalid_param"),
        ("orderby=colour", "rest_invalid_param"),
        ("modified_after=yesterday", "rest_invalid_param"),
    ],
)
def test_rest_refuses_in_the_form_of_wordpress(courier: Outlet, query: str, code: str) -> None:
    reply = Reply(courier, "/wp-json/wp/v2/posts?" + query.replace("²", "%C2%B2"))
    assert (reply.status, reply.json()["code"]) == (400, code)


def test_rest_knows_no_other_routes(courier: Outlet) -> None:
    assert Reply(courier, "/wp-json/wp/v2/users").json()["code"] == "rest_no_route"


def test_an_edit_is_found_by_its_time_and_keeps_number_and_address(courier: Outlet) -> None:
    post = courier.magazine.posts[-1]
    number = courier.number(post)
    edited = msgspec.structs.replace(post, title="Rewritten & Kept", modified=datetime(2026, 11, 21, tzinfo=UTC))
    courier.publish(edited)
    rows = Reply(courier, "/wp-json/wp/v2/posts?orderby=modified&modified_after=2026-11-20T00:00:00").json()
    assert [(row["id"], row["slug"], row["title"]["rendered"]) for row in rows] == [
        (number, post.slug, "Rewritten &amp; Kept")
    ]


def test_a_new_article_comes_first_everywhere(courier: Outlet) -> None:
    newest = courier.magazine.posts[0]
    late = msgspec.structs.replace(newest, slug="late", title="Late", date=datetime(2026, 11, 20, 9, tzinfo=UTC))
    courier.publish(late)
    assert Reply(courier, "/wp-json/wp/v2/posts?per_page=1").json()[0]["slug"] == "late"
    assert ET.fromstring(Reply(courier, "/feed/").text).findtext("channel/item/title") == "Late"
    assert "/late/" in Reply(courier, "/wp-sitemap-posts-post-1.xml").text
    assert Reply(courier, "/late/").status == 200


def test_a_client_that_shows_its_validators_is_told_that_nothing_changed(courier: Outlet) -> None:
    for path in (TESTIMONY, "/feed/", "/tag/north-korea/", "/wp-sitemap.xml"):
        first = Reply(courier, path)
        again = Reply(courier, path, If_None_Match=f'W/{first.headers["ETag"]}, "other"')
        assert (again.status, again.text) == (304, "")
    dated = Reply(courier, TESTIMONY).headers["Last-Modified"]
    assert dated == "Mon, 14 Sep 2026 05:15:00 GMT"
    assert Reply(courier, TESTIMONY, If_Modified_Since=dated).status == 304


@pytest.mark.parametrize("given", ["Sun, 13 Sep 2026 05:15:00 GMT", "not a date", "14 Sep 2026 05:15:00"])
def test_an_older_or_senseless_date_brings_the_page(courier: Outlet, given: str) -> None:
    assert Reply(courier, TESTIMONY, If_Modified_Since=given).status == 200


def test_the_entity_tag_outweighs_the_date(courier: Outlet) -> None:
    dated = Reply(courier, TESTIMONY).headers["Last-Modified"]
    assert Reply(courier, TESTIMONY, If_None_Match='"stale"', If_Modified_Since=dated).status == 200


def test_ways_in_can_be_closed_and_opened_again(courier: Outlet) -> None:
    courier.closed |= {"rest", "feeds"}
    closed = Reply(courier, "/wp-json/wp/v2/posts")
    assert (closed.status, closed.json()["code"]) == (401, "rest_not_logged_in")
    assert Reply(courier, "/feed/").status == Reply(courier, "/tag/north-korea/feed/").status == 404
    assert Reply(courier, "/tag/north-korea/").status == 200
    courier.closed.clear()
    assert Reply(courier, "/wp-json/wp/v2/posts").status == Reply(courier, "/feed/").status == 200


def test_the_small_outlet_offers_its_feed_and_nothing_else(wire: Outlet) -> None:
    assert Reply(wire, "/feed/").status == 200
    for path in ("/wp-json/wp/v2/posts", "/tag/north-korea/", "/tag/north-korea/feed/", "/wp-sitemap.xml"):
        assert Reply(wire, path).status == 404
    assert "Sitemap:" not in Reply(wire, "/robots.txt").text
    assert (
        '<meta property="article:tag" content="north-korea">' in Reply(wire, f"/{wire.magazine.posts[-1].slug}/").text
    )


def test_robots_may_read_the_articles_and_find_the_sitemap(courier: Outlet) -> None:
    assert Reply(courier, "/robots.txt").text.splitlines()[:2] == ["User-agent: *", "Disallow: /wp-admin/"]
    index = ET.fromstring(Reply(courier, "/wp-sitemap.xml").text)
    address = index.findtext(f"{SITEMAP}sitemap/{SITEMAP}loc")
    assert address is not None
    listed = ET.fromstring(Reply(courier, urlsplit(address).path).text).iter(f"{SITEMAP}loc")
    assert {found.text for found in listed} == {courier.address(post) for post in courier.magazine.posts}


def test_the_short_address_of_an_article_leads_to_it(courier: Outlet) -> None:
    post = courier.magazine.posts[0]
    reply = Reply(courier, f"/?p={courier.number(post)}")
    assert (reply.status, reply.headers["Location"]) == (301, courier.address(post))
    assert Reply(courier, "/?p=9").status == 404


def test_what_an_editor_types_is_text_and_never_markup(courier: Outlet) -> None:
    post = courier.magazine.posts[0]
    courier.publish(msgspec.structs.replace(post, title="<script>1</script>", paragraphs=("a <b> & c",)))
    page = Reply(courier, f"/{post.slug}/").text
    assert "<script>" not in page
    assert "<p>a &lt;b&gt; &amp; c</p>" in page


def test_the_site_writes_down_what_it_was_asked(courier: Outlet) -> None:
    before = len(courier.asked)
    Reply(courier, "/feed/?paged=2")
    Reply(courier, "/nowhere/")
    assert [(asked.target, asked.status) for asked in courier.asked[before:]] == [
        ("/feed/?paged=2", 200),
        ("/nowhere/", 404),
    ]


def test_a_given_port_is_used_again_and_a_taken_one_is_an_error() -> None:
    magazine = load_magazine("estuary-dispatch")
    with served([magazine]) as first:
        url = first[magazine.name].url
    ports = {magazine.name: urlsplit(url).port or 0}
    with served([magazine], ports=ports) as second:
        assert second[magazine.name].url == url
        with pytest.raises(ConfigError, match="in use"), served([magazine], ports=ports):
            pass


def test_serving_on_the_running_loop_ends_with_its_block() -> None:
    async def visit(magazine: Magazine) -> tuple[int, str]:
        async with serving([magazine]) as outlets:
            outlet = outlets[magazine.name]
            reply = await asyncio.to_thread(Reply, outlet, "/")
            return reply.status, outlet.url

    status, url = asyncio.run(visit(load_magazine("estuary-dispatch")))
    assert status == 200
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), timeout=5)
