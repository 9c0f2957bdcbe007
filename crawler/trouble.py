"""failed request → trouble: what it means for a source, in words for a person. Decides with values, asks nobody."""

import re
from collections.abc import Mapping

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from cases.ledger import SourceOutcome
from cases.model import Value
from crawler.guard import ForbiddenAddress
from crawler.robots import RobotsForbid, RobotsUnread

OK = 200
_BLOCKED = frozenset({401, 403, 429, 451})
_GONE = frozenset({404, 410})
_SERVER = 500
_CHALLENGE = re.compile(
    rb"_cf_chl_opt|<title>\s*(?:just a moment|attention required|ddos-guard|verifying you are human)",
    re.IGNORECASE,
)
_SAMPLE = 20_000
_FAILURE = re.compile(r"\[?<twisted\.python\.failure\.Failure [\w.]+: (.*?)>\]?")
_OBJECT = re.compile(r"\s*(?:\w+:)?<[\w.]+ object at 0x[0-9a-f]+>")
_CONNECTION = {
    CannotResolveHostError: "its name does not resolve",
    DownloadConnectionRefusedError: "it refuses the connection",
    DownloadTimeoutError: "it did not answer in time",
    ResponseDataLossError: "its answer broke off",
    DownloadFailedError: "the connection failed",
}


class Trouble(Value, frozen=True, kw_only=True):
    """Why an address gave nothing."""

    outcome: SourceOutcome
    why: str
    final: bool = False
    """The host itself does not answer: asking it for something else is of no use."""
    forbidden: bool = False
    """robots.txt or the guard keeps us away."""


def trouble_of(error: BaseException | None, url: str) -> Trouble:
    """Name the trouble that an error of the client is."""
    if isinstance(error, RobotsUnread):
        cause = _status_words(error.cause) if isinstance(error.cause, int) else trouble_of(error.cause, url).why
        outcome = SourceOutcome.UNREACHABLE if not isinstance(error.cause, int) else _of_status(error.cause)
        return Trouble(outcome=outcome, why=f"{error}, so nothing was asked for: {cause}", final=True)
    if isinstance(error, ForbiddenAddress | RobotsForbid):
        return Trouble(outcome=SourceOutcome.BLOCKED, why=str(error), forbidden=True)
    if isinstance(error, DownloadCancelledError | IgnoreRequest):
        return Trouble(
            outcome=SourceOutcome.PARSE_FAILED,
            why=f"{url}: the answer is larger than it may be, or leads nowhere: {error}",
        )
    for kind, words in _CONNECTION.items():
        if isinstance(error, kind):
            return Trouble(outcome=SourceOutcome.UNREACHABLE, why=f"{url}: {words}{_detail(error)}", final=True)
    return Trouble(outcome=SourceOutcome.UNREACHABLE, why=f"{url}: {type(error).__name__}: {error}")


def trouble_in(status: int, body: bytes, headers: Mapping[str, str], url: str) -> Trouble | None:
    """Name the trouble that an answer is, or None when it can be read."""
    if headers.get("cf-mitigated", "").lower() == "challenge" or _CHALLENGE.search(body[:_SAMPLE]):
        return Trouble(
            outcome=SourceOutcome.BLOCKED, why=f"{url}: a page that wants proof of a human came in its place"
        )
    if status == OK:
        return None
    return Trouble(outcome=_of_status(status), why=f"{url}: {_status_words(status)}")


def _of_status(status: int) -> SourceOutcome:
    if status in _BLOCKED:
        return SourceOutcome.BLOCKED
    return SourceOutcome.GONE if status in _GONE else SourceOutcome.UNREACHABLE


def _status_words(status: int) -> str:
    if status >= _SERVER:
        return f"the server failed with status {status}"
    return f"it refused with status {status}" if status in _BLOCKED else f"it answered with status {status}"


def _detail(error: BaseException) -> str:
    """Give the client's own words, without the names of objects that some of them hold."""
    text = _OBJECT.sub("", _FAILURE.sub(r"\1", " ".join(str(error).split())))
    return f" ({text[:200]})" if text else ""
