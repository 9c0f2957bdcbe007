"""Addresses that lead into the operator's own machine and network: none of them is ever connected to, by either door."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from cases.ledger import SetAside, SourceOutcome
from crawler.misbehaving import MisbehavingSite
from crawler.testing import Asked, Magazine, Post, Reply

HOST = "magazine.example"
PUBLIC = "127.0.0.5"
"""The one address that the tests let pass; the canaries listen on others."""


@pytest.fixture
def magazine(make_posts: Callable[[int], list[Post]]) -> Magazine:
    return Magazine(make_posts(6))


@pytest.fixture
def site(magazine: Magazine) -> Iterator[MisbehavingSite]:
    with MisbehavingSite(magazine, address=PUBLIC) as serving:
        yield serving


@pytest.fixture
def canary() -> Iterator[MisbehavingSite]:
    """A server of this machine, on every address of it, that nobody may reach."""
    with MisbehavingSite(lambda _: Reply(body=b"secret"), address="::") as serving:
        yield serving


INSIDE = [
    "127.0.0.1",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "0177.1",
    "0",
    "0.0.0.0",
    "127.0.0.1.",
    "127.8.9.10",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[fe80::1%25lo]",
    "[fe80::1]",
    "[fc00::1]",
    "10.0.0.1",
    "192.168.1.1",
    "172.16.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "１２７.０.０.１",
    "127。0。0。1",
    "ⓛocalhost",
    "sub.canary.example",
]
TRICKS = [
    "http://magazine.example@127.0.0.1:{port}/",
    "http://magazine.example:80@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@magazine.example/",
    "http://magazine.example\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@magazine.example/",
    "http://127.0.0.1:{port}?@magazine.example/",
    "http://127.0.0.1:{port};@magazine.example/",
    "http://127.0.0.1\t:{port}/",
    "http://127.0.0.1\n:{port}/",
    "ht\ttp://127.0.0.1:{port}/",
    "http:/\\127.0.0.1:{port}/",
    "http:127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "hTTp://127.0.0.1:{port}/",
    "http://[::1]:{port}/",
    "http://[::1%25lo]:{port}/",
    "http://magazine.example%00.127.0.0.1:{port}/",
    "http://%31%32%37.0.0.1:{port}/",
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "data:text/html,<h1>a</h1>",
    "gopher://127.0.0.1:{port}/_GET",
    "ftp://127.0.0.1:{port}/",
    "javascript:alert(1)",
    "dict://127.0.0.1:{port}/",
    "view-source:http://127.0.0.1:{port}/",
    "feed://127.0.0.1:{port}/",
    "s3://bucket/key",
    "unix:/run/secret.sock",
]


def moved(target: str, status: int = 302) -> Callable[[Asked], Reply]:
    return lambda _: Reply(status=status, headers={"Location": target})


def feed_of(*links: str) -> Callable[[Asked], Reply]:
    items = "".join(f"<item><title>One</title><link>{escape(link)}</link></item>" for link in links)
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>M</title>{items}</channel></rss>'
    return lambda _: Reply(body=body.encode(), headers={"Content-Type": "application/rss+xml"})


def written_out(links: list[str], port: int) -> list[str]:
    return [link.replace("{port}", str(port)) for link in links]


def test_the_canary_can_be_reached_where_ones_own_network_is_allowed(
    canary: MisbehavingSite, look: Callable[..., Any]
) -> None:
    for host in ("127.0.0.1", "[::1]", "localhost"):
        canary.asked.clear()
        look(f"http://{host}:{canary.port}/", collection={"allow_private_addresses": True})
        assert canary.asked, host


def test_no_spelling_of_an_inner_address_is_visited_as_a_source(
    canary: MisbehavingSite, look: Callable[..., Any]
) -> None:
    for host in INSIDE:
        found = look(f"http://{host}:{canary.port}/", names={"sub.canary.example": [["127.0.0.1"]]})
        assert found.run.articles == 0, host
        assert found.run.outcome in {SourceOutcome.FORBIDDEN, SourceOutcome.UNREACHABLE, SourceOutcome.BLOCKED}, host
    assert canary.connections == 0


def test_an_inner_address_in_a_feed_is_not_fetched(
    magazine: Magazine, site: MisbehavingSite, canary: MisbehavingSite, look: Callable[..., Any]
) -> None:
    links = [f"http://{host}:{canary.port}/a{n}" for n, host in enumerate(INSIDE)] + written_out(TRICKS, canary.port)
    magazine.special["/feed/"] = feed_of(*links)
    hosts = [host.strip("[]") for host in INSIDE]
    found = look(site.url(HOST), {"kind": "feed", "url": f"{site.url(HOST)}feed/"}, hosts=hosts, watched=[])
    assert canary.connections == 0
    assert found.run.articles == 0
    assert found.run.entries + found.run.repeats == len(links)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_leads_nowhere_inside(
    status: int, magazine: Magazine, site: MisbehavingSite, canary: MisbehavingSite, look: Callable[..., Any]
) -> None:
    targets = [f"http://{host}:{canary.port}/" for host in INSIDE] + written_out(TRICKS, canary.port)
    for number, target in enumerate(targets):
        location = target.encode("utf-8").decode("latin-1").replace("\n", "").replace("\r", "")
        magazine.special[f"/to-{number}/"] = moved(location, status)
    magazine.special["/feed/"] = feed_of(*(f"{site.url(HOST)}to-{number}/" for number in range(len(targets))))
    listed = {"kind": "feed", "url": f"{site.url(HOST)}feed/"}
    found = look(site.url(HOST), listed, watched=[], names={"sub.canary.example": [["127.0.0.1"]]}, longest_s=120)
    assert canary.connections == 0
    assert found.run.articles == 0
    assert set(found.run.set_aside) <= {SetAside.FORBIDDEN, SetAside.UNREACHABLE, SetAside.NOT_REACHED}


def test_a_listing_that_redirects_inside_is_told_as_such(
    magazine: Magazine, site: MisbehavingSite, canary: MisbehavingSite, look: Callable[..., Any]
) -> None:
    magazine.special["/feed/"] = moved(f"http://[::1]:{canary.port}/")
    found = look(site.url(HOST), {"kind": "feed", "url": f"{site.url(HOST)}feed/"})
    assert canary.connections == 0
    assert found.run.outcome in {SourceOutcome.FORBIDDEN, SourceOutcome.BLOCKED}
    assert "the machine itself" in (found.run.detail or "")


def test_a_robots_txt_that_redirects_inside_is_not_followed(
    magazine: Magazine, site: MisbehavingSite, canary: MisbehavingSite, look: Callable[..., Any]
) -> None:
    magazine.special["/robots.txt"] = moved(f"http://127.0.0.1:{canary.port}/robots.txt")
    found = look(site.url(HOST))
    assert canary.connections == 0
    assert found.run.articles == 0


def test_a_name_that_turns_inside_between_check_and_connection_gains_nothing(
    site: MisbehavingSite, canary: MisbehavingSite, look: Callable[..., Any]
) -> None:
    turning = {"turning.example": [[PUBLIC], ["127.0.0.1"]]}
    found = look(f"http://turning.example:{canary.port}/", names=turning)
    assert canary.connections == 0
    assert found.run.articles == 0


def test_a_name_that_stands_for_a_public_and_an_inner_address_is_not_visited(
    canary: MisbehavingSite, look: Callable[..., Any]
) -> None:
    both = {"both.example": [[PUBLIC, "127.0.0.1"]]}
    found = look(f"http://both.example:{canary.port}/", names=both)
    assert canary.connections == 0
    assert found.run.outcome in {SourceOutcome.FORBIDDEN, SourceOutcome.BLOCKED}


def test_a_redirect_to_what_robots_txt_forbids_is_not_followed(
    make_posts: Callable[[int], list[Post]], look: Callable[..., Any]
) -> None:
    magazine = Magazine(make_posts(6), robots="User-agent: *\nDisallow: /private/\n")
    magazine.special["/story-0/"] = moved("/private/story/")
    with MisbehavingSite(magazine, address=PUBLIC) as site:
        found = look(site.url(HOST))
    assert "/private/story/" not in site.paths()
    assert found.run.set_aside == {SetAside.FORBIDDEN: 1}
    assert found.run.articles == 3


def test_redirects_go_round_or_on_only_so_often(
    magazine: Magazine, site: MisbehavingSite, look: Callable[..., Any]
) -> None:
    magazine.special["/story-0/"] = moved("/story-0/")
    magazine.special["/story-1/"] = moved("/long-0/")
    for number in range(50):
        magazine.special[f"/long-{number}/"] = moved(f"/long-{number + 1}/")
    found = look(site.url(HOST))
    assert found.run.set_aside == {SetAside.UNREACHABLE: 2}
    assert found.run.articles == 2
    assert len(site.asked) < 30


@pytest.mark.parametrize("location", ["/a\x00\x01\x7f", "/a%0d%0aX-Forged:%20yes", "http://[::1", "http://a:b/", ""])
def test_a_redirect_to_what_is_no_address_costs_its_own_page(
    location: str, magazine: Magazine, site: MisbehavingSite, look: Callable[..., Any]
) -> None:
    magazine.special["/story-0/"] = moved(location)
    found = look(site.url(HOST))
    assert found.run.articles == 3
    assert not any("x-forged" in asked.headers for asked in site.asked)


def test_a_page_of_another_publisher_is_not_taken_by_way_of_a_redirect(
    magazine: Magazine, site: MisbehavingSite, make_posts: Callable[[int], list[Post]], look: Callable[..., Any]
) -> None:
    rival = Magazine(make_posts(3))
    with MisbehavingSite(rival, address="127.0.0.6") as other:
        magazine.special["/story-0/"] = moved(f"{other.url('rival.example')}story-0/")
        found = look(site.url(HOST), names={"rival.example": [["127.0.0.6"]]}, public=[PUBLIC, "127.0.0.6"])
    assert not any("rival.example" in article.url for article in found.articles)
    assert found.run.articles == 3


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three throw-away certificates: for another host, run out, and good but signed by nobody known."""
    folder, key = tmp_path_factory.mktemp("certificates"), ec.generate_private_key(ec.SECP256R1())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    now = datetime.now(UTC)
    for name, host, until in (("other", "rival.example", 1), ("old", HOST, -1), ("own", HOST, 1)):
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
        draft = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        draft = draft.not_valid_before(now - timedelta(days=3)).not_valid_after(now + timedelta(days=until))
        draft = draft.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        signed = draft.sign(key, hashes.SHA256())
        (folder / f"{name}.pem").write_bytes(signed.public_bytes(Encoding.PEM) + secret)
    return folder


@pytest.mark.parametrize("name", ["other", "old", "own"])
def test_a_site_whose_certificate_cannot_be_trusted_is_unreachable(
    name: str, certificates: Path, magazine: Magazine, look: Callable[..., Any]
) -> None:
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / f"{name}.pem")
    with MisbehavingSite(magazine, address=PUBLIC, tls=context) as site:
        found = look(site.url(HOST))
    assert site.asked == []
    assert found.run.outcome is SourceOutcome.UNREACHABLE
    assert "its certificate cannot be trusted" in (found.run.detail or "")
