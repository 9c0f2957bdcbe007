"""The guard: every class of address that a hostile page may name."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import Unreachable
from crawler.wire.guard import ForbiddenAddress, Guard, check_address, check_url


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:db8::1",
    ],
)
def test_addresses_that_are_no_public_hosts_are_refused(address: str) -> None:
    with pytest.raises(ForbiddenAddress, match="the guard does not visit it"):
        check_address(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_pass(address: str) -> None:
    assert not is_refused(address)


def is_refused(address: str) -> bool:
    try:
        check_address(address)
    except ForbiddenAddress:
        return True
    return False


@pytest.mark.parametrize(
    "url",
    [
        "ftp://magazine.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//magazine.example/",
        "https://",
        "https://user@magazine.example/",
        "https://user:secret@magazine.example/",
        "https://magazine.example:99999/",
        "https://magazine.example:0/",
        "https://magazine.example\\@127.0.0.1/",
        "https://magazine.example/\r\nHost: other",
        "http://[::1",
        "https://magazine.example/" + "a" * 3000,
        "",
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        check_url(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "0177.0.0.1", "127.1"])
def test_every_spelling_of_this_machine_is_refused_before_it_is_asked(host: str) -> None:
    with pytest.raises(ForbiddenAddress):
        asyncio.run(Guard(allow_private=False).check(f"http://{host}:8080/"))


def test_ones_own_network_may_be_allowed_but_never_another_scheme() -> None:
    guard = Guard(allow_private=True)
    asyncio.run(guard.check("http://127.0.0.1:8080/"))
    guard.check_connection("10.0.0.1")
    with pytest.raises(ForbiddenAddress):
        asyncio.run(guard.check("file:///etc/passwd"))


def test_the_connection_is_checked_again() -> None:
    with pytest.raises(ForbiddenAddress):
        Guard(allow_private=False).check_connection("192.168.0.1")


def test_a_refusal_is_ours_and_a_connectors_error_alike() -> None:
    assert issubclass(ForbiddenAddress, Unreachable)
    assert issubclass(ForbiddenAddress, OSError)


@given(st.ip_addresses(v=4, network="100.64.0.0/10"))
def test_no_address_of_a_carriers_own_network_passes(address: object) -> None:
    with pytest.raises(ForbiddenAddress):
        check_address(str(address))


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(url: str) -> None:
    try:
        check_url(url)
    except ForbiddenAddress:
        return
    assert url.lower().startswith(("http://", "https://"))
