"""digest → rendered: one view model becomes subject, page, mail, text and JSON.

A template that fails fails the whole digest: half a digest that looks whole would be worse than none.
"""

from datetime import datetime
from functools import cache

import css_inline

from cases.errors import RenderError
from cases.model import Value
from digests.document import document
from digests.phrases import said_in
from digests.sample import quiet_sample, sample
from digests.subject import lead, subject, summary
from digests.templating import BUILT_IN, Templates
from digests.view import Digest

MAIL_BYTES = 80_000
"""Size of the HTML of a mail; Gmail cuts a message near 102 KB, headers and the text part not counted."""


class Rendered(Value, frozen=True, kw_only=True):
    """A digest in every form in which it leaves; the same cases in each."""

    name: str
    period: str
    made_at: datetime
    subject: str
    page_html: str
    """A whole page that needs nothing from elsewhere."""
    mail_html: str
    """For mail clients: tables, inline styles, at most ``MAIL_BYTES``; what did not fit stands there as one line each."""
    text: str
    json: str
    language: str = "en"
    """Of the words around the cases, as a language tag; quotes keep their own."""
    severity: str = ""
    """The most pressing that is true, in the same English word in every language; empty: the word in the subject's brackets."""
    reason: str = "digest"
    """Why its recipients get it, for their filters."""
    urgent: bool = False
    """Better told twice than not at all."""
    thread: tuple[str, ...] = ()
    """Numbers of the cases whose conversations it continues."""
    page_url: str = ""
    """Where the same digest can be read as a page; empty when nowhere."""
    archive_url: str = ""
    """Where all digests of this name can be read; empty when nowhere."""


def render(digest: Digest, templates: Templates = BUILT_IN) -> Rendered:
    """Make every form of a digest. Raises RenderError; nothing has been sent then."""
    line = subject(digest)
    return Rendered(
        name=digest.name,
        period=digest.period,
        made_at=digest.created_at,
        language=digest.language,
        severity=lead(digest).lower(),
        subject=line,
        page_html=_fill(templates, "page.html.j2", digest, line),
        mail_html=_mail(templates, digest, line, MAIL_BYTES),
        text=_fill(templates, "digest.txt.j2", digest, line),
        json=document(digest, line),
        reason="alert" if digest.notice else "digest",
        urgent=digest.notice is not None,
        thread=(*(card.number for card in digest.cards), *digest.withdrawn) if digest.notice else (),
    )


def check_templates(templates: Templates = BUILT_IN) -> None:
    """Render invented digests with everything and with nothing in them, so that a broken template stops the start.

    Raises RenderError with the template, the line and the variable.
    """
    for digest in (sample(), quiet_sample()):
        render(digest, templates)


def _mail(templates: Templates, digest: Digest, line: str, most: int) -> str:
    """Render the mail with as much as fits: first a line for each case, then whole cards for the first of them.

    One line or card more is always more bytes. So what fits is sought upwards from the lines alone in growing steps, for a mail that
    is far too long costs most, and between the last two then by halving.
    """
    cases = len(digest.cards)

    def made(parts: int) -> str | None:
        html = _inlined(templates, digest, line, lines=min(parts, cases), full=max(0, parts - cases))
        return html if len(html.encode()) <= most else None

    fits, too_many, best = 0, 2 * cases + 1, None
    for parts in dict.fromkeys(cases + min(cases, step) for step in (0, 16, 32, 48, cases)):
        if (html := made(parts)) is None:
            too_many = parts
            break
        fits, best = parts, html
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if (html := made(middle)) is None:
            too_many = middle
        else:
            fits, best = middle, html
    return best or _inlined(templates, digest, line, lines=0, full=0)


def _inlined(templates: Templates, digest: Digest, line: str, *, lines: int, full: int) -> str:
    """Render the mail with ``full`` whole cards and ``lines`` of the headlines, and write its styles into its tags."""
    html = _fill(templates, "mail.html.j2", digest, line, lines=lines, full=full)
    try:
        return _inliner().inline(html)
    except css_inline.InlineError as cause:
        raise RenderError(f"template mail.html.j2: its styles cannot be inlined: {cause}") from cause


def _fill(templates: Templates, name: str, digest: Digest, line: str, **more: object) -> str:
    said = said_in(digest.language)
    return templates.fill(name, digest=digest, subject=line, summary=summary(digest), **said, **more)


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(
        load_remote_stylesheets=False, keep_style_tags=False, keep_at_rules=False, minify_css=True
    )
