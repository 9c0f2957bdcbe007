"""OPML → the feeds that it names: the list that feed readers and newsrooms hand on. Pure; the file is as hostile as a page.

Read are outlines with an ``xmlUrl`` at any depth (OPML 1.0 and 2.0), whatever case the name is in. No entity is resolved and
nothing is fetched for the file's own sake; one that declares entities is refused.
"""

from lxml import etree

from cases.errors import InputError
from cases.model import Value

_MOST_BYTES = 5_000_000
_MOST_FEEDS = 1_000
_LONGEST = 2_000
_LONGEST_TITLE = 200


class Subscription(Value, frozen=True, kw_only=True):
    """A feed that a list names."""

    url: str
    title: str = ""


def subscriptions(body: bytes, *, origin: str) -> list[Subscription]:
    """Give the feeds of an OPML file, each once, in its order.

    Raises InputError when it is none, names no feed, or holds more than anybody reads; ``origin`` is what errors call it.
    """
    found: dict[str, Subscription] = {}
    for outline in _root(body, origin).iter("{*}outline"):
        stated = {name.lower(): " ".join(value.split()) for name, value in outline.items()}
        url = stated.get("xmlurl", "")
        if url and len(url) <= _LONGEST:
            title = stated.get("title") or stated.get("text") or ""
            found.setdefault(url, Subscription(url=url, title=title[:_LONGEST_TITLE]))
    if not found:
        raise InputError(f"{origin} names no feed: no outline of it has an xmlUrl")
    if len(found) > _MOST_FEEDS:
        raise InputError(f"{origin} names {len(found)} feeds; cut it into lists of {_MOST_FEEDS} or fewer")
    return list(found.values())


def _root(body: bytes, origin: str) -> etree._Element:
    if len(body) > _MOST_BYTES:
        raise InputError(f"{origin} is larger than a list of feeds: {len(body)} bytes, {_MOST_BYTES} are read")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.LxmlError, ValueError) as cause:
        raise InputError(f"{origin} cannot be read as OPML: {cause}") from cause
    if root.getroottree().docinfo.internalDTD is not None:
        raise InputError(f"{origin} declares a document type, which no list of feeds needs: it is not read")
    name = str(etree.QName(root).localname)
    if name.lower() != "opml":
        raise InputError(f"{origin} is XML, but no OPML: it begins with <{name[:50]}>")
    return root
