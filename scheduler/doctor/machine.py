"""Is this machine fit to run the program? Versions, time zones, the clock."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from scheduler.doctor.premises import Check, Finding, Machine

DISTRIBUTION = "returnwatch"
_INSTALL = "pip install --require-hashes -r requirements.lock"


def python(_machine: Machine) -> Iterator[Finding]:
    """Is Python new enough?"""
    wanted = metadata.metadata(DISTRIBUTION)["Requires-Python"] or ""
    running = ".".join(map(str, sys.version_info[:3]))
    if not SpecifierSet(wanted).contains(running):
        yield Finding(
            subject=f"Python {running}",
            words=f"this program needs Python {wanted}",
            mend="make its environment anew with a newer Python",
            command="make setup",
        )


def libraries(_machine: Machine) -> Iterator[Finding]:
    """Is every library there, in a version that the program was made for?"""
    for line in metadata.requires(DISTRIBUTION) or ():
        wanted = Requirement(line)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            found = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            found = None
        if found is None or not wanted.specifier.contains(found, prereleases=True):
            yield Finding(
                subject=wanted.name,
                words=f"{'is not installed' if found is None else f'{found} is installed'}; wanted is {wanted.specifier or 'any'}",
                mend="install the locked versions into the program's environment",
                command=_INSTALL,
            )


def zones(_machine: Machine) -> Iterator[Finding]:
    """Does this machine know the time zones of the world?"""
    try:
        ZoneInfo("Asia/Seoul")
    except ZoneInfoNotFoundError:
        yield Finding(
            subject="time zones",
            words="this machine has no data of time zones, so no digest's time can be told",
            mend="install them",
            command="apt-get install tzdata",
        )


def clock(machine: Machine) -> Iterator[Finding]:
    """Is the clock at least past the day on which the program was installed?"""
    installed = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    if machine.now < installed - timedelta(days=1):
        yield Finding(
            subject="clock",
            words=f"it says {machine.now:%Y-%m-%d %H:%M} UTC, before the program was installed on {installed:%Y-%m-%d}",
            mend="set the clock and let it be kept by the network; times of evidence are worthless otherwise",
            command="timedatectl set-ntp true",
        )


CHECKS = (
    Check(name="python", look=python),
    Check(name="libraries", look=libraries),
    Check(name="zones", look=zones),
    Check(name="clock", look=clock),
)
