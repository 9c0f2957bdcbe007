"""Writes docs/reference.md from the program itself: every command, setting and extension point, with its own words.

Run by ``make docs``; a test fails when the page is not what this would write, or when something has no words.
"""

import inspect
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import timedelta
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from cases import plugins
from crawler.sources import Layout, ReaderTable, Source, written
from digests.alerts import Alerts, Escalation
from digests.channels.chat import Chat
from digests.channels.webhook import Endpoint
from digests.filters import Route
from digests.mailserver import Bounces, Dkim, EmailSettings, Journal, PgpKey, SmimeCertificate
from digests.recipients import Recipient
from digests.spec import DigestSpec, FileSettings
from scheduler.cli import commands
from scheduler.settings import Settings

PAGE = Path(__file__).parent / "reference.md"

INTRODUCTION = """\
# Reference

Every command, every setting and every extension point. This page is written from the program itself (`make docs`).

Exit status of every command: 0 done, 1 failed, 2 wrong use. `--json` prints JSON for programs.
"""

GROUPS = {
    plugins.READERS: "How a source is read. A class made with `(source, table, window)` that says which requests to make and "
    "reads each answer into a `Listing`; the protocol is `crawler.readers.Reader`.",
    plugins.CLASSIFIERS: "Is it a report? An object with `classify(article) -> Verdict`; the protocol is "
    "`cases.recognition.Classifier`.",
    plugins.CHANNELS: "How a digest reaches people. An object with `deliver(message) -> Receipt`; the protocol is "
    "`digests.channels.Channel`.",
}


def page() -> str:
    """Write the whole page."""
    parts = [INTRODUCTION, "## Commands\n", *_commands("returnwatch", commands)]
    parts.append("## Settings: `config/returnwatch.toml`\n")
    parts.extend(_table(f"[{name}]", model) for name, model in _tables().items())
    parts.append("## A source: `config/sources/<name>.toml`\n")
    parts.append(_table("at the top", Source, without={"name", "readers", "layout"}))
    parts.append(_table("[[readers]]", ReaderTable))
    parts.extend(_reader_tables())
    parts.append(_table("[layout]", Layout))
    parts.append("## Extension points\n")
    parts.extend(_extension_point(group, promise) for group, promise in GROUPS.items())
    return "\n".join(parts)


def _reader_tables() -> Iterator[str]:
    """Give the keys of each built-in reader beside those that all have."""
    for kind in plugins.names(plugins.READERS):
        model = getattr(plugins.load(plugins.READERS, kind), "table_model", ReaderTable)
        if model.model_fields.keys() > ReaderTable.model_fields.keys():
            yield _table(f'[[readers]] with kind = "{kind}"', model, without=set(ReaderTable.model_fields))


def _tables() -> Mapping[str, type[BaseModel]]:
    """Give the tables of returnwatch.toml by the name they have there."""
    tables: dict[str, type[BaseModel]] = {}
    for name, field in Settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            tables[name] = field.annotation
    return {
        **tables,
        "[digests]": DigestSpec,
        "[digests.recipients]": Recipient,
        "[digests.routes]": Route,
        "digests.alerts": Alerts,
        "[digests.alerts.escalation]": Escalation,
        "channels.email": EmailSettings,
        "channels.email.journal": Journal,
        "channels.email.bounces": Bounces,
        "channels.email.dkim": Dkim,
        "[channels.email.pgp]": PgpKey,
        "[channels.email.smime]": SmimeCertificate,
        "channels.file": FileSettings,
        "[channels.webhook.endpoints]": Endpoint,
        "[channels.apprise.chats]": Chat,
    }


def _commands(path: str, group: click.Group) -> Iterator[str]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from _commands(f"{path} {name}", command)
        else:
            yield _command(f"{path} {name}", command)


def _command(path: str, command: click.Command) -> str:
    usage = " ".join((path, *command.collect_usage_pieces(click.Context(command))))
    lines = [f"### `{path}`\n", f"`{usage}`\n", _said(command.help, path) + "\n"]
    for option in command.params:
        if isinstance(option, click.Option):
            names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
            lines.append(f"- {names}: {_said(option.help, f'{path} {option.name}')}")
    return "\n".join(lines) + "\n"


def _table(heading: str, model: type[BaseModel], without: set[str] | None = None) -> str:
    rows = [
        f"### `{heading}`\n",
        _said(model.__doc__, model.__name__) + "\n",
        "| key | what | default |",
        "|---|---|---|",
    ]
    own_first = sorted(model.model_fields.items(), key=lambda named: named[0] not in inspect.get_annotations(model))
    for name, field in own_first:
        if name not in (without or set()):
            said = _said(field.description, f"{model.__name__}.{name}").replace("\n", " ").replace("|", "\\|")
            rows.append(f"| `{field.alias or name}` | {said} | {_default(field)} |")
    return "\n".join(rows) + "\n"


def _extension_point(group: str, promise: str) -> str:
    built_in = sorted(
        point.name for point in entry_points(group=group) if point.dist and point.dist.name == "returnwatch"
    )
    names = ", ".join(f"`{name}`" for name in dict.fromkeys(built_in))
    return f"### `{group}`\n\n{promise}\n\nBuilt in: {names}.\n"


def _said(words: str | None, what: str) -> str:
    if not words or not words.strip():
        raise SystemExit(f"{what} has no words: everything a person can set or call is explained")
    return " ".join(words.replace("``", "`").split())


def _default(field: FieldInfo) -> str:
    default: Any = field.get_default(call_default_factory=True)
    if default is PydanticUndefined:
        return "required"
    if default is None or default in ("", (), {}):
        return _kind_of_nothing(field.annotation)
    if isinstance(default, BaseModel):
        return ""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, tuple):
        return f"`{[str(one) for one in default]}`".replace("'", '"')
    return f"`{written(default) if isinstance(default, timedelta) else default}`"


def _kind_of_nothing(annotation: object) -> str:
    is_optional = typing.get_origin(annotation) in {typing.Union, types.UnionType}
    return "none" if is_optional or annotation is str else "empty"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
