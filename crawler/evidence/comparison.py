"""file of captures + digests of what was kept → the records in which the two differ, each by its name and place."""

import os
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import accumulate
from typing import BinaryIO, Literal

import msgspec

from cases.model import Value
from cases.store import RecordDigest
from crawler.evidence.custody import RecordName, named


class Difference(Value, frozen=True, kw_only=True):
    """One record that is not what was kept, or bytes that nobody kept."""

    kind: Literal["changed", "missing", "added"]
    words: str
    offset: int
    """Where the record was kept in the file."""
    record: RecordName | None = None


def differences(file: BinaryIO, digests: Sequence[RecordDigest]) -> Iterator[Difference]:
    """Compare a file with the digests of its records, in their order; gives nothing when they are the same.

    A file of the right length is compared place by place. In one that is longer or shorter, the records are counted that
    still stand as they were, from its beginning and from its end; what lies between them was changed, added or taken out.
    The records are those of an ``Archive``: who wrote the file comes first, and behind each answer stands its request.
    """
    return _Comparison(file, digests).run()


class _Comparison:
    def __init__(self, file: BinaryIO, digests: Sequence[RecordDigest]) -> None:
        self._file, self._digests = file, digests
        self._starts = [0, *accumulate(one.length for one in digests)]
        """Where each record was kept; at last where the file ended."""
        self._shift = file.seek(0, os.SEEK_END) - self._starts[-1]
        self._first, self._last = 0, len(digests)
        """The records before ``first`` stand where they were, those from ``last`` on so far away as the length differs."""

    def run(self) -> Iterator[Difference]:
        if self._shift:
            self._close_in()
        suspects = range(self._first, self._last)
        begin, end = self._starts[self._first], self._starts[self._last] + self._shift
        if not suspects and self._shift > 0:
            yield Difference(kind="added", words=f"{end - begin} bytes stand there that nobody kept", offset=begin)
        for index in suspects:
            if self._starts[index] >= end:
                yield self._difference("missing", index)
            elif self._shift or not self._stands(index):
                yield self._difference("changed", index)

    def _close_in(self) -> None:
        while self._first < self._last and self._stands(self._first):
            self._first += 1
        while self._first < self._last and self._stands(self._last - 1, self._shift):
            self._last -= 1

    def _stands(self, index: int, shift: int = 0) -> bool:
        place = self._starts[index] + shift
        return place >= self._starts[self._first] and self._sha256(place, index) == self._digests[index].sha256

    def _sha256(self, place: int, index: int) -> str:
        return sha256(self._bytes(place, index)).hexdigest()

    def _bytes(self, place: int, index: int) -> bytes:
        self._file.seek(place)
        return self._file.read(self._digests[index].length)

    def _difference(self, kind: Literal["changed", "missing"], index: int) -> Difference:
        own = named(self._bytes(self._starts[index], index)) if kind == "changed" else RecordName()
        record = self._completed(own, index)
        is_not = "is not what was kept" if kind == "changed" else "is missing"
        words = f"{_WHAT.get(record.kind, 'a record')} {is_not}"
        return Difference(kind=kind, words=words, offset=self._starts[index], record=record)

    def _completed(self, own: RecordName, index: int) -> RecordName:
        """Name a record by its neighbours, when they are what was kept: its own head may be what was changed."""
        if index == 0:
            return msgspec.structs.replace(own, kind="warcinfo")
        behind, before = self._neighbour(index + 1), self._neighbour(index - 1)
        if behind.kind == "request":
            return RecordName(kind="response", record_id=behind.answered_by, url=behind.url, at=behind.at)
        if before.kind == "response":
            asked = RecordName(kind="request", url=before.url, at=before.at, answered_by=before.record_id)
            return msgspec.structs.replace(asked, record_id=own.record_id)
        return own

    def _neighbour(self, index: int) -> RecordName:
        """Read a record that is what was kept, wherever it stands now; nothing when it is not."""
        for shift in {0, self._shift} if index < len(self._digests) else ():
            place = self._starts[index] + shift
            if place >= 0 and self._sha256(place, index) == self._digests[index].sha256:
                return named(self._bytes(place, index))
        return RecordName()


_WHAT: dict[str | None, str] = {
    "warcinfo": "the record that says who wrote the file",
    "response": "the answer",
    "request": "the request",
    "conversion": "what was made of an answer",
}
