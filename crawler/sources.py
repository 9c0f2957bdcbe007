"""config/sources/<name>.toml → source: what a site is and how to read it, checked before anything is fetched."""

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from cases.configuration import explained, read_toml
from cases.errors import ConfigError, PluginError, UsageError
from cases.plugins import READERS, load
from crawler.options import Recognition

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_SPAN = re.compile(r"(\d+)\s*(s|m|h|d)")
_LONGEST_SPAN = 12
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
"""BCP 47, as far as newsrooms need it: a language, perhaps its script, perhaps a country."""
_UNIT_S = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("expected an address that begins with http:// or https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address in a source file may not hold a user name or password")
    return value


def _folder(value: str) -> str:
    """Addresses of the site are counted from its home, so that must end as a folder does."""
    return value if value.endswith("/") else f"{value}/"


def _span(value: object) -> object:
    if not isinstance(value, str):
        return value
    match = _SPAN.fullmatch(value.strip()) if len(value) < _LONGEST_SPAN else None
    if match is None:
        raise ValueError('expected a number and one of s, m, h, d, such as "45m"')
    span = timedelta(seconds=int(match[1]) * _UNIT_S[match[2]])
    if not timedelta(seconds=1) <= span <= timedelta(days=366):
        raise ValueError("expected at least one second and at most a year")
    return span


def written(span: timedelta) -> str:
    """Write a time between visits as a source file does: ``45m``."""
    seconds = round(span.total_seconds())
    unit = next(unit for unit in ("d", "h", "m", "s") if seconds % _UNIT_S[unit] == 0)
    return f"{seconds // _UNIT_S[unit]}{unit}"


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as cause:
        raise ValueError('expected a time zone such as "Asia/Seoul"') from cause
    return value


def _languages(codes: tuple[str, ...]) -> tuple[str, ...]:
    for code in codes:
        if not _LANGUAGE.fullmatch(code):
            raise ValueError('expected language codes such as "en", "ko" or "zh-Hant"')
    return codes


WebAddress = Annotated[str, AfterValidator(_web_address)]
SourceType = Literal[
    "press",
    "agency",
    "broadcaster",
    "state media",
    "ngo",
    "think tank",
    "intergovernmental",
    "government",
    "database",
    "aggregator",
]
DateOrder = Literal["MDY", "DMY", "YMD"]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class ReaderTable(_Table):
    """One ``[[readers]]`` table: a way to list the source's articles. Further keys belong to the reader itself."""

    model_config = ConfigDict(extra="allow", frozen=True, use_attribute_docstrings=True)

    kind: str = Field(min_length=1)
    """Name of the reader under the entry points ``returnwatch.readers``."""
    url: WebAddress | None = None
    """Where to start, where the reader needs to be told."""


class Layout(_Table):
    """CSS selectors of the source's pages, tried before those that fit most magazines."""

    title: str | None = None
    """The headline."""
    body: str | None = None
    """The body: everything else is furniture."""
    date: str | None = None
    """The printed date."""
    tags: str | None = None
    """The links or words that are its tags."""
    authors: str | None = None
    """The names in the byline."""
    remove: tuple[str, ...] = ()
    """Parts inside the body that are not the article."""


