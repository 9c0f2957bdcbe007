"""Installations that are really broken, each in one way: the doctor names it, and says how to mend it."""

import asyncio
import fcntl
import os
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cases.store import DigestRecord, Heartbeat, OutMessage, open_store
from scheduler.assembly import present
from scheduler.demo.demonstration import prepared
from scheduler.doctor import ON_THE_CONFIGURATION, ON_THE_MACHINE, ON_THE_STORE, Examination, examine

COMMAND = str(Path(sys.executable).with_name("returnwatch"))


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation in which everything is in order, with a site that was crawled."""
    out = tmp_path_factory.mktemp("doctor") / "watch"
    with prepared(out) as config:
        subprocess.run([COMMAND, "--config", str(config), "crawl", "estuary-dispatch"], check=True, timeout=120)
    return out


@dataclass
class Installation:
    """A copy of it, to be broken; what must be ended after the test is put on ``until_the_end``."""

    folder: Path
    patch: pytest.MonkeyPatch
    until_the_end: ExitStack = field(default_factory=ExitStack)

    @property
    def config(self) -> Path:
        return self.folder / "config"

    @property
    def settings(self) -> Path:
        return self.config / "returnwatch.toml"

    @property
    def captures(self) -> Path:
        return self.folder / "data" / "captures"

    @property
    def database(self) -> Path:
        return self.folder / "data" / "returnwatch.db"

    @property
    def source(self) -> Path:
        return self.config / "sources" / "estuary-dispatch.toml"

    def say(self, text: str, *, instead_of: str = "[[digests]]") -> None:
        """Write something into the settings."""
        said = self.settings.read_text(encoding="utf-8")
        assert instead_of in said
        self.settings.write_text(said.replace(instead_of, text, 1), encoding="utf-8")

    def do(self, statement: str) -> None:
        """Change the store behind the program's back."""
        connection = sqlite3.connect(self.database)
        with connection:
            connection.execute(statement)
        connection.close()

    def mail_over(self, port: int, more: str = "") -> None:
        """Let the digest go out as mail over a server on this machine."""
        self.say('channels = ["email"]\nrecipients = ["desk@example.org"]', instead_of='channels = ["file"]')
        self.say(
            f'[channels.email]\nhost = "localhost"\nport = {port}\nsender = "watch@example.org"\ntimeout_s = 5\n{more}\n[channels.file]',
            instead_of="[channels.file]",
        )

    def examined(self) -> Examination:
        return examine(self.config, now=present())


