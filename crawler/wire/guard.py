"""address → may it be visited? Holds requests back from the operator's own machine and network.

A hostile feed, page or redirect may name any address. Names are resolved before a request and refused by class; and the
connection itself is checked again at the moment it is made, so that a name which answers differently the second time
gains nothing. Every redirect passes here as a request of its own.
"""

import asyncio
import re
import socket
from urllib.parse import SplitResult, urlsplit

from cases.addresses import refused_as
from cases.errors import Unreachable

_LONGEST = 2_000
_LONGEST_LOOKUP_S = 20.0
_FIRST_FREE_PORT = 1_024
_WEB_PORTS = frozenset({80, 443})
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,252})\Z|\[[0-9a-f:.]{2,45}\]\Z", re.IGNORECASE)
"""A name, an IPv4 address in any spelling, or an IPv6 address without a zone: nothing that two parsers can read in two ways."""


class ForbiddenAddress(Unreachable, OSError):
    """The guard refuses an address; no connection was made. An OSError as well, as connectors expect of a socket."""


def check_address(address: str) -> None:
    """Refuse an IP address that is not a public host's: ForbiddenAddress says of which class it is."""
    if told := refused_as(address):
        raise ForbiddenAddress(f"{address} is {told}: the guard does not visit it (collection.allow_private_addresses)")


def check_url(url: str) -> None:
    """Refuse what is not a plain web address.

    That is another scheme, a user name or password, no host, a host that is not written as one, a port of another
    service than the web's, blanks, controls, or excess length.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as cause:
        raise ForbiddenAddress(f"{url[:200]!r} is no address: {cause}") from cause
    if parts.scheme not in {"http", "https"}:
        raise ForbiddenAddress(f"{url[:200]!r}: only http and https are visited")
    if "@" in parts.netloc:
        raise ForbiddenAddress(f"{host}: an address that holds a user name or password is not visited")
    if not host or len(url) > _LONGEST or not url.isprintable() or " " in url or "\\" in url or not _is_host(parts):
        raise ForbiddenAddress(f"{url[:200]!r} is no address that can be visited")
    if port is not None and port < _FIRST_FREE_PORT and port not in _WEB_PORTS:
        raise ForbiddenAddress(f"{url[:200]!r}: port {port} is another service's than the web's")


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
    """Ask what a name stands for; a name that nobody answers for, or not soon, stands for nothing."""
    asked = asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    try:
        found = await asyncio.wait_for(asked, _LONGEST_LOOKUP_S)
    except (OSError, UnicodeError, TimeoutError):
        return []
    return [str(entry[4][0]) for entry in found]


def _is_host(parts: SplitResult) -> bool:
    """Tell whether a host is written as hosts are, an international one in its ASCII form."""
    written = parts.netloc.rpartition(":")[0] if parts.port is not None else parts.netloc.removesuffix(":")
    try:
        ascii_form = written if written.isascii() else written.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return _HOST.match(ascii_form) is not None
