"""What the keeper is told of copies: whose text, how much of it, who is credited, and which tellings share an origin."""

from datetime import UTC, datetime

import msgspec

from cases.model import Label, Mention, Report, Stage
from cases.register import Case, CaseStatus, Telling
from cases.store import ArticleRow
from cases.store.copies import CopyOf
from scheduler.cli.origins import origin_of_article, origins_of

NOW = datetime(2026, 11, 20, tzinfo=UTC)
TEXT = (
    "Two officers took a woman from her kitchen while the soup was still on the fire. Her mother-in-law keeps the pot as "
    "it was, with a plate over it, and lets nobody wash it. The officers came back once for her shoes, and went."
)
ROW = ArticleRow(
    url="https://echo.example/1",
    title="Taken",
    tags=(),
    lang="en",
    published=NOW,
    label=Label.CASE_REPORT,
    report=True,
    score=0.9,
    near_miss=False,
    cases=("2026-0001",),
    source="echo",
    fetched_at=NOW,
)


def told(outlet: str, text: str, *credited: str, mention: Mention = Mention.PRIMARY) -> Telling:
    return Telling(
        report=Report(mention=mention, stage=Stage.COMPLETED),
        url=f"https://{outlet}.example/1",
        title="Taken",
        source=outlet,
        source_title=outlet.title(),
        published=NOW,
        lang="en",
        article_text=text,
        credits=credited,
    )


def of(*tellings: Telling) -> list[str]:
    case = Case(
        id="case-1",
        number="2026-0001",
        revision=1,
        status=CaseStatus.NEW,
        report=tellings[0].report,
        tellings=tellings,
        opened_at=NOW,
        changed_at=NOW,
    )
    return origins_of(case)


def test_tellings_of_one_origin_are_marked_with_what_ties_them() -> None:
    assert of(
        told("gazette", TEXT),
        told("echo", f"{TEXT} One reader wrote to us of a pot like that, and of a plate."),
        told("courier", "A clerk typed the list twice.", "Yonhap"),
        told("post", "The list had eleven names.", "Yonhap", "Post"),
        told("herald", "Somebody else altogether."),
        told("weekly", "As we wrote.", mention=Mention.BACKGROUND),
    ) == [
        "origin 1, shared",
        "origin 1, shared: copy of https://gazette.example/1 (100%)",
        "origin 2, shared: credited to Yonhap",
        "origin 2, shared: credited to Yonhap",
        "origin 3",
        "mentions it in passing",
    ]


def test_an_article_says_whose_copy_it_is_and_whom_it_credits() -> None:
    copy = CopyOf(url="https://gazette.example/1", share=0.917)
    assert origin_of_article(ROW) == ""
    assert origin_of_article(msgspec.structs.replace(ROW, copy_of=copy)) == "copy of https://gazette.example/1 (92%)"
    assert (
        origin_of_article(msgspec.structs.replace(ROW, copy_of=copy, credits=("AFP", "Yonhap")))
        == "copy of https://gazette.example/1 (92%); credited to AFP, Yonhap"
    )
