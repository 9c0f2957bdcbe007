"""What became of each message, and what a person decides, as the commands say it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cases.errors import InputError, UsageError
from cases.store import DigestRecord, OutMessage
from scheduler.assembly import open_watch
from scheduler.cli import commands

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
Run = Callable[..., Result]
REPORT = b"""\
To: bounce@example.org
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; desk@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such mailbox

--b
Content-Type: message/rfc822

Message-ID: <weekly.1@example.org>

x
--b--
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    (folder / "sources").mkdir(parents=True)
    (folder / "returnwatch.toml").write_text(
        f'[store]\nurl = "sqlite:///{tmp_path}/watch.db"\ncaptures = "{tmp_path}/captures"\n'
        '[[digests]]\nname = "weekly"\nschedule = "Mon 07:00"\n',
        encoding="utf-8",
    )
    with open_watch(folder) as watch:
        out = [
            OutMessage(
                channel="email", recipient=f"{who}@example.org", payload=b"x", message_id=f"<weekly.{n}@example.org>"
            )
            for n, who in enumerate(("desk", "field", "lost"), 1)
        ]
        watch.store.outbox.record(DigestRecord(name="weekly", period="2026-11-23", made_at=NOW), out)
        desk, field, lost = watch.store.deliveries.take(NOW)
        watch.store.deliveries.sent(desk.id, "250 queued", NOW)
        watch.store.deliveries.failed(field.id, "552 mailbox full", NOW, None)
        watch.store.deliveries.unknown(lost.id, "no answer came", NOW)
        watch.store.deliveries.hold(lost.id, "no answer came; no copy of it was found")
    return folder


@pytest.fixture
def run(config: Path) -> Run:
    def call(*arguments: str) -> Result:
        return CliRunner().invoke(commands, ["--config", str(config), *arguments])

    return call


def test_what_has_not_arrived_is_listed_with_the_reason(run: Run) -> None:
    told = run("deliveries", "list").output
    assert "552 mailbox full" in told
    assert "email: lost@example.org" in told
    assert "desk@" not in told
    everything = json.loads(run("deliveries", "list", "--state", "sent", "--state", "unknown", "--json").output)
    assert [(one["recipient"], one["state"]) for one in everything] == [
        ("desk@example.org", "sent"),
        ("lost@example.org", "unknown"),
    ]


def test_a_person_sends_again_accepts_and_gives_up(run: Run, config: Path) -> None:
    assert "2 is ready" in run("deliveries", "retry", "2").output
    assert run("deliveries", "accept", "3").output == "3 is sent\n"
    assert run("deliveries", "drop", "2", "--reason", "told by telephone").output == "2 is given up\n"
    assert run("deliveries", "list").output == "Every message has arrived.\n"
    for refused in (("retry", "1"), ("accept", "1"), ("drop", "1"), ("retry", "99")):
        assert isinstance(run("deliveries", *refused).exception, UsageError)
    with open_watch(config) as watch:
        (given_up,) = watch.store.deliveries.in_states(["dropped"], limit=9)
        assert given_up.error == "told by telephone"


def test_who_is_not_written_to_is_shown_and_can_be_restored(run: Run) -> None:
    assert run("recipients", "list").output == "Everybody who is configured is written to.\n"
    run("recipients", "suppress", "Desk@example.org", "--digest", "weekly", "--reason", "asked by telephone")
    told = run("recipients", "list").output
    assert "desk@example.org" in told
    assert "asked by telephone" in told
    restored = run("recipients", "restore", "desk@example.org").output
    assert restored.startswith("desk@example.org is written to again; it was not, because: decided on ")
    assert isinstance(run("recipients", "restore", "desk@example.org").exception, UsageError)
    assert isinstance(run("recipients", "suppress", "nobody").exception, UsageError)
    assert isinstance(run("recipients", "suppress", "a@b.org", "--digest", "none").exception, UsageError)


def test_a_report_that_somebody_saved_is_taken_in(run: Run, tmp_path: Path) -> None:
    saved = tmp_path / "undelivered.eml"
    saved.write_bytes(REPORT)
    told = run("recipients", "bounce", str(saved)).output
    assert "email: weekly of 2026-11-23 to desk@example.org came back: 550 5.1.1 no such mailbox" in told
    assert "bounced" in run("recipients", "list").output
    assert "came back" in run("deliveries", "list", "--state", "failed").output
    saved.write_bytes(b"Subject: hello\n\nhow are you?\n")
    assert isinstance(run("recipients", "bounce", str(saved)).exception, InputError)
