"""files ↔ one archive: written and read as a stream, every member with its SHA-256, and nothing trusted on the way back.

A plain tar file, so that other tools can look into it. ``about.json`` comes first and says what it is; ``manifest.json`` comes last and
names every other member, so an archive that was cut off has none and is refused. Members are plain files with names of our own making:
a path that leads elsewhere, a link or a device is refused before anything is written.
"""

import io
import os
import tarfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Self, TypeVar

import msgspec

from cases.errors import StoreError
from cases.model import Value

FORMAT = 1
ABOUT, MANIFEST, STORE = "about.json", "manifest.json", "store.sqlite"
CAPTURES, CONFIG = "captures", "config"
_CHUNK = 1 << 20
_LONGEST_DOCUMENT = 256_000_000
"""Of the two JSON documents: a manifest takes about 150 bytes a file."""


V = TypeVar("V", bound=Value)


class About(Value, frozen=True, kw_only=True):
    """What an archive says of itself."""

    format: int
    program: str
    """Version that wrote it."""
    made_at: datetime
    store: str
    """Address of the store, as it may be shown."""


class Member(Value, frozen=True, kw_only=True):
    """One file of an archive."""

    name: str
    bytes: int
    sha256: str


class Manifest(Value, frozen=True, kw_only=True):
    """Everything that an archive holds beside this."""

    members: tuple[Member, ...]

    @property
    def bytes(self) -> int:
        """Size of all members together."""
        return sum(one.bytes for one in self.members)


class Writer:
    """An archive that is being written beside its place, and stands there only when it is whole."""

    def __init__(self, path: Path, about: About) -> None:
        self._path, self._partial = path, path.with_name(f".{path.name}.partial")
        self._made_at = about.made_at
        self._members: list[Member] = []
        self._file = os.fdopen(_new(self._partial), "wb")
        self._tar = tarfile.TarFile.open(fileobj=self._file, mode="w|", format=tarfile.PAX_FORMAT)
        self._document(ABOUT, about)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._tar.fileobj.close()  # without its end: it is thrown away
            self._file.close()
            self._partial.unlink(missing_ok=True)

    def add(self, name: str, path: Path) -> None:
        """Put a file in as long as it is now; one that grows meanwhile is cut there. Raises OSError."""
        with path.open("rb") as file:
            self._add(name, file, os.fstat(file.fileno()).st_size)

    def add_text(self, name: str, text: str) -> None:
        """Put a text in."""
        content = text.encode()
        self._add(name, io.BytesIO(content), len(content))

    def finish(self) -> Manifest:
        """Write the manifest, bring everything to the disk, and put the archive in its place."""
        manifest = Manifest(members=tuple(self._members))
        self._document(MANIFEST, manifest)
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._partial.replace(self._path)
        return manifest

    def _add(self, name: str, file: IO[bytes], size: int) -> None:
        hashed = _Hashed(file)
        self._tar.addfile(self._head(name, size), hashed)
        self._members.append(Member(name=name, bytes=size, sha256=hashed.digest()))

    def _document(self, name: str, value: Value) -> None:
        content = msgspec.json.format(msgspec.json.encode(value), indent=1)
        self._tar.addfile(self._head(name, len(content)), io.BytesIO(content))

    def _head(self, name: str, size: int) -> tarfile.TarInfo:
        head = tarfile.TarInfo(name)
        head.size, head.mode, head.mtime = size, 0o600, int(self._made_at.timestamp())
        return head


def unpack(archive: Path, into: Path, wanted: Callable[[str], Path | None]) -> tuple[About, Manifest]:
    """Write the members of an archive below a folder that is there and empty, and prove each; see the module.

    ``wanted`` says where below ``into`` a member goes, or None for a name that has no place in an archive. Raises StoreError at the first
    thing that is not as it must be; what was written until then is for the caller to throw away.
    """
    found: dict[str, Member] = {}
    try:
        with tarfile.open(archive, mode="r|") as tar:
            members = _plain_members(tar, archive)
            about = _about(next(members, None), archive)
            for head, content in members:
                if head.name == MANIFEST:
                    return about, _proved(found, _read(content, Manifest, archive), archive)
                place = wanted(head.name)
                if place is None or head.name in found:
                    raise _refused(archive, f"it holds {head.name!r}, which has no place in a backup")
                found[head.name] = _write(head, content, into, place)
    except (tarfile.TarError, EOFError) as cause:
        raise _refused(archive, f"it is no archive, or was cut off: {cause}") from cause
    except OSError as cause:
        raise StoreError(f"backup: {archive} cannot be unpacked into {into}: {cause.strerror or cause}") from cause
    raise _refused(archive, "it was cut off: it ends before its manifest")


def _plain_members(tar: tarfile.TarFile, archive: Path) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    for head in tar:
        content = tar.extractfile(head) if head.isreg() and not head.issparse() else None
        if content is None:
            raise _refused(archive, f"it holds {head.name!r}, which is a link, a folder or a device")
        yield head, content


def _about(first: tuple[tarfile.TarInfo, IO[bytes]] | None, archive: Path) -> About:
    if first is None or first[0].name != ABOUT:
        raise _refused(archive, "it is no backup of Returnwatch")
    about = _read(first[1], About, archive)
    if about.format != FORMAT:
        raise _refused(archive, f"it has format {about.format}, and this program knows {FORMAT}: upgrade the program")
    return about


def _read(content: IO[bytes], kind: type[V], archive: Path) -> V:
    try:
        return msgspec.json.decode(content.read(_LONGEST_DOCUMENT), type=kind)
    except msgspec.MsgspecError as cause:
        raise _refused(archive, f"what it says of itself cannot be read: {cause}") from cause


def _write(head: tarfile.TarInfo, content: IO[bytes], into: Path, place: Path) -> Member:
    path = into / place
    for folder in reversed(place.parents[:-1]):  # one by one: parents that ``mkdir`` makes by itself are open to others
        (into / folder).mkdir(mode=0o700, exist_ok=True)
    hashed = sha256()
    with os.fdopen(_new(path), "wb") as file:
        while chunk := content.read(_CHUNK):
            hashed.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Member(name=head.name, bytes=head.size, sha256=hashed.hexdigest())


def _proved(found: Mapping[str, Member], manifest: Manifest, archive: Path) -> Manifest:
    promised = {one.name: one for one in manifest.members}
    if wrong := sorted(name for name in {*found, *promised} if found.get(name) != promised.get(name)):
        more = f" and {len(wrong) - 1} others" if len(wrong) > 1 else ""
        raise _refused(archive, f"{wrong[0]}{more} is not what its manifest says")
    return manifest


def _refused(archive: Path, why: str) -> StoreError:
    return StoreError(f"backup: {archive} is refused: {why}; nothing was restored")


def _new(path: Path) -> int:
    """Make a file that was not there, for its owner alone, following no link."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)


class _Hashed:
    """A file that is read once, and its digest afterwards."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._hash = file, sha256()

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes."""
        chunk = self._file.read(size)
        self._hash.update(chunk)
        return chunk

    def digest(self) -> str:
        """Give the digest of what was read."""
        return self._hash.hexdigest()