class Source(_Table):
    """A watched site. ``name`` is the file's stem; everything else stands in the file."""

    name: str
    """The file's stem."""
    title: str = Field(min_length=1)
    """Name of the magazine or newsroom, as people know it."""
    home: Annotated[WebAddress, AfterValidator(_folder)]
    """Front page of the site."""
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    """Where it is published: ISO 3166, or UN; for people."""
    type: SourceType | None = None
    """What kind of publisher it is; for people."""
    languages: Annotated[tuple[str, ...], AfterValidator(_languages)] = ()
    """Languages it publishes in, as BCP 47 codes; for people, every article's own is found by reading it."""
    date_order: DateOrder | None = None
    """Order of day, month and year in printed dates; without it 03/04/2018 stays unknown."""
    zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    """Zone of printed times that name none."""
    grade: Literal["A", "B", "C", "D", "E", "F"] | None = None
    """Reliability of the source, as a person set it (NATO's A to F)."""
    verified: bool = False
    """True when somebody tried this file against the live site."""
    enabled: bool = True
    """False keeps the file and stops the visits."""
    every: Annotated[timedelta, BeforeValidator(_span)] = timedelta(minutes=45)
    """Time between two visits to begin with: a number and one of s, m, h, d.

    The watch learns from what its listing shows: it comes oftener, down to every five minutes, when entries may have fallen
    between two visits, and more rarely, at most twice this time, while nothing new comes.
    """
    expected_every: Annotated[timedelta | None, BeforeValidator(_span)] = None
    """Time between two articles, where you know it: until the source itself has shown what is usual, silence is told by it."""
    tags: tuple[str, ...] | None = None
    """Watched tags of this source alone, in the place of those of ``[watch]``; an empty list takes every article."""
    tag_spellings: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """What the source calls a watched tag, in other words or other languages: "North Korea" = ["Corea del Nord", "북한"]."""
    hosts: tuple[str, ...] = ()
    """Further hosts whose pages belong to the source, beside that of ``home`` and those below it."""
    javascript: bool = False
    """True when its articles only appear by script: a browser runs the pages' scripts before they are read."""
    readers: tuple[ReaderTable, ...] = Field(min_length=1)
    """Tried in this order: the first that answers serves."""
    layout: Layout = Layout()
    """Where the parts of its pages are."""
    recognition: Recognition = Recognition()
    """How much its articles must say to be reports, where that differs from the table of the same name in `returnwatch.toml`."""
    canary: WebAddress | None = None
    """Address of one old article that must always be readable: `sources check` tries it."""
    notes: str = ""
    """For people."""

    @property
    def host(self) -> str:
        """The host of the home address: two sources on one host are never visited at once."""
        return (urlsplit(self.home).hostname or "").lower()

    def owns(self, url: str) -> bool:
        """Tell whether an address is on a host of this source."""
        host = (urlsplit(url).hostname or "").lower()
        roots = (self.host.removeprefix("www."), *(name.lower() for name in self.hosts))
        return any(host == root or host.endswith(f".{root}") for root in roots)


def load_sources(folder: Path) -> dict[str, Source]:
    """Read every ``*.toml`` of a folder, by name.

    Raises ConfigError at the first file that is broken or says something that cannot be meant; the message names the
    file, the key, and what was expected. A folder that does not exist holds no source.
    """
    return {path.stem: load_source(path) for path in sorted(folder.glob("*.toml"))}


def is_name(text: str) -> bool:
    """Tell whether a source, and so its file, may be called this."""
    return _NAME.fullmatch(text) is not None


def load_source(path: Path) -> Source:
    """Read one source file; see ``load_sources`` for the errors."""
    if not is_name(path.stem):
        raise ConfigError(f"{path}: the file's name is the source's name: expected small letters, digits and hyphens")
    return source_of(read_toml(path), name=path.stem, origin=str(path))


def source_of(table: Mapping[str, Any], *, name: str, origin: str) -> Source:
    """Check a table that was read from ``origin``; raises ConfigError as ``load_sources`` does."""
    if "name" in table:
        raise ConfigError(f"{origin}: name: unknown key; the file's name is the source's name")
    try:
        source = Source.model_validate({**table, "name": name})
    except ValidationError as cause:
        raise ConfigError(f"{origin}: {explained(cause.errors())}") from cause
    for number, reader in enumerate(source.readers, start=1):
        _check_reader(reader, f"{origin}: readers.{number}")
    return source


def _check_reader(table: ReaderTable, where: str) -> None:
    """Let the table of a reader be checked by the reader itself, so far as it says what its table may hold."""
    try:
        model = _table_of(table.kind)
    except PluginError as cause:
        raise ConfigError(f"{where}.kind: {cause}") from cause
    if model is None:
        return
    try:
        model.model_validate(table.model_dump())
    except ValidationError as cause:
        raise ConfigError(f"{where}.{explained(cause.errors())}") from cause


@cache
def _table_of(kind: str) -> type[ReaderTable] | None:
    model = getattr(load(READERS, kind), "table_model", None)
    return model if isinstance(model, type) and issubclass(model, ReaderTable) else None


def source_named(sources: Mapping[str, Source], name: str) -> Source:
    """Give one source; UsageError names those that exist when it is not among them."""
    try:
        return sources[name]
    except KeyError:
        known = ", ".join(sources) or "none"
        raise UsageError(f"there is no source called {name!r}; the sources are: {known}") from None
