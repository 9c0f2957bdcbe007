"""What the pages behind the links of a mail share: one small page, and how much may be sent to it.

A GET only ever shows; a person presses the button, which sends a POST. Programs follow every link of a mail before a person reads
it, and some send every form that sends itself.
"""

import asyncio
from functools import cache

import jinja2
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response

from cases.model import Value
from digests.speech import Speech, preferred

LONGEST_BODY = 4096
BODY_WITHIN_S = 10.0
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Vary": "Accept-Language",
}


class Button(Value, frozen=True, kw_only=True):
    """A button of a form that posts one field."""

    says: str
    field: str
    value: str


def page(speech: Speech, status: int, title: str, *lines: str, button: Button | None = None) -> Response:
    """Answer with a page of a title and paragraphs, and a button if something may be done there."""
    html = _template().render(lang=speech.code, title=title, lines=lines, button=button)
    return HTMLResponse(html, status_code=status, headers=_HEADERS)


def speech_of(request: Request) -> Speech:
    """Choose the language: the mail knew its own, but no link tells of its recipient."""
    return preferred(request.headers.get("accept-language", ""))


def no_such_link(speech: Speech) -> Response:
    """Answer a link that was not made here, or was cut off on its way."""
    return page(
        speech,
        404,
        speech.gettext("This link is not valid"),
        speech.gettext("It may have been cut off. Answer the mail instead: a person will read it."),
    )


def too_much(speech: Speech) -> Response:
    """Answer a request that sent more than anybody needs."""
    return page(speech, 413, speech.gettext("Too much was sent"), speech.gettext("Open the link of the mail again."))


def unsaid(speech: Speech) -> Response:
    """Answer a request that did not say what it wants."""
    return page(
        speech,
        400,
        speech.gettext("Nothing was changed"),
        speech.gettext("The request did not say what it wants."),
        speech.gettext("Open the link of the mail again."),
    )


async def body_of(request: Request) -> bytes | None:
    """Read what was sent; none when it is more than anybody needs, or comes too slowly."""
    body = b""
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            async for piece in request.stream():
                body += piece
                if len(body) > LONGEST_BODY:
                    return None
    except (TimeoutError, ClientDisconnect):
        return None
    return body


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("digests"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("link.html.j2")
