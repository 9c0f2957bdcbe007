"""the bytes of a mail → the same, readable by its recipient alone: S/MIME (RFC 8551), enveloped with AES-256.

The certificate is the recipient's, and the operator vouches for it by naming its file: no chain is followed and no revocation
asked. One that is not valid now, or that says it is not for encryption, encrypts nothing.
"""

import base64
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options

from cases.errors import DeliveryError
from digests.sealing import NEVER_IN_CLEAR, inside, outside

_LEAST_RSA_BITS = 2048
"""RFC 8551, section 4.2, no longer permits less for new certificates."""


def sealed(mail: bytes, certificate_file: Path) -> bytes:
    """Encrypt a mail to the certificate in a file. Raises DeliveryError: it names the file, and repeats nothing of the mail."""
    try:
        certificate = _certificate(certificate_file)
    except ValueError as cause:
        raise DeliveryError(f"cannot be encrypted to {certificate_file}, {NEVER_IN_CLEAR}: {cause}") from None
    shown = outside(mail)
    envelope = (
        PKCS7EnvelopeBuilder()
        .set_data(inside(mail, shown))
        .add_recipient(certificate)
        .set_content_encryption_algorithm(AES256)
        .encrypt(Encoding.DER, [PKCS7Options.Binary])
    )
    return b"\r\n".join(
        (
            *shown,
            b'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
            b"Content-Transfer-Encoding: base64",
            b'Content-Disposition: attachment; filename="smime.p7m"',
            b"",
            *base64.encodebytes(envelope).splitlines(),
            b"",
        )
    )


def _certificate(path: Path) -> x509.Certificate:
    """Read a certificate that may encrypt now. Raises ValueError with the reason."""
    try:
        content = path.read_bytes()
    except OSError as cause:
        raise ValueError(cause.strerror or type(cause).__name__) from None
    read = x509.load_pem_x509_certificate if b"-----BEGIN" in content else x509.load_der_x509_certificate
    try:
        certificate = read(content)
        key = certificate.public_key()
    except ValueError:
        raise ValueError("it holds no certificate (PEM or DER)") from None
    now = datetime.now(UTC)
    if now < certificate.not_valid_before_utc:
        raise ValueError(f"it is valid only from {certificate.not_valid_before_utc:%Y-%m-%d}")
    if now > certificate.not_valid_after_utc:
        raise ValueError(f"it was valid until {certificate.not_valid_after_utc:%Y-%m-%d}")
    if not isinstance(key, RSAPublicKey):
        raise ValueError("its key is not RSA; ask its owner for an RSA certificate, or use PGP")  # noqa: TRY004 - content
    if key.key_size < _LEAST_RSA_BITS:
        raise ValueError(f"its key has {key.key_size} bits; {_LEAST_RSA_BITS} are the least")
    if not _may_encrypt(certificate):
        raise ValueError("it is for signatures, not for encryption (its key usage says so)")
    return certificate


def _may_encrypt(certificate: x509.Certificate) -> bool:
    """Say whether its key usage permits to encrypt keys; without that extension all is permitted (RFC 5280, 4.2.1.3)."""
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_encipherment
    except x509.ExtensionNotFound:
        return True
