"""The evidence package: opened again, every digest is right, warcio reads the records, and the index finds them."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from zipfile import ZIP_STORED, ZipFile

import pytest
from warcio.archiveiterator import ArchiveIterator

from cases.exports import Batch, Exhibit, as_wacz
from cases.exports.wacz import sortable
from cases.register import Case
from crawler.evidence.record import Exchange, pair_of

MakeCase = Callable[..., Case]
MakeBatch = Callable[..., Batch]


def exhibit(url: str, body: bytes, at: datetime) -> Exhibit:
    exchange = Exchange(
        url=url,
        method="GET",
        request_headers=(),
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=body,
        ip_address=None,
        at=at,
    )
    pair = pair_of(exchange)
    return Exhibit(
        url=url, fetched_at=at, status=200, mime="text/html", payload_sha256=pair.payload_sha256, member=pair.answer
    )


@pytest.fixture(scope="module")
def exhibits() -> list[Exhibit]:
    return [
        exhibit("https://outlet.example/2026-0007", b"<p>first</p>", datetime(2026, 11, 14, 8, tzinfo=UTC)),
        exhibit("https://outlet.example/2026-0007", b"<p>edited</p>", datetime(2026, 11, 15, 8, tzinfo=UTC)),
        exhibit("https://a.example/other?b=2&a=1", b"<p>other</p>", datetime(2026, 11, 13, 8, tzinfo=UTC)),
    ]


@pytest.fixture
def package(exhibits: list[Exhibit], case_of: MakeCase, batch_of: MakeBatch) -> ZipFile:
    return ZipFile(io.BytesIO(as_wacz(batch_of(case_of()), exhibits, articles_left_out=2)))


def test_every_file_has_its_digest_and_the_manifest_its_own(package: ZipFile) -> None:
    manifest = package.read("datapackage.json")
    assert json.loads(package.read("datapackage-digest.json")) == {
        "path": "datapackage.json",
        "hash": f"sha256:{sha256(manifest).hexdigest()}",
    }
    said = json.loads(manifest)
    assert (said["profile"], said["wacz_version"], said["created"]) == ("data-package", "1.1.1", "2026-11-22T07:30:00Z")
    listed = {one["path"]: one for one in said["resources"]}
    assert set(listed) == set(package.namelist()) - {"datapackage.json", "datapackage-digest.json"}
    for path, one in listed.items():
        content = package.read(path)
        assert (one["hash"], one["bytes"]) == (f"sha256:{sha256(content).hexdigest()}", len(content))


def test_warcio_reads_the_records_and_their_digests_hold(package: ZipFile, exhibits: list[Exhibit]) -> None:
    records = ArchiveIterator(io.BytesIO(package.read("archive/data.warc.gz")), check_digests="raise")
    read = {(one.rec_headers.get_header("WARC-Target-URI"), one.content_stream().read()) for one in records}
    assert read == {
        ("https://outlet.example/2026-0007", b"<p>first</p>"),
        ("https://outlet.example/2026-0007", b"<p>edited</p>"),
        ("https://a.example/other?b=2&a=1", b"<p>other</p>"),
    }
    assert package.getinfo("archive/data.warc.gz").compress_type == ZIP_STORED


def test_the_index_is_sorted_and_leads_to_each_record(package: ZipFile) -> None:
    lines = package.read("indexes/index.cdx").decode().splitlines()
    assert lines == sorted(lines)
    assert [line.split(" ", 2)[:2] for line in lines] == [
        ["example,a)/other?a=1&b=2", "20261113080000"],
        ["example,outlet)/2026-0007", "20261114080000"],
        ["example,outlet)/2026-0007", "20261115080000"],
    ]
    archive = package.read("archive/data.warc.gz")
    for line in lines:
        said = json.loads(line.split(" ", 2)[2])
        member = archive[int(said["offset"]) : int(said["offset"]) + int(said["length"])]
        record = next(iter(ArchiveIterator(io.BytesIO(member))))
        assert record.rec_headers.get_header("WARC-Target-URI") == said["url"]
        assert f"sha256:{sha256(record.raw_stream.read()).hexdigest()}" == said["digest"]


def test_pages_name_each_capture_after_a_line_that_names_the_format(package: ZipFile) -> None:
    head, *pages = map(json.loads, package.read("pages/pages.jsonl").decode().splitlines())
    assert head["format"] == "json-pages-1.0"
    assert (pages[0]["url"], pages[0]["ts"]) == (
        "https://a.example/other?b=2&a=1",
        "2026-11-13T08:00:00Z",
    )
    assert [page["title"] for page in pages[1:]] == ["A woman is sent back"] * 2


def test_what_is_said_beside_the_pages_is_disclosed_as_everywhere(package: ZipFile) -> None:
    said = package.read("case/case.json").decode() + package.read("case/readme.txt").decode()
    assert "Ryom" not in said
    assert "Hunchun" not in said
    assert "2 articles were left out because they also tell a case that is held back." in said


def test_the_same_case_gives_the_same_package(exhibits: list[Exhibit], case_of: MakeCase, batch_of: MakeBatch) -> None:
    assert as_wacz(batch_of(case_of()), exhibits) == as_wacz(batch_of(case_of()), exhibits[::-1])


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.Example.org/A", "org,example)/a"),
        ("http://example.org:8080", "org,example:8080)/"),
        ("https://news.example.org/x?b=1&a=", "org,example,news)/x?a=&b=1"),
    ],
)
def test_an_address_is_sorted_by_its_host(url: str, key: str) -> None:
    assert sortable(url) == key
