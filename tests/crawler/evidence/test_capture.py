"""Captures: what came is on the disk before it is used, and comes back unchanged."""

import asyncio
import errno
import gzip
import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from warcio.archiveiterator import ArchiveIterator

from cases.errors import StoreError
from cases.model import Capture
from cases.store import CaptureFile, RecordDigest
from crawler.evidence.capture import Archive
from crawler.evidence.custody import fault_of, kept_answer
from crawler.evidence.record import Conversion, Exchange

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
BODY = gzip.compress(b"<p>as it came</p>")


def exchange(body: bytes = BODY) -> Exchange:
    return Exchange(
        url="https://magazine.example/a/?x=1",
        method="GET",
        request_headers=[("User-Agent", "Returnwatch")],
        status=200,
        headers=[("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")],
        body=body,
        ip_address="203.0.113.7",
        at=AT,
    )


def archive(folder: Path) -> Archive:
    return Archive(folder, "magazine", at=AT, software="Returnwatch/0", reason="visit by schedule")


def test_the_body_comes_back_as_it_was_sent_with_its_content_coding(tmp_path: Path) -> None:
    with archive(tmp_path) as opened:
        capture = opened.keep(exchange())
        second = opened.keep(exchange(b"another"))
    assert kept_answer(tmp_path, capture).body == BODY
    assert kept_answer(tmp_path, second).body == b"another"
    assert capture.sha256 == sha256(BODY).hexdigest()
    assert (capture.url, capture.status, capture.fetched_at) == ("https://magazine.example/a/?x=1", 200, AT)


def test_what_was_made_of_an_answer_is_kept_beside_it_and_says_what_it_is(tmp_path: Path) -> None:
    with archive(tmp_path) as opened:
        answer = opened.keep(exchange())
        made = Conversion(
            url=answer.url,
            body="<p>나중에 채운 글</p>".encode(),
            content_type="text/html; charset=utf-8",
            of=answer.record.partition("#")[2],
            how="filled in by script",
            at=AT,
        )
        capture = asyncio.run(opened.converted(made))
    assert kept_answer(tmp_path, capture).body == made.body
    assert kept_answer(tmp_path, answer).body == BODY
    assert fault_of(tmp_path, capture) is None
    (path,) = tmp_path.rglob("*.warc.gz")
    with path.open("rb") as file:
        heads = {record.rec_type: record.rec_headers for record in ArchiveIterator(file, check_digests="raise")}
    assert heads["conversion"].get_header("WARC-Refers-To") == made.of == heads["response"].get_header("WARC-Record-ID")
    assert heads["conversion"].get_header("X-Conversion") == "filled in by script"


def test_the_file_is_a_warc_with_request_response_and_what_was_kept(tmp_path: Path) -> None:
    with archive(tmp_path) as opened:
        opened.keep(exchange())
    (path,) = tmp_path.rglob("*.warc.gz")
    with path.open("rb") as file:
        records = [(record.rec_type, record.rec_headers, record.raw_stream.read()) for record in ArchiveIterator(file)]
    assert [kind for kind, _, _ in records] == ["warcinfo", "response", "request"]
    assert b"transfer-coding removed" in records[0][2]
    headers = records[1][1]
    assert headers.get_header("WARC-Payload-Digest") == f"sha256:{sha256(BODY).hexdigest()}"
    assert headers.get_header("WARC-IP-Address") == "203.0.113.7"
    assert headers.get_header("WARC-Date") == "2026-06-01T12:00:00.000000Z"
    assert records[2][1].get_header("WARC-Concurrent-To") == headers.get_header("WARC-Record-ID")


def test_a_record_is_on_the_disk_before_the_file_is_closed(tmp_path: Path) -> None:
    with archive(tmp_path) as opened:
        assert kept_answer(tmp_path, opened.keep(exchange())).body == BODY


def test_captures_are_for_their_owner_alone(tmp_path: Path) -> None:
    with archive(tmp_path / "captures") as opened:
        opened.keep(exchange())
    (path,) = tmp_path.rglob("*.warc.gz")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.parent.parent.stat().st_mode & 0o777 == 0o700


def test_a_visit_that_keeps_nothing_leaves_no_file(tmp_path: Path) -> None:
    with archive(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "magazine").write_text("a file where the folder should be")
    with archive(tmp_path) as opened, pytest.raises(StoreError, match="cannot be written"):
        opened.keep(exchange())


def test_a_record_that_is_missing_or_changed_is_refused(tmp_path: Path) -> None:
    with archive(tmp_path) as opened:
        capture = opened.keep(exchange())
    with pytest.raises(StoreError, match="its SHA-256 differs"):
        kept_answer(tmp_path, msgspec.structs.replace(capture, sha256="0" * 64))
    with pytest.raises(StoreError, match="is not in"):
        kept_answer(tmp_path, msgspec.structs.replace(capture, record=capture.record + "x"))
    with pytest.raises(StoreError, match="cannot be read"):
        kept_answer(tmp_path, msgspec.structs.replace(capture, record="none.warc.gz#x"))


def test_a_hostile_header_does_not_break_the_record(tmp_path: Path) -> None:
    hostile = msgspec.structs.replace(exchange(), headers=[("X-É", "a\u00e9\x00\x1b"), ("Set-Cookie", "x" * 70_000)])
    with archive(tmp_path) as opened:
        assert kept_answer(tmp_path, opened.keep(hostile)).body == BODY


# -- what others make of it


