"""What an archive refuses: everything that it did not write itself."""

import io
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from cases.errors import StoreError
from scheduler.backup.archive import ABOUT, FORMAT, MANIFEST, About, Manifest, Member, Writer, unpack
from scheduler.backup.restoring import _place

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ABOUT_IT = About(format=FORMAT, program="0", made_at=NOW, store="sqlite:///x.db")


def written(path: Path) -> Path:
    page = path.with_name("page")
    page.write_bytes(b"0123456789" * 1000)
    with Writer(path, ABOUT_IT) as archive:
        archive.add("captures/courier/a.warc.gz", page)
        archive.add_text("config/returnwatch.toml", "[store]\n")
        archive.finish()
    return path


def test_what_is_packed_is_unpacked_and_is_its_owners_alone(tmp_path: Path) -> None:
    into = tmp_path / "into"
    into.mkdir()
    about, manifest = unpack(written(tmp_path / "a.tar"), into, _place)
    assert about == ABOUT_IT
    assert [one.name for one in manifest.members] == ["captures/courier/a.warc.gz", "config/returnwatch.toml"]
    assert (into / "captures/courier/a.warc.gz").read_bytes() == b"0123456789" * 1000
    assert {path.stat().st_mode & 0o077 for path in into.rglob("*")} == {0}
    assert (tmp_path / "a.tar").stat().st_mode & 0o077 == 0


def test_an_archive_that_is_not_finished_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), Writer(tmp_path / "a.tar", ABOUT_IT) as archive:
        archive.add("config/returnwatch.toml", tmp_path / "gone")
    assert list(tmp_path.iterdir()) == []


def test_one_that_was_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    whole = written(tmp_path / "a.tar").read_bytes()
    for length in range(0, whole.rindex(b"}"), 1024):
        (tmp_path / "cut.tar").write_bytes(whole[:length])
        into = tmp_path / f"into{length}"
        into.mkdir()
        with pytest.raises(StoreError, match="refused"):
            unpack(tmp_path / "cut.tar", into, _place)


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    content = written(tmp_path / "a.tar").read_bytes()
    place = content.index(b"0123456789")
    (tmp_path / "a.tar").write_bytes(content[:place] + b"X" + content[place + 1 :])
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(StoreError, match=r"captures/courier/a\.warc\.gz is not what its manifest says"):
        unpack(tmp_path / "a.tar", into, _place)


def linked(kind: bytes) -> Callable[[tarfile.TarFile], None]:
    def add(tar: tarfile.TarFile) -> None:
        head = tarfile.TarInfo("captures/courier/a.warc.gz")
        head.type, head.linkname = kind, "/etc/passwd"
        tar.addfile(head)

    return add


def named(name: str) -> Callable[[tarfile.TarFile], None]:
    def add(tar: tarfile.TarFile) -> None:
        head = tarfile.TarInfo(name)
        head.size = 1
        tar.addfile(head, io.BytesIO(b"x"))

    return add


def twice(tar: tarfile.TarFile) -> None:
    named("captures/courier/a.warc.gz")(tar)
    named("captures/courier/a.warc.gz")(tar)


HOSTILE = [
    named("../escaped"),
    named("/tmp/escaped"),
    named("captures/../../escaped.warc.gz"),
    named("captures/courier/../../../escaped.warc.gz"),
    named("captures//a.warc.gz"),
    named("captures/.hidden.warc.gz"),
    named("captures/courier/program.sh"),
    named("config/a\x01b.toml"),
    named("store.sqlite-wal"),
    linked(tarfile.SYMTYPE),
    linked(tarfile.LNKTYPE),
    linked(tarfile.DIRTYPE),
    linked(tarfile.CHRTYPE),
    linked(tarfile.FIFOTYPE),
    twice,
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_member_that_leads_elsewhere_is_refused_before_it_is_written(
    tmp_path: Path, hostile: Callable[[tarfile.TarFile], None]
) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        document(tar, ABOUT, ABOUT_IT)
        hostile(tar)
        document(tar, MANIFEST, Manifest(members=()))
    into = tmp_path / "deep" / "into"
    into.mkdir(parents=True)
    with pytest.raises(StoreError, match="refused"):
        unpack(tmp_path / "a.tar", into, _place)
    assert {path.name for path in tmp_path.rglob("*")} <= {"a.tar", "deep", "into", "captures", "courier", "a.warc.gz"}


def test_what_the_manifest_does_not_name_or_names_in_vain_is_refused(tmp_path: Path) -> None:
    for number, members in enumerate(([], [Member(name="config/b.toml", bytes=1, sha256="0")])):
        with tarfile.open(tmp_path / "a.tar", "w") as tar:
            document(tar, ABOUT, ABOUT_IT)
            named("config/a.toml")(tar)
            document(tar, MANIFEST, Manifest(members=tuple(members)))
        into = tmp_path / f"into{number}"
        into.mkdir()
        with pytest.raises(StoreError, match="is not what its manifest says"):
            unpack(tmp_path / "a.tar", into, _place)


@pytest.mark.parametrize("content", [b"", b"no archive at all" * 100, b"\x1f\x8b" + b"\0" * 600])
def test_another_file_is_no_backup(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.tar").write_bytes(content)
    with pytest.raises(StoreError, match="refused"):
        unpack(tmp_path / "a.tar", tmp_path, _place)


def test_a_newer_format_is_told_apart(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        document(tar, ABOUT, msgspec.structs.replace(ABOUT_IT, format=FORMAT + 1))
    with pytest.raises(StoreError, match="upgrade the program"):
        unpack(tmp_path / "a.tar", tmp_path, _place)


def document(tar: tarfile.TarFile, name: str, value: About | Manifest) -> None:
    content = msgspec.json.encode(value)
    head = tarfile.TarInfo(name)
    head.size = len(content)
    tar.addfile(head, io.BytesIO(content))
