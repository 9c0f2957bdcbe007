from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from cases.errors import ConfigError
from digests.mailserver import Dkim
from digests.signing import SIGNED, Signer

MAIL = b"From: watch@example.org\r\nSubject: x\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nbody\r\n"


def settings(file: Path) -> Dkim:
    return Dkim(domain="example.org", selector="watch", key_file=file)


@pytest.mark.parametrize("form", [serialization.PrivateFormat.TraditionalOpenSSL, serialization.PrivateFormat.PKCS8])
def test_a_signature_covers_what_is_there_and_what_must_not_be_added(
    tmp_path: Path, form: serialization.PrivateFormat
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    file = tmp_path / "private.pem"
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    file.chmod(0o600)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])
    signed = Signer(settings(file)).signed(MAIL)
    assert signed.endswith(MAIL)

    def verified(message: bytes) -> bool:
        return bool(dkim.verify(message, dnsfunc=lambda *_, **__: record))

    assert verified(signed)
    assert not verified(b"List-Unsubscribe: <https://evil.example.net>\r\n" + signed)
    assert not verified(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" + signed)
    assert not verified(signed.replace(b"body", b"bodies"))
    named = signed.partition(b"h=")[2].partition(b";")[0].lower()
    assert all(named.count(name.lower().encode()) for name in SIGNED)


def test_a_key_that_cannot_sign_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "private.pem"
    file.write_text("-----BEGIN RSA PRIVATE KEY-----\nhush\n-----END RSA PRIVATE KEY-----\n")
    file.chmod(0o640)
    with pytest.raises(ConfigError, match="chmod 600"):
        Signer(settings(file))
    file.chmod(0o600)
    with pytest.raises(ConfigError, match="cannot sign") as told:
        Signer(settings(file))
    assert "hush" not in str(told.value)
