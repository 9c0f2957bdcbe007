"""lock file → virtual environment of a rival, under build/, made once: exactly the packages whose hashes stand in the lock."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
BUILD = HERE.parent / "build" / "rivals"


class Missing(Exception):
    """A rival cannot be had on this machine; says why."""


def environment(name: str, *, python: tuple[int, int] = (3, 11)) -> Path:
    """Give the folder of the programs of a rival's environment, made after ``locks/NAME.lock`` where it is not there yet.

    ``python`` is the oldest version of Python that it runs on. Raises Missing.
    """
    lock = HERE / "locks" / f"{name}.lock"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    folder = BUILD / name
    mark = folder / "made-from"
    if not (mark.exists() and mark.read_text() == digest):
        shutil.rmtree(folder, ignore_errors=True)
        interpreter = _python(python)
        print(f"making the environment of {name} with {interpreter}", flush=True)
        subprocess.run([interpreter, "-m", "venv", folder], check=True)
        install = [
            folder / "bin/pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "--no-deps",
        ]
        if subprocess.run([*install, "--requirement", lock], check=False).returncode != 0:
            raise Missing(f"{name}: its packages could not be installed")
        mark.write_text(digest)
    return folder / "bin"


def _python(least: tuple[int, int]) -> str:
    """Find an interpreter that is new enough, ours first."""
    managed = sorted(Path.home().glob(".pyenv/versions/3.*/bin/python3")) + sorted(
        Path.home().glob(".local/share/uv/python/cpython-3.*/bin/python3")
    )
    for candidate in (sys.executable, "python3", "python3.12", "python3.13", "python3.14", *map(str, managed)):
        found = shutil.which(candidate)
        if found is not None and _is_at_least(found, least):
            return found
    raise Missing(f"there is no Python {least[0]}.{least[1]} or newer here")


def _is_at_least(interpreter: str, least: tuple[int, int]) -> bool:
    question = f"import sys, venv, ensurepip; sys.exit(sys.version_info < {least})"
    return subprocess.run([interpreter, "-c", question], check=False, capture_output=True).returncode == 0
