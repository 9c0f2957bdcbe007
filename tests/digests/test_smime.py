"""Mail that is encrypted to a certificate, opened again by a real OpenSSL with the recipient's key."""

import email
import email.policy
import subprocess
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import dkim
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pydantic import ValidationError

from cases.errors import DeliveryError
from cases.store import Delivery, OutMessage
from digests.channels.email import EmailChannel
from digests.mailserver import EmailSettings
from digests.rendering import render
from digests.view import Digest

Certify = Callable[..., tuple[Path, Path]]
DESK = "desk@example.org"
NAME = x509.RFC822Name(DESK)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def channel(certificate: Path, **more: object) -> EmailChannel:
    given = {"host": "127.0.0.1", "port": 1, "security": "none", "sender": "watch@example.org"}
    smime = [{"address": DESK, "certificate_file": str(certificate)}]
    return EmailChannel(EmailSettings.model_validate({**given, "smime": smime, **more}))


def parsed(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.openssl
def test_who_has_the_key_reads_the_same_parts_and_nobody_else_reads_what_it_is_about(
    self_signed: Certify, key: rsa.RSAPrivateKey, rich: Digest
) -> None:
    certificate, private = self_signed(NAME, key)
    rendered = render(rich)
    secret, clear = channel(certificate).compose(rendered, [DESK, "other@example.org"])
    outer = parsed(secret.payload)
    assert outer.get_content_type() == "application/pkcs7-mime"
    assert outer.get_param("smime-type") == "enveloped-data"
    assert (outer["Subject"], outer["To"], outer["Message-ID"]) == ("...", DESK, secret.message_id)
    assert outer["List-Unsubscribe"]
    for told in (rendered.subject, rendered.severity, rich.cards[0].number):
        assert told.encode() not in secret.payload
    command = ["openssl", "cms", "-decrypt", "-inform", "SMIME", "-recip", str(certificate), "-inkey", str(private)]
    opened = parsed(subprocess.run(command, input=secret.payload, capture_output=True, check=True, timeout=60).stdout)
    assert opened["Subject"] == rendered.subject
    assert "Subject: ..." in opened.get_all("HP-Outer", [])
    assert [(part.get_content_type(), part.get_content()) for part in opened.iter_parts()] == [
        (part.get_content_type(), part.get_content()) for part in parsed(clear.payload).iter_parts()
    ]


def test_a_signature_of_the_domain_covers_the_encrypted_mail(
    self_signed: Certify, key: rsa.RSAPrivateKey, rich: Digest, tmp_path: Path
) -> None:
    certificate, _ = self_signed(NAME, key)
    file = tmp_path / "private.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    file.chmod(0o600)
    signing = {"domain": "example.org", "selector": "watch", "key_file": str(file)}
    (secret,) = channel(certificate, dkim=signing).compose(render(rich), [DESK])
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])
    assert dkim.verify(secret.payload, dnsfunc=lambda *_, **__: record)
    assert not dkim.verify(secret.payload.replace(b"Subject: ...", b"Subject: !!!"), dnsfunc=lambda *_, **__: record)


SIGNS_ONLY = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


@pytest.mark.parametrize(
    ("made_of", "why"),
    [
        ({"days": (-9, -2)}, "it was valid until"),
        ({"days": (2, 9)}, "it is valid only from"),
        ({"usage": SIGNS_ONLY}, "for signatures, not for encryption"),
        ({"key": ec.generate_private_key(ec.SECP256R1())}, "not RSA"),
        ({"key": rsa.generate_private_key(public_exponent=65537, key_size=1024)}, "1024 bits"),
    ],
)
def test_a_certificate_that_must_not_encrypt_is_named_with_the_reason(
    self_signed: Certify, key: rsa.RSAPrivateKey, made_of: dict[str, object], why: str
) -> None:
    certificate, _ = self_signed(NAME, **({"key": key} | made_of))
    with pytest.raises(DeliveryError, match=rf"cert\.pem, and is never sent in clear: .*{why}"):
        channel(certificate).probe()


def test_what_cannot_be_encrypted_is_not_sent_and_stops_nobody_else(
    tmp_path: Path, rich: Digest, sending: Callable[[OutMessage], Delivery]
) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate", encoding="ascii")
    for file in (broken, tmp_path / "not there.pem"):
        way = channel(file)
        secret, clear = way.compose(render(rich), [DESK, "other@example.org"])
        assert secret.payload == b""
        assert clear.payload
        with pytest.raises(DeliveryError, match="could not be encrypted") as told:
            way.deliver(sending(secret))
        assert told.value.permanent


def test_an_address_has_one_key_and_no_second_way(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"desk@example\.org more than once"):
        channel(tmp_path / "a.pem", pgp=[{"address": DESK.upper(), "key_file": "b.asc"}])
