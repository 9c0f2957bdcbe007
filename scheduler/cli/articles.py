"""``returnwatch articles``: what was collected, and how it was judged."""

from pathlib import Path
from typing import Any

import click

from cases.errors import UsageError
from cases.model import Label
from scheduler.cli.options import as_json
from scheduler.cli.output import print_json, print_table, say

COLUMNS = (
    "url",
    "title",
    "tags",
    "lang",
    "published",
    "label",
    "report",
    "score",
    "near_miss",
    "cases",
    "copy_of",
    "credits",
    "vanished_at",
)


@click.group()
def articles() -> None:
    """Show what was collected, and how it was judged."""


@articles.command("list")
@click.option("--near-misses", is_flag=True, help="Only what came close to being a report: for a person to look at.")
@click.option("--label", type=click.Choice([label.value for label in Label]), help="Only articles judged so.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many, the latest first. Without it: all.")
@as_json
@click.pass_obj
def list_articles(
    config: Path | None, *, near_misses: bool, label: str | None, limit: int | None, as_json: bool
) -> None:
    """List the collected articles, the latest first."""
    from digests.words import counted
    from scheduler.assembly import open_watch
    from scheduler.cli.origins import origin_of_article

    with open_watch(config) as watch:
        rows = watch.store.articles.rows(label=Label(label) if label else None, near_misses=near_misses, limit=limit)
    if as_json:
        print_json([{column: getattr(row, column) for column in COLUMNS} for row in rows])
        return
    print_table(
        None,
        ("published", "judged", "score", "lang", "cases", "title", "origin"),
        (
            (
                row.published and row.published.date(),
                row.label,
                f"{row.score:.2f}",
                row.lang,
                " ".join(row.cases),
                row.title,
                origin_of_article(row),
            )
            for row in rows
        ),
    )
    say(counted(len(rows), "article"))


@articles.command("show")
@click.argument("url")
@as_json
@click.pass_obj
def show_article(config: Path | None, url: str, *, as_json: bool) -> None:
    """Show one article with its text, its verdict and why."""
    from scheduler.assembly import open_watch
    from scheduler.cli.origins import origin_of_article

    with open_watch(config) as watch:
        stored = watch.store.articles.get(url)
    if stored is None:
        raise UsageError(f"no article with the address {url} was collected")
    if as_json:
        print_json(stored)
        return
    latest = stored.latest
    facts: dict[str, Any] = {
        "address": stored.row.url,
        "source": stored.row.source,
        "published": latest.article.published or f"unknown ({latest.article.published_raw or 'the page states none'})",
        "language": latest.article.lang,
        "tags": ", ".join(latest.article.tags),
        "judged": f"{stored.row.label}, score {stored.row.score:.2f}",
        "because": ", ".join(f"{reason.name} {reason.weight:+.1f}" for reason in latest.judgement.verdict.reasons),
        "cases": " ".join(stored.row.cases) or "none",
        "text": "only the beginning: the page keeps the rest for subscribers" if latest.article.partial else "whole",
        "versions": len(stored.versions),
        "page": f"gone since {stored.row.vanished_at:%Y-%m-%d}"
        if stored.row.vanished_at
        else "there when last asked for",
        "origin": origin_of_article(stored.row) or "its own, as far as its text and its credits show",
        "capture": latest.capture and f"{latest.capture.record} sha256:{latest.capture.sha256}",
    }
    print_table(latest.article.title, ("", ""), facts.items())
    say(f"\n{latest.article.text}")


COMMANDS = (articles,)
