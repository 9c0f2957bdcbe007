"""Is what is kept whole? The database's file, its parts, the log of decisions, the files of captures."""

from collections.abc import Iterator
from datetime import timedelta

from scheduler.doctor.premises import Check, Finding, Opened

_CLOCKS_MAY_DIFFER = timedelta(minutes=5)
_SHOWN = 3
_FROM_A_BACKUP = "returnwatch restore FILE --replace"


def integrity(at: Opened) -> Iterator[Finding]:
    """Does SQLite find its own file sound?"""
    if damage := at.store.inspection.damage():
        more = f" (and {len(damage) - _SHOWN} more)" if len(damage) > _SHOWN else ""
        yield Finding(
            subject=at.store.name,
            words=f"the database is damaged: {'; '.join(damage[:_SHOWN])}{more}",
            mend="stop the service, keep a copy of the damaged file, and put the store back from the last backup",
            command=_FROM_A_BACKUP,
        )


def parts(at: Opened) -> Iterator[Finding]:
    """Has the schema every table, column and index that it should have?"""
    if missing := at.store.inspection.missing():
        yield Finding(
            subject=at.store.name,
            words=f"parts of the schema are missing: {', '.join(missing)}; somebody or something took them away",
            mend="put the store back from the last backup; without one, ask before anything is written again",
            command=_FROM_A_BACKUP,
        )


def future(at: Opened) -> Iterator[Finding]:
    """Does the store know of things that have not happened yet?"""
    for column, moment in at.store.inspection.ahead_of(at.now + _CLOCKS_MAY_DIFFER).items():
        yield Finding(
            subject=f"clock, {column}",
            words=f"the store holds a moment that lies ahead: {moment:%Y-%m-%d %H:%M} UTC, and it is {at.now:%Y-%m-%d %H:%M} now: "
            "the clock is wrong, or was",
            mend="set the clock and let it be kept by the network; digests and visits wait until that moment otherwise",
            command="timedatectl set-ntp true",
        )


def log_of_decisions(at: Opened) -> Iterator[Finding]:
    """Is the log of decisions as it was written?"""
    for fault in at.store.custody.faults()[:_SHOWN]:
        yield Finding(
            subject=f"log of decisions, line {fault.position}",
            words=f"it is not as it was written: {fault.reason}",
            mend="compare with a backup; whoever can write the store can have changed it",
            command="returnwatch verify",
        )


def capture_files(at: Opened) -> Iterator[Finding]:
    """Are the files of captures there, and as long as they were? Their bytes are for ``verify`` to compare."""
    folder, gone, other = at.settings.store.captures, [], []
    for name, size in at.store.evidence.sizes():
        try:
            if (folder / name).stat().st_size != size:
                other.append(name)
        except OSError:
            gone.append(name)
    for names, words in ((gone, "not there"), (other, "not as long as when they were closed")):
        if names:
            more = f" (and {len(names) - _SHOWN} more)" if len(names) > _SHOWN else ""
            yield Finding(
                subject="[store] captures",
                words=f"{len(names)} files of captures are {words} in {folder}: {', '.join(names[:_SHOWN])}{more}",
                mend="see that the folder is the right one; put the files back from a backup; 'returnwatch verify' tells which cases rest on them",
                command="returnwatch verify",
            )


CHECKS = (
    Check(name="integrity", look=integrity),
    Check(name="parts of the schema", look=parts),
    Check(name="future", look=future),
    Check(name="log of decisions", look=log_of_decisions),
    Check(name="capture files", look=capture_files),
)
