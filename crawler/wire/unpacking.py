"""packed answer → its body: every content coding that is asked for, undone within the limit of size, or not at all.

Scrapy takes what it can get of an answer that broke off inside its packing, and undoes as many codings as are named. Here
half an answer is none, so that half an article is never taken for a whole one, and two codings are the most: more of them
are not a way to send a page, but one to keep us busy.
"""

import zlib
from collections.abc import Callable, Iterator
from typing import Any

import brotli
from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdError
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest, ResponseDataLossError
from scrapy.utils._compression import _DecompressionMaxSizeExceeded

_PIECE = 65_536
_MOST_CODINGS = 2
_MOST_MEMBERS = 1_000
"""A packed file may be several behind one another; empty ones by the hundred thousand only cost time."""
_GZIP_MEMBER = b"\x1f\x8b"
_AUTOMATIC, _RAW = 47, -15
"""Window bits for zlib: with the header of gzip or zlib, and with none, as some servers send what they call deflate."""


_ZSTD = {int(DecompressionParameter.window_log_max): 23}
"""RFC 9659: content on the web asks for no more than 8 MB of memory to be unpacked."""


class TooManyCodings(IgnoreRequest):
    """An answer is packed more often than anybody packs a page."""


class Unpacking(HttpCompressionMiddleware):
    """Scrapy's middleware, which asks for packed answers, with an unpacking that is strict.

    Raises ResponseDataLossError when an answer breaks off inside its packing or is not packed as it says, and
    IgnoreRequest when it grows beyond the limit.
    """

    def _handle_encoding(self, body: bytes, content_encoding: list[bytes], max_size: int) -> tuple[bytes, list[bytes]]:
        return without_codings(body, content_encoding, max_size)


def without_codings(body: bytes, stated: list[bytes], most: int) -> tuple[bytes, list[bytes]]:
    """Undo the codings of Content-Encoding headers, the last first, and give those that nobody knows; raises as above."""
    to_undo, unknown = HttpCompressionMiddleware._split_encodings(stated)  # noqa: SLF001 - Scrapy's own reading of it
    if len(to_undo) > _MOST_CODINGS:
        raise TooManyCodings(f"it is packed {len(to_undo)} times over")
    for coding in to_undo:
        body = unpacked(body, coding.decode("ascii"), most)
    return body, unknown


def unpacked(body: bytes, coding: str, most: int) -> bytes:
    """Undo one content coding; raises as ``Unpacking`` does. An empty body is empty in every coding."""
    if not body:
        return b""
    pieces = bytearray()
    try:
        for piece in _UNPACKERS[coding](body):
            pieces += piece
            if len(pieces) > most:
                raise _DecompressionMaxSizeExceeded(len(pieces), most)
    except (zlib.error, brotli.error, ZstdError, EOFError) as cause:
        raise ResponseDataLossError(f"it is not packed with {coding} as it says: {cause}") from cause
    return bytes(pieces)


def _inflated(body: bytes) -> Iterator[bytes]:
    """Undo gzip, or deflate with its header or without."""
    bits = _AUTOMATIC if body.startswith(_GZIP_MEMBER) or _has_zlib_header(body) else _RAW
    return _members(body, lambda: zlib.decompressobj(bits), _inflated_part, _GZIP_MEMBER)


def _has_zlib_header(body: bytes) -> bool:
    return len(body) > 1 and body[0] & 0x0F == zlib.DEFLATED and (body[0] << 8 | body[1]) % 31 == 0


def _inflated_part(unpacker: Any, part: bytes) -> Iterator[bytes]:  # noqa: ANN401 - zlib hides its types
    while part and not unpacker.eof:
        yield unpacker.decompress(part, _PIECE)
        part = unpacker.unconsumed_tail
    if not unpacker.eof:
        yield unpacker.decompress(b"", _PIECE)  # what it held back for want of room


def _unzstded(body: bytes) -> Iterator[bytes]:
    return _members(body, lambda: ZstdDecompressor(options=_ZSTD), _unzstded_part, b"")


def _unzstded_part(unpacker: ZstdDecompressor, part: bytes) -> Iterator[bytes]:
    yield unpacker.decompress(part, _PIECE)
    while not unpacker.eof and not unpacker.needs_input:
        yield unpacker.decompress(b"", _PIECE)


def _members(
    body: bytes, opened: Callable[[], Any], unpack: Callable[[Any, bytes], Iterator[bytes]], mark: bytes
) -> Iterator[bytes]:
    """Unpack member after member, part after part; what follows a member and does not begin with the mark is left."""
    place = 0
    for _ in range(_MOST_MEMBERS):
        unpacker = opened()
        while place < len(body) and not unpacker.eof:
            yield from unpack(unpacker, body[place : place + _PIECE])
            place = min(place + _PIECE, len(body))
        if not unpacker.eof:
            raise EOFError("it breaks off")
        place -= len(unpacker.unused_data)
        if place == len(body) or not body.startswith(mark, place):
            return
    raise EOFError(f"it is in more than {_MOST_MEMBERS} members")


def _unbrotlied(body: bytes) -> Iterator[bytes]:
    unpacker = brotli.Decompressor()
    yield unpacker.process(body, output_buffer_limit=_PIECE)
    while not unpacker.is_finished():
        if not (piece := unpacker.process(b"", output_buffer_limit=_PIECE)):
            raise EOFError("it breaks off")
        yield piece


_UNPACKERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _inflated,
    "x-gzip": _inflated,
    "deflate": _inflated,
    "br": _unbrotlied,
    "zstd": _unzstded,
}
