"""one file → an installation: everything is proved beside its place first, and nothing that stands there is thrown away.

What is restored may be older than what was sent since: messages that had not gone out when the backup was taken are held, for a digest that
comes twice as new is worse than one that a person sends again.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath

from sqlalchemy.engine import make_url

from cases.errors import StoreError, UsageError
from cases.model import Value
from cases.store import open_store, refill
from crawler.evidence.capture import ENDING
from scheduler.backup.archive import CAPTURES, CONFIG, STORE, About, Manifest, unpack
from scheduler.backup.taking import names_below
from scheduler.lock import KEEPING, NAME, alone
from scheduler.settings import FILE

_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}")
_DEEPEST = 4


class Destination(Value, frozen=True, kw_only=True):
    """Where an installation is restored to."""

    store_url: str
    captures: Path
    config: Path | None = None
    """Where the configuration goes; None leaves the one that is there."""

    @property
    def database(self) -> Path | None:
        """The file of a SQLite store; None for a server."""
        address = make_url(self.store_url)
        return Path(str(address.database)).absolute() if address.get_backend_name() == "sqlite" else None


class Restored(Value, frozen=True, kw_only=True):
    """What was restored."""

    about: About
    manifest: Manifest
    held: int
    """Messages that are held, because they may have gone out since the backup."""
    moved_aside: tuple[Path, ...]
    """What stood there before, under its new name."""


def below(folder: Path) -> Destination:
    """Give the places of an installation in a folder of its own."""
    folder = folder.absolute()
    data = folder / "data"
    return Destination(
        store_url=f"sqlite:///{data / 'returnwatch.db'}", captures=data / "captures", config=folder / "config"
    )


def restore(archive: Path, to: Destination, *, now: datetime, replace: bool = False) -> Restored:
    """Prove a backup and put it in its place.

    Raises UsageError when something stands there and ``replace`` does not say to move it aside, and StoreError when the backup is not whole,
    or a service works there; then everything is as it was.
    """
    _require_room(to, replace=replace)
    with alone(to.captures), _staging(to) as stage:
        about, manifest = unpack(archive, stage, _place)
        (stage / CAPTURES).mkdir(mode=0o700, exist_ok=True)
        held = _settled(stage / STORE, about, now)
        aside = tuple(_put_in_place(stage, to, now))
    return Restored(about=about, manifest=manifest, held=held, moved_aside=aside)


def pointing_at(text: str, to: Destination) -> str:
    """Give the text of a ``returnwatch.toml`` whose ``[store]`` names another place."""
    lines = [line for line in text.splitlines() if not _is_place(line)]
    store = [f'url = "{to.store_url}"', f'captures = "{to.captures}"']
    index = next((number for number, line in enumerate(lines) if line.split("#")[0].strip() == "[store]"), None)
    lines = ["[store]", *store, "", *lines] if index is None else [*lines[: index + 1], *store, *lines[index + 1 :]]
    return "\n".join(lines) + "\n"


def _is_place(line: str) -> bool:
    return re.match(r'\s*(?:url\s*=\s*"(?:sqlite|postgresql)|captures\s*=)', line) is not None


def _place(name: str) -> Path | None:
    """Say where a member goes: only names that a backup writes have a place."""
    if name == STORE:
        return Path(STORE)
    parts = PurePosixPath(name).parts
    sound = 1 < len(parts) <= _DEEPEST and "/".join(parts) == name and all(map(_PART.fullmatch, parts))
    if sound and (parts[0] == CONFIG or (parts[0] == CAPTURES and name.endswith(ENDING))):
        return Path(*parts)
    return None


def _require_room(to: Destination, *, replace: bool) -> None:
    """Refuse to put anything where something stands."""
    there = [path for path in (to.database, to.config) if path is not None and path.exists()]
    if to.captures.exists() and next(names_below(to.captures), None) is not None:
        there.append(to.captures)
    if there and not replace:
        raise UsageError(
            f"{', '.join(map(str, there))}: there already; --replace moves it aside, and --to restores into another folder"
        )


@contextmanager
def _staging(to: Destination) -> Iterator[Path]:
    """Make a private folder beside the place of the captures, so that what is proved need only be renamed."""
    try:
        with tempfile.TemporaryDirectory(dir=to.captures.parent, prefix=".restore-") as room:
            yield Path(room)
    except OSError as cause:
        raise StoreError(
            f"backup: nothing can be restored to {to.captures.parent}: {cause.strerror or cause}"
        ) from cause


def _settled(database: Path, about: About, now: datetime) -> int:
    """See that the store is sound, bring it up to date, free what its processes held, and hold what may have gone out since."""
    url = f"sqlite:///{database}"
    with open_store(url) as store:
        if damage := store.inspection.damage():
            raise StoreError(f"backup: the store in it is damaged ({damage[0]}); nothing was restored")
        for who in set(store.sources.holders().values()):
            store.sources.release_all(who)
        why = f"restored from a backup of {about.made_at:%Y-%m-%d %H:%M} UTC: it may have gone out since"
        owed = [one for one in store.deliveries.unsettled() if one.due_at is not None or one.state == "sending"]
        for delivery in owed:
            store.deliveries.unknown(delivery.id, why, now)
    return len(owed)


def _put_in_place(stage: Path, to: Destination, now: datetime) -> Iterator[Path]:
    """Move everything to its place, and what stands there aside; gives what was moved aside."""
    suffix = f".before-restore-{now:%Y%m%dT%H%M%SZ}"
    moves = [(stage / CAPTURES, to.captures)]
    database = to.database
    if database is None:
        refill(f"sqlite:///{stage / STORE}", to.store_url)
    else:
        moves.append((stage / STORE, database))
        for ending in ("-wal", "-shm"):
            yield from _aside(database.with_name(database.name + ending), suffix)
    if to.config is not None:
        settings = stage / CONFIG / FILE
        settings.write_text(pointing_at(settings.read_text(encoding="utf-8"), to), encoding="utf-8")
        moves.append((stage / CONFIG, to.config))
    for new, place in moves:
        yield from _aside(place, suffix)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.move(new, place)
        _sync(place.parent)


def _aside(place: Path, suffix: str) -> Iterator[Path]:
    if place.is_dir() and {path.name for path in place.iterdir()} <= {NAME, KEEPING}:
        shutil.rmtree(place)  # nothing but the lock that is held
    elif place.exists():
        yield place.rename(place.with_name(place.name + suffix))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
