"""sentences → a message to whoever keeps the service running: in the forms of a digest, so that every channel can carry it."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from cases.model import Value
from digests.cleaning import clean_line
from digests.rendering import Rendered
from digests.wrapping import wrapped

OPERATOR = "operator"
"""Name under which notices are recorded; no digest may have it."""


class Paragraph(Value, frozen=True, kw_only=True):
    """What is told of one thing."""

    heading: str
    sentences: tuple[str, ...]


def notice(
    *, name: str, period: str, made_at: datetime, subject: str, paragraphs: Sequence[Paragraph], document: str
) -> Rendered:
    """Make the message; ``document`` is what is recorded of it. Texts from outside are cleaned, and escaped in the page."""
    page = _page(subject, paragraphs)
    return Rendered(
        name=name,
        period=period,
        made_at=made_at,
        subject=clean_line(subject, 150),
        page_html=page,
        mail_html=page,
        text=_text(paragraphs),
        json=document,
    )


def _text(paragraphs: Sequence[Paragraph]) -> str:
    told = []
    for one in paragraphs:
        told += [clean_line(one.heading), *(wrapped(clean_line(words, 1_000), indent=2) for words in one.sentences), ""]
    return "\n".join(told)


def _page(subject: str, paragraphs: Sequence[Paragraph]) -> str:
    told = "".join(
        f"<h2>{escape(clean_line(one.heading))}</h2>"
        + "".join(f"<p>{escape(clean_line(words, 1_000))}</p>" for words in one.sentences)
        for one in paragraphs
    )
    title = escape(clean_line(subject, 150))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1>{told}</body></html>\n"
    )
