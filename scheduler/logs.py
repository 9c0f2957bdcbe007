"""log records → one line each: words for people, or JSON for programs. No secrets, and nothing that an exception happened to hold.

What the program says on purpose stands there as it is said. Of an exception that nobody foresaw only its kind and its way through the
program are told: its words may quote a page, and so name somebody.
"""

import json
import logging
import os
import sys
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TextIO

from cases.errors import WatchError

Format = Literal["text", "json"]

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_SYSLOG = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}
"""Priorities of syslog, which journald reads at the beginning of a line; see sd-daemon(3)."""


class Lines(logging.Formatter):
    """One line for each record. Secrets that it was told of are blotted out."""

    def __init__(self, *, for_journal: bool = False) -> None:
        super().__init__()
        self._for_journal = for_journal
        self._secrets: set[str] = set()

    def hide(self, secrets: Iterable[str]) -> None:
        """Blot these out from now on, wherever they stand."""
        self._secrets |= {secret for secret in secrets if secret}

    def format(self, record: logging.LogRecord) -> str:
        """Write one record as one line."""
        line = self._line(record)
        for secret in sorted(self._secrets, key=len, reverse=True):
            line = line.replace(secret, "***")
        return line

    def _line(self, record: logging.LogRecord) -> str:
        time = "" if self._for_journal else f"{_time(record)} "
        priority = f"<{_SYSLOG.get(record.levelno, 6)}>" if self._for_journal else ""
        words = f"{priority}{time}{record.levelname} {record.name}: {record.getMessage()}"
        return " | ".join(part for line in (words, *_fault(record)) for part in line.splitlines() if part)


class JsonLines(Lines):
    """One JSON object for each record: ``time``, ``level``, ``logger``, ``event``, further fields, and ``fault``."""

    def _line(self, record: logging.LogRecord) -> str:
        fields = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        said = {"time": _time(record), "level": record.levelname.lower(), "logger": record.name}
        fault = {"fault": told} if (told := _fault(record)) else {}
        return json.dumps({**said, "event": record.getMessage(), **fields, **fault}, ensure_ascii=False, default=str)


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to what is standard error at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        self.stream = sys.stderr  # setStream would flush what was there before, and that may be closed
        super().emit(record)


def set_up(style: Format, *, verbose: bool) -> None:
    """Let everything be logged to standard error in this style; done again, the last word counts."""
    root = logging.getLogger()
    for before in [one for one in root.handlers if isinstance(one, _StandardError)]:
        root.removeHandler(before)
    handler = _StandardError()
    handler.setFormatter(JsonLines() if style == "json" else Lines(for_journal="JOURNAL_STREAM" in os.environ))
    root.addHandler(handler)
    root.setLevel(logging.INFO if verbose else logging.WARNING)


def hide(secrets: Iterable[str]) -> None:
    """Blot secrets out of whatever is logged from now on."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, Lines):
            handler.formatter.hide(secrets)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _fault(record: logging.LogRecord) -> list[str]:
    """Tell an exception: its kind, where it came from, and its words if they are ours."""
    error = record.exc_info[1] if record.exc_info else None
    told: list[str] = []
    while error is not None:
        words = f": {error}" if isinstance(error, WatchError) else ""
        frames = traceback.extract_tb(error.__traceback__)
        way = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
        told.append(f"{type(error).__name__}{words} at {way}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told
