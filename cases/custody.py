"""acts of people on the register → an append-only log, each line sealed with the one before.

A line names when, who, what and about which case; what it says beyond that is sealed by its digest alone, so that it can be
purged without breaking the chain. Nothing here keeps anything: lines come in, seals and faults go out.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Literal

import msgspec

from cases.model import Value

FIRST = "0" * 64
"""What the first line is sealed with."""

Act = Literal[
    "confirmed",
    "rejected",
    "withheld",
    "embargoed",
    "released",
    "merged",
    "unmerged",
    "split",
    "kept_apart",
    "corrected",
    "correction_lifted",
    "noted",
    "graded",
    "exported",
    "purged",
    "pruned",
    "day_closed",
]


class LogLine(Value, frozen=True, kw_only=True):
    """One line: ``position`` counts from 1 without a gap; ``subject`` is a case's id, or what else it is about."""

    position: int
    at: datetime
    actor: str
    act: Act
    subject: str | None
    detail: dict[str, Any] | None
    """What it says beyond that; ``None`` once it was purged."""
    detail_sha256: str
    previous: str
    """Seal of the line before."""
    sha256: str
    """Its own seal."""


class Fault(Value, frozen=True, kw_only=True):
    """What is wrong with a log, and where."""

    position: int
    reason: str


def digest_of(detail: dict[str, Any] | None) -> str:
    """Give the digest of a line's detail, whatever order its keys came in."""
    return sha256(msgspec.json.encode(detail, order="sorted")).hexdigest()


def next_line(
    last: LogLine | None, *, at: datetime, actor: str, act: Act, subject: str | None, detail: dict[str, Any] | None
) -> LogLine:
    """Make the line that follows on the last one."""
    previous = last.sha256 if last else FIRST
    line = LogLine(
        position=last.position + 1 if last else 1,
        at=at.astimezone(UTC),
        actor=actor,
        act=act,
        subject=subject,
        detail=detail,
        detail_sha256=digest_of(detail),
        previous=previous,
        sha256="",
    )
    return msgspec.structs.replace(line, sha256=seal_of(line))


def seal_of(line: LogLine) -> str:
    """Give the seal that a line must have: the digest of everything else in it but its detail, for which its digest stands."""
    sealed = [
        line.position,
        line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        line.actor,
        line.act,
        line.subject,
        line.detail_sha256,
        line.previous,
    ]
    return sha256(msgspec.json.encode(sealed)).hexdigest()


def faults_in(lines: Iterable[LogLine]) -> list[Fault]:
    """Find every line that is not as it was written, is missing, or stands where it did not."""
    found: list[Fault] = []
    expected, previous = 1, FIRST
    for line in lines:
        if line.position != expected:
            found.append(Fault(position=expected, reason=f"missing: the next line is {line.position}"))
        elif line.previous != previous:
            found.append(Fault(position=line.position, reason="it does not follow on the line before"))
        if line.sha256 != seal_of(line):
            found.append(Fault(position=line.position, reason="it is not what was sealed"))
        if line.detail is not None and digest_of(line.detail) != line.detail_sha256:
            found.append(Fault(position=line.position, reason="its detail is not what was sealed"))
        expected, previous = line.position + 1, line.sha256
    return found


def day_of(captures: Sequence[str], last: LogLine | None, day: date) -> dict[str, Any]:
    """Give the detail of the line that closes a day: one digest over the captures fetched that day and over the log so far.

    ``captures`` are the digests of that day's responses; their order does not matter. Whoever keeps this one figure elsewhere can
    show later that nothing of the day was added, changed or taken away.
    """
    body = captures_digest(captures)
    log = last.sha256 if last else FIRST
    said = {"day": day.isoformat(), "captures": len(captures), "captures_sha256": body, "log_sha256": log}
    return said | {"root": sha256(statement_of(said)).hexdigest()}


def captures_digest(captures: Iterable[str]) -> str:
    """Give one digest over those of a day's responses; their order does not matter."""
    return sha256("\n".join(sorted(captures)).encode()).hexdigest()


def statement_of(detail: Mapping[str, Any]) -> bytes:
    """Give the bytes whose SHA-256 is the root of a closed day: what an authority is asked to put a time to."""
    return f"{detail['day']}\n{detail['captures_sha256']}\n{detail['log_sha256']}".encode()
