"""failed request → trouble: what it means for a source, in words for a person. Decides with values, asks nobody."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from cases.ledger import SourceOutcome, Wall
from cases.model import Value
from crawler.walls import challenge_in, detour, is_login
from crawler.wire.fetching import LeftAlone
from crawler.wire.guard import ForbiddenAddress
from crawler.wire.patience import AFTER_TOO_MANY, wait_asked
from crawler.wire.robots import RobotsForbid, RobotsUnread

OK = 200
_WALLS = {
    401: Wall.LOGIN,
    402: Wall.PAYWALL,
    403: Wall.REFUSED,
    407: Wall.LOGIN,
    429: Wall.TOO_MANY,
    451: Wall.LEGAL,
}
_GONE = frozenset({404, 410})
_SERVER = 500
_WALL_WORDS = {
    Wall.LOGIN: "it wants a log-in",
    Wall.PAYWALL: "it wants to be paid",
    Wall.REFUSED: "it refused",
    Wall.TOO_MANY: "it asks for fewer requests and refused",
    Wall.LEGAL: "it refused for legal reasons",
}
_FAILURE = re.compile(r"\[?<twisted\.python\.failure\.Failure [\w.]+: (.*?)>\]?")
_OBJECT = re.compile(r"\s*(?:\w+:)?<[\w.]+ object at 0x[0-9a-f]+>")
_CERTIFICATE = re.compile(r"certificate|VerificationError", re.IGNORECASE)
_LONGEST_ERROR = 1_000
"""Some errors quote what a server sent, all of it: it is cut before expressions go over it, which would take their time."""
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
    """The host itself does not answer, or asks for peace: asking it for something else is of no use."""
    forbidden: bool = False
    """robots.txt, the guard, or the source file keeps us away."""
    wall: Wall | None = None
    moved_to: str | None = None
    wait: timedelta | None = None
    """The host asks not to be asked again before so much time has passed."""


def trouble_of(error: BaseException | None, url: str) -> Trouble:
    """Name the trouble that an error of the client is."""
    if isinstance(error, RobotsUnread):
        return _of_unread_robots(error, url)
    if isinstance(error, RobotsForbid | ForbiddenAddress | LeftAlone):
        return _kept_away(error, url)
    if isinstance(error, DownloadCancelledError | IgnoreRequest):
        return Trouble(
            outcome=SourceOutcome.PARSE_FAILED,
            why=f"{url}: the answer is larger than it may be, or leads nowhere: {error}",
        )
    for kind, words in _CONNECTION.items():
        if isinstance(error, kind):
            said = _detail(error)
            why = "its certificate cannot be trusted" if _CERTIFICATE.search(said) else words
            return Trouble(outcome=SourceOutcome.UNREACHABLE, why=f"{url}: {why}{said}", final=True)
    return Trouble(outcome=SourceOutcome.UNREACHABLE, why=f"{url}: {type(error).__name__}{_detail(error)}")


def trouble_in(
    status: int,
    body: bytes,
    headers: Mapping[str, str],
    url: str,
    *,
    asked: str | None = None,
    now: datetime | None = None,
) -> Trouble | None:
    """Name the trouble that an answer is, or None when it can be read.

    ``url`` is the address that answered, ``asked`` the one that was asked for, where that is another. Without ``now``, a site that
    names the day until which it wants peace is given the least. A log-in and a paywall are only told by where a
    redirect led: a page that merely holds a password field is for ``no_article`` to judge, once it could not be read.
    """
    if product := challenge_in(headers, body):
        why = f"{url}: a page that wants proof of a human came in its place ({product})"
        return Trouble(outcome=SourceOutcome.BLOCKED, why=why, wall=Wall.CHALLENGE)
    if status == OK:
        wall = detour(asked or url, url)
        return _walled(wall, f"{asked} led to {url}: {_WALL_WORDS[wall]}") if wall is not None else None
    wait = wait_asked(status, headers, now)
    words = f"{url}: {_status_words(status)}"
    if wait is not None:
        words = f"{words}, and wants peace for {_span(wait)}"
    return Trouble(outcome=_of_status(status), why=words, wall=_WALLS.get(status), wait=wait, final=wait is not None)


def no_article(body: bytes, url: str) -> Trouble | None:
    """Say what an answer is that nobody could read: a log-in, or None when it is none that is known."""
    return _walled(Wall.LOGIN, f"{url}: a log-in came in its place") if is_login(body) else None


def _kept_away(error: RobotsForbid | ForbiddenAddress | LeftAlone, url: str) -> Trouble:
    """Name who kept us from asking at all: the site's rules, our guard, or the site's wish for peace."""
    if isinstance(error, LeftAlone):
        why = f"{url}: not asked for, since the site asks for fewer requests"
        return Trouble(outcome=SourceOutcome.BLOCKED, why=why, final=True, wall=Wall.TOO_MANY)
    outcome = SourceOutcome.FORBIDDEN if isinstance(error, RobotsForbid) else SourceOutcome.BLOCKED
    return Trouble(outcome=outcome, why=str(error), forbidden=True)


def _walled(wall: Wall, why: str) -> Trouble:
    return Trouble(outcome=SourceOutcome.BLOCKED, why=why, wall=wall)


def _of_unread_robots(error: RobotsUnread, url: str) -> Trouble:
    """Name what kept us from a site's rules: without them nothing of the site is asked for."""
    if not isinstance(error.cause, int):
        why = f"{error}, so nothing was asked for: {trouble_of(error.cause, url).why}"
        return Trouble(outcome=SourceOutcome.UNREACHABLE, why=why, final=True)
    return Trouble(
        outcome=_of_status(error.cause),
        why=f"{error}, so nothing was asked for: {_status_words(error.cause)}",
        final=True,
        wall=_WALLS.get(error.cause),
        wait=AFTER_TOO_MANY if _WALLS.get(error.cause) is Wall.TOO_MANY else None,
    )


def _of_status(status: int) -> SourceOutcome:
    if status in _WALLS:
        return SourceOutcome.BLOCKED
    return SourceOutcome.GONE if status in _GONE else SourceOutcome.UNREACHABLE


def _status_words(status: int) -> str:
    if status >= _SERVER:
        return f"the server failed with status {status}"
    wall = _WALLS.get(status)
    return f"{_WALL_WORDS[wall]} with status {status}" if wall else f"it answered with status {status}"


def _span(wait: timedelta) -> str:
    seconds = round(wait.total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{round(seconds / 60)} min"  # noqa: PLR2004 - two minutes


def _detail(error: BaseException | None) -> str:
    """Give the client's own words, without the names of objects that some of them hold."""
    text = _OBJECT.sub("", _FAILURE.sub(r"\1", " ".join(str(error)[:_LONGEST_ERROR].split())))
    return f" ({text[:200]})" if text else ""
