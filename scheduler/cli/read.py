"""``returnwatch read`` and ``judge``: what a text says, without keeping anything."""

import asyncio
import sys
from pathlib import Path
from typing import Any, BinaryIO

import click
import msgspec

from cases.errors import InputError
from cases.model import Article, Judgement, Report
from scheduler.cli.options import as_json
from scheduler.cli.output import print_json, print_table, say

HTML_BEGINS = (b"<!doctype", b"<html", b"<?xml", b"<head", b"<body")


@click.command()
@click.argument("what", metavar="PATH|URL|-")
@click.option("--source", "source_name", metavar="NAME", help="Read the page as one of this source of the catalogue.")
@as_json
@click.pass_obj
def read(config: Path | None, what: str, source_name: str | None, *, as_json: bool) -> None:
    """Read one page and tell what it says.

    Article, verdict and reports, each value with its sentence; nothing is stored.

    Takes a saved page (HTML or plain text), an address, or "-" for standard input. Asked by a person at their own terminal, it
    prints everything that the text says, names too.
    """
    from cases.contract import to_contract
    from cases.decision import judge as judged

    article = asyncio.run(_article(config, what, source_name))
    judgement = judged(article)
    if as_json:
        print_json({"article": article, **to_contract(article.url or what, judgement)})
    else:
        _tell(article, judgement)


async def _article(config: Path | None, what: str, source_name: str | None) -> Article:
    from crawler import page
    from crawler.saved_text import read_text
    from crawler.sources import source_named
    from scheduler.assembly import present
    from scheduler.settings import config_folder, load_catalogue, load_settings

    folder = config_folder(config)
    source = source_named(load_catalogue(folder), source_name) if source_name else None
    if what.startswith(("http://", "https://")):
        from crawler.run import fetch_page

        fetched = await fetch_page(what, collection=load_settings(folder).collection, now=present)
        return page.read(fetched.body, url=fetched.url, content_type=fetched.content_type, source=source)
    body = _bytes(what)
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:100].lower().startswith(HTML_BEGINS):
        return page.read(body, url="", source=source)
    text = body.decode("utf-8-sig", errors="replace")
    return read_text(text, source=source)


def _bytes(what: str) -> bytes:
    if what == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(what).read_bytes()
    except OSError as cause:
        raise InputError(f"{what} cannot be read: {cause.strerror or cause}") from cause


def value_at(report: Report, field: str) -> str:
    """Write the value that an evidence's field path names, such as ``events[0]`` or ``victims[0].name``, in short."""
    value: Any = msgspec.to_builtins(report)
    for step in field.replace("]", "").replace("[", ".").split("."):
        value = value[int(step)] if isinstance(value, list | tuple) else value.get(step)
        if value is None:
            return ""
    return _short(value)


SILENT = frozenset({"raw", "gazetteer_id", "inherited", "anchor"})
"""Parts of a value that say how it was found, which its sentence shows better."""


def _short(value: object) -> str:
    if isinstance(value, dict):
        parts = (key if part is True else _short(part) for key, part in value.items() if key not in SILENT)
        return ", ".join(dict.fromkeys(part for part in parts if part))
    if isinstance(value, list | tuple):
        return " > ".join(_short(part) for part in value)
    return "" if value is None or value is False else str(value).replace("_", " ")


def _tell(article: Article, judgement: Judgement) -> None:
    """Print for a person: the article in short, the verdict and why, and each report value by value with its words."""
    verdict = judgement.verdict
    say(article.title or "(no title)")
    printed = article.published.date() if article.published else article.published_raw or "no date"
    say(f"{printed}  {judgement.lang or 'language unknown'}  {', '.join(article.tags)}")
    say(f"\n{verdict.label.replace('_', ' ')}, score {verdict.score:.2f}")
    for reason in verdict.reasons:
        say(f"  {reason.weight:+5.1f}  {reason.name}")
    for number, report in enumerate(judgement.reports, start=1):
        route = f"{report.from_state or '?'} → {report.to_state or '?'}"
        print_table(
            f"\nReport {number}: {report.stage.replace('_', ' ')}, {route} ({report.mention.replace('_', ' ')})",
            ("field", "value", "in these words"),
            ((one.field, value_at(report, one.field), one.text) for one in report.evidence),
        )
    if not judgement.reports:
        say("\nNo report of a forced return in it.")


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
def judge(file: BinaryIO) -> None:
    """Judge texts given as JSON lines.

    A text a line in, a verdict with its cases a line out, in the same order. A line holds {"id", "text"} and may hold "title", "lang", "published", "url", "tags". A line that cannot be judged comes back
    as {"id", "error"}; the others go on. FILE is standard input when it is not given.
    """
    from cases.contract import judge_lines

    for line in judge_lines(file):
        click.echo(line)


COMMANDS = (read, judge)
