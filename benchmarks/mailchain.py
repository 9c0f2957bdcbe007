"""message → Postfix → OpenDKIM → Dovecot → mailbox: Debian's mail programs, each configured in a folder of its own.

All listen on loopback alone, on ports that were free, and are ended by their process ids. Postfix takes mail for
``example.org`` on two ports: a relay that asks nobody, and a submission port that wants STARTTLS and a login. OpenDKIM verifies
signatures against keys from a file. Dovecot takes what Postfix passes on over LMTP, runs Sieve, and shows it over IMAP.
Needs root, because Postfix does.
"""

import base64
import hashlib
import hmac
import imaplib
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

PACKAGES = "postfix dovecot-imapd dovecot-lmtpd dovecot-sieve opendkim"
_PROGRAMS = (
    "/usr/sbin/postfix",
    "/usr/sbin/dovecot",
    "/usr/lib/dovecot/lmtp",
    "/usr/lib/dovecot/imap",
    "/usr/sbin/opendkim",
    "/usr/bin/openssl",
)
_STARTS_WITHIN_S = 30.0
DOMAIN = "example.org"
PASSWORD = "open sesame"
_TOKEN_KEY = b"a key that signs the access tokens of this test alone"
GONE = "gone"
"""Postfix believes in this mailbox, Dovecot does not: mail to it is taken, and comes back."""

ONCE = "once"
"""This mailbox shows two mails of one Message-ID as one, by Sieve."""


def is_here() -> bool:
    """Tell whether the programs are installed and may be started."""
    return os.geteuid() == 0 and all(Path(program).exists() for program in _PROGRAMS)


@dataclass(frozen=True, kw_only=True)
class MailChain:
    """The running chain."""

    folder: Path
    relay_port: int
    """Takes mail from anybody on this machine, in clear."""
    submission_port: int
    """Wants STARTTLS and a login."""
    imap_port: int
    imap_tls_port: int
    ca_file: Path
    """Certificate of the authority that the servers' certificate comes from."""

    @contextmanager
    def mailbox(self, user: str) -> Iterator[imaplib.IMAP4]:
        """Open somebody's inbox."""
        imap = imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=20)
        try:
            imap.login(user, PASSWORD)
            imap.select("INBOX")
            yield imap
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                imap.logout()

    def messages(self, user: str, at_least: int = 1, within_s: float = 30) -> list[bytes]:
        """Give all messages of a mailbox as they lie there, once there are so many."""
        end = time.monotonic() + within_s
        while True:
            found = self._read(user)
            if len(found) >= at_least:
                return found
            if time.monotonic() > end:
                raise TimeoutError(f"{user} has {len(found)} messages, not {at_least}: {self.log()}")
            time.sleep(0.1)

    def empty(self, user: str) -> None:
        """Remove all messages of a mailbox."""
        with self.mailbox(user) as imap:
            if imap.search(None, "ALL")[1][0]:
                imap.store("1:*", "+FLAGS", "\\Deleted")
                imap.expunge()

    def log(self) -> str:
        """Give the end of what the servers wrote."""
        told = [path.read_text(errors="replace")[-3000:] for path in sorted(self.folder.glob("*.log"))]
        return "\n".join(told)

    def _read(self, user: str) -> list[bytes]:
        with self.mailbox(user) as imap:
            _, (numbers,) = imap.search(None, "ALL")
            if not numbers:
                return []
            _, parts = imap.fetch(numbers.decode().replace(" ", ","), "(BODY.PEEK[])")
            return [part[1] for part in parts if isinstance(part, tuple)]


@contextmanager
def mail_chain(users: Sequence[str], keys: dict[str, str] | None = None) -> Iterator[MailChain]:
    """Run the three servers; ``users`` have mailboxes, ``keys`` are DKIM records by their names in the DNS."""
    folder = Path(tempfile.mkdtemp(prefix="returnwatch-mail-"))
    folder.chmod(0o755)
    relay, submission, imap, imap_tls, milter = _free_ports(5)
    try:
        _certificates(folder)
        commands = [
            _opendkim(folder, milter, keys or {}),
            _dovecot(folder, users, imap, imap_tls),
            _postfix(folder, users, relay, submission, milter),
        ]
        with _running(folder, commands, (milter, imap, imap_tls, relay, submission)):
            yield MailChain(
                folder=folder,
                relay_port=relay,
                submission_port=submission,
                imap_port=imap,
                imap_tls_port=imap_tls,
                ca_file=folder / "ca.pem",
            )
    finally:
        shutil.rmtree(folder)


def access_token(user: str) -> str:
    """Make an access token that Dovecot believes: a JWT signed with the key that it was given."""

    def part(value: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    now = int(time.time())
    head = part({"alg": "HS256", "typ": "JWT", "kid": "default"})
    body = part({"sub": user, "email": user, "iat": now - 60, "nbf": now - 60, "exp": now + 3600, "azp": "default"})
    seal = hmac.new(_TOKEN_KEY, f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{base64.urlsafe_b64encode(seal).rstrip(b'=').decode()}"


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("mailconf")), undefined=StrictUndefined, keep_trailing_newline=True
)


def _filled(template: str, **values: object) -> str:
    return _TEMPLATES.get_template(template).render(domain=DOMAIN, **values)


# -- the servers ------------------------------------------------------------------------------------------------------


