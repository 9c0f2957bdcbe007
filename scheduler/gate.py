"""request → admitted, or why not: what stands before every route that makes the service work.

The server listens on this machine, and a browser on this machine runs the scripts of strangers. So a request must bear the token,
be meant for this machine by its ``Host`` (a name that a stranger lets point here is none of ours), and not come from a page of
another site (``Origin``); a body is JSON and small.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from cases.errors import ConfigError, DigestError, StoreError, UsageError, WatchError
from scheduler.settings import Settings
from scheduler.token import Token, token_of

LARGEST_BODY = 64 * 1024
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})

Handler = Callable[[Request], Awaitable[Response]]
Wish = TypeVar("Wish")


class Refused(WatchError):
    """A request that is answered with a status of its own."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class Gate:
    """Lets a request pass to its handler, and turns what goes wrong there into an answer that says why."""

    def __init__(self, token: Token | None, host: str) -> None:
        """Admit who bears ``token``; nobody, without one. ``host`` is the address that the server listens on."""
        self._token = token
        self._hosts = _HERE | {host.lower()}

    def __call__(self, handler: Handler) -> Handler:
        """Put the gate before a handler."""

        async def guarded(request: Request) -> Response:
            try:
                self._require(request)
                return await handler(request)
            except WatchError as error:
                return _refusal(error)

        return guarded

    def _require(self, request: Request) -> None:
        if self._token is None:
            raise Refused(403, "no token is configured: name one with service.token_env or service.token_file")
        if _name_in(f"//{request.headers.get('host', '')}") not in self._hosts:
            raise Refused(421, "this is asked for under a name that is not this machine's")
        origin = request.headers.get("origin")
        if origin is not None and _name_in(origin) not in self._hosts:
            raise Refused(403, "a page of another site may not ask for this")
        if not self._token.admits(request.headers.get("authorization")):
            raise Refused(401, "the token is missing or wrong: Authorization: Bearer …")


def gate_of(settings: Settings) -> Gate:
    """Make the gate that the configuration asks for. Raises ConfigError when the token it names is not there."""
    service = settings.service
    return Gate(token_of(env=service.token_env, file=service.token_file), service.host)


async def wish_in(request: Request, kind: type[Wish]) -> Wish:
    """Read a request's body as JSON of a kind; an empty one has every default. Raises Refused."""
    body = await _body(request)
    if not body:
        body = b"{}"
    elif request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refused(415, "the body must be application/json")
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as cause:
        raise Refused(400, f"the body is not what was expected: {cause}") from cause


async def _body(request: Request) -> bytes:
    """Read no more than may come, whatever was announced."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BODY:
            raise Refused(413, f"the body has more than {LARGEST_BODY:,} bytes")
    return bytes(body)


def _name_in(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


_STATUS: tuple[tuple[type[WatchError], int], ...] = (
    (UsageError, 404),
    (ConfigError, 500),
    (DigestError, 502),
    (StoreError, 503),
)


def _refusal(error: WatchError) -> Response:
    if isinstance(error, Refused):
        status = error.status
    else:
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}  # noqa: PLR2004 - HTTP's own number
    return JSONResponse({"error": str(error)}, status_code=status, headers=headers)


def answer(document: Any, status: int = 200) -> Response:  # noqa: ANN401 - whatever can be written as JSON
    """Answer with JSON, as the command line writes it."""
    return Response(msgspec.json.encode(document), status_code=status, media_type="application/json")
