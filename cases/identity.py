"""address, time, counter → identity: canonical URLs, text fingerprints, UUIDv7 and case numbers."""

from datetime import datetime


def canonical_url(url: str) -> str:
    """Give the one address under which an article is known, however a page linked it."""
    raise NotImplementedError


def text_sha256(text: str) -> str:
    """Hex SHA-256 of a text as UTF-8."""
    raise NotImplementedError


def uuid7(at: datetime, randomness: bytes) -> str:
    """An RFC 9562 UUID of version 7 from a time and ten random bytes."""
    raise NotImplementedError


def case_number(year: int, ordinal: int) -> str:
    """The permanent human number of a case: ``2026-0007``."""
    raise NotImplementedError
