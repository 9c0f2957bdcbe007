"""Time-stamps of a real authority: OpenSSL answers behind a small server, under a root made for the test."""

import asyncio
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from cases.custody import LogLine
from cases.errors import ConfigError, Unreachable
from cases.store import By, Stamp, Store
from crawler.evidence.timestamps import Unproven, check_custody, fault_of, stamped
from crawler.options import Collection, Custody, TimestampAuthority
from crawler.wire.asking import LightDoor

pytestmark = pytest.mark.openssl
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SETTINGS = """
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = this
[this]
serial = {folder}/serial
signer_cert = {folder}/leaf.pem
signer_key = {folder}/leaf.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
"""


def openssl(*words: str | Path) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Office:
    """A time-stamp authority with its own root, listening on loopback."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.roots, settings = folder, folder / "root.pem", folder / "openssl.cnf"
        settings.write_text(SETTINGS.format(folder=folder, name=name))
        (folder / "serial").write_text("01\n")
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", settings)
        openssl("req", "-x509", *key, "-keyout", folder / "root.key", "-out", self.roots, "-extensions", "root")
        issued = ("-CA", self.roots, "-CAkey", folder / "root.key")
        openssl(
            "req",
            "-x509",
            *key,
            "-keyout",
            folder / "leaf.key",
            "-out",
            folder / "leaf.pem",
            "-extensions",
            "leaf",
            *issued,
        )
        self.spoils = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/tsa"
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, query: bytes) -> bytes:
        asked, given = self.folder / "query.tsq", self.folder / "answer.tsr"
        asked.write_bytes(query)
        openssl("ts", "-reply", "-config", self.folder / "openssl.cnf", "-queryfile", asked, "-out", given)
        token = given.read_bytes()
        return token[:-5] + bytes([token[-5] ^ 1]) + token[-4:] if self.spoils else token

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        office = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                token = office.answer(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200 if self.headers["Content-Type"] == "application/timestamp-query" else 415)
                self.send_header("Content-Length", str(len(token)))
                self.end_headers()
                self.wfile.write(token)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    here = Office(tmp_path_factory.mktemp("office"), "First Office")
    yield here
    here.close()


@pytest.fixture
def authority(office: Office) -> Iterator[TimestampAuthority]:
    office.spoils = False
    yield TimestampAuthority(url=office.url, roots=office.roots)
    office.spoils = False


@pytest.fixture
def day(store: Store) -> LogLine:
    store.custody.note("exported", None, By(actor="Mina", at=NOW - timedelta(days=1)), format="csv")
    (closed,) = store.custody.close_days(NOW)
    return closed


def asked(authority: TimestampAuthority, day: LogLine, **settings: object) -> Stamp:
    async def ask() -> Stamp:
        collection = Collection.model_validate({"allow_private_addresses": True, "timeout_s": 5} | settings)
        async with LightDoor(collection, now=lambda: NOW) as door:
            return await stamped(door, authority, day)

    return asyncio.run(ask())


def test_an_authority_stamps_a_day_once_and_what_it_gave_is_proved(
    store: Store, day: LogLine, authority: TimestampAuthority
) -> None:
    assert store.stamps.missing(authority.url) == [day]
    given = asked(authority, day)
    store.stamps.put(day.position, given.authority, given.token, given.at)
    (kept,) = store.stamps.all()
    assert kept == given
    assert store.stamps.missing(authority.url) == []
    assert store.stamps.missing("https://another.example/") == [day]
    assert fault_of(kept, (authority,)) is None
    assert abs(kept.at - datetime.now(UTC)) < timedelta(minutes=5)


def test_any_other_program_proves_the_token_of_a_day_by_its_root(
    day: LogLine, authority: TimestampAuthority, tmp_path: Path
) -> None:
    (tmp_path / "token.tsr").write_bytes(asked(authority, day).token)
    root = (day.detail or {})["root"]
    openssl("ts", "-verify", "-digest", root, "-in", tmp_path / "token.tsr", "-CAfile", authority.roots)
    with pytest.raises(subprocess.CalledProcessError):
        openssl("ts", "-verify", "-digest", "ab" * 32, "-in", tmp_path / "token.tsr", "-CAfile", authority.roots)


def test_a_token_of_another_day_another_root_or_with_another_byte_is_named(
    store: Store, day: LogLine, authority: TimestampAuthority, tmp_path: Path
) -> None:
    given = asked(authority, day)
    store.custody.note("exported", None, By(actor="Mina", at=NOW), format="csv")
    (later,) = store.custody.close_days(NOW + timedelta(days=1))
    other = Stamp(day=later, authority=given.authority, token=given.token, at=given.at)
    assert "Mismatch" in (fault_of(other, (authority,)) or "")
    spoilt = Stamp(day=day, authority=given.authority, token=given.token[:-3] + b"\0\0\0", at=given.at)
    assert "proves nothing" in (fault_of(spoilt, (authority,)) or "")
    moved = Stamp(day=day, authority=given.authority, token=given.token, at=given.at - timedelta(days=1))
    assert "it states" in (fault_of(moved, (authority,)) or "")
    stranger = Office(tmp_path, "Second Office")
    stranger.close()
    trusts_another = TimestampAuthority(url=authority.url, roots=stranger.roots)
    assert "proves nothing" in (fault_of(given, (trusts_another,)) or "")
    assert "name it there again" in (fault_of(given, ()) or "")


def test_an_answer_that_proves_nothing_is_not_kept(office: Office, day: LogLine, authority: TimestampAuthority) -> None:
    office.spoils = True
    with pytest.raises(Unproven, match="proves nothing"):
        asked(authority, day)


def test_an_authority_that_is_down_is_told_as_such(day: LogLine, authority: TimestampAuthority) -> None:
    nobody = TimestampAuthority(url="http://127.0.0.1:1/tsa", roots=authority.roots)
    with pytest.raises(Unreachable, match="gives no answer"):
        asked(nobody, day)


def test_the_guard_holds_requests_back_from_the_operators_own_network(
    day: LogLine, authority: TimestampAuthority
) -> None:
    with pytest.raises(Unreachable, match="allow_private_addresses"):
        asked(authority, day, allow_private_addresses=False)


@pytest.mark.parametrize(("content", "why"), [(None, "cannot be read"), ("no certificate", "no certificates in PEM")])
def test_roots_that_cannot_be_used_are_refused_before_anything_starts(
    tmp_path: Path, content: str | None, why: str
) -> None:
    if content is not None:
        (tmp_path / "roots.pem").write_text(content)
    custody = Custody(timestamps=(TimestampAuthority(url="https://a.example/", roots=tmp_path / "roots.pem"),))
    with pytest.raises(ConfigError, match=why):
        check_custody(custody)
