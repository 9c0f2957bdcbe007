"""message → files: the page, the text and the JSON of a digest in a folder, each written whole or not at all."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import msgspec

from cases.errors import DeliveryError
from cases.model import Value
from cases.store import Delivery, OutMessage
from digests.channels import Receipt
from digests.notice import OPERATOR
from digests.rendering import Rendered
from digests.spec import FileSettings

LATEST = "digest"
"""Stem of the files that always hold the last digest written."""


class Papers(Value, frozen=True, kw_only=True):
    """What is written, by the ending of its file."""

    html: str
    txt: str
    json: str


def papers_of(delivery: Delivery) -> Papers:
    """Read what a message for a folder holds."""
    return msgspec.json.decode(delivery.payload, type=Papers)


class FileChannel:
    """The channel ``file``: ``<period>-<name>.html``, ``.txt`` and ``.json``, and the same again as ``digest.*``.

    The pages stay and make the archive; its index is kept by ``scheduler.archiving``, which knows what people decided since.
    """

    Settings: ClassVar[type[FileSettings]] = FileSettings
    repeats_safely = True

    def __init__(self, settings: FileSettings) -> None:
        self._folder = settings.folder

    def compose(self, rendered: Rendered, recipients: Sequence[str]) -> list[OutMessage]:  # noqa: ARG002 - a folder has none
        """Make the one message of a digest: its three papers."""
        papers = Papers(html=rendered.page_html, txt=rendered.text, json=rendered.json)
        return [OutMessage(channel="file", recipient="", payload=msgspec.json.encode(papers))]

    def deliver(self, delivery: Delivery) -> Receipt:
        """Write the files; writing them again gives the same. Raises DeliveryError."""
        stem = f"{delivery.period}-{delivery.digest}"
        papers = papers_of(delivery)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for ending, text in msgspec.structs.asdict(papers).items():
                for name in (stem,) if delivery.digest == OPERATOR else (stem, LATEST):
                    write_whole(self._folder / f"{name}.{ending}", text)
        except OSError as cause:
            raise DeliveryError(
                f"file: {stem} cannot be written to {self._folder}: {cause.strerror or cause}"
            ) from cause
        return Receipt(channel="file", recipient="", said=str(self._folder / f"{stem}.html"))


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old one or the new one, never half of it; only its owner may read it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
