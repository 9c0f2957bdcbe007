"""A real WordPress on loopback: Debian's package with a MariaDB of its own, holding the bundled magazine.

Both servers lie in a temporary folder, listen on a socket and on a free port, live as long as the test session, and are
stopped by the ids of the processes that were started here.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scheduler.demo.magazine import Magazine, Post, load_magazine
from scheduler.demo.pages import article_body

HERE = Path(__file__).parent
DEBIAN_WORDPRESS = Path("/usr/share/wordpress")
START_LIMIT_S = 60


@dataclass(frozen=True)
class WordPress:
    """The running site: what tests publish, edit, close and count on it."""

    url: str
    folder: Path
    environment: dict[str, str]
    magazine: Magazine

    def publish(self, *posts: Post, status: str = "publish") -> None:
        """Publish posts, or edit those whose slug exists; one without ``modified`` changes now."""
        self._load([self._row(post, status) for post in posts])

    def reset(self) -> None:
        """Hold the bundled magazine and nothing else, with every door open."""
        self.hold(*self.magazine.posts)

    def hold(self, *posts: Post) -> None:
        """Hold these posts and no others, unedited where they do not say otherwise, with every door open."""
        shutil.rmtree(self._closed, ignore_errors=True)
        self._load([self._row(post, "publish") | {"modified": _sql(post)} for post in posts], "replace")

    def close(self, *doors: str) -> None:
        """Shut ``rest``, ``feeds`` or both."""
        self._closed.mkdir(exist_ok=True)
        for door in doors:
            (self._closed / door).touch()

    def address_by(self, structure: str) -> None:
        """Give posts their addresses in another way; by their numbers when nothing is said."""
        command: list[str | Path] = ["php", HERE / "site" / "addresses.php", self.folder / "www", structure]
        subprocess.run(command, env=self.environment, check=True, capture_output=True)

    def requests(self) -> list[tuple[str, int]]:
        """Every request so far as the site wrote it down: target and status."""
        log = self.folder / "requests.log"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return [(target, int(status)) for status, _, target in (line.split(" ", 2) for line in lines)]

    @property
    def _closed(self) -> Path:
        return self.folder / "www" / "closed"

    def _load(self, rows: list[dict[str, Any]], *mode: str) -> None:
        file = self.folder / "posts.json"
        file.write_text(json.dumps(rows), encoding="utf-8")
        command: list[str | Path] = ["php", HERE / "site" / "load.php", self.folder / "www", file, *mode]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"posts could not be loaded: {done.stdout}{done.stderr}"

    def _row(self, post: Post, status: str) -> dict[str, Any]:
        return {
            "slug": post.slug,
            "title": post.title,
            "content": str(article_body(post)),
            "excerpt": post.deck,
            "date": f"{post.date:%Y-%m-%d %H:%M:%S}",
            "modified": post.modified and _sql(post),
            "author": post.author,
            "author_note": self.magazine.author(post.author).note,
            "categories": list(post.categories),
            "tags": list(post.tags),
            "status": status,
        }


def _sql(post: Post) -> str:
    return f"{post.changed:%Y-%m-%d %H:%M:%S}"


@pytest.fixture(scope="session")
def wordpress_site() -> Iterator[WordPress]:
    """The site for the whole session; tests take ``wordpress``, which puts it in order first."""
    folder = Path(tempfile.mkdtemp(prefix="courier-"))
    url = f"http://127.0.0.1:{_free_port()}"
    own = {"COURIER_SOCKET": folder / "db.sock", "COURIER_LOG": folder / "requests.log", "COURIER_URL": url}
    environment = os.environ | {name: str(value) for name, value in own.items()}
    site = WordPress(url, folder, environment, load_magazine("frost-courier"))
    started: list[subprocess.Popen[bytes]] = []
    try:
        started.append(_start_database(folder))
        _lay_out(folder / "www")
        site.reset()
        started.append(_start_php(site))
        yield site
    finally:
        for process in reversed(started):
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(START_LIMIT_S)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def wordpress(wordpress_site: WordPress) -> WordPress:
    """The site with the bundled magazine as it was and every door open."""
    wordpress_site.reset()
    return wordpress_site


def _start_database(folder: Path) -> subprocess.Popen[bytes]:
    user, data, sock = f"--user={_user()}", f"--datadir={folder / 'db'}", f"--socket={folder / 'db.sock'}"
    install = ["mariadb-install-db", "--no-defaults", user, data, "--auth-root-authentication-method=normal"]
    subprocess.run([*install, "--skip-test-db"], check=True, capture_output=True)
    pid = f"--pid-file={folder / 'db.pid'}"
    command = ["mariadbd", "--no-defaults", user, data, sock, pid, "--skip-networking", "--skip-log-bin"]
    process = _start([*command, "--innodb-flush-log-at-trx-commit=0"], folder / "db.log")
    ask = [
        "mariadb",
        "--no-defaults",
        "-uroot",
        sock,
        "-e",
        "CREATE DATABASE IF NOT EXISTS courier CHARACTER SET utf8mb4",
    ]
    _wait(process, folder / "db.log", lambda: subprocess.run(ask, capture_output=True, check=False).returncode == 0)
    return process


def _lay_out(www: Path) -> None:
    shutil.copytree(DEBIAN_WORDPRESS, www, ignore=shutil.ignore_patterns(".htaccess", "wp-config.php", "languages"))
    shutil.copy(HERE / "site" / "wp-config.php", www)
    shutil.copytree(HERE / "theme", www / "wp-content" / "themes" / "courier")
    (www / "wp-content" / "mu-plugins").mkdir(exist_ok=True)
    shutil.copy(HERE / "site" / "doors.php", www / "wp-content" / "mu-plugins")


def _start_php(site: WordPress) -> subprocess.Popen[bytes]:
    address = site.url.removeprefix("http://")
    command: list[str | Path] = ["php", "-S", address, "-t", site.folder / "www", HERE / "site" / "router.php"]
    log = site.folder / "php.log"
    process = _start(command, log, site.environment | {"PHP_CLI_SERVER_WORKERS": "2"})
    _wait(process, log, lambda: status_of(f"{site.url}/robots.txt") == 200)
    return process


def _start(
    command: Iterable[str | Path], log: Path, environment: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a server that leads a process group of its own, so that its workers end with it."""
    with log.open("wb") as output:
        return subprocess.Popen(
            list(map(str, command)),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait(process: subprocess.Popen[bytes], log: Path, ready: Callable[[], bool]) -> None:
    limit = time.monotonic() + START_LIMIT_S
    while not ready():
        text = log.read_text(encoding="utf-8", errors="replace")
        assert process.poll() is None, f"a server ended at its start: {text}"
        assert time.monotonic() < limit, f"a server did not answer within {START_LIMIT_S} s: {text}"
        time.sleep(0.1)


def status_of(url: str) -> int | None:
    """Return the status of an answer, or None while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=START_LIMIT_S) as answer:
            status: int = answer.status
            return status
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code
    except urllib.error.URLError:
        return None


def _user() -> str:
    return subprocess.run(["id", "-un"], check=True, capture_output=True, text=True).stdout.strip()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
