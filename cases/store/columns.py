"""values ↔ columns: aware UTC, big ids, and values of the line as JSON documents, alike on both engines."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

BigId = BigInteger().with_variant(Integer(), "sqlite")
"""A growing key: SQLite counts up only what is called INTEGER."""

_JSON = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
RawDocument = _JSON
"""A document as it stands, for those who copy it and do not read it."""
_NUL, _REPLACEMENT = "\x00", "\ufffd"


def storable(document: Any) -> Any:  # noqa: ANN401 - a JSON document of any shape
    """Give a JSON document or text without NUL, which PostgreSQL keeps nowhere.

    It becomes U+FFFD, one character for one, so that offsets into the text stay right.
    """
    match document:
        case str():
            return document.replace(_NUL, _REPLACEMENT)
        case list() | tuple():
            return [storable(item) for item in document]
        case dict():
            return {storable(key): storable(item) for key, item in document.items()}
        case _:
            return document


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, UTC both ways. SQLite keeps no zone, so it is taken off and put back; a naive time is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Python → database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value.isoformat()}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Database → Python."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Document(TypeDecorator[Any]):
    """A value of the line as a JSON document, given back as that value."""

    impl = _JSON
    cache_ok = True

    def __init__(self, kind: Any) -> None:  # noqa: ANN401 - any type that msgspec can convert to, unions too
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 - SQLAlchemy's signature
        """Python → database."""
        return None if value is None else storable(msgspec.to_builtins(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 - SQLAlchemy's signature
        """Database → Python."""
        return None if value is None else msgspec.convert(value, self.kind)
