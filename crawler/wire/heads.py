"""head of an answer → bounded: status line and headers may not grow without end, whatever a server goes on sending.

Twisted bounds one line and nothing else: a header continued line by line, a header after a header, or one interim answer
after another would fill the memory for as long as the time-out lets it. Used by the door over Twisted; aiohttp has limits
of its own.
"""

from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from twisted.web._newclient import ParseError

LONGEST_LINE = 65_536
"""Real sites send policies and cookies of more than Twisted's 16 kB."""
MOST_LINES = 1_000
_LONGEST_HEAD = 262_144


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Scrapy's connections, each with a bounded parser."""

    def buildProtocol(self, addr: Any) -> "_BoundedProtocol":  # noqa: ANN401, ARG002, N802 - Twisted's name and type
        """Make the protocol of one connection."""
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # Twisted annotates only parts


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Any:  # noqa: ANN401 - Twisted's types
        answered = super().request(request)
        if self._parser is not None:
            self._parser.__class__ = _BoundedParser  # as Scrapy does: the class of the parser cannot be told otherwise
        return answered


class _BoundedParser(_LenientHTTPClientParser):
    """Counts what the head of one answer takes, the interim answers before it included."""

    MAX_LENGTH = LONGEST_LINE
    _bytes = 0
    _lines = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - Twisted's name
        self._bytes += len(line) + 1
        self._lines += 1
        if self._bytes > _LONGEST_HEAD or self._lines > MOST_LINES:
            raise ParseError("its headers do not end", line[:60])  # type: ignore[no-untyped-call]  # as above
        super().lineReceived(line)
