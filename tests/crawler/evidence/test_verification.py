"""What was kept is proved, and what changed is named: any byte, anywhere."""

import gzip
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cases.model import Article, Capture, Judgement, Label, Verdict
from cases.register import Decision
from cases.store import Store, open_store
from crawler.evidence.capture import Archive
from crawler.evidence.custody import RecordName
from crawler.evidence.record import Exchange
from crawler.evidence.verification import Finding, Verification

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOME = "https://magazine.example/"


def exchange(name: str, body: bytes) -> Exchange:
    return Exchange(
        url=f"{HOME}{name}/",
        method="GET",
        request_headers=[("User-Agent", "Returnwatch")],
        status=200,
        headers=[("Content-Type", "text/html"), ("Content-Encoding", "gzip")],
        body=gzip.compress(body),
        ip_address=None,
        at=AT,
    )


def keep(store: Store, capture: Capture) -> None:
    judgement = Judgement(verdict=Verdict(label=Label.UNRELATED, report=False, score=0.1), lang="en")
    article = Article(url=capture.url, title="A title", text=f"Text of {capture.url}", source="magazine")
    store.articles.keep(article, capture, Decision(judgement=judgement), now=AT)


class Kept:
    """A store and a folder with two closed files: of each, the first of its two answers is an article's."""

    def __init__(self, folder: Path) -> None:
        self.captures = folder / "captures"
        self.store = open_store(f"sqlite:///{folder}/watch.db")
        self.found: list[Capture] = []
        for visit in range(2):
            at = AT + timedelta(days=visit)
            with Archive(
                self.captures, "magazine", at=at, software="x", reason="y", register=self.store.evidence.register
            ) as archive:
                for page in range(2):
                    capture = archive.keep(exchange(f"page-{visit}-{page}", b"<p>words of %d</p>" % page * 40))
                    self.found.append(capture)
                    if page == 0:
                        keep(self.store, capture)
        self.files = sorted(self.captures.rglob("*.warc.gz"))

    def verify(self, since: datetime | None = None, source: str | None = None) -> list[Finding]:
        return list(Verification(self.store, self.captures, since=since, source=source).run())


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    kept = Kept(tmp_path_factory.mktemp("original"))
    yield kept
    kept.store.close()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    made = Kept(tmp_path)
    yield made
    made.store.close()


def test_what_was_kept_is_found_as_it_was(kept: Kept) -> None:
    verification = Verification(kept.store, kept.captures)
    assert list(verification.run()) == []
    summary = verification.summary
    assert (summary.files, summary.records, summary.captures, summary.wrong) == (2, 10, 2, 0)


