"""JSON line → article → JSON line: the `judge` contract, the form in which other programs ask and are answered.

In: ``{"id", "text", "title"?, "lang"?, "published"?, "url"?, "tags"?}``. Out, in the same order, what ``to_contract`` gives.
``start`` and ``end`` count characters of ``text``; evidence with ``"part": "title"`` stands in the title, and counts there.
A line that is not of this form comes back as ``{"id", "error"}`` and stops nothing.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from cases.decision import judge
from cases.errors import InputError
from cases.model import Article, Judgement, Quote, Report, Value
from cases.recognition import Classifier

MAX_LINE = 4_000_000
"""Bytes of one line: four for each character of the longest text that is read, and as much again for its escapes."""
_TAKES = ("id", "text", "title", "lang", "published", "url", "tags")
_YEARS = range(1800, 2200)
"""In which a text can have been published; at the ends of the calendar neither zones nor "two years ago" can be reckoned."""
_HALF = re.compile("[\ud800-\udfff]")
_LANG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")


class JudgeInput(Value, frozen=True, kw_only=True):
    """One thing to be judged: an article and the name that its asker knows it by."""

    id: str | int | None
    article: Article


def parse_line(line: bytes | str) -> JudgeInput:
    """Read one line of input.

    Raises InputError saying which key is not as promised and why; unknown keys are let pass, for the contract may grow.
    """
    if len(line) > MAX_LINE:
        raise InputError(f"the line is {len(line)} long; at most {MAX_LINE} are read")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as cause:
        raise InputError(f"the line is not JSON: {cause}") from cause
    if not isinstance(row, dict):
        raise InputError(f"the line holds {_kind(row)}, where an object with {', '.join(_TAKES)} is expected")
    return JudgeInput(id=_identity(row), article=_article(row))


def to_contract(identity: str | int | None, judgement: Judgement) -> dict[str, Any]:
    """Give a judgement as the contract's object, ready to be written as JSON."""
    verdict = judgement.verdict
    return {
        "id": identity,
        "lang": judgement.lang,
        "label": verdict.label.value,
        "report": verdict.report,
        "score": verdict.score,
        "near_miss": verdict.near_miss,
        "evidence": [_quote(quote) for quote in verdict.evidence],
        "reasons": [{"name": reason.name, "weight": reason.weight} for reason in verdict.reasons],
        "cases": [_case(report) for report in judgement.reports],
    }


def judge_lines(lines: Iterable[bytes | str], *, classifier: Classifier | None = None) -> Iterator[str]:
    """Judge line after line; empty lines are passed over, a bad one is answered with its error."""
    for line in lines:
        if line.strip():
            yield _written(_answer(line, classifier))


def _written(answer: Mapping[str, Any]) -> str:
    """Write an answer so that people can read it, or escaped where it holds half a character that UTF-8 cannot."""
    line = json.dumps(answer, ensure_ascii=False)
    return json.dumps(answer) if _HALF.search(line) else line


def _answer(line: bytes | str, classifier: Classifier | None) -> dict[str, Any]:
    try:
        asked = parse_line(line)
    except InputError as error:
        return {"id": _identity_of_bad(line), "error": str(error)}
    try:
        return to_contract(asked.id, judge(asked.article, classifier=classifier))
    except Exception as fault:  # noqa: BLE001 - a text that breaks the reading of it must not stop the others
        return {"id": asked.id, "error": f"this text breaks the reading of it: {type(fault).__name__}: {fault}"}


def _case(report: Report) -> dict[str, Any]:
    """Give a report under the contract's names; evidence loses nothing and gains no key."""
    row: dict[str, Any] = msgspec.to_builtins(report)
    row["evidence"] = [{"field": one.field, **_quote(one)} for one in report.evidence]
    return row


def _quote(quote: Quote) -> dict[str, Any]:
    """Write a quote; one from the title says so, for its place counts there."""
    place = {"text": quote.text, "start": quote.start, "end": quote.end}
    return place if quote.part == "text" else {**place, "part": quote.part}


def _article(row: Mapping[str, Any]) -> Article:
    text = row.get("text")
    if not isinstance(text, str):
        raise InputError(f"text: a string is expected, not {_kind(text)}")
    return Article(
        url=_optional(row, "url") or "",
        title=_optional(row, "title") or "",
        text=text,
        lang=_language(row),
        published=_published(row),
        published_raw=_optional(row, "published"),
        tags=_tags(row),
    )


def _optional(row: Mapping[str, Any], key: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise InputError(f"{key}: a string is expected, not {_kind(value)}")
    return value or None


def _language(row: Mapping[str, Any]) -> str | None:
    lang = _optional(row, "lang")
    if lang is not None and _LANG.fullmatch(lang) is None:
        raise InputError(f"lang: a BCP 47 code such as en or zh-Hant is expected, not {lang[:40]!r}")
    return lang


def _published(row: Mapping[str, Any]) -> datetime | None:
    """Read the time of publication; a day alone is its midnight in UTC."""
    written = _optional(row, "published")
    if written is None:
        return None
    refused = InputError(f"published: a date such as 2018-09-09 is expected, not {written[:40]!r}")
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError as cause:
        raise refused from cause
    if moment.year not in _YEARS:
        raise refused
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _tags(row: Mapping[str, Any]) -> tuple[str, ...]:
    tags = row.get("tags")
    if tags is None:
        return ()
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise InputError("tags: a list of strings is expected")
    return tuple(tags)


def _identity(row: Mapping[str, Any]) -> str | int | None:
    identity = row.get("id")
    if identity is not None and (isinstance(identity, bool) or not isinstance(identity, str | int)):
        raise InputError(f"id: a string or a whole number is expected, not {_kind(identity)}")
    return identity


def _identity_of_bad(line: bytes | str) -> str | int | None:
    """Find out the id of a line that was refused, so that its asker knows which one it was."""
    try:
        row = json.loads(line)
        return _identity(row) if isinstance(row, dict) else None
    except (ValueError, RecursionError, InputError):
        return None


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "nothing"}
    return names.get(type(value), "a number")
