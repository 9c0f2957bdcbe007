"""IP address → is it a public host's? Pure: nothing is looked up, and nothing is connected to.

Python's ``is_global`` alone lets through IPv4 addresses inside IPv6 ones and ranges that were reserved after it was written.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_NAT64 = ip_network("64:ff9b::/96")
_SIX_TO_FOUR = ip_network("2002::/16")
_ALLOCATED = ip_network("2000::/3")
"""IPv6 addresses outside it are no public host's (IANA's registry): what was in use before, translators, IPv4 inside IPv6."""
_NOT_YET_KNOWN = (ip_network("3fff::/20"), ip_network("192.88.99.0/24"), ip_network("192.0.0.0/24"))
"""Reserved too, though Python 3.11 takes them for public: for documentation (RFC 9637), for relays (RFC 7526), for protocols."""


def refused_as(address: str) -> str:
    """Say of which class an IP address is that is not a public host's, such as ``private``; empty for a public one.

    Named are loopback, private (RFC 1918), link-local, carrier-grade NAT (100.64.0.0/10), unique-local, multicast, reserved
    and unspecified addresses, and IPv4 addresses of these classes inside IPv6 ones. Raises ValueError for what is no address.
    """
    plain = ip_address(address.partition("%")[0])
    inner = _inner(plain)
    judged = plain if inner is None else inner
    return "" if _is_public(judged) else _class_of(judged)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address not in _ALLOCATED:
        return False
    reserved = any(address in network for network in _NOT_YET_KNOWN)
    return address.is_global and not address.is_multicast and not reserved


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
        "no public host's": isinstance(address, IPv6Address) and address not in _ALLOCATED,
    }
    return next((name for name, applies in classes.items() if applies), "not public")