@given(data=some.data())
def test_a_change_of_any_byte_is_noticed_and_its_record_named(original: Kept, data: some.DataObject) -> None:
    file = original.files[0]
    whole = file.read_bytes()
    place = data.draw(some.integers(0, len(whole) - 1), label="place")
    flipped = data.draw(some.integers(1, 255), label="flipped")
    file.write_bytes(whole[:place] + bytes([whole[place] ^ flipped]) + whole[place + 1 :])
    try:
        findings = original.verify()
    finally:
        file.write_bytes(whole)
    changed = [finding for finding in findings if finding.kind == "changed"]
    assert len(changed) == 1
    [finding] = changed
    (registered,) = [one for one in original.store.evidence.files() if one.name == f"magazine/{file.name}"]
    starts = [sum(one.length for one in registered.digests[:index]) for index in range(5)]
    index = max(index for index, start in enumerate(starts) if start <= place)
    assert finding.offset == starts[index]
    assert finding.record is not None
    assert finding.record.kind == ["warcinfo", "response", "request", "response", "request"][index]
    captures = [capture for capture in original.found if capture.record.startswith(registered.name)]
    if index:
        assert finding.record.url == captures[(index - 1) // 2].url
        assert finding.record.at == AT
    if index in {1, 3}:
        assert finding.record.record_id == captures[index // 2].record.partition("#")[2]
    rests = [finding.article for finding in findings if finding.kind == "unsupported"]
    assert rests == ([captures[0].url] if index == 1 else [])


def test_a_file_that_is_gone_is_named_with_the_article_that_rests_on_it(kept: Kept) -> None:
    kept.files[0].unlink()
    missing, rests = kept.verify()
    assert (missing.kind, missing.file) == ("missing", f"magazine/{kept.files[0].name}")
    assert (rests.kind, rests.article) == ("unsupported", f"{HOME}page-0-0/")


def test_a_file_under_another_name_is_recognised(kept: Kept) -> None:
    kept.files[0].rename(kept.files[0].with_name("renamed.warc.gz"))
    kinds = {finding.kind: finding for finding in kept.verify()}
    assert set(kinds) == {"missing", "unsupported", "added"}
    assert kept.files[0].name in kinds["added"].words


def test_files_that_were_swapped_are_recognised(kept: Kept) -> None:
    one, other = kept.files
    aside = one.with_name("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)
    changed = [finding for finding in kept.verify() if finding.kind == "changed"]
    assert [finding.file for finding in changed] == [f"magazine/{file.name}" for file in kept.files]
    assert other.name in changed[0].words
    assert one.name in changed[1].words


def test_a_file_that_was_cut_names_the_record_that_is_torn_and_those_that_are_missing(kept: Kept) -> None:
    file = kept.files[0]
    last = kept.found[1]
    assert last.offset is not None
    file.write_bytes(file.read_bytes()[: last.offset + 20])
    torn, missing = kept.verify()
    assert (torn.kind, torn.offset) == ("changed", last.offset)
    assert (missing.kind, missing.record, missing.words) == ("missing", RecordName(), "a record is missing")


def test_bytes_at_the_end_are_noticed(kept: Kept) -> None:
    with kept.files[0].open("ab") as file:
        file.write(b"more")
    (added,) = kept.verify()
    assert (added.kind, added.offset) == ("added", kept.files[0].stat().st_size - 4)


def test_a_record_that_was_taken_out_is_named_and_those_behind_it_are_not_blamed(kept: Kept) -> None:
    file, capture = kept.files[0], kept.found[0]
    assert capture.offset is not None
    assert capture.length is not None
    whole = file.read_bytes()
    file.write_bytes(whole[: capture.offset] + whole[capture.offset + capture.length :])
    missing, rests = kept.verify()
    assert missing.kind == "missing"
    assert missing.record is not None
    assert missing.record.record_id == capture.record.partition("#")[2]
    assert rests.article == capture.url


def test_bytes_put_between_two_records_are_noticed(kept: Kept) -> None:
    file, capture = kept.files[0], kept.found[1]
    whole = file.read_bytes()
    assert capture.offset is not None
    file.write_bytes(whole[: capture.offset] + b"between" + whole[capture.offset :])
    (added,) = kept.verify()
    assert (added.kind, added.offset) == ("added", capture.offset)


def test_a_record_that_is_made_anew_with_right_checksums_is_noticed(kept: Kept) -> None:
    file, capture = kept.files[0], kept.found[1]
    forged = kept.captures / "forged"
    with Archive(forged, "magazine", at=AT, software="x", reason="y") as archive:
        archive.keep(exchange("page-0-0", b"<p>words of 0</p>" * 40))
        archive.keep(exchange("page-0-1", b"<p>other words</p>" * 40))
    (other,) = forged.rglob("*.warc.gz")
    shutil.copyfile(other, file)
    shutil.rmtree(forged)
    findings = kept.verify()
    assert any(finding.kind == "changed" for finding in findings)
    assert [finding.article for finding in findings if finding.kind == "unsupported"] == [kept.found[0].url]
    assert capture.url not in {finding.article for finding in findings}


def test_a_file_that_its_process_left_behind_is_told_apart_and_is_no_fault(kept: Kept) -> None:
    left = Archive(kept.captures, "magazine", at=AT, software="x", reason="y")
    for page in range(2):
        keep(kept.store, left.keep(exchange(f"left-{page}", b"<p>left</p>" * 30)))
    left.close()
    (file,) = set(kept.captures.rglob("*.warc.gz")) - set(kept.files)
    (whole,) = kept.verify()
    assert (whole.kind, whole.is_wrong, whole.words) == ("unregistered", False, "never closed: 5 whole records")
    with file.open("ab") as torn:
        torn.write(kept.files[0].read_bytes()[:100])
    (cut,) = kept.verify()
    assert (cut.kind, cut.words) == (
        "unregistered",
        "never closed: 5 whole records, 100 bytes of a torn one at the end",
    )


def test_a_change_in_a_file_that_was_left_behind_is_noticed_all_the_same(kept: Kept) -> None:
    left = Archive(kept.captures, "magazine", at=AT, software="x", reason="y")
    capture = left.keep(exchange("left", b"<p>left</p>" * 30))
    keep(kept.store, capture)
    left.close()
    (file,) = set(kept.captures.rglob("*.warc.gz")) - set(kept.files)
    whole = bytearray(file.read_bytes())
    assert capture.offset is not None
    whole[capture.offset + 200] ^= 1
    file.write_bytes(whole)
    assert capture.url in {finding.article for finding in kept.verify() if finding.is_wrong}


def test_a_file_that_is_being_written_is_left_alone(kept: Kept) -> None:
    with Archive(kept.captures, "magazine", at=AT, software="x", reason="y") as archive:
        archive.keep(exchange("now", b"<p>now</p>"))
        (finding,) = kept.verify()
    assert (finding.kind, finding.is_wrong) == ("open", False)


def test_a_foreign_file_is_listed(kept: Kept) -> None:
    (kept.captures / "magazine" / "notes.txt").write_text("of somebody", encoding="utf-8")
    (finding,) = kept.verify()
    assert (finding.kind, finding.file) == ("foreign", "magazine/notes.txt")


def test_a_store_that_was_changed_is_told_from_the_record(kept: Kept) -> None:
    with kept.store._database.write() as connection:
        connection.exec_driver_sql("update article_version set capture = replace(capture, 'page-0-0', 'page-9-9')")
    (finding,) = kept.verify()
    assert "do not agree" in finding.words


def test_only_what_is_asked_for_is_compared(kept: Kept) -> None:
    kept.files[0].unlink()
    assert kept.verify(since=AT + timedelta(hours=1)) == []
    assert kept.verify(source="elsewhere") == []
    assert len(kept.verify(source="magazine")) == 2
