"""Lists of feeds: what is read of them, and what is refused."""

import pytest

from cases.errors import InputError
from crawler.discovery.opml import Subscription, subscriptions


def opml(outlines: str, before: str = "") -> bytes:
    return f"<?xml version='1.0'?>{before}<opml version='2.0'><head/><body>{outlines}</body></opml>".encode()


def test_feeds_are_found_at_any_depth_each_once_in_the_order_of_the_list() -> None:
    body = opml(
        "<outline text='Border'><outline text='Quay' title='The Quay' xmlUrl=' https://quay.example/feed/ '/>"
        "<outline><outline text='Pier' XMLURL='https://pier.example/rss'/></outline></outline>"
        "<outline text='again' xmlUrl='https://quay.example/feed/'/><outline text='no feed' htmlUrl='https://x.example/'/>"
    )
    assert subscriptions(body, origin="list.opml") == [
        Subscription(url="https://quay.example/feed/", title="The Quay"),
        Subscription(url="https://pier.example/rss", title="Pier"),
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "cannot be read as OPML"),
        (b"<html><body>A page</body></html>", "no OPML"),
        (opml("<outline text='empty'/>"), "names no feed"),
        (
            opml("<outline xmlUrl='&secret;'/>", "<!DOCTYPE opml [<!ENTITY secret SYSTEM 'file:///etc/passwd'>]>"),
            "external entity",
        ),
        (
            opml("<outline xmlUrl='https://x.example/'/>", "<!DOCTYPE o [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>"),
            "document type",
        ),
        (opml("".join(f"<outline xmlUrl='https://x.example/{n}'/>" for n in range(1_001))), "1001 feeds"),
        (b" " * 5_000_001, "larger than"),
    ],
)
def test_what_is_no_honest_list_is_refused_with_the_reason(body: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        subscriptions(body, origin="list.opml")
