"""a case + the records of its articles → an evidence package: Web Archive Collection Zipped (WACZ 1.1.1).

The records stand in it byte for byte as they were kept, so that their digests hold; pages are as they were published, names too.
What is said about the case beside them is disclosed as everywhere. Every file has its digest in ``datapackage.json``, and that
file has its own in ``datapackage-digest.json``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from cases.exports.archive import zipped
from cases.exports.batch import Batch
from cases.exports.huridocs import documented
from cases.model import Value

VERSION = "1.1.1"
_ARCHIVE = "data.warc.gz"
_PACKAGE = "datapackage.json"


class Exhibit(Value, frozen=True, kw_only=True):
    """The record of one capture, with what an index says of it."""

    url: str
    fetched_at: datetime
    status: int
    mime: str
    payload_sha256: str
    member: bytes
    """The record as it lies in its file of captures: one gzip member."""


def as_wacz(batch: Batch, exhibits: Sequence[Exhibit], *, articles_left_out: int = 0) -> bytes:
    """Write the package of a batch of one case. ``articles_left_out``: those that also tell a case that people hold back."""
    (case,) = batch.cases
    titles = {source.url: source.title for source in case.sources}
    kept = sorted(exhibits, key=lambda one: (one.fetched_at, one.url, one.payload_sha256))
    files = {
        f"archive/{_ARCHIVE}": b"".join(one.member for one in kept),
        "indexes/index.cdx": _index(kept),
        "pages/pages.jsonl": _pages(kept, titles),
        "case/case.json": _json({"withheld": batch.notice, "case": documented(case)}),
        "case/readme.txt": _readme(batch, kept, articles_left_out),
    }
    package = _json(
        {
            "profile": "data-package",
            "wacz_version": VERSION,
            "software": "Returnwatch",
            "title": f"Case {case.number}, revision {case.revision}",
            "description": f"Captures of the articles that tell case {case.number}.",
            "created": f"{batch.notice.made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            **({"mainPageUrl": kept[0].url, "mainPageDate": _stamp(kept[0].fetched_at)} if kept else {}),
            "resources": [
                {"name": path.rpartition("/")[2], "path": path, "hash": _hash(content), "bytes": len(content)}
                for path, content in files.items()
            ],
        }
    )
    digest = _json({"path": _PACKAGE, "hash": _hash(package)})
    return zipped(files | {_PACKAGE: package, "datapackage-digest.json": digest})


def _index(exhibits: Iterable[Exhibit]) -> bytes:
    """Write CDXJ: a sortable form of the address, the time, and where the record lies."""
    offset, lines = 0, []
    for one in exhibits:
        place = {"offset": str(offset), "length": str(len(one.member)), "filename": _ARCHIVE}
        said = {"url": one.url, "mime": one.mime, "status": str(one.status), "digest": f"sha256:{one.payload_sha256}"}
        lines.append(
            f"{sortable(one.url)} {one.fetched_at.astimezone(UTC):%Y%m%d%H%M%S} ".encode() + _line(said | place)
        )
        offset += len(one.member)
    return b"".join(sorted(lines))


def sortable(url: str) -> str:
    """Give an address with its host reversed (SURT), as players of such packages ask for it: ``org,example)/path?a=b``."""
    parts = urlsplit(url.lower())
    host = re.sub(r"^www\d*\.", "", parts.hostname or "")
    port = f":{parts.port}" if parts.port else ""
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return f"{','.join(reversed(host.split('.')))}{port}){parts.path or '/'}{f'?{query}' if query else ''}"


def _pages(exhibits: Iterable[Exhibit], titles: Mapping[str, str]) -> bytes:
    lines = [_line({"format": "json-pages-1.0", "id": "pages", "title": "Articles"})]
    for number, one in enumerate(exhibits, start=1):
        page = {"id": f"page{number}", "url": one.url, "ts": _stamp(one.fetched_at)}
        lines.append(_line(page | {"title": titles.get(one.url, one.url)}))
    return b"".join(lines)


def _readme(batch: Batch, exhibits: Sequence[Exhibit], articles_left_out: int) -> bytes:
    said = [
        *batch.notice.sentences(),
        "The captured pages in archive/ are as they were published and hold every name that was printed",
        f"{len(exhibits)} captures; {articles_left_out} articles were left out because they also tell a case that is held back",
    ]
    return "".join(f"{sentence}.\n" for sentence in said).encode()


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _hash(content: bytes) -> str:
    return f"sha256:{sha256(content).hexdigest()}"


def _line(value: Any) -> bytes:  # noqa: ANN401 - whatever JSON can hold
    return msgspec.json.encode(value) + b"\n"


def _json(value: Any) -> bytes:  # noqa: ANN401 - as above
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
