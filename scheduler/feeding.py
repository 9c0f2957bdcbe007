"""The register → feeds: kept as files and in the memory of the service, made anew when a case changed or was held back."""

import hmac
import re
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cases.errors import DigestError
from cases.store.register import LIVE
from digests.channels.file import write_whole
from digests.feeds import ATOM, JSON, MEDIA_TYPES, feed
from scheduler.archiving import fates_of
from scheduler.assembly import Watch
from scheduler.digesting import templates_of

_LOOKED_AT = 5
"""Cases are looked at for each that a feed may hold: some do not pass the filters of a list."""

_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


class Feeds:
    """The feeds of one installation. ``keep`` may be called as often as one likes; without ``[feeds]`` it does nothing."""

    def __init__(self, watch: Watch) -> None:
        """Take the settings. Raises ConfigError when feeds are wanted and there is no good token."""
        self._watch, self._settings = watch, watch.settings.feeds
        self._token = self._settings.token() if self._settings.asked_for else ""
        self._templates = templates_of(watch.settings)
        self._made: dict[str, bytes] = {}
        self._last: object = None

    def keep(self, now: datetime) -> list[Path]:
        """Make the feeds anew where something changed, and write their files; gives these. Raises DigestError."""
        if not self._settings.asked_for:
            return []
        cases = self._watch.store.cases
        newest = [(one.number, one.revision, one.changed_at) for one in cases.rows(limit=1)]
        if (state := (newest, fates_of(self._watch.store))) != self._last:
            rows = cases.rows(status=LIVE, limit=self._settings.entries * _LOOKED_AT)
            policy = self._watch.settings.disclosure.policy()
            for spec in self._watch.settings.digests:
                made = feed(spec, rows, self._settings, policy=policy, now=now, templates=self._templates)
                self._made |= {f"{spec.name}.{ATOM}": made.atom.encode(), f"{spec.name}.{JSON}": made.json.encode()}
            self._last = state
        return self._written()

    def routes(self) -> list[Route]:
        """Give the route under which the service gives the feeds out; none unless ``served``."""
        return [Route("/feeds/{token}/{name}", self._answer)] if self._settings.served else []

    async def _answer(self, request: Request) -> Response:
        """Give a feed to who knows the token; to anybody else there is nothing here."""
        known = hmac.compare_digest(request.path_params["token"].encode(), self._token.encode())
        body = self._made.get(request.path_params["name"]) if known else None
        if body is None:
            return Response(status_code=404)
        etag = f'"{sha256(body).hexdigest()[:32]}"'
        headers = {**_HEADERS, "ETag": etag}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        ending = request.path_params["name"].rpartition(".")[2]
        return Response(body, media_type=MEDIA_TYPES[ending], headers=headers)

    def _written(self) -> list[Path]:
        """Write the files that differ, and remove those under a token that holds no longer."""
        folder = self._settings.folder
        if folder is None:
            return []
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            files = {folder / self._file_name(name): body for name, body in self._made.items()}
            for path, body in files.items():
                if not path.is_file() or path.read_bytes() != body:
                    write_whole(path, body.decode())
            for path in folder.iterdir():
                if path not in files and re.fullmatch(r"[a-z0-9-]+\.[A-Za-z0-9_-]{32,128}\.(atom|json)", path.name):
                    path.unlink()
        except OSError as cause:
            raise DigestError(f"feeds {folder}: {cause.strerror or cause}") from cause
        return sorted(files)

    def _file_name(self, name: str) -> str:
        of_list, _, ending = name.rpartition(".")
        return f"{of_list}.{self._token}.{ending}"
