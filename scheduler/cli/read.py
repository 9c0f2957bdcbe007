"""``returnwatch read`` and ``judge``: what a text says, without keeping anything."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from cases.errors import InputError, Unreadable
from cases.model import Article, Judgement
from scheduler.cli.evidence_table import print_evidence
from scheduler.cli.options import as_json
from scheduler.cli.output import print_json, say

if TYPE_CHECKING:
    from scheduler.settings import Settings

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
    from cases.recognition import classifier_named
    from scheduler.settings import config_folder, load_settings

    folder = config_folder(config)
    settings = load_settings(folder)
    article = asyncio.run(_article(folder, settings, what, source_name))
    judging = settings.judging
    judgement = judged(article, classifier=classifier_named(judging.classifier), profile=judging.profile)
    if as_json:
        print_json({"article": article, **to_contract(article.url or what, judgement)})
    else:
        _tell(article, judgement)


async def _article(folder: Path, settings: "Settings", what: str, source_name: str | None) -> Article:
    from crawler.pages import page
    from crawler.pages.saved_text import read_text
    from crawler.sources import source_named
    from scheduler.assembly import present
    from scheduler.settings import load_catalogue

    source = source_named(load_catalogue(folder), source_name) if source_name else None
    if what.startswith(("http://", "https://")):
        from crawler.run import fetch_page

        fetched = await fetch_page(what, collection=settings.collection, now=present)
        return page.read(fetched.body, url=fetched.url, content_type=fetched.content_type, source=source)
    body = _bytes(what)
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:100].lower().startswith(HTML_BEGINS):
        try:
            return page.read(body, url="", source=source)
        except Unreadable as cause:
            raise Unreadable(f"{what}: {cause}") from cause
    text = body.decode("utf-8-sig", errors="replace")
    return read_text(text, source=source)


def _bytes(what: str) -> bytes:
    if what == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(what).read_bytes()
    except OSError as cause:
        raise InputError(f"{what} cannot be read: {cause.strerror or cause}") from cause


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
        stage, mention = report.stage.replace("_", " "), report.mention.replace("_", " ")
        print_evidence(report, f"\nReport {number}: {stage}, {route} ({mention})")
    if not judgement.reports:
        say("\nNo report of a forced return in it.")


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
def judge(file: BinaryIO) -> None:
    """Judge texts given as JSON lines.

    A text a line in, a verdict with its cases a line out, in the same order. A line holds {"id", "text"} and may hold "title",
    "lang", "published", "url", "tags". A line that cannot be judged comes back as {"id", "error"}; the others go on. FILE is
    standard input when it is not given.
    """
    from cases.contract import judge_lines

    for line in judge_lines(file):
        click.echo(line)


COMMANDS = (read, judge)
