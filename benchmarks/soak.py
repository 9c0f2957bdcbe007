"""The service under load for an hour and more, killed every minute: ``python -m benchmarks.soak``.

A thousand small sites publish, a tenth of them misbehave; mail goes to a server that counts. The service is killed with SIGKILL and
started again, over and over, but for the last quarter, in which its memory is watched. All the while it is asked whether it is
ready, and for one-off crawls over HTTP and by command. Prints figures, and fails when an article, a case or a digest is lost or
double, when memory grows, or when an answer is late.
"""

import argparse
import asyncio
import contextlib
import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from aiosmtpd.smtp import SMTP

from benchmarks import crowd
from benchmarks.nginx import address_of
from benchmarks.soaked import CALM, found_in, judged

COMMAND = str(Path(sys.executable).with_name("returnwatch"))
TOKEN = "a token for as long as the measurement lasts"
SETTLES_WITHIN_S = 60


class Plan(NamedTuple):
    """How long, how many and how often."""

    seconds: float
    sites: int
    kill_every_s: float
    ready_ms: float
    """The 99th percentile of the answers of ``/readyz`` may be this late."""
    asked_s: float
    """A one-off crawl may take this long, from the request to its result."""


class Asked(NamedTuple):
    """A one-off crawl that was asked for."""

    at_s: float
    """So long after the service was ready, which it is again after every kill."""
    took_s: float | None
    """From the request to the result; None where it came to nothing."""


class Seen:
    """What was measured while the service ran."""

    def __init__(self) -> None:
        self.ready_ms: list[float] = []
        self.starts_s: list[float] = []
        self.over_http: list[Asked] = []
        self.by_command: list[Asked] = []
        self.memory_mb: list[tuple[float, float]] = []
        self.files: list[int] = []
        self.log_mb = 0.0
        self.kills = 0
        self.mails: list[str] = []


class Mailbox:
    """A mail server that takes everything and remembers the names of the messages."""

    def __init__(self, mails: list[str]) -> None:
        self._mails = mails

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: ANN401, N802 - as the server calls it
        """Note one message."""
        for line in envelope.content.decode("utf-8", "replace").splitlines():
            if line.lower().startswith("message-id:"):
                self._mails.append(line.partition(":")[2].strip())
        return "250 OK"


