"""What every room's tests share: the markers of real parts, and the stores of both engines."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from itertools import count
from pathlib import Path

import hypothesis
import psycopg
import pytest

from cases.store import Store, open_store, upgrade

# Time is measured in benchmarks/ and never asserted: the first example of a property loads tables and compiles patterns.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")

POSTGRESQL_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))

REAL_PARTS: dict[str, tuple[str, Callable[[], object]]] = {
    "wordpress": (
        "wordpress php-cli php-mysql php-xml php-mbstring mariadb-server",
        lambda: Path("/usr/share/wordpress/wp-load.php").exists() and shutil.which("php") and shutil.which("mariadbd"),
    ),
    "postgresql": ("postgresql", lambda: POSTGRESQL_PROGRAMS and (POSTGRESQL_PROGRAMS[-1] / "initdb").exists()),
    "chromium": ("chromium", lambda: shutil.which("chromium")),
    "systemd": ("systemd", lambda: shutil.which("systemd-analyze")),
    "nginx": ("nginx", lambda: Path("/usr/sbin/nginx").exists()),
    "postfix": (
        "postfix dovecot-imapd dovecot-lmtpd dovecot-sieve opendkim (and to be root)",
        lambda: (
            os.geteuid() == 0 and all(Path("/usr/sbin", name).exists() for name in ("postfix", "dovecot", "opendkim"))
        ),
    ),
    "openssl": ("openssl", lambda: shutil.which("openssl")),
    "gpg": ("gpg", lambda: shutil.which("gpg")),
    "pango": ("libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0", lambda: find_library("pangoft2-1.0")),
}


@pytest.fixture(autouse=True)
def _umask_of_its_own() -> Iterator[None]:
    """Give back the umask that a command called in this process has narrowed: servers of later tests run as other users."""
    before = os.umask(0)
    os.umask(before)
    yield
    os.umask(before)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a part that this machine lacks, and say which; fail instead where everything was promised."""
    for marker, (packages, is_here) in REAL_PARTS.items():
        if item.get_closest_marker(marker) and not is_here():
            reason = f"needs {marker}: apt-get install {packages}"
            if os.environ.get("RETURNWATCH_TEST_EVERYTHING"):
                pytest.fail(reason)
            pytest.skip(reason)


def as_postgres(*command: str | Path) -> None:
    """Run one of PostgreSQL's programs; as its own user when the tests run as root, which it refuses."""
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run(
        [*user, *map(str, command)], check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd="/"
    )


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[str]:
    """A cluster of this session's own, reached only over a socket in its folder; gives the address without a database."""
    folder = Path(tempfile.mkdtemp(prefix="returnwatch-postgresql-"))  # pytest's own are closed to the server's user
    data, programs = folder / "data", POSTGRESQL_PROGRAMS[-1]
    data.mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        shutil.chown(data, "postgres")
    as_postgres(programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c max_connections=40"
    try:
        as_postgres(programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://postgres@/DATABASE?host={folder}"
        finally:
            as_postgres(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


KEPT_DATABASES = 6
"""More than any one test uses."""


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_cluster: str) -> Iterator[Callable[[str], str]]:
    """Make a fresh database after a template (``migrated`` or ``template1``), and give its address.

    Only the last few stay: each is a thousand files, and hundreds of them take minutes to remove.
    """
    numbers = count(1)
    server = psycopg.connect(host=postgresql_cluster.rpartition("=")[2], user="postgres", autocommit=True)

    def fresh(template: str) -> str:
        number = next(numbers)
        name = f"test{number}"
        server.execute(f"create database {name} template {template}")
        if number > KEPT_DATABASES:
            server.execute(f"drop database test{number - KEPT_DATABASES} with (force)")
        return postgresql_cluster.replace("DATABASE", name)

    with server:
        server.execute("create database migrated")
        upgrade(postgresql_cluster.replace("DATABASE", "migrated"))
        yield fresh


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store's file with its schema and nothing in it, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "watch.db"
    upgrade(f"sqlite:///{file}")
    return file


ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=ENGINES)
def empty_store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a store that does not exist yet (SQLite), or of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store/watch.db"
    address: str = request.getfixturevalue("postgresql_databases")("template1")
    return address


@pytest.fixture(params=ENGINES)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a fresh store with its schema, on each engine in turn."""
    if request.param == "sqlite":
        file = tmp_path / "store/watch.db"
        file.parent.mkdir()
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), file)
        return f"sqlite:///{file}"
    address: str = request.getfixturevalue("postgresql_databases")("migrated")
    return address


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A fresh store, on each engine in turn."""
    with open_store(store_url, migrate=False) as opened:
        yield opened
