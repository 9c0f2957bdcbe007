"""Redirects: followed, told, or refused."""

import pytest

from crawler.moves import Move, move_of

A, B, WWW = "https://m.example/feed/", "https://m.example/rss/", "https://www.m.example/feed/"
AWAY, FURTHER, MIRROR = "https://rival.example/feed/", "https://rival.example/rss/", "https://m-mirror.example/feed/"


def owns(url: str) -> bool:
    return "m.example" in url or "m-mirror.example" in url


@pytest.mark.parametrize(
    ("hops", "reasons", "move"),
    [
        ([A], [], None),
        ([A, B], [301], Move(to=B, away=False, for_good=True)),
        ([A, B], [302], Move(to=B, away=False, for_good=False)),
        ([A, WWW], [308], Move(to=WWW, away=False, for_good=True)),
        ([A, WWW, B], [301, 302], Move(to=B, away=False, for_good=False)),
        ([A, MIRROR], [301], Move(to=MIRROR, away=False, for_good=True)),
        ([A, AWAY], [301], Move(to=AWAY, away=True, for_good=True)),
        ([A, AWAY], [302], Move(to=AWAY, away=True, for_good=False)),
        ([A, B, AWAY, FURTHER], [302, 308, 302], Move(to=FURTHER, away=True, for_good=True)),
        ([A, B, AWAY, FURTHER], [301, 302, 301], Move(to=FURTHER, away=True, for_good=False)),
        ([A, AWAY, B], [301, 301], Move(to=B, away=False, for_good=True)),
    ],
)
def test_where_redirects_led(hops: list[str], reasons: list[object], move: Move | None) -> None:
    assert move_of(hops, reasons, owns) == move


def test_an_address_on_a_host_of_others_may_stay_there() -> None:
    """A feed that a service delivers: the host of the address that the file names is as good as the source's own."""
    feed, other = "https://feeds.example/m", "https://www.feeds.example/m?format=xml"
    assert move_of([feed, other], [301], owns) == Move(to=other, away=False, for_good=True)