def kept_of_every_kind(folder: Path) -> tuple[Path, list[Capture]]:
    """Keep a page in gzip and a plain one, a redirect, a refusal and an empty answer; give the file and the captures."""
    plain = msgspec.structs.replace(exchange(b"<p>plain</p>"), headers=[("Content-Type", "text/html")])
    kinds = [
        exchange(),
        plain,
        msgspec.structs.replace(plain, status=301, headers=[("Location", "/b/")], body=b""),
        msgspec.structs.replace(plain, status=404, body=b"nothing here"),
        msgspec.structs.replace(plain, url="https://magazine.example/robots.txt", headers=[("X-\u00c9", "\u00e9")]),
    ]
    with archive(folder) as opened:
        captures = [opened.keep(kind) for kind in kinds]
    (path,) = folder.rglob("*.warc.gz")
    return path, captures


def warcio(*arguments: str) -> str:
    """Call warcio's own command, which knows nothing of Returnwatch."""
    done = subprocess.run(
        [sys.executable, "-m", "warcio.cli", *arguments], capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def test_every_digest_in_the_file_is_found_right_by_a_foreign_tool(tmp_path: Path) -> None:
    path, captures = kept_of_every_kind(tmp_path)
    told = warcio("check", "-v", str(path))
    assert told.count("digest pass") == 1 + 2 * len(captures)
    assert "not checked" not in told


def test_a_foreign_index_finds_each_record_where_its_capture_says(tmp_path: Path) -> None:
    path, captures = kept_of_every_kind(tmp_path)
    rows = map(json.loads, warcio("index", "-f", "offset,length,warc-type,warc-record-id", str(path)).splitlines())
    answers = [row for row in rows if row["warc-type"] == "response"]
    assert [(int(row["offset"]), int(row["length"])) for row in answers] == [
        (capture.offset, capture.length) for capture in captures
    ]
    assert [row["warc-record-id"] for row in answers] == [capture.record.partition("#")[2] for capture in captures]
    whole = path.read_bytes()
    for capture in captures:
        assert capture.offset is not None
        assert capture.length is not None
        found = sha256(whole[capture.offset : capture.offset + capture.length]).hexdigest()
        assert found == capture.record_sha256


def test_a_page_that_came_packed_is_played_back_unpacked(tmp_path: Path) -> None:
    path, (packed, plain, *_) = kept_of_every_kind(tmp_path)
    assert warcio("extract", "--payload", str(path), str(packed.offset)) == "<p>as it came</p>"
    assert warcio("extract", "--payload", str(path), str(plain.offset)) == "<p>plain</p>"
    head = warcio("extract", "--headers", str(path), str(packed.offset))
    assert "Content-Encoding: gzip" in head
    assert "Transfer-Encoding" not in head


def test_the_request_stands_as_it_went_out(tmp_path: Path) -> None:
    path, _ = kept_of_every_kind(tmp_path)
    with path.open("rb") as file:
        (first, *_) = [record for record in ArchiveIterator(file) if record.rec_type == "request"]
        assert first.http_headers.statusline == "/a/?x=1 HTTP/1.1"
        assert first.http_headers.get_header("Host") == "magazine.example"


# -- on the disk


def test_answers_that_come_together_are_all_on_the_disk(tmp_path: Path) -> None:
    async def story() -> list[Capture]:
        with archive(tmp_path) as opened:
            captures = await asyncio.gather(*(opened.kept(exchange(b"%d" % number)) for number in range(20)))
            assert [kept_answer(tmp_path, capture).body for capture in captures] == [b"%d" % n for n in range(20)]
        return captures

    captures = asyncio.run(story())
    assert [kept_answer(tmp_path, capture).body for capture in captures] == [b"%d" % n for n in range(20)]


def test_an_answer_is_given_out_only_when_its_record_was_brought_to_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought: list[int] = []
    real = os.fsync

    def watched(file: int) -> None:
        real(file)
        found = os.fstat(file)
        if stat.S_ISREG(found.st_mode):
            brought.append(found.st_size)

    monkeypatch.setattr(os, "fsync", watched)

    async def story() -> None:
        with archive(tmp_path) as opened:
            for number in range(3):
                capture = await opened.kept(exchange(b"%d" % number))
                assert capture.offset is not None
                assert capture.length is not None
                assert max(brought) >= capture.offset + capture.length

    asyncio.run(story())


def test_a_file_is_registered_with_the_digest_of_each_record_once_it_is_closed(tmp_path: Path) -> None:
    told: list[CaptureFile] = []
    with Archive(tmp_path, "magazine", at=AT, software="x", reason="y", register=told.append) as opened:
        capture = opened.keep(exchange())
        assert told == []
    (file,) = told
    (path,) = tmp_path.rglob("*.warc.gz")
    assert (tmp_path / file.name, file.bytes) == (path, path.stat().st_size)
    assert file.sha256 == sha256(path.read_bytes()).hexdigest()
    assert file.digests[1] == RecordDigest(length=capture.length or 0, sha256=capture.record_sha256 or "")
    assert sum(one.length for one in file.digests) == file.bytes


def test_a_disk_that_fills_up_ends_the_file_and_nothing_is_written_behind_the_torn_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[CaptureFile] = []
    real = os.write

    def full(file: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with Archive(tmp_path, "magazine", at=AT, software="x", reason="y", register=told.append) as opened:
        opened.keep(exchange())
        monkeypatch.setattr(os, "write", full)
        with pytest.raises(StoreError, match="No space left"):
            opened.keep(exchange())
        monkeypatch.setattr(os, "write", real)
        with pytest.raises(StoreError, match="an earlier record"):
            opened.keep(exchange())
    assert told == []
