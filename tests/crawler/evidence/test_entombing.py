"""Records that hold what must go become tombstones; every other byte of the archive stays."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from cases.errors import StoreError
from cases.masking import names_blot
from cases.model import Capture
from cases.store import CaptureFile
from crawler.evidence.capture import Archive
from crawler.evidence.custody import fault_of, kept_answer, members, named
from crawler.evidence.entombing import entombing
from crawler.evidence.record import Conversion, Exchange, Pair, conversion_of, tombstone_of

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
NAME = "Mun Ha-eun"
BODIES = {
    "plain": f"<p>It is told of {NAME} that she was taken.</p>".encode(),
    "entities": b"<p>It is told of Mun&#32;Ha&#45;eun.</p>",
    "escaped": b'{"text": "It is told of \\u004dun Ha-eun."}',
    "korean": "<meta charset=euc-kr><p>문하은은 잡혔다</p>".encode("euc-kr"),
    "packed": gzip.compress(f"It is told of {NAME}.".encode()),
    "other": b"<p>Of another Ms. Mun.</p>" * 20,
}


def holds(text: str) -> bool:
    return names_blot((NAME, "문하은"), "#", whole=True)(text) != text


def exchange(name: str, body: bytes) -> Exchange:
    return Exchange(
        url=f"https://magazine.example/{name}/",
        method="GET",
        request_headers=[("User-Agent", "Returnwatch")],
        status=200,
        headers=[("Content-Type", "text/html"), *([("Content-Encoding", "gzip")] if name == "packed" else [])],
        body=body,
        ip_address="192.0.2.7",
        at=AT,
    )


@pytest.fixture
def files() -> list[CaptureFile]:
    return []


@pytest.fixture
def archive(tmp_path: Path, files: list[CaptureFile]) -> Callable[[], Archive]:
    return lambda: Archive(tmp_path, "magazine", at=AT, software="x", reason="y", register=files.append)


def test_every_record_that_holds_it_becomes_a_tombstone_and_no_other_byte_changes(
    tmp_path: Path, archive: Callable[[], Archive], files: list[CaptureFile]
) -> None:
    with archive() as opened:
        kept = {name: opened.keep(exchange(name, body)) for name, body in BODIES.items()}
    (path,) = tmp_path.rglob("*.warc.gz")
    before = path.read_bytes()
    with entombing(tmp_path, ["magazine"], (), holds, at=AT + timedelta(days=1)) as tombs:
        assert path.read_bytes() == before, "nothing changes before it is put in place"
        tombs.put_in_place()
    after = path.read_bytes()
    (entombed,) = tombs.entombed
    assert {one.record for one in entombed.tombstones} == {kept[name].record for name in BODIES if name != "other"}
    assert len(after) == len(before) == entombed.file.bytes
    assert kept_answer(tmp_path, kept["other"]).body == BODIES["other"]
    assert [one.length for one in entombed.file.digests] == [one.length for one in files[0].digests]
    for capture in (capture for name, capture in kept.items() if name != "other"):
        assert fault_of(tmp_path, capture) is not None
        assert fault_of(tmp_path, purged(capture, entombed.tombstones)) is None
    with path.open("rb") as file:
        assert {one.fault for one in members(file)} == {None}
    with path.open("rb") as file:
        said = b"".join(record.content_stream().read() for record in ArchiveIterator(file))
    assert b"Ha-eun" not in said
    assert list(path.parent.iterdir()) == [path], "nothing is left beside it"


def purged(capture: Capture, stones: tuple[object, ...]) -> Capture:
    (stone,) = (one for one in stones if one.record == capture.record)  # type: ignore[attr-defined]
    known = {name: getattr(capture, name) for name in capture.__struct_fields__}
    return Capture(**known | {"purged": True, "record_sha256": stone.sha256})  # type: ignore[attr-defined]


def test_with_a_converted_page_goes_the_answer_that_it_was_made_of(
    tmp_path: Path, archive: Callable[[], Archive]
) -> None:
    with archive() as opened:
        answer = opened.keep(exchange("script", b"<script src=x></script>" * 20))
        pages = opened._put(page_of(answer), answer.url, AT, status=200)
    with entombing(tmp_path, ["magazine"], (pages.record,), lambda _: False, at=AT) as tombs:
        tombs.put_in_place()
    assert {one.record for each in tombs.entombed for one in each.tombstones} == {answer.record, pages.record}


def page_of(of: Capture) -> Pair:
    page = Conversion(
        url=of.url, body=b"<p>words</p>" * 30, content_type="text/html", of=of.record.partition("#")[2], how="x", at=AT
    )
    return conversion_of(page)


def test_a_purge_that_fails_leaves_the_files_as_they_were(tmp_path: Path, archive: Callable[[], Archive]) -> None:
    with archive() as opened:
        opened.keep(exchange("plain", BODIES["plain"]))
    (path,) = tmp_path.rglob("*.warc.gz")
    before = path.read_bytes()
    with pytest.raises(StoreError), entombing(tmp_path, ["magazine"], (), holds, at=AT):
        raise StoreError("the store is full")
    assert (path.read_bytes(), list(path.parent.iterdir())) == (before, [path])


def test_a_file_that_is_being_written_is_left_alone(tmp_path: Path, archive: Callable[[], Archive]) -> None:
    with archive() as opened:
        opened.keep(exchange("plain", BODIES["plain"]))
        with pytest.raises(StoreError, match="once it has ended"), entombing(tmp_path, ["magazine"], (), holds, at=AT):
            pass


@given(st.integers(400, 300_000))
def test_a_tombstone_is_as_long_as_the_record_that_it_stands_for(length: int) -> None:
    record_id = "<urn:uuid:00000000-0000-4000-8000-000000000007>"
    stone = tombstone_of(record_id, "ab" * 32, length, AT)
    assert len(stone) == length
    assert (named(stone).kind, named(stone).record_id, named(stone).at) == ("metadata", record_id, AT)
    assert gzip.decompress(stone).endswith(b"\r\n\r\n")


def test_a_record_too_short_for_a_tombstone_is_refused() -> None:
    with pytest.raises(StoreError, match="too short"):
        tombstone_of("<urn:uuid:00000000-0000-4000-8000-000000000007>", "ab" * 32, 100, AT)
