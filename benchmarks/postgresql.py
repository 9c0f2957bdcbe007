"""PostgreSQL of Debian, for as long as a measurement lasts: a cluster of its own in a folder that is deleted afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def cluster() -> Iterator[str]:
    """Start a server that is reached over a socket alone, with its data synced to the disk, and give a database's address.

    As root it runs as the user ``postgres``: PostgreSQL refuses root. Raises FileNotFoundError where it is not installed.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        raise FileNotFoundError("PostgreSQL is needed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="returnwatch-postgresql-"))
    data = folder / "data"
    data.mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        shutil.chown(data, "postgres")
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c max_connections=60"
    try:
        _run(found[-1] / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        _run(found[-1] / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        finally:
            _run(found[-1] / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


def _run(*command: str | Path) -> None:
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run(
        [*user, *map(str, command)], check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd="/"
    )
