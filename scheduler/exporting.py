"""store → export: which cases are asked for, which records prove them, and a file that only its owner reads."""

import os
import tempfile
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

from cases.errors import InputError, UsageError
from cases.exports import Exhibit, Labelled, label
from cases.model import Capture, Label
from cases.register import Case, CaseStatus
from cases.store import Store
from crawler.evidence.custody import kept_answer, kept_record
from scheduler.assembly import Watch

HELD = frozenset({CaseStatus.WITHHELD, CaseStatus.EMBARGOED, CaseStatus.REJECTED})


def chosen(
    store: Store, numbers: Sequence[str], *, status: CaseStatus | None = None, since: datetime | None = None
) -> list[Case]:
    """Give the cases that are asked for, once each; with those that are held back, so that they can be counted.

    Raises UsageError for a number that is not in the register.
    """
    found = {case.id: case for case in (_named(store, numbers) if numbers else store.cases.rows())}
    return [
        case
        for case in found.values()
        if (since is None or case.changed_at >= since)
        and (status is None or case.status is status or case.status in HELD)
    ]


def _named(store: Store, numbers: Sequence[str]) -> list[Case]:
    found = []
    for number in numbers:
        case = store.cases.get(number)
        if case is None:
            raise UsageError(f"there is no case {number!r} in the register")
        found.append(case)
    return found


def exhibits(watch: Watch, case: Case) -> tuple[list[Exhibit], int]:
    """Give the record of every capture of a case's articles, each proved, and how many articles stay.

    An article that also tells a case that people hold back stays; of a capture that was purged there is nothing to give. Raises StoreError for a record that is not what was kept.
    """
    found, left_out = [], 0
    for url in dict.fromkeys(telling.url for telling in case.tellings):
        if _tells_what_is_held_back(watch.store, url):
            left_out += 1
            continue
        article = watch.store.articles.get(url)
        kept = [one.capture for one in article.versions if one.capture is not None] if article else []
        captures = [one for one in kept if not one.purged]
        found += [_exhibit(watch.settings.store.captures, capture) for capture in dict.fromkeys(captures)]
    return found, left_out


def _tells_what_is_held_back(store: Store, url: str) -> bool:
    told = (store.cases.get(number) for number in store.evidence.cases_told_by(url))
    return any(case is not None and case.status in HELD for case in told)


def _exhibit(captures: Path, capture: Capture) -> Exhibit:
    answer = kept_answer(captures, capture)
    return Exhibit(
        url=capture.url,
        fetched_at=capture.fetched_at,
        status=answer.status,
        mime=answer.headers.get("content-type", "application/octet-stream").partition(";")[0].strip(),
        payload_sha256=capture.sha256,
        member=kept_record(captures, capture),
    )


def lessons(watch: Watch, asked: Collection[Case], *, named: bool) -> Labelled:
    """Label the articles of decided cases; of all, unless cases were named."""
    labels: dict[str, Label] = {}
    for line in watch.store.custody.lines():
        if line.act == "rejected" and line.subject is not None:
            said = (line.detail or {}).get("label")
            labels.pop(line.subject, None)
            labels |= {line.subject: Label(said)} if said else {}
    every = watch.store.cases.rows()
    policy = watch.settings.disclosure.policy()
    return label(every, labels, policy, only=frozenset(case.id for case in asked) if named else ())


def write_private(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; only its owner may read it. Raises InputError."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".export-")  # made for its owner alone
    except OSError as cause:
        raise InputError(f"{path} cannot be written: {cause.strerror or cause}") from cause
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError as cause:
        Path(name).unlink(missing_ok=True)
        raise InputError(f"{path} cannot be written: {cause.strerror or cause}") from cause