@contextlib.contextmanager
def mail_server(mails: list[str]) -> Iterator[int]:
    """Run the mail server in a thread; gives its port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    handler = Mailbox(mails)
    made = loop.create_server(lambda: SMTP(handler, loop=loop), "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(made, loop).result(10)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def configured(folder: Path, plan: Plan, *, sites_port: int, mail_port: int, port: int) -> Path:
    """Write the configuration of a watch over the sites, with a digest every minute."""
    config = folder / "config"
    (config / "sources").mkdir(parents=True)
    now = int(time.time()) // 60
    turns = " ".join(
        f"{minute // 60 % 24:02}:{minute % 60:02}" for minute in range(now, now + min(1400, 5 + int(plan.seconds / 60)))
    )
    token = folder / "token"
    token.touch(0o600)
    token.write_text(TOKEN)
    (config / "returnwatch.toml").write_text(
        f'[store]\nurl = "sqlite:///{folder}/watch.db"\ncaptures = "{folder}/captures"\n'
        "[collection]\ndelay_s = 0\ntimeout_s = 5\nretries = 0\nhorizon_days = 0\nannounce_days = 0\nallow_private_addresses = true\n"
        f'[service]\nport = {port}\ncrawls_at_once = 8\ntoken_file = "{token}"\n'
        f'[[digests]]\nname = "all"\nschedule = "daily {turns}"\ntimezone = "UTC"\nchannels = ["email"]\n'
        'recipients = ["desk@example.org"]\n'
        f'[channels.email]\nhost = "127.0.0.1"\nport = {mail_port}\nsecurity = "none"\nsender = "watch@example.org"\n'
    )
    for number in range(plan.sites):
        home = f"http://{address_of(number)}:{sites_port}/"
        (config / "sources" / f"site-{number:04}.toml").write_text(
            f'title = "Site {number}"\nhome = "{home}"\nlanguages = ["en"]\nevery = "{crowd.every_s(plan.seconds)}s"\n'
            f'[[readers]]\nkind = "feed"\nurl = "{home}feed/"\n'
        )
    return config


class Service:
    """``returnwatch serve``, started again whenever it was killed."""

    def __init__(self, config: Path, port: int, seen: Seen) -> None:
        self._config, self._seen = config, seen
        self._address = f"http://127.0.0.1:{port}"
        self._log = (config.parent / "service.log").open("ab")
        self.process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        self._began = self._ready_at = time.monotonic()
        self._is_up = False
        return subprocess.Popen([COMMAND, "--config", str(self._config), "serve"], stdout=self._log, stderr=self._log)

    def kill(self) -> None:
        """End it as a power cut would, and start it again."""
        self._is_up = False
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._seen.kills += 1
        self.process = self._started()

    def end(self) -> int:
        """Stop it in order; gives its exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=90)
        finally:
            self._log.close()

    @property
    def is_up(self) -> bool:
        """Whether it has been ready since its last start."""
        return self._is_up

    def ask_ready(self) -> None:
        """Ask whether it is ready, and note how long the answer took once it had been."""
        began = time.monotonic()
        try:
            with urllib.request.urlopen(f"{self._address}/readyz", timeout=10) as answer:
                answer.read()
        except OSError as refusal:
            if self._is_up and not isinstance(refusal, urllib.error.HTTPError):
                self._seen.ready_ms.append(10_000.0)
            return
        if self._is_up:
            self._seen.ready_ms.append(1000 * (time.monotonic() - began))
        else:
            self._is_up, self._ready_at = True, time.monotonic()
            self._seen.starts_s.append(time.monotonic() - self._began)

    def measure(self, at: float) -> None:
        """Note its memory, its open files, and the size of the store's log."""
        folder = Path(f"/proc/{self.process.pid}")
        with contextlib.suppress(OSError):
            pages = int((folder / "statm").read_text().split()[1])
            self._seen.memory_mb.append((at, pages * os.sysconf("SC_PAGE_SIZE") / 2**20))
            self._seen.files.append(sum(1 for _ in (folder / "fd").iterdir()))
            log = self._config.parent / "watch.db-wal"
            self._seen.log_mb = max(self._seen.log_mb, log.stat().st_size / 2**20)

    def crawl_over_http(self, source: str) -> None:
        """Ask for a crawl, and note how long it took to have its result."""
        with self._noted(self._seen.over_http):
            asked = self._call("POST", "/crawls", {"sources": [source]})
            while not self._call("GET", f"/crawls/{asked['id']}")["done"]:
                time.sleep(0.05)

    def crawl_by_command(self, source: str) -> None:
        """Do the same by the command."""
        with self._noted(self._seen.by_command):
            subprocess.run(
                [COMMAND, "--config", str(self._config), "crawl", source, "--json"], check=True, capture_output=True
            )

    @contextlib.contextmanager
    def _noted(self, asked: list[Asked]) -> Iterator[None]:
        """Note how long it took, or that it failed; what a kill cut short counts for nothing."""
        began, process, failed = time.monotonic(), self.process, False
        at_s = began - self._ready_at
        try:
            yield
        except (OSError, ValueError, http.client.HTTPException, subprocess.CalledProcessError):
            failed = True
        if process is self.process and self._is_up:
            asked.append(Asked(at_s, None if failed else time.monotonic() - began))

    def _call(self, method: str, path: str, wish: object = None) -> Any:  # noqa: ANN401 - JSON
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        body = json.dumps(wish).encode() if wish is not None else None
        request = urllib.request.Request(self._address + path, body, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


def soak(service: Service, plan: Plan) -> None:
    """Let the time pass: kill, ask, measure."""
    began, stop = time.monotonic(), threading.Event()
    calm_from = plan.seconds * (1 - CALM)

    def site(turn: int) -> str:
        return f"site-{(turn * 7919) % plan.sites // 10 * 10:04}"  # those that end in 0 behave well

    threads = [
        _again(service, stop, 3.0, lambda turn: service.crawl_over_http(site(turn))),
        _again(service, stop, 20.0, lambda turn: service.crawl_by_command(site(turn + 3))),
    ]
    killed = measured = began
    try:
        while (now := time.monotonic()) < began + plan.seconds:
            service.ask_ready()
            if now - measured > 1:
                measured = now
                service.measure(now - began)
            if now - killed > plan.kill_every_s and now - began < calm_from and service.is_up:
                service.kill()
                killed = time.monotonic()
            time.sleep(0.2)
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def settled(service: Service, config: Path, plan: Plan) -> None:
    """Wait until everything that was published is in the store; not for ever: what is lost is told afterwards."""
    end = time.monotonic() + SETTLES_WITHIN_S + plan.seconds / 10
    store = f"file:{config.parent}/watch.db?mode=ro"
    with contextlib.closing(sqlite3.connect(store, uri=True)) as connection:
        while time.monotonic() < end and service.process.poll() is None:
            (kept,) = connection.execute("select count(*) from article").fetchone()
            if kept >= crowd.articles(plan.sites):
                return
            time.sleep(0.5)


def _again(service: Service, stop: threading.Event, every_s: float, work: Callable[[int], None]) -> threading.Thread:
    """Do something again and again, while the service is up."""

    def run() -> None:
        turn = 0
        while not stop.wait(every_s):
            if service.is_up:
                work(turn)
                turn += 1

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def main() -> int:
    """Run the plan that the options make, and print what came of it as JSON; 1 when anything is wrong."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=3600)
    asked.add_argument("--sites", type=int, default=1000)
    asked.add_argument("--kill-every", type=float, default=60)
    asked.add_argument("--ready-ms", type=float, default=250, help="how late /readyz may be, at the 99th percentile")
    asked.add_argument("--asked-s", type=float, default=5, help="how long a one-off crawl may take")
    asked.add_argument("--keep", type=Path, help="leave the data in this folder")
    options = asked.parse_args()
    plan = Plan(options.seconds, options.sites, options.kill_every, options.ready_ms, options.asked_s)
    with contextlib.ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="returnwatch-soak-")))
        figures, wrong = run(plan, folder)
    print(json.dumps({**plan._asdict(), **figures, "wrong": wrong}, indent=1))
    return int(bool(wrong))


def run(plan: Plan, folder: Path) -> tuple[dict[str, Any], list[str]]:
    """Follow a plan in a folder; gives the figures, and what is wrong."""
    seen = Seen()
    sites_port, port = free_port(), free_port()
    with mail_server(seen.mails) as mail_port, sites_at(sites_port, plan) as sites:
        config = configured(folder, plan, sites_port=sites_port, mail_port=mail_port, port=port)
        service = Service(config, port, seen)
        try:
            soak(service, plan)
            settled(service, config, plan)
        finally:
            status = service.end()
        sites.terminate()
        saw = json.loads(sites.stdout.readline()) if sites.stdout is not None else {}
        subprocess.run([COMMAND, "--config", str(config), "digest", "--send"], check=False, capture_output=True)
        figures, wrong = judged(plan, seen, found_in(config), saw)
    if status != 0:
        wrong.append(f"the service ended with {status}: {(folder / 'service.log').read_text()[-2000:]}")
    return figures, wrong


@contextlib.contextmanager
def sites_at(port: int, plan: Plan) -> Iterator[subprocess.Popen[str]]:
    """Run the sites in a process of their own."""
    command = [sys.executable, "-m", "benchmarks.crowd", str(port), str(plan.sites), str(plan.seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        if process.stdout is not None:
            process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
