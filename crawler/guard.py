"""address → may it be visited? Holds requests back from the operator's own machine and network.

A hostile feed, page or redirect may name any address. Names are resolved before a request and refused by class; and the
connection itself is checked again at the moment it is made, so that a name which answers differently the second time
gains nothing. Every redirect passes here as a request of its own.
"""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from cases.errors import Unreachable

_NAT64 = ip_network("64:ff9b::/96")
_SIX_TO_FOUR = ip_network("2002::/16")
_LONGEST = 2_000


class ForbiddenAddress(Unreachable, OSError):
    """The guard refuses an address; no connection was made. An OSError as well, as connectors expect of a socket."""


def check_address(address: str) -> None:
    """Refuse an IP address that is not a public host's: ForbiddenAddress says of which class it is.

    Refused are loopback, private (RFC 1918), link-local, carrier-grade NAT (100.64.0.0/10), unique-local, multicast,
    reserved and unspecified addresses, and IPv4 addresses of these classes inside IPv6 ones.
    """
    plain = ip_address(address.partition("%")[0])
    inner = _inner(plain)
    if inner is not None:
        check_address(str(inner))
        return
    if plain.is_global and not plain.is_multicast:
        return
    raise ForbiddenAddress(
        f"{plain} is {_class_of(plain)}: the guard does not visit it (collection.allow_private_addresses)"
    )


def check_url(url: str) -> None:
    """Refuse what is not a plain web address: another scheme, a user name or password, no host, controls, excess length."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as cause:
        raise ForbiddenAddress(f"{url[:200]!r} is no address: {cause}") from cause
    if parts.scheme not in {"http", "https"}:
        raise ForbiddenAddress(f"{url[:200]!r}: only http and https are visited")
    if not host or port == 0 or len(url) > _LONGEST or not url.isprintable() or " " in url or "\\" in url:
        raise ForbiddenAddress(f"{url[:200]!r} is no address that can be visited")
    if "@" in parts.netloc:
        raise ForbiddenAddress(f"{host}: an address that holds a user name or password is not visited")


class Guard:
    """The guard of one crawl; ``allow_private`` is for tests and for one's own network."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private

    async def check(self, url: str) -> None:
        """Refuse an address before it is asked for. A name that does not resolve is left to the connection to report."""
        check_url(url)
        if self._allow_private:
            return
        for address in await _resolved(urlsplit(url).hostname or ""):
            self.check_connection(address)

    def check_connection(self, address: str) -> None:
        """Refuse an IP address at the moment a connection to it is made."""
        if not self._allow_private:
            check_address(address)


async def _resolved(host: str) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(entry[4][0]) for entry in found]


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """Give the IPv4 address that an IPv6 address stands for."""
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour if address in _SIX_TO_FOUR else None


def _class_of(address: IPv4Address | IPv6Address) -> str:
    classes = {
        "the machine itself": address.is_loopback or address.is_unspecified,
        "link-local": address.is_link_local,
        "multicast": address.is_multicast,
        "private": address.is_private,
    }
    return next((name for name, applies in classes.items() if applies), "not public")
