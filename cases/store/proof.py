"""table → a digest that two stores can be compared by, whichever engine they lie on and in whatever order their rows come."""

from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, select

from cases.model import Value

_ROWS_AT_ONCE = 500
_MODULUS = 1 << 256
_EXACT = 1 << 53
"""Up to here a whole number and a fraction have one form."""


class TableDigest(Value, frozen=True, kw_only=True):
    """How many rows a table has, and what they are."""

    rows: int
    digest: str
    """Sum of the SHA-256 of its rows, in hex."""


def digest_of(connection: Connection, table: Table) -> TableDigest:
    """Read a whole table, some rows at a time; its documents should come as JSON."""
    count = total = 0
    everything = select(table).execution_options(yield_per=_ROWS_AT_ONCE)
    with connection.execute(everything) as result:
        for row in result.mappings():
            written = msgspec.json.encode(_comparable(dict(row)), order="deterministic")
            total += int.from_bytes(sha256(written).digest(), "big")
            count += 1
    return TableDigest(rows=count, digest=f"{total % _MODULUS:064x}")


def _comparable(value: Any) -> Any:  # noqa: ANN401 - a value of any column
    """Give a number one form: one engine writes 1.0 in a document as 1."""
    match value:
        case bool() | None:
            return value
        case int() | float():
            return float(value) if abs(value) < _EXACT else str(value)
        case dict():
            return {key: _comparable(item) for key, item in value.items()}
        case list():
            return [_comparable(item) for item in value]
        case memoryview():
            return bytes(value)
        case _:
            return value
