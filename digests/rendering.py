"""digest → rendered: one view model becomes subject, page, mail, text and JSON.

Templates escape everything, know no undefined names and are compiled when the program first renders. A template that fails
fails the whole digest: half a digest that looks whole would be worse than none.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

import css_inline
import jinja2

from cases.errors import RenderError
from cases.model import Value
from digests.document import document
from digests.subject import subject, summary
from digests.view import Counted, Digest, Passage
from digests.words import counted, sentence
from digests.wrapping import wrapped

MAIL_BYTES = 80_000
"""Size of the HTML of a mail; Gmail cuts a message near 102 KB, headers and the text part not counted."""

_TEMPLATES = ("page.html.j2", "mail.html.j2", "digest.txt.j2")


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


def render(digest: Digest) -> Rendered:
    """Make every form of a digest. Raises RenderError; nothing has been sent then."""
    line = subject(digest)
    return Rendered(
        name=digest.name,
        period=digest.period,
        made_at=digest.created_at,
        subject=line,
        page_html=_fill("page.html.j2", digest, line),
        mail_html=_mail(digest, line, MAIL_BYTES),
        text=_fill("digest.txt.j2", digest, line),
        json=document(digest, line),
    )


def check_templates() -> None:
    """Compile every template now, so that a broken one stops the start. Raises RenderError."""
    for name in _TEMPLATES:
        _template(name)


def _mail(digest: Digest, line: str, most: int) -> str:
    """Render the mail with as much as fits: first a line for each case, then whole cards for the first of them.

    Found by halving, for one line or card more is always more bytes.
    """
    cases = len(digest.cards)
    whole = _inlined(digest, line, lines=cases, full=cases)
    if len(whole.encode()) <= most:
        return whole
    fits, too_many = 0, 2 * cases
    best = _inlined(digest, line, lines=0, full=0)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        html = _inlined(digest, line, lines=min(middle, cases), full=max(0, middle - cases))
        if len(html.encode()) <= most:
            fits, best = middle, html
        else:
            too_many = middle
    return best


def _inlined(digest: Digest, line: str, *, lines: int, full: int) -> str:
    """Render the mail with ``full`` whole cards and ``lines`` of the headlines, and write its styles into its tags."""
    html = _fill("mail.html.j2", digest, line, lines=lines, full=full)
    try:
        return _inliner().inline(html)
    except css_inline.InlineError as cause:
        raise RenderError(f"template mail.html.j2: its styles cannot be inlined: {cause}") from cause


def _fill(name: str, digest: Digest, line: str, **more: object) -> str:
    template = _template(name)
    try:
        return template.render(digest=digest, subject=line, summary=summary(digest), **more)
    except (jinja2.TemplateError, TypeError, ValueError, AttributeError) as cause:
        raise RenderError(
            f"template {name}: the digest {digest.name} of {digest.period} cannot be rendered: {cause}"
        ) from cause


def _template(name: str) -> jinja2.Template:
    try:
        return _environment().get_template(name)
    except jinja2.TemplateError as cause:
        raise RenderError(f"template {name} is broken: {cause}") from cause


def labelled(line: str, label: str) -> str:
    """Write a line of a card under its label, in two columns."""
    return f"  {label:<13}{wrapped(line, 15).lstrip()}"


def quoted(passage: Passage) -> str:
    """Write a passage in plain text: the main sentence stands between asterisks."""
    return "".join(f"*{piece.text.strip()}*" if piece.mark == "main" else piece.text for piece in passage.pieces)


def tallied(counts: Iterable[Counted]) -> str:
    """Write numbers with what they count: ``12 too old, 3 unreadable``."""
    return ", ".join(f"{one.count:,} {one.words}" for one in counts)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("digests"),
        autoescape=jinja2.select_autoescape(
            enabled_extensions=("html.j2",), disabled_extensions=("txt.j2",), default=True
        ),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "wrapped": wrapped,
        "quoted": quoted,
        "labelled": labelled,
        "tallied": tallied,
        "sentence": sentence,
    }
    environment.globals |= {"counted": counted}
    return environment


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(
        load_remote_stylesheets=False, keep_style_tags=False, keep_at_rules=False, minify_css=True
    )
