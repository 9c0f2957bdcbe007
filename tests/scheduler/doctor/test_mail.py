"""What the DNS says of our mail, judged; the records are given, nothing is asked of the internet."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from dns.exception import Timeout

from digests.mailserver import Dkim
from scheduler.doctor.mail import domain_findings, key_findings

GOOD = {"example.org": ["v=spf1 -all"], "_dmarc.example.org": ["v=DMARC1; p=none"]}


def key(folder: Path, name: str) -> tuple[Dkim, str]:
    """Make a signing key, and the record that belongs to it."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    file = folder / f"{name}.pem"
    file.write_bytes(
        made.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    file.chmod(0o600)
    public = made.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    record = f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"
    return Dkim(domain="example.org", selector="watch", key_file=file), record


def names(records: dict[str, list[str]]) -> Callable[[str], list[str]]:
    return lambda name: records.get(name, [])


def away(_: str) -> list[str]:
    raise Timeout


def test_a_domain_that_says_who_may_send_for_it_is_well() -> None:
    assert list(domain_findings("example.org", names(GOOD))) == []


@pytest.mark.parametrize("missing", list(GOOD))
def test_a_record_that_lacks_is_told(missing: str) -> None:
    (finding,) = domain_findings("example.org", names({k: v for k, v in GOOD.items() if k != missing}))
    assert "there is no record of it" in finding.words


def test_the_record_of_our_own_key_is_believed_and_no_other(tmp_path: Path) -> None:
    (dkim, ours), (_, theirs) = key(tmp_path, "ours"), key(tmp_path, "theirs")
    at = "watch._domainkey.example.org"
    assert list(key_findings(dkim, names({at: [theirs, ours]}))) == []
    (lacks,) = key_findings(dkim, names({}))
    assert "there is no record of it: every signature of ours is taken for forged" in lacks.words
    for wrong in (theirs, "v=DKIM1; p=", "", "v=spf1 -all", "v=DKIM1; k=rsa; p=\ud800"):
        (finding,) = key_findings(dkim, names({at: [wrong]}))
        assert "does not belong to the key" in finding.words
        assert f"openssl rsa -in {dkim.key_file} -pubout" in finding.mend


def test_a_machine_that_resolves_no_names_is_told_so(tmp_path: Path) -> None:
    dkim, _ = key(tmp_path, "ours")
    (finding,) = key_findings(dkim, away)
    assert "cannot be looked up" in finding.words
