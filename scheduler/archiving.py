"""Digests that were sent + what people have decided since → the archive: the folder of the channel ``file``, kept true.

Every file is written whole or not at all, and only when it is to change. A case that people hold back is gone from every page on
the next pass; the service makes one as soon as anything changed, and every decision on the command line makes one at once.
"""

from collections.abc import Iterator
from pathlib import Path

from cases.errors import DigestError
from cases.register import CaseStatus
from cases.store import Store
from digests.archive import INDEX, Fates, Issue, decoded, index_page, issue
from digests.channels.file import LATEST, Papers, papers_of, write_whole
from digests.holding import without
from digests.spec import FileSettings
from scheduler.assembly import Watch
from scheduler.digesting import templates_of


class Archive:
    """The archive of one installation. ``keep`` may be called as often as one likes."""

    def __init__(self, watch: Watch) -> None:
        self._store, self._digests = watch.store, watch.settings.digests
        self._folder = FileSettings.model_validate(watch.settings.channels.get("file", {})).folder
        self._templates = templates_of(watch.settings)
        self._last: tuple[Fates, tuple[str, ...]] | None = None

    def keep(self) -> Path | None:
        """Bring the archive up to date, and give its index; ``None`` where no digest has been written yet. Raises DigestError."""
        if not self._folder.is_dir():
            return None
        fates, stems = fates_of(self._store), tuple(_stems(self._folder))
        index = self._folder / INDEX
        if (fates, stems) == self._last and index.is_file():
            return index
        try:
            issues = list(self._issues(stems, fates))
            _write(index, index_page([one for one in issues if one is not None], self._templates))
        except OSError as cause:
            raise DigestError(f"archive {self._folder}: {cause.strerror or cause}") from cause
        self._last = (fates, stems)
        return index

    def _issues(self, stems: tuple[str, ...], fates: Fates) -> Iterator[Issue | None]:
        """Make each digest's files what they are to be; as sent where the outbox still holds it, less what is held back."""
        sent = dict(_sent(self._store, [one.name for one in self._digests]))
        for stem in (*stems, LATEST):
            papers = _read(self._folder, stem)
            if papers is None:
                continue
            document = decoded(papers.json) or {}
            original = sent.get(f"{document.get('period')}-{document.get('name')}", papers)
            shown = without(original, fates.held_back, self._templates)
            for ending in ("html", "txt", "json"):
                _write(self._folder / f"{stem}.{ending}", getattr(shown, ending))
            if stem != LATEST and (told := decoded(shown.json)) is not None:
                yield issue(stem, told, fates)


def fates_of(store: Store) -> Fates:
    """Ask the register what people have decided; a case that was merged into one that is held back is held back too."""
    held = store.cases.held_back()
    return Fates(
        held_back=held,
        rejected=store.cases.numbers(CaseStatus.REJECTED),
        merged=store.cases.numbers(CaseStatus.MERGED) - held,
    )


def _sent(store: Store, names: list[str]) -> Iterator[tuple[str, Papers]]:
    """Yield the papers of every digest as they were handed to the folder."""
    for name in names:
        for record in store.outbox.past(name):
            for delivery in store.deliveries.of(record.id or 0) if record.subject else ():
                if delivery.channel == "file":
                    yield f"{record.period}-{record.name}", papers_of(delivery)


def _stems(folder: Path) -> Iterator[str]:
    yield from sorted(path.stem for path in folder.glob("*.json") if path.stem != LATEST)


def _read(folder: Path, stem: str) -> Papers | None:
    """Read the three files of a digest; ``None`` where one is missing, or what lies there is no digest."""
    paths = [folder / f"{stem}.{ending}" for ending in ("html", "txt", "json")]
    if not all(path.is_file() for path in paths):
        return None
    html, txt, json = (path.read_text(encoding="utf-8") for path in paths)
    return Papers(html=html, txt=txt, json=json) if decoded(json) is not None else None


def _write(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_whole(path, text)
