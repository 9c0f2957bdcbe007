"""Captures: what came is on the disk before it is used, and comes back unchanged."""

import gzip
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from warcio.archiveiterator import ArchiveIterator

from cases.errors import StoreError
from crawler.capture import Archive
from crawler.custody import captured_body
from crawler.record import Exchange

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
    assert captured_body(tmp_path, capture) == BODY
    assert captured_body(tmp_path, second) == b"another"
    assert capture.sha256 == sha256(BODY).hexdigest()
    assert (capture.url, capture.status, capture.fetched_at) == ("https://magazine.example/a/?x=1", 200, AT)


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
        assert captured_body(tmp_path, opened.keep(exchange())) == BODY


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
        captured_body(tmp_path, msgspec.structs.replace(capture, sha256="0" * 64))
    with pytest.raises(StoreError, match="is not in"):
        captured_body(tmp_path, msgspec.structs.replace(capture, record=capture.record + "x"))
    with pytest.raises(StoreError, match="cannot be read"):
        captured_body(tmp_path, msgspec.structs.replace(capture, record="none.warc.gz#x"))


def test_a_hostile_header_does_not_break_the_record(tmp_path: Path) -> None:
    hostile = msgspec.structs.replace(exchange(), headers=[("X-É", "a\u00e9\x00\x1b"), ("Set-Cookie", "x" * 70_000)])
    with archive(tmp_path) as opened:
        assert captured_body(tmp_path, opened.keep(hostile)) == BODY
