"""an installation → one file, while its service goes on working.

The store comes first, as it is at one moment, and the files of captures after it: a page is on the disk before the store knows of it, so
everything that the store rests on is in the archive. Secrets are not: the configuration only names them, and what it names is left out.
"""

import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from cases.errors import StoreError, UsageError
from crawler.evidence.capture import ENDING
from scheduler.assembly import Watch
from scheduler.backup.archive import CAPTURES, CONFIG, FORMAT, STORE, About, Manifest, Writer
from scheduler.lock import undisturbed
from scheduler.secrets import password_of

_WRITTEN_BY_PEOPLE = frozenset({".toml", ".j2", ".md"})
_LEFT_OUT = "LEFT-OUT-OF-THE-BACKUP"


def back_up(watch: Watch, path: Path, *, now: datetime, replace: bool = False) -> Manifest:
    """Write a backup; ``replace`` lets it take the place of a file. Raises UsageError and StoreError; then nothing stands at ``path``."""
    if path.exists() and not replace:
        raise UsageError(f"{path} is there already; name another file, or replace it with --replace")
    captures = watch.settings.store.captures
    about = About(format=FORMAT, program=version("returnwatch"), made_at=now, store=watch.store.name)
    try:
        with undisturbed(captures), tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as room:
            copy = Path(room) / STORE
            watch.store.snapshot(copy)
            with Writer(path, about) as archive:
                archive.add(STORE, copy)
                for name in names_below(captures):
                    archive.add(f"{CAPTURES}/{name}", captures / name)
                for file in _configuration(watch.folder):
                    text = without_password(file.read_text(encoding="utf-8"), watch.settings.store.url)
                    archive.add_text(f"{CONFIG}/{file.relative_to(watch.folder).as_posix()}", text)
                return archive.finish()
    except OSError as cause:
        raise StoreError(f"backup: {path} cannot be written: {cause.strerror or cause}") from cause


def names_below(captures: Path) -> Iterator[str]:
    """Give the files of captures by their names below the folder; what else lies there is nobody's evidence."""
    for folder, folders, files in os.walk(captures):
        folders.sort()
        for file in sorted(files):
            if file.endswith(ENDING):
                yield Path(folder, file).relative_to(captures).as_posix()


def without_password(text: str, url: str) -> str:
    """Take the password of the store's address out of a text."""
    password = password_of(url)
    return text.replace(f":{password}@", f":{_LEFT_OUT}@") if password else text


def _configuration(folder: Path) -> Iterator[Path]:
    """Give the files that people wrote: settings, sources, templates. Everything else may be a secret."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in _WRITTEN_BY_PEOPLE and path.is_file() and not path.is_symlink():
            yield path
