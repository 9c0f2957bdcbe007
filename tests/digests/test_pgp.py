"""Mail that is encrypted, opened again by a real gpg with the recipient's key."""

import email
import email.policy
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from cases.errors import DeliveryError
from cases.store import Delivery, OutMessage
from digests.channels.email import EmailChannel
from digests.mailserver import EmailSettings
from digests.rendering import render
from digests.view import Digest

pytestmark = pytest.mark.gpg
DESK = "desk@example.org"


def gpg(home: Path, *arguments: str, content: bytes = b"") -> bytes:
    command = ["gpg", "--homedir", str(home), "--batch", "--pinentry-mode", "loopback", "--passphrase", "", *arguments]
    return subprocess.run(command, input=content, capture_output=True, check=True, timeout=60).stdout


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="gpg-") as folder:  # its agent's socket wants a short path
        path = Path(folder)
        gpg(path, "--quick-generate-key", f"Desk <{DESK}>", "future-default", "default", "never")
        gpg(
            path,
            "--faked-system-time",
            "20200101T000000!",
            "--quick-generate-key",
            "old@example.org",
            "future-default",
            "default",
            "1y",
        )
        yield path
        subprocess.run(["gpgconf", "--kill", "all"], env={**os.environ, "GNUPGHOME": folder}, check=True, timeout=60)


@pytest.fixture
def key(home: Path, tmp_path: Path) -> Path:
    path = tmp_path / "desk.asc"
    path.write_bytes(gpg(home, "--export", "--armor", DESK))
    return path


def channel(key: Path) -> EmailChannel:
    given = {"host": "127.0.0.1", "port": 1, "security": "none", "sender": "watch@example.org"}
    return EmailChannel(EmailSettings.model_validate({**given, "pgp": [{"address": DESK, "key_file": str(key)}]}))


def parsed(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_who_has_the_key_reads_the_same_parts_and_nobody_else_reads_what_it_is_about(
    home: Path, key: Path, rich: Digest
) -> None:
    rendered = render(rich)
    secret, clear = channel(key).compose(rendered, [DESK, "other@example.org"])
    outer = parsed(secret.payload)
    assert outer.get_content_type() == "multipart/encrypted"
    assert outer.get_param("protocol") == "application/pgp-encrypted"
    assert [part.get_content_type() for part in outer.iter_parts()] == [
        "application/pgp-encrypted",
        "application/octet-stream",
    ]
    assert (outer["Subject"], outer["To"], outer["Message-ID"]) == ("...", DESK, secret.message_id)
    assert outer["List-Unsubscribe"]
    for told in (rendered.subject, rendered.severity, rich.cards[0].number):
        assert told.encode() not in secret.payload
    _, sealed_part = outer.iter_parts()
    opened = parsed(gpg(home, "--decrypt", content=sealed_part.get_content()))
    assert opened["Subject"] == rendered.subject
    assert "Subject: ..." in opened.get_all("HP-Outer", [])
    plain = parsed(clear.payload)
    assert [(part.get_content_type(), part.get_content()) for part in opened.iter_parts()] == [
        (part.get_content_type(), part.get_content()) for part in plain.iter_parts()
    ]


def test_what_cannot_be_encrypted_is_not_sent_and_stops_nobody_else(
    tmp_path: Path, rich: Digest, caplog: pytest.LogCaptureFixture, sending: Callable[[OutMessage], Delivery]
) -> None:
    broken = tmp_path / "broken.asc"
    broken.write_text("no key", encoding="ascii")
    way = channel(broken)
    secret, clear = way.compose(render(rich), [DESK, "other@example.org"])
    assert secret.payload == b""
    assert clear.payload
    assert "is never sent in clear" in caplog.text
    with pytest.raises(DeliveryError, match="could not be encrypted") as told:
        way.deliver(sending(secret))
    assert told.value.permanent
    with pytest.raises(DeliveryError, match=r"broken\.asc, and is never sent in clear"):
        way.probe()


def test_a_key_that_has_run_out_encrypts_nothing(home: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.asc"
    old.write_bytes(gpg(home, "--export", "--armor", "old@example.org"))
    with pytest.raises(DeliveryError, match="never sent in clear"):
        channel(old).probe()
