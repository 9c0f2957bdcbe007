"""Can what is collected be kept? Folders, their permissions, room on the disk, the port of the health pages."""

import os
import shutil
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import make_url

from scheduler.doctor.premises import Check, Configured, Finding
from scheduler.lock import is_locked

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_LITTLE_ROOM = 1_000_000_000
_NO_ROOM = 100_000_000
_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "fuse.s3fs"})
_MOUNTS = Path("/proc/self/mounts")


def store_file(at: Configured) -> Path | None:
    """Give the file of a SQLite store; None for a server."""
    address = make_url(at.settings.store.url)
    return Path(str(address.database)) if address.get_backend_name() == "sqlite" else None


def captures_folder(at: Configured) -> Iterator[Finding]:
    """Can a page be written where captures are kept?"""
    folder = at.settings.store.captures
    standing = _nearest(folder)
    if not standing.is_dir():
        yield Finding(
            subject="[store] captures",
            words=f"{standing} is a file, and no folder: no page can be kept, so none is read",
            mend="name another folder, or take the file away",
        )
        return
    try:
        with tempfile.TemporaryFile(dir=standing) as probe:
            probe.write(b"\0" * 4096)
    except OSError as cause:
        yield Finding(
            subject="[store] captures",
            words=f"nothing can be written in {standing}: {cause.strerror}; what cannot be kept is not read",
            mend="let the service's user own the folder, on a disk that may be written",
            command=f"chown -R USER {standing}",
        )


def privacy(at: Configured) -> Iterator[Finding]:
    """Are store and captures closed to the other users of this machine?"""
    file = store_file(at)
    wanted = [path for path in (at.settings.store.captures, file.parent if file else None, file) if path is not None]
    for path in dict.fromkeys(wanted):
        if path.exists() and (mode := path.stat().st_mode) & _OTHERS and path != Path():
            yield Finding(
                subject=str(path),
                words=f"its permissions are {stat.S_IMODE(mode):04o}: other users of this machine can get at people's names",
                mend="close it to everybody but its owner",
                command=f"chmod {'700' if path.is_dir() else '600'} {path}",
            )


def room(at: Configured) -> Iterator[Finding]:
    """Is there room on the disks that are written to?"""
    file = store_file(at)
    for path in dict.fromkeys([at.settings.store.captures, *([file.parent] if file else [])]):
        standing = _nearest(path)
        free = shutil.disk_usage(standing).free
        if free < _LITTLE_ROOM:
            yield Finding(
                subject=str(path),
                words=f"only {free / 1_000_000:,.0f} MB are free; a full disk stops the collection, though nothing kept is lost",
                mend="make room, or let [retention] take away what is no longer needed",
                command="returnwatch prune --dry-run",
                grave=free < _NO_ROOM,
            )


def network_disk(at: Configured) -> Iterator[Finding]:
    """Does a SQLite file lie on a disk of its own machine? Over a network its lock does not hold."""
    file = store_file(at)
    kind = _filesystem(_nearest(file.parent).resolve()) if file else None
    if kind in _NETWORK:
        yield Finding(
            subject="[store] url",
            words=f"{file} lies on a network disk ({kind}): SQLite's log needs a local one, and is damaged sooner or later",
            mend="move the file to a local disk, or use PostgreSQL",
        )


def port(at: Configured) -> Iterator[Finding]:
    """Can the health pages be served, where no service serves them already?"""
    service = at.settings.service
    if service.port == 0 or is_locked(at.settings.store.captures):
        return
    with socket.socket(socket.AF_INET6 if ":" in service.host else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((service.host, service.port))
        except OSError as cause:
            yield Finding(
                subject=f"[service] {service.host}:{service.port}",
                words=f"the health pages cannot be served there: {cause.strerror or cause}; the service does not start",
                mend="choose another port, or end the program that has it",
                command=f"ss -ltnp 'sport = :{service.port}'",
            )


def _nearest(path: Path) -> Path:
    """Give the folder that is there, going up from one that may not be."""
    path = path.absolute()
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


def _filesystem(path: Path) -> str | None:
    """Say which kind of filesystem holds a folder; None where this machine does not tell."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    mounts = [(fields[1].replace("\\040", " "), fields[2]) for line in lines if len(fields := line.split()) > 2]  # noqa: PLR2004 - device, place, kind
    above = [(place, kind) for place, kind in mounts if os.path.commonpath([place, path]) == place]
    return max(above, key=lambda mount: len(mount[0]))[1] if above else None


CHECKS = (
    Check(name="captures", look=captures_folder),
    Check(name="privacy", look=privacy),
    Check(name="room", look=room),
    Check(name="network disk", look=network_disk),
    Check(name="port", look=port),
)