def _opendkim(folder: Path, port: int, keys: dict[str, str]) -> list[str]:
    records = folder / "dns.txt"
    records.write_text("".join(f"{name} {record}\n" for name, record in keys.items()))
    configuration = folder / "opendkim.conf"
    configuration.write_text(
        f"Mode v\nSocket inet:{port}@127.0.0.1\nTestDNSData file:{records}\nAuthservID mail.{DOMAIN}\n"
        "AlwaysAddARHeader yes\nSyslog no\nBackground no\nPidFile "
        f"{folder}/opendkim.pid\nUserID opendkim\n"
    )
    return ["/usr/sbin/opendkim", "-f", "-x", str(configuration)]


def _dovecot(folder: Path, users: Sequence[str], imap: int, imap_tls: int) -> list[str]:
    state = folder / "dovecot"
    state.mkdir()
    mail = folder / "mail"
    mail.mkdir()
    nobody = pwd.getpwnam("nobody")
    os.chown(mail, nobody.pw_uid, nobody.pw_gid)
    people = state / "users"
    ids = f"{nobody.pw_uid}:{nobody.pw_gid}"
    people.write_text("".join(f"{user}:{{PLAIN}}{PASSWORD}:{ids}::{mail}/{user}::\n" for user in users))
    people.chmod(0o644)
    keys = state / "keys" / "default" / "HS256"
    keys.mkdir(parents=True)
    (keys / "default").write_text(base64.b64encode(_TOKEN_KEY).decode())
    oauth = state / "oauth2.conf"
    oauth.write_text(
        f"introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={state}/keys/\n"
        "username_attribute = sub\n"
    )
    sieve = state / "sieve"
    sieve.mkdir()
    os.chown(sieve, nobody.pw_uid, nobody.pw_gid)
    (sieve / f"{ONCE}.sieve").write_text('require ["duplicate"];\nif duplicate { discard; }\n')
    configuration = state / "dovecot.conf"
    configuration.write_text(
        _filled(
            "dovecot.conf.j2",
            state=state,
            folder=folder,
            mail=mail,
            people=people,
            oauth=oauth,
            sieve=sieve,
            imap=imap,
            imap_tls=imap_tls,
        )
    )
    return ["/usr/sbin/dovecot", "-F", "-c", str(configuration)]


def _postfix(folder: Path, users: Sequence[str], relay: int, submission: int, milter: int) -> list[str]:
    etc, queue, data = folder / "postfix", folder / "queue", folder / "data"
    for made in (etc, queue, data):
        made.mkdir()
    shutil.chown(data, "postfix")
    (etc / "main.cf").write_text(
        _filled("main.cf.j2", folder=folder, queue=queue, data=data, milter=milter, believed=(*users, GONE))
    )
    (etc / "master.cf").write_text(_filled("master.cf.j2", relay=relay, submission=submission))
    return ["/usr/sbin/postfix", "-c", str(etc), "start-fg"]


def _certificates(folder: Path) -> None:
    """Make an authority, and a certificate of it for 127.0.0.1."""
    made = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "2")
    ca = ("-x509", "-subj", "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem")
    _openssl(folder, "req", *made, *ca, "-addext", "basicConstraints=critical,CA:TRUE")
    signed = ("-x509", "-CA", "ca.pem", "-CAkey", "ca.key", "-subj", f"/CN=mail.{DOMAIN}", "-keyout", "key.pem")
    _openssl(
        folder, "req", *made, *signed, "-out", "cert.pem",
        *("-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"),
    )  # fmt: skip
    (folder / "key.pem").chmod(0o644)


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["/usr/bin/openssl", *arguments], cwd=folder, check=True, capture_output=True)


# -- running ----------------------------------------------------------------------------------------------------------


@contextmanager
def _running(folder: Path, commands: Sequence[Sequence[str]], ports: Sequence[int]) -> Iterator[None]:
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            log = folder / f"{Path(command[0]).name}.out.log"
            with log.open("wb") as told:
                processes.append(
                    subprocess.Popen(
                        command, stdin=subprocess.DEVNULL, stdout=told, stderr=told, cwd=folder, start_new_session=True
                    )
                )
        _wait_for(folder, processes, ports)
        yield
    finally:
        _end_postfix(folder)
        for process in reversed(processes):
            _end(process)


def _wait_for(folder: Path, processes: Sequence[subprocess.Popen[bytes]], ports: Sequence[int]) -> None:
    end = time.monotonic() + _STARTS_WITHIN_S
    for port in ports:
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            dead = [str(process.args) for process in processes if process.poll() is not None]
            if dead or time.monotonic() > end:
                told = "\n".join(path.read_text(errors="replace") for path in sorted(folder.glob("*.log")))
                raise RuntimeError(f"nothing listens on port {port}; ended: {dead}\n{told}")
            time.sleep(0.05)


def _end_postfix(folder: Path) -> None:
    """End Postfix's master, which is in a session of its own, by the number that it wrote down; its daemons end with it."""
    noted = folder / "queue" / "pid" / "master.pid"
    if not noted.exists():
        return
    pid = int(noted.read_text())
    for order in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, order)
        end = time.monotonic() + 10
        while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
            time.sleep(0.02)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server and, by its process group, what it started; OpenDKIM, which keeps nothing, takes seconds to end by itself."""
    if process.poll() is None and "opendkim" not in str(process.args):
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)


def _free_ports(count: int) -> list[int]:
    with_ports = [socket.socket() for _ in range(count)]
    try:
        for one in with_ports:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in with_ports]
    finally:
        for one in with_ports:
            one.close()
