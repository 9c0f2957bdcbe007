"""a closed day → a token of a time-stamp authority (RFC 3161), and what such a token proves. The only door to rfc3161-client.

An authority is sent the SHA-256 of a day and nothing else: no address, no word of a case. Its answer is kept whole, so that
any other program can check it too, such as ``openssl ts -verify -digest ROOT -in TOKEN -CAfile ROOTS``.
"""

from datetime import UTC, datetime
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from cases.custody import LogLine, statement_of
from cases.errors import ConfigError, SourceError, Unreachable
from cases.store import Stamp
from crawler.options import Custody, TimestampAuthority
from crawler.wire.asking import LightDoor

if TYPE_CHECKING:
    from rfc3161_client import Verifier, VerifierBuilder

_OK = 200
_ASKED_AS = "application/timestamp-query"


class Unproven(SourceError):
    """A token does not prove what it should, or is none."""


def check_custody(custody: Custody) -> None:
    """Refuse a configuration that could not be followed: ConfigError, before anything is started."""
    if custody.timestamps and find_spec("rfc3161_client") is None:
        raise ConfigError("custody.timestamps: needs the extra: pip install 'returnwatch[timestamps]'")
    for authority in custody.timestamps:
        _trusting(authority.roots)


async def stamped(door: LightDoor, authority: TimestampAuthority, day: LogLine) -> Stamp:
    """Ask an authority to put its time to a closed day, and prove its answer before it is kept.

    Raises Unreachable when it does not answer, and Unproven when the answer is no token of it for that day.
    """
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, VerifierBuilder  # noqa: PLC0415 - of an extra

    said = statement_of(day.detail or {})
    request = TimestampRequestBuilder().data(said).hash_algorithm(HashAlgorithm.SHA256).build()
    try:
        answer = await door.post(authority.url, request.as_bytes(), _ASKED_AS)
    except Exception as cause:  # whatever keeps it from an answer: the guard, the net, the other side
        why = str(cause) or type(cause).__name__
        raise Unreachable(f"time-stamp authority {authority.url} gives no answer: {why}") from cause
    if answer.status != _OK:
        raise Unreachable(f"time-stamp authority {authority.url} answers {answer.status}")
    trusting = _trusting(authority.roots, VerifierBuilder.from_request(request))
    at = _proved(answer.body, sha256(said).digest(), trusting, authority.url)
    return Stamp(day=day, authority=authority.url, token=answer.body, at=at)


def fault_of(stamp: Stamp, authorities: tuple[TimestampAuthority, ...]) -> str | None:
    """Say what is wrong with a token that was kept, or None when it proves its day at the time that it states."""
    authority = next((one for one in authorities if one.url == stamp.authority), None)
    if authority is None:
        return "its authority is not in custody.timestamps any more, so that nothing says whom to trust; name it there again"
    root = sha256(statement_of(stamp.day.detail or {})).digest()
    try:
        at = _proved(stamp.token, root, _trusting(authority.roots), stamp.authority)
    except Unproven as fault:
        return str(fault)
    return None if at == stamp.at else f"it states {at:%Y-%m-%d %H:%M:%S} UTC, the store {stamp.at:%Y-%m-%d %H:%M:%S}"


def _proved(token: bytes, root: bytes, verifier: "Verifier", authority: str) -> datetime:
    """Give the time that a token states, once it is proved: signed under a trusted root, for this very day."""
    from rfc3161_client import VerificationError, decode_timestamp_response  # noqa: PLC0415 - of an extra

    try:
        answer = decode_timestamp_response(token)
        verifier.verify(answer, root)
    except (VerificationError, ValueError) as cause:
        raise Unproven(f"the token of {authority} proves nothing: {cause}") from cause
    return answer.tst_info.gen_time.astimezone(UTC)


def _trusting(roots: Path, builder: "VerifierBuilder | None" = None) -> "Verifier":
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415 - comes with the extra
    from rfc3161_client import VerifierBuilder  # noqa: PLC0415 - of an extra

    try:
        certificates = load_pem_x509_certificates(roots.read_bytes())
    except OSError as cause:
        raise ConfigError(f"custody.timestamps: {roots} cannot be read: {cause.strerror or cause}") from cause
    except ValueError as cause:
        raise ConfigError(f"custody.timestamps: {roots} holds no certificates in PEM: {cause}") from cause
    trusting = builder or VerifierBuilder()
    for certificate in dict.fromkeys(certificates):
        trusting = trusting.add_root_certificate(certificate)
    return trusting.build()
