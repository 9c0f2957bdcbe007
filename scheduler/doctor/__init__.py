"""an installation → what is wrong with it, and how to mend it: ``returnwatch doctor``.

Three rounds, each of small checks on a list: the machine, the configuration, the store. A round whose premise is missing is told as
left out. A check that itself breaks is a finding. Nothing is changed, and no site and no mailbox is written to.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from cases.errors import WatchError
from cases.model import Value
from cases.store import open_store
from cases.store.database import exists
from crawler.sources import Source
from scheduler.doctor import data, machine, mail, places, plans, work
from scheduler.doctor.plans import sound_sources
from scheduler.doctor.premises import Check, Configured, Finding, Machine, Opened, P
from scheduler.settings import SOURCES, Settings, config_folder, load_settings

ON_THE_MACHINE: tuple[Check[Machine], ...] = machine.CHECKS
ON_THE_CONFIGURATION: tuple[Check[Configured], ...] = (*plans.CHECKS, *places.CHECKS, *mail.CHECKS)
ON_THE_STORE: tuple[Check[Opened], ...] = (*data.CHECKS, *work.CHECKS)


class Examination(Value, frozen=True, kw_only=True):
    """What a whole examination gave."""

    findings: tuple[Finding, ...]
    looked_at: tuple[str, ...]
    """Names of the checks that were made, in their order."""
    left_out: tuple[str, ...]
    """Names of the checks that could not be made, for what they look at could not be read."""

    @property
    def is_sound(self) -> bool:
        """Whether nothing grave was found."""
        return not any(finding.grave for finding in self.findings)


def examine(given: Path | None, *, now: datetime, online: bool = False) -> Examination:
    """Examine the installation whose configuration lies at ``given``, or where it is usually looked for."""
    doctor = _Doctor()
    machine = Machine(now=now, online=online)
    doctor.look(ON_THE_MACHINE, machine)
    configured = doctor.read_configuration(given, machine)
    if configured is None:
        return doctor.result(left_out=(*_names(ON_THE_CONFIGURATION), *_names(ON_THE_STORE)))
    doctor.look(ON_THE_CONFIGURATION, configured)
    if not doctor.look_into_store(configured):
        return doctor.result(left_out=_names(ON_THE_STORE))
    return doctor.result(left_out=())


class _Doctor:
    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self._looked_at: list[str] = []

    def look(self, checks: Sequence[Check[P]], at: P) -> None:
        """Make checks one after the other; one that breaks does not stop the others."""
        for check in checks:
            self._looked_at.append(check.name)
            self._findings += [msgspec.structs.replace(one, check=check.name) for one in _found(check, at)]

    def read_configuration(self, given: Path | None, machine: Machine) -> Configured | None:
        """Find and read the settings, and every source file that is sound; None when there are no settings."""
        self._looked_at.append("configuration")
        try:
            folder = config_folder(given)
            settings = load_settings(folder)
        except WatchError as fault:
            self._note(
                "configuration",
                "returnwatch.toml",
                str(fault),
                "correct the file; docs/reference.md explains every key. Another folder is named with --config DIR",
            )
            return None
        return _configured(machine, folder, settings, sound_sources(folder / SOURCES))

    def look_into_store(self, at: Configured) -> bool:
        """Open the store as it is and make the checks that need it; False when it cannot be opened."""
        self._looked_at.append("store")
        url = at.settings.store.url
        try:
            if not exists(url):
                self._note(
                    "store",
                    "[store] url",
                    "there is no store yet; nothing was ever collected with this configuration, or its file is gone",
                    "start with a crawl; if there was a store, put it back from a backup",
                    command="returnwatch crawl    (or: returnwatch restore FILE)",
                    grave=False,
                )
                return False
            with open_store(url, migrate=False) as store:
                opened = Opened(
                    now=at.now,
                    online=at.online,
                    folder=at.folder,
                    settings=at.settings,
                    sources=at.sources,
                    store=store,
                )
                self.look(ON_THE_STORE, opened)
        except WatchError as fault:
            self._note_store(fault)
            return False
        return True

    def result(self, *, left_out: tuple[str, ...]) -> Examination:
        """Give everything, what is grave first."""
        return Examination(
            findings=tuple(sorted(self._findings, key=lambda finding: not finding.grave)),
            looked_at=tuple(self._looked_at),
            left_out=left_out,
        )

    def _note_store(self, fault: WatchError) -> None:
        words = str(fault)
        if "db upgrade" in words:
            mend, command = "bring its schema up to date; nothing is lost", "returnwatch db upgrade"
        elif "newer Returnwatch" in words:
            mend, command = "install the version that wrote it, or a newer one", "pip install --upgrade returnwatch"
        elif "is not a database" in words or "malformed" in words:
            mend, command = "put it back from a backup, and keep the damaged file", "returnwatch restore FILE --replace"
        else:
            mend, command = "see that it can be reached and written by this user, and that [store] url names it", None
        self._note("store", "[store] url", words, mend, command=command)

    def _note(
        self, check: str, subject: str, words: str, mend: str, *, command: str | None = None, grave: bool = True
    ) -> None:
        self._findings.append(
            Finding(check=check, subject=subject, words=words, mend=mend, command=command, grave=grave)
        )


def _configured(machine: Machine, folder: Path, settings: Settings, sources: dict[str, Source]) -> Configured:
    return Configured(now=machine.now, online=machine.online, folder=folder, settings=settings, sources=sources)


def _names(checks: Sequence[Check[P]]) -> tuple[str, ...]:
    return tuple(check.name for check in checks)


def _found(check: Check[P], at: P) -> Iterator[Finding]:
    try:
        yield from check.look(at)
    except WatchError as fault:
        yield Finding(
            subject=check.name,
            words=f"this could not be looked at: {fault}",
            mend="mend what else is told here first, and look again",
        )
    except Exception as fault:  # noqa: BLE001 - a check may meet whatever a broken installation holds
        yield Finding(
            subject=check.name,
            words=f"the check itself broke: {type(fault).__name__}: {fault}",
            mend="mend what else is told here first; if it stays, report it as a fault of Returnwatch",
        )
