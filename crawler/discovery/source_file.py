"""survey → config/sources/<name>.toml: a file for people, with the reason beside what was decided; written whole or not at all."""

import contextlib
import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from textwrap import wrap
from urllib.parse import urlsplit

from cases.errors import ConfigError, UsageError
from crawler.discovery.survey import Survey
from crawler.discovery.trial import Finding
from crawler.sources import Source, source_of

_COMMENTS_FROM = 44
_LINE = 118
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "go", "gov", "ne", "net", "or", "org"})
_LONGEST_NAME = 63
_LONGEST_TITLE = 120


def name_of(home: str) -> str:
    """Make a source's name of its home address: ``https://www.rfa.org/english/`` is ``rfa-english``."""
    parts = urlsplit(home)
    labels = (parts.hostname or "").removeprefix("www.").split(".")
    if not labels[-1].isdigit():  # not the address of a machine by its number
        labels = labels[:-1] or labels
        labels = labels[:-1] if len(labels) > 1 and labels[-1] in _SECOND_LEVEL else labels
    words = re.findall(r"[a-z0-9]+", "-".join([*labels, parts.path.lower()]))
    return "-".join(words)[:_LONGEST_NAME].strip("-") or "source"


def known_at(sources: Iterable[Source], *urls: str) -> Source | None:
    """Find a source of the catalogue whose home, or one of whose readers' addresses, is one of these."""
    wanted = {_plain(url) for url in urls}
    return next((source for source in sources if wanted & _addresses(source)), None)


def file_text(survey: Survey, *, name: str, day: date, watched: Sequence[str]) -> str:
    """Write the source file that a survey leads to.

    ``watched`` are the tags of the configuration: a source that uses them needs no word about tags. Raises ConfigError when a
    site's own words make a file that could not be read again.
    """
    lines = [
        f"# Written by `returnwatch sources add {' '.join(survey.asked.split())}`, from what the site answered on {day}.",
        f"title = {quoted(survey.title[:_LONGEST_TITLE])}",
        f"home = {quoted(survey.home)}",
        *([f"languages = {_array(survey.languages)}"] if survey.languages else []),
        *([f"hosts = {_array(survey.hosts)}"] if survey.hosts else []),
        _date_order(survey),
        _beside('# grade = "C"', "how far it is to be relied upon, A to F: for a person to say"),
        _beside(f"verified = {str(survey.reads_rightly).lower()}", f"as tried on {day}"),
        *_tags(survey, watched),
        'notes = """',
        *(line.replace("\\", "/").replace('"""', "''") for line in wrap(_notes(survey, day), _LINE)),
        '"""',
    ]
    for finding in survey.chosen:
        lines += ["", "[[readers]]", _beside(f"kind = {quoted(finding.table.kind)}", _gave(finding))]
        lines += [f"url = {quoted(finding.table.url)}"] if finding.table.url else []
        if finding.whole == len(finding.entries):
            lines.append(_beside("# full_text = true", "it holds whole articles: then their pages are not fetched"))
    text = "\n".join(lines) + "\n"
    _check(text, name)
    return text


def write_file(folder: Path, name: str, text: str, *, replace: bool = False) -> Path:
    """Put a source file in its place, whole or not at all. UsageError when it exists and is not to be replaced."""
    path = folder / f"{name}.toml"
    if path.exists() and not replace:
        raise UsageError(f"{path} is there already: choose another --name, or replace it with --force")
    draft = folder / f".{name}.{os.getpid()}.draft"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as cause:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise ConfigError(f"{path}: cannot be written: {cause.strerror or cause}") from cause
    return path


def quoted(text: str) -> str:
    """Write a TOML string."""
    # JSON's escapes are TOML's, but for DEL, which TOML wants escaped; half a character cannot be written at all
    plain = text.encode("utf-8", "replace").decode()
    return json.dumps(plain, ensure_ascii=False).replace("\x7f", "\\u007F")


def _check(text: str, name: str) -> None:
    """Read what is about to be written: never leave a file behind that stops the next start."""
    try:
        table: Mapping[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        raise ConfigError(f"{name}: what the site says of itself cannot be written as TOML: {cause}") from cause
    source_of(table, name=name, origin=name)


def _array(items: Iterable[str]) -> str:
    return f"[{', '.join(quoted(item) for item in items)}]"


def _beside(setting: str, comment: str) -> str:
    return f"{setting:<{_COMMENTS_FROM}} # {comment}"


def _date_order(survey: Survey) -> str:
    if survey.date_order is not None:
        return _beside(f"date_order = {quoted(survey.date_order)}", "a date on the site proves it")
    return _beside('# date_order = "DMY"', "or MDY: nothing seen proves it, so 03/04/2018 stays unknown")


def _tags(survey: Survey, watched: Sequence[str]) -> list[str]:
    if not survey.watched:
        return [_beside("tags = []", "no watched tag was seen: every article is read")]
    if tuple(survey.watched) == tuple(watched):
        return []
    return [f"tags = {_array(survey.watched)}"]


def _notes(survey: Survey, day: date) -> str:
    ways = ", ".join(dict.fromkeys(finding.table.kind for finding in survey.chosen))
    read = [found for found in survey.pages if found.article is not None]
    pages = f"{len(read)} of {len(survey.pages)} article pages could be read" if survey.pages else "no page was tried"
    software = f" It runs on {''.join(filter(str.isprintable, survey.software))}." if survey.software else ""
    return f"Tried on {day}: {ways} answered; {pages}.{software}"


def _gave(finding: Finding) -> str:
    count = f"{len(finding.entries)} entries"
    total = f" of {finding.claimed_total}" if finding.claimed_total is not None else ""
    newest = f", the newest of {finding.times[-1]:%Y-%m-%d}" if finding.times else ", without dates"
    return f"{count}{total}{newest}"


def _addresses(source: Source) -> set[str]:
    return {_plain(source.home), *(_plain(table.url) for table in source.readers if table.url)}


def _plain(url: str) -> str:
    """Give the form in which two spellings of one address are equal."""
    parts = urlsplit(url)
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"
