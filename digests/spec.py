"""What an operator says about digests: the tables ``[[digests]]`` and ``[channels.file]``.

Only form is checked here, and everything that is not known is refused.
"""

import re
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from cases.model import Stage
from digests.schedule import Schedule, parse_schedule

_ADDRESS = re.compile(
    r"(?=.{3,254}\Z)(?=[^@]{1,64}@)"
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*",
    re.ASCII,
)


def check_address(address: str) -> str:
    """Give back a mail address that is safe to put on the wire: ASCII, one ``@``, no quotes, blanks or line ends.

    RFC 5321 permits more (quoted and international local parts); a relay on the way may not, so they are refused here
    with a sentence rather than later with a bounce. Raises ValueError.
    """
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"{address!r} is not a mail address of the form name@example.org (ASCII letters only)")
    return address


def check_zone(name: str) -> str:
    """Give back the name of a time zone that this machine knows. Raises ValueError."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as cause:
        raise ValueError(f'{name!r} is not a time zone; expected a name such as "Asia/Seoul" or "UTC"') from cause
    return name


def _schedule(value: object) -> object:
    return parse_schedule(value) if isinstance(value, str) else value


Address = Annotated[str, AfterValidator(check_address)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
State = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class DigestSpec(BaseModel):
    """One table ``[[digests]]``: what goes to whom, when, and over which channels."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, arbitrary_types_allowed=True)

    name: Name
    """Stands in subjects, file names and Message-IDs: small letters, digits and hyphens, at most 40."""
    schedule: Annotated[Schedule, BeforeValidator(_schedule)]
    """"Mon 07:00", "Mon Thu 07:00", "daily 07:00 19:00", "1st 07:00", "last 07:00" (of the month) or "hourly", on the wall clock of the time zone."""
    timezone: Annotated[str, AfterValidator(check_zone)] = "UTC"
    """Name of the zone, such as "Asia/Seoul"; right on the days when clocks change."""
    channels: tuple[str, ...] = ("file",)
    """Ways out: "file", "email", "stdout", or what else is installed."""
    recipients: tuple[Address, ...] = ()
    """Mail addresses; each gets a message of its own."""
    title: str = Field(default="", max_length=80)
    """Heading of the page; empty for "Forced returns in the news"."""
    quiet: Literal["weekly", "always", "never"] = "weekly"
    """When nothing is new: a short digest once a week, at every turn, or none."""
    states: tuple[State, ...] = ()
    """Only cases from, to or feared in one of these States; empty for all. Two letters, ISO 3166-1."""
    stages: tuple[Stage, ...] = ()
    """Only cases at one of these stages; empty for all."""
    languages: tuple[str, ...] = ()
    """Only cases that an article in one of these languages tells; empty for all. ``zh`` holds ``zh-Hans`` too."""

    @field_validator("channels", "recipients")
    @classmethod
    def _once_each(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        twice = sorted({one for one in given if [other.lower() for other in given].count(one.lower()) > 1})
        if twice:
            raise ValueError(f"named twice: {', '.join(twice)}")
        return given

    @model_validator(mode="after")
    def _mail_has_somewhere_to_go(self) -> Self:
        if not self.channels:
            raise ValueError("a digest needs at least one channel, such as file or email")
        if "email" in self.channels and not self.recipients:
            raise ValueError('the channel "email" needs recipients = ["name@example.org"]')
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as the standard library holds it."""
        return ZoneInfo(self.timezone)


class FileSettings(BaseModel):
    """The table ``[channels.file]``: where digests lie as files."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    folder: Path = Path("data/digests")
    """Relative to the working directory; made when it is not there, readable by its owner alone."""


class StdoutSettings(BaseModel):
    """The table ``[channels.stdout]``, which has nothing to say yet."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
