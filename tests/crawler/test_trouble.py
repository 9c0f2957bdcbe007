"""What a failed request means."""

import pytest
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError, IgnoreRequest

from cases.ledger import SourceOutcome
from crawler.trouble import trouble_in, trouble_of
from crawler.wire.guard import ForbiddenAddress
from crawler.wire.robots import RobotsForbid, RobotsUnread

URL = "https://m.example/"


@pytest.mark.parametrize(
    ("error", "outcome", "final", "forbidden"),
    [
        (DownloadTimeoutError("slow"), SourceOutcome.UNREACHABLE, True, False),
        (RobotsForbid("no"), SourceOutcome.FORBIDDEN, False, True),
        (ForbiddenAddress("private"), SourceOutcome.BLOCKED, False, True),
        (RobotsUnread("m.example", 503), SourceOutcome.UNREACHABLE, True, False),
        (RobotsUnread("m.example", 429), SourceOutcome.BLOCKED, True, False),
        (RobotsUnread("m.example", DownloadTimeoutError("slow")), SourceOutcome.UNREACHABLE, True, False),
        (IgnoreRequest("too many redirects"), SourceOutcome.PARSE_FAILED, False, False),
        (ValueError("odd"), SourceOutcome.UNREACHABLE, False, False),
        (None, SourceOutcome.UNREACHABLE, False, False),
    ],
)
def test_an_error_is_named(error: Exception | None, outcome: SourceOutcome, final: bool, forbidden: bool) -> None:
    trouble = trouble_of(error, URL)
    assert (trouble.outcome, trouble.final, trouble.forbidden) == (outcome, final, forbidden)
    assert trouble.why


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "[<twisted.python.failure.Failure twisted.internet.error.ConnectionDone: Connection was closed cleanly.>]",
            "(Connection was closed cleanly.)",
        ),
        (
            "Cannot connect to host m:9 ssl:<ssl.SSLContext object at 0x7fada25a2c30> [Connect call failed]",
            "(Cannot connect to host m:9 [Connect call failed])",
        ),
    ],
)
def test_the_clients_words_are_shown_without_its_objects(said: str, shown: str) -> None:
    assert trouble_of(DownloadFailedError(said), URL).why.endswith(shown)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (401, "blocked"),
        (403, "blocked"),
        (451, "blocked"),
        (404, "gone"),
        (410, "gone"),
        (418, "unreachable"),
        (502, "unreachable"),
    ],
)
def test_a_status_is_named(status: int, outcome: str) -> None:
    trouble = trouble_in(status, b"", {}, URL)
    assert trouble is not None
    assert trouble.outcome == outcome
    assert str(status) in trouble.why


def test_a_challenge_in_the_place_of_a_page_is_blocked() -> None:
    for body, headers in ((b"<title>Just a moment...</title>", {}), (b"", {"cf-mitigated": "challenge"})):
        trouble = trouble_in(200, body, headers, URL)
        assert trouble is not None
        assert trouble.outcome is SourceOutcome.BLOCKED


def test_a_page_that_merely_talks_of_such_a_challenge_can_be_read() -> None:
    assert trouble_in(200, b"<title>A town</title><p>Just a moment, she said. Attention required.</p>", {}, URL) is None
