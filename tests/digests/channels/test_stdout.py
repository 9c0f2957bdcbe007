"""The text of a digest on standard output."""

import contextlib
import io
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases.errors import DeliveryError
from cases.store import Delivery
from digests.channels.stdout import StdoutChannel
from digests.rendering import render
from digests.spec import StdoutSettings
from digests.view import Digest


def delivery(payload: bytes) -> Delivery:
    return Delivery(
        id=1,
        digest_id=1,
        digest="weekly",
        period="2026-11-23",
        channel="stdout",
        recipient="",
        message_id="",
        payload=payload,
        state="sending",
        tries=1,
        due_at=None,
        changed_at=datetime(2026, 11, 23, tzinfo=UTC),
    )


def test_the_text_is_printed_once_however_many_recipients(rich: Digest, capsys: pytest.CaptureFixture[str]) -> None:
    channel, rendered = StdoutChannel(StdoutSettings()), render(rich)
    [message] = channel.compose(rendered, ["desk@example.org", "two@example.org"])
    receipt = channel.deliver(delivery(message.payload))
    assert capsys.readouterr().out == f"{rendered.text}\n"
    assert (receipt.channel, receipt.recipient) == ("stdout", "")


def test_a_terminal_that_lacks_a_letter_shows_another(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    StdoutChannel(StdoutSettings()).deliver(delivery("단둥 Dandong".encode()))
    narrow.seek(0)
    assert narrow.read() == "?? Dandong\n"


def test_nobody_at_the_other_end_is_a_delivery_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    what_stays_in_the_buffer = contextlib.suppress(OSError)
    with what_stays_in_the_buffer, Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(DeliveryError, match=r"stdout: weekly of 2026-11-23 cannot be printed: .*No space"):
            StdoutChannel(StdoutSettings()).deliver(delivery(b"text"))
        monkeypatch.undo()
