"""Answers that no proper server gives: each costs its own page and nothing else, through both doors."""

import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import repeat
from typing import Any
from urllib.parse import urlsplit

import brotli
import pytest
from backports import zstd

from cases.ledger import SetAside, SourceOutcome
from crawler.misbehaving import MisbehavingSite, Script, Wire
from crawler.testing import Magazine, Post

HOST = "magazine.example"
PAGE = b"<html><body><h1>A title</h1><article><div class=entry-content><p>A text of a page.</p></div></article></body></html>"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
OTHERS = 3
"""The watched articles beside the one under attack."""
GOOD = 3
FURTHER_MB = 1_500
"""How much address space the visiting process may take beyond what it has; the kernel sees to it."""
LITTLE_KB = 250_000
"""How much more memory a visit may really use, the first one's imports included."""


@pytest.fixture
def site(make_posts: Callable[[int], list[Post]]) -> Iterator[MisbehavingSite]:
    """Four watched articles; the first, ``/story-0/``, is for the tests to spoil."""
    with MisbehavingSite(Magazine(make_posts(6)), address="127.0.0.5") as serving:
        yield serving


def says(*parts: bytes) -> Script:
    """Send some bytes, and close the connection."""
    return lambda wire: wire.send(b"".join(parts))


def framed(body: bytes, *headers: bytes) -> Script:
    """Send a proper page with further headers."""
    lines = b"".join(header + b"\r\n" for header in headers)
    return says(HEAD, lines, b"Content-Length: %d\r\n\r\n" % len(body), body)


def packed(body: bytes, coding: bytes) -> Script:
    return framed(body, b"Content-Encoding: " + coding)


ZEROS = bytes(10 * 2**20)


@cache
def gzip_bomb() -> bytes:
    """A gigabyte in a hundred members: as one stream it would take the test as long as it is meant to take the victim."""
    return gzip.compress(ZEROS) * 100


@cache
def zstd_bomb() -> bytes:
    packer = zstd.ZstdCompressor(level=1)
    return b"".join([*map(packer.compress, repeat(ZEROS, 100)), packer.flush()])


@cache
def brotli_bomb() -> bytes:
    packer = brotli.Compressor(quality=1)
    return b"".join([*map(packer.process, repeat(ZEROS, 30)), packer.finish()])


def goes_on(first: bytes, piece: bytes, every_s: float, wire: Wire) -> None:
    wire.send(first)
    wire.for_ever(piece, every_s)


def endless(first: bytes, piece: bytes, every_s: float = 0.0) -> Script:
    return partial(goes_on, first, piece, every_s)


def says_nothing(wire: Wire) -> None:
    wire.for_ever(b"", 0.5)


