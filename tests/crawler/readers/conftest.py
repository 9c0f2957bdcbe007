"""What the readers' tests share: a reader of one kind, made through the door of all readers."""

from collections.abc import Callable

import pytest

from crawler.readers import Answer, Ask, Listing, Reader, Window, make_reader
from crawler.sources import Source

HOME = "https://magazine.example/"


@pytest.fixture
def make(make_source: Callable[..., Source]) -> Callable[..., Reader]:
    def made(
        kind: str, watched: tuple[str, ...] = ("North Korea",), window: Window | None = None, **table: object
    ) -> Reader:
        source = make_source(HOME, readers=[{"kind": kind, **table}])
        return make_reader(source, source.readers[0], window or Window(watched=watched))

    return made


@pytest.fixture
def answer() -> Callable[..., Listing]:
    """Let a reader read a body, as the answer to what it asks first unless told otherwise."""

    def read(reader: Reader, body: bytes | str, ask: Ask | None = None, **headers: str) -> Listing:
        asked = ask or reader.first()[0]
        stated = {name.replace("_", "-"): value for name, value in headers.items()}
        content = body.encode() if isinstance(body, str) else body
        return reader.read(asked, Answer(url=asked.url, headers=stated, body=content))

    return read