@pytest.fixture
def installation(crawled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    folder = tmp_path / "watch"
    shutil.copytree(crawled, folder)
    copy = Installation(folder, monkeypatch)
    text = copy.settings.read_text(encoding="utf-8")
    assert str(crawled) in text
    copy.settings.write_text(text.replace(str(crawled), str(folder)), encoding="utf-8")
    copy.say("[service]\nport = 0\n\n[[digests]]")
    with copy.until_the_end:
        yield copy


def test_one_in_order_is_called_sound_and_every_check_was_made(installation: Installation) -> None:
    found = installation.examined()
    assert found.findings == ()
    assert found.left_out == ()
    every = {check.name for checks in (ON_THE_MACHINE, ON_THE_CONFIGURATION, ON_THE_STORE) for check in checks}
    assert every < set(found.looked_at)


# -- how an installation is broken ------------------------------------------------------------------------------------


def gone(it: Installation) -> None:
    it.settings.unlink()


def misspelt_key(it: Installation) -> None:
    it.say('[watch]\ntag = ["x"]', instead_of="[watch]")


def no_toml(it: Installation) -> None:
    it.say("[store\n", instead_of="[store]\n")


def bad_source(it: Installation) -> None:
    it.source.write_text(it.source.read_text(encoding="utf-8").replace('"MDY"', '"MYD"'), encoding="utf-8")


def nothing_watched(it: Installation) -> None:
    for path in it.source.parent.glob("*.toml"):
        path.write_text("enabled = false\n" + path.read_text(encoding="utf-8"), encoding="utf-8")


def no_browser(it: Installation) -> None:
    it.source.write_text("javascript = true\n" + it.source.read_text(encoding="utf-8"), encoding="utf-8")
    it.patch.setenv("PATH", "/nowhere")


def channel_without_table(it: Installation) -> None:
    it.say('channels = ["email"]\nrecipients = ["desk@example.org"]', instead_of='channels = ["file"]')


def unknown_channel(it: Installation) -> None:
    it.say('channels = ["pigeon"]', instead_of='channels = ["file"]')


def unspoken_language(it: Installation) -> None:
    it.say('channels = ["file"]\nlanguages = ["mn"]', instead_of='channels = ["file"]')


def secret_not_set(it: Installation) -> None:
    it.mail_over(unused_port(), 'username = "watch"\npassword_env = "RETURNWATCH_NO_SUCH_PASSWORD"')


def secret_open_to_all(it: Installation) -> None:
    secret = it.folder / "smtp-password"
    secret.write_text("correct horse\n", encoding="utf-8")
    secret.chmod(0o644)
    it.mail_over(unused_port(), f'username = "watch"\npassword_file = "{secret}"')


def settings_open_to_all(it: Installation) -> None:
    it.settings.chmod(0o666)


def captures_are_a_file(it: Installation) -> None:
    shutil.rmtree(it.captures)
    it.captures.write_text("", encoding="utf-8")


def captures_open_to_all(it: Installation) -> None:
    it.captures.chmod(0o755)


def database_open_to_all(it: Installation) -> None:
    it.database.chmod(0o644)


def port_taken(it: Installation) -> None:
    listener = it.until_the_end.enter_context(socket.socket())
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    it.say(f"port = {listener.getsockname()[1]}", instead_of="port = 0")


def nobody_listens_for_mail(it: Installation) -> None:
    it.mail_over(unused_port())


def mail_server_with_a_strangers_certificate(it: Installation) -> None:
    port = it.until_the_end.enter_context(smtp_server(tls_context=certificate(it.folder, "other.example.org")))
    it.mail_over(port)


def mail_server_without_tls(it: Installation) -> None:
    it.mail_over(it.until_the_end.enter_context(smtp_server()))


def mail_server_that_refuses_the_login(it: Installation) -> None:
    context = certificate(it.folder, "localhost")
    it.patch.setenv("SSL_CERT_FILE", str(it.folder / "certificate.pem"))
    it.patch.setenv("RETURNWATCH_TEST_PASSWORD", "wrong horse")
    port = it.until_the_end.enter_context(
        smtp_server(tls_context=context, authenticator=lambda *_: refused_login(), auth_required=True)
    )
    it.mail_over(port, 'username = "watch"\npassword_env = "RETURNWATCH_TEST_PASSWORD"')


def no_database(it: Installation) -> None:
    it.database.write_bytes(b"This is no database. " * 1000)


def scribbled_database(it: Installation) -> None:
    content = bytearray(it.database.read_bytes())
    half = len(content) // 2
    content[half : half + 40_960] = b"\xa5" * 40_960
    it.database.write_bytes(content)


def dropped_index(it: Installation) -> None:
    it.do("drop index ix_article_published")


def newer_schema(it: Installation) -> None:
    it.do("update alembic_version set version_num = '9999'")


def older_schema(it: Installation) -> None:
    it.do("update alembic_version set version_num = '0002'")


def changed_log(it: Installation) -> None:
    with open_store(f"sqlite:///{it.database}") as store:
        store.custody.close_days(present() + timedelta(days=1))
    it.do("update custody_log set actor = 'nobody' where position = 1")


def moment_ahead(it: Installation) -> None:
    it.do("update run set finished_at = '2999-01-01 00:00:00.000000'")


def lost_capture(it: Installation) -> None:
    next(it.captures.rglob("*.warc.gz")).unlink()


def torn_capture(it: Installation) -> None:
    path = next(it.captures.rglob("*.warc.gz"))
    os.truncate(path, path.stat().st_size - 100)


def dead_holder(it: Installation) -> None:
    it.do(f"update source set lease_by = '{socket.gethostname()}:{dead_process()}', lease_until = '2999-01-01'")


def killed_service(it: Installation) -> None:
    pid = dead_process()
    with open_store(f"sqlite:///{it.database}") as store:
        last = Heartbeat(who=f"{socket.gethostname()}:{pid}", pid=pid, at=present() - timedelta(hours=1))
        store.presence.beat(last)


def hanging_service(it: Installation) -> None:
    lock = os.open(it.captures / "service.lock", os.O_RDWR | os.O_CREAT, 0o600)
    it.until_the_end.callback(os.close, lock)
    fcntl.flock(lock, fcntl.LOCK_EX)


def everything_unreachable(it: Installation) -> None:
    done = subprocess.run([COMMAND, "--config", str(it.config), "crawl"], check=False, capture_output=True, timeout=120)
    assert done.returncode == 1, done.stderr


def delivery_of_unknown_fate(it: Installation) -> None:
    with open_store(f"sqlite:///{it.database}") as store:
        outgoing(store.outbox.record)
        (taken,) = store.deliveries.take(present())
        store.deliveries.unknown(taken.id, "the connection ended before the answer", present())


def delivery_refused(it: Installation) -> None:
    with open_store(f"sqlite:///{it.database}") as store:
        outgoing(store.outbox.record)
        (taken,) = store.deliveries.take(present())
        store.deliveries.failed(taken.id, "550 no such mailbox", present(), None)


def delivery_that_nobody_sends(it: Installation) -> None:
    with open_store(f"sqlite:///{it.database}") as store:
        outgoing(store.outbox.record, at=present() - timedelta(days=2))


BROKEN: list[tuple[Callable[[Installation], None], str, str]] = [
    (gone, "configuration", "there is no"),
    (misspelt_key, "configuration", "watch.tag: unknown key"),
    (no_toml, "configuration", "this is not TOML"),
    (bad_source, "source files", "estuary-dispatch.toml: date_order"),
    (nothing_watched, "watched", "no source is switched on"),
    (no_browser, "browser", "needs Chromium"),
    (channel_without_table, "channels", "[channels.email]: host: is required"),
    (unknown_channel, "channels", "there is no part called 'pigeon'"),
    (unspoken_language, "digests", "it will never have anything to tell"),
    (secret_not_set, "secrets", "RETURNWATCH_NO_SUCH_PASSWORD is empty or not set"),
    (secret_open_to_all, "secrets", "its permissions are 0644"),
    (settings_open_to_all, "permissions of the configuration", "can change who gets the digests"),
    (captures_are_a_file, "captures", "is a file, and no folder"),
    (captures_open_to_all, "privacy", "its permissions are 0755"),
    (database_open_to_all, "privacy", "its permissions are 0644"),
    (port_taken, "port", "Address already in use"),
    (nobody_listens_for_mail, "mail server", "Connection refused"),
    (mail_server_with_a_strangers_certificate, "mail server", "its certificate cannot be trusted"),
    (mail_server_without_tls, "mail server", "STARTTLS"),
    (mail_server_that_refuses_the_login, "mail server", "does not accept the login"),
    (no_database, "store", "the file is not a database"),
    (scribbled_database, "integrity", "the database is damaged"),
    (dropped_index, "parts of the schema", "index ix_article_published"),
    (newer_schema, "store", "was written by a newer Returnwatch"),
    (older_schema, "store", "returnwatch db upgrade"),
    (changed_log, "log of decisions", "it is not as it was written"),
    (moment_ahead, "future", "2999-01-01"),
    (lost_capture, "capture files", "not there"),
    (torn_capture, "capture files", "not as long as when they were closed"),
    (dead_holder, "leases", "a process that died holds"),
    (killed_service, "service", "ended without a word"),
    (hanging_service, "service", "has given no sign of life"),
    (everything_unreachable, "sources", "none of the 2 sources that were visited can be read"),
    (delivery_of_unknown_fate, "outbox", "nobody saw whether it arrived"),
    (delivery_refused, "outbox", "it was refused for good: 550"),
    (delivery_that_nobody_sends, "outbox", "it has waited to be sent"),
]


@pytest.mark.parametrize(("breaks", "check", "words"), BROKEN, ids=[breaks.__name__ for breaks, _, _ in BROKEN])
def test_the_fault_is_named_and_how_to_mend_it(
    installation: Installation, breaks: Callable[[Installation], None], check: str, words: str
) -> None:
    breaks(installation)
    findings = installation.examined().findings
    named = [one for one in findings if one.check == check and words in one.words]
    assert named, findings
    assert all(one.subject and one.mend for one in findings)
    assert not [one for one in findings if "the check itself broke" in one.words]


def test_the_command_tells_it_and_fails(installation: Installation) -> None:
    lost_capture(installation)
    done = subprocess.run(
        [COMMAND, "--config", str(installation.config), "doctor"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "BROKEN  [store] captures: 1 files of captures are not there" in done.stdout
    assert "mend: " in done.stdout
    assert "$ returnwatch verify" in done.stdout


def test_a_check_that_breaks_is_a_finding_and_the_others_are_made(installation: Installation) -> None:
    installation.do("update run set document = 'no JSON'")
    findings = installation.examined().findings
    assert any("the check itself broke" in one.words and one.check == "sources" for one in findings)
    assert "quarantine" in installation.examined().looked_at


# -- real parts -------------------------------------------------------------------------------------------------------


def outgoing(record: Callable[[DigestRecord, list[OutMessage]], int], at: datetime | None = None) -> None:
    made = at or present()
    message = OutMessage(channel="file", recipient="", payload=b"x")
    record(DigestRecord(name="demo", period="p", made_at=made, subject="x"), [message])


def dead_process() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def unused_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def refused_login() -> Any:  # noqa: ANN401 - untyped library
    from aiosmtpd.smtp import AuthResult

    return AuthResult(success=False, handled=False)


def certificate(folder: Path, host: str) -> ssl.SSLContext:
    """Make a certificate of a server's own, and give the server's side of TLS with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "certificate.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context


@contextmanager
def smtp_server(**options: Any) -> Iterator[int]:  # noqa: ANN401 - as the server takes them
    """Run a real SMTP server on loopback, in a thread with a loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def start() -> asyncio.Server:
        return await loop.create_server(lambda: SMTP(object(), loop=loop, **options), "127.0.0.1", 0)

    async def stop(server: asyncio.Server) -> None:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(stop(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
