"""The chain of Debian's mail programs, run once for the tests of this folder, and a key that signs our mail."""

import base64
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PROGRAMS = runpy.run_path(str(Path(__file__).parents[3] / "benchmarks" / "mailchain.py"))
"""The chain is no part of what is installed: it is loaded from beside the tests."""

USERS = ("desk", "field", "once", "watch", "journal", "bounce")


class Key(NamedTuple):
    file: Path
    record: str


@pytest.fixture(scope="session")
def dkim_key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    """A signing key in a file of its owner's own, and the record that others look up."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    file = tmp_path_factory.mktemp("dkim") / "private.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    file.chmod(0o600)
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return Key(file, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}")


@pytest.fixture(scope="session")
def chain(dkim_key: Key) -> Iterator[Any]:
    """Postfix, OpenDKIM and Dovecot, running."""
    with PROGRAMS["mail_chain"](USERS, {"watch._domainkey.example.org": dkim_key.record}) as running:
        yield running


@pytest.fixture(scope="session")
def access_token() -> Callable[[str], str]:
    """Make an access token for a user that the chain believes."""
    made: Callable[[str], str] = PROGRAMS["access_token"]
    return made


@pytest.fixture
def emptied(chain: Any) -> Any:  # noqa: ANN401 - loaded by its path
    """The chain with empty mailboxes."""
    for user in USERS:
        chain.empty(user)
    return chain