BOMBS: dict[str, Callable[[], Script]] = {
    "gzip, a gigabyte": lambda: packed(gzip_bomb(), b"gzip"),
    "gzip, one stream": lambda: packed(gzip.compress(ZEROS * 5), b"gzip"),
    "gzip in gzip, ten gigabytes": lambda: packed(gzip.compress(gzip_bomb() * 10), b"gzip, gzip"),
    "deflate": lambda: packed(zlib.compress(ZEROS * 5), b"deflate"),
    "brotli": lambda: packed(brotli_bomb(), b"br"),
    "zstd, a gigabyte": lambda: packed(zstd_bomb(), b"zstd"),
    "five thousand codings": lambda: packed(b"x", b", ".join([b"gzip"] * 5_000)),
    "three codings": lambda: packed(gzip.compress(gzip.compress(gzip.compress(PAGE))), b"gzip, gzip, gzip"),
    "a hundred thousand members": lambda: packed(gzip.compress(b"") * 90_000, b"gzip"),
    "a window of two gigabytes": lambda: packed(bytes.fromhex("28b52ffd00a8") + b"\x01\x00\x00", b"zstd"),
}
BROKEN: dict[str, Script] = {
    "no gzip": packed(b"nonsense", b"gzip"),
    "no deflate": packed(b"nonsense", b"deflate"),
    "no brotli": packed(b"nonsense", b"br"),
    "no zstd": packed(b"nonsense", b"zstd"),
    "half of a gzip": packed(gzip.compress(PAGE * 100)[:-20], b"gzip"),
    "half of a deflate": packed(zlib.compress(PAGE * 100)[:-20], b"deflate"),
    "half of a brotli": packed(brotli.compress(PAGE * 100)[:-20], b"br"),
    "half of a zstd": packed(zstd.compress(PAGE * 100)[:-5], b"zstd"),
    "a length that is too long": says(HEAD, b"Content-Length: 2000\r\n\r\n", PAGE),
    "a negative length": says(HEAD, b"Content-Length: -5\r\n\r\n", PAGE),
    "a huge length": says(HEAD, b"Content-Length: 99999999999999999999\r\n\r\n", PAGE),
    "a length of five thousand digits": says(HEAD, b"Content-Length: ", b"9" * 5_000, b"\r\n\r\n", PAGE),
    "a length in words": says(HEAD, b"Content-Length: many\r\n\r\n", PAGE),
    "two lengths": says(HEAD, b"Content-Length: 20\r\nContent-Length: 40\r\n\r\n", PAGE),
    "no number of a chunk": says(HEAD, b"Transfer-Encoding: chunked\r\n\r\nzzz\r\nabc\r\n0\r\n\r\n"),
    "a chunk of sixteen exabytes": says(HEAD, b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc"),
    "a negative chunk": says(HEAD, b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\n0\r\n\r\n"),
    "chunks without an end": says(HEAD, b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
    "NUL in the name of a header": framed(PAGE, b"X\0A: b"),
    "a blank before the colon": framed(PAGE, b"X A : b"),
    "a header of a megabyte": framed(PAGE, b"X-A: " + b"a" * 1_000_000),
    "ten thousand headers": framed(PAGE, *(b"X-%d: a" % n for n in range(10_000))),
    "ten thousand cookies": framed(PAGE, *(b"Set-Cookie: a%d=b; path=/" % n for n in range(10_000))),
    "words for a status": says(b"HTTP/1.1 OK OK\r\n\r\n", PAGE),
    "a status of five digits": says(b"HTTP/1.1 99999 OK\r\n\r\n", PAGE),
    "status 0": says(b"HTTP/1.1 0 OK\r\n\r\n", PAGE),
    "a negative status": says(b"HTTP/1.1 -200 OK\r\n\r\n", PAGE),
    "HTTP/0.9": says(PAGE),
    "another protocol": says(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "no answer at all": says(),
    "status 101": says(b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"),
    "status 204 with a body": says(b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nabcde"),
    "status 205 with a body": says(b"HTTP/1.1 205 Reset\r\n\r\n", PAGE),
    "a part, unasked": says(b"HTTP/1.1 206 Partial\r\nContent-Range: bytes 0-5/9\r\n\r\n", PAGE),
    "not modified, unasked": says(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    "status 301 to nowhere": says(b"HTTP/1.1 301 Moved\r\n\r\n"),
    "status 300": says(b"HTTP/1.1 300 Choices\r\n\r\n"),
}
ENDLESS: dict[str, Script] = {
    "headers": endless(b"HTTP/1.1 200 OK\r\n", b"".join(b"X-%d: %s\r\n" % (n, b"b" * 100) for n in range(500))),
    "one header, line after line": endless(b"HTTP/1.1 200 OK\r\nX-A: b\r\n", b" " + b"b" * 10_000 + b"\r\n"),
    "one line": endless(b"", b"H" * 65_536),
    "interim answers": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000),
    "early hints": endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 1_000),
    "a body": endless(HEAD + b"\r\n", b"<p>never enough</p>" * 1_000),
    "an extension of a chunk": endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", b"a" * 60_000),
    "trailers": endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-T: " + b"a" * 1_000 + b"\r\n"),
    "chunks of one byte": endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 5_000),
    "drops of headers": endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", 0.2),
    "drops of a status line": endless(b"", b"H", 0.2),
    "drops of a body": endless(HEAD + b"\r\n", b"<p>", 0.2),
    "silence": says_nothing,
}
STRANGE_BUT_READABLE: dict[str, Script] = {
    "a header of sixty thousand bytes": framed(PAGE, b"Content-Security-Policy: " + b"a" * 60_000),
    "hundreds of cookies": framed(PAGE, *(b"Set-Cookie: a%d=b; path=/" % n for n in range(500))),
    "a header that is not UTF-8": framed(PAGE, b"X-Place: Gen\xe8ve"),
    "a second answer behind the first": framed(PAGE + HEAD + b"\r\n" + PAGE),
    "UTF-16 that is none": framed(PAGE, b"Content-Type: text/html; charset=utf-16"),
    "a charset that nobody knows": framed(PAGE, b"Content-Type: text/html; charset=klingon"),
    "gzip in gzip": packed(gzip.compress(gzip.compress(PAGE)), b"gzip, gzip"),
    "gzip with something behind it": packed(gzip.compress(PAGE) + bytes(20), b"gzip"),
    "deflate without its header": packed(zlib.compress(PAGE)[2:-4], b"deflate"),
    "no reason": says(HEAD.replace(b" OK", b""), b"\r\n", PAGE),
    "line feeds alone": says(HEAD.replace(b"\r\n", b"\n"), b"\n", PAGE),
    "HTTP/1.0": says(HEAD.replace(b"HTTP/1.1", b"HTTP/1.0"), b"\r\n", PAGE),
}


class Spoilt:
    """One visit to a magazine with a spoilt article for each attack, and three good ones."""

    def __init__(self, attacks: Mapping[str, Script], look: Callable[..., Any], **told: Any) -> None:  # noqa: ANN401
        self.addresses = {name: f"/spoilt-{number}/" for number, name in enumerate(attacks)}
        posts = [post(path.strip("/"), number) for number, path in enumerate(self.addresses.values())]
        magazine = Magazine([*posts, *(post(f"good-{number}", 90 + number) for number in range(GOOD))])
        magazine.page_size = 100
        with MisbehavingSite(magazine, address="127.0.0.5") as serving:
            serving.scripts.update({self.addresses[name]: script for name, script in attacks.items()})
            self.found = look(serving.url(HOST), watched=["North Korea"], longest_s=120, **told)
        self.read = {urlsplit(article.url).path for article in self.found.articles}

    def good_ones(self) -> int:
        """Count the good articles that were read."""
        return sum(path.startswith("/good-") for path in self.read)


def post(slug: str, number: int) -> Post:
    at = datetime(2026, 5, 1, tzinfo=UTC) + timedelta(minutes=number)
    return Post(
        slug=slug, title=f"About {slug}", paragraphs=("A first one.", "And more."), tags=("North Korea",), published=at
    )


@pytest.fixture(scope="module")
def bombs(look: Callable[..., Any]) -> Spoilt:
    return Spoilt({name: made() for name, made in BOMBS.items()}, look, further_mb=FURTHER_MB)


@pytest.fixture(scope="module")
def broken(look: Callable[..., Any]) -> Spoilt:
    return Spoilt(BROKEN, look)


@pytest.fixture(scope="module")
def endless_ones(look: Callable[..., Any]) -> Spoilt:
    return Spoilt(ENDLESS, look, further_mb=FURTHER_MB, collection={"timeout_s": 2})


@pytest.fixture(scope="module")
def strange(look: Callable[..., Any]) -> Spoilt:
    return Spoilt(STRANGE_BUT_READABLE, look)


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_not_taken_for_a_page(name: str, bombs: Spoilt) -> None:
    assert bombs.addresses[name] not in bombs.read


def test_bombs_cost_their_own_pages_and_little_memory(bombs: Spoilt) -> None:
    assert bombs.good_ones() == GOOD
    assert bombs.found.run.set_aside == {SetAside.UNREACHABLE: len(BOMBS)}
    assert bombs.found.grown_kb < LITTLE_KB


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_answer_is_not_taken_for_a_page(name: str, broken: Spoilt) -> None:
    assert broken.addresses[name] not in broken.read


def test_broken_answers_cost_their_own_pages(broken: Spoilt) -> None:
    assert broken.good_ones() == GOOD
    assert broken.found.run.set_aside == {SetAside.UNREACHABLE: len(BROKEN)}
    assert broken.found.run.outcome is SourceOutcome.OK


@pytest.mark.parametrize("name", ENDLESS)
def test_an_answer_without_end_is_not_taken_for_a_page(name: str, endless_ones: Spoilt) -> None:
    assert endless_ones.addresses[name] not in endless_ones.read


def test_answers_without_end_cost_their_own_pages_and_little_memory(endless_ones: Spoilt) -> None:
    assert endless_ones.good_ones() == GOOD
    assert endless_ones.found.run.set_aside == {SetAside.UNREACHABLE: len(ENDLESS)}
    assert endless_ones.found.grown_kb < LITTLE_KB


@pytest.mark.parametrize("name", STRANGE_BUT_READABLE)
def test_what_browsers_forgive_is_read(name: str, strange: Spoilt) -> None:
    assert strange.addresses[name] in strange.read


def test_a_length_that_is_too_short_never_gives_half_a_page(site: MisbehavingSite, look: Callable[..., Any]) -> None:
    site.scripts["/story-0/"] = says(HEAD, b"Content-Length: 20\r\n\r\n", PAGE)
    found = look(site.url(HOST))
    assert found.run.articles == OTHERS
    assert found.run.set_aside in ({SetAside.UNREACHABLE: 1}, {SetAside.UNREADABLE: 1})


@pytest.mark.parametrize("name", ["headers", "drops of a body", "one line", "silence"])
def test_a_listing_without_end_is_told_as_such(name: str, site: MisbehavingSite, look: Callable[..., Any]) -> None:
    site.scripts["/tag/north-korea/feed/"] = site.scripts["/tag/human-rights/feed/"] = ENDLESS[name]
    found = look(site.url(HOST), collection={"timeout_s": 1}, further_mb=FURTHER_MB)
    assert found.run.outcome is SourceOutcome.UNREACHABLE
    assert "/feed/" in (found.run.detail or "")


@pytest.mark.parametrize("name", ["gzip, a gigabyte", "brotli"])
def test_a_bomb_in_the_place_of_a_listing_is_told_as_such(
    name: str, site: MisbehavingSite, look: Callable[..., Any]
) -> None:
    site.scripts["/tag/north-korea/feed/"] = site.scripts["/tag/human-rights/feed/"] = BOMBS[name]()
    found = look(site.url(HOST), further_mb=FURTHER_MB)
    assert found.run.outcome is SourceOutcome.PARSE_FAILED
    assert "larger than it may be" in (found.run.detail or "")


def test_a_listing_that_is_not_modified_though_nobody_asked_is_no_success(
    site: MisbehavingSite, look: Callable[..., Any]
) -> None:
    site.scripts["/tag/north-korea/feed/"] = site.scripts["/tag/human-rights/feed/"] = BROKEN["not modified, unasked"]
    assert look(site.url(HOST)).run.outcome is SourceOutcome.UNREACHABLE
