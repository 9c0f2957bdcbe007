"""Cases → an Atom and a JSON feed for each list: private, disclosed as digests are, and quiet while nothing material changes.

A feed holds the cases that pass the filters of its list, the latest change first; cases of long ago that were newly found are left
out, since a feed reader would announce them. Ids never change (RFC 4151), ``updated`` is when a case last had a new revision,
and neither form holds a character that XML 1.0 forbids. Feeds are off until the operator names a token: whoever knows the
address reads them.
"""

import os
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import msgspec
from pydantic import BaseModel, ConfigDict, Field, model_validator

from cases.disclosure import Policy, disclose
from cases.errors import ConfigError
from cases.model import Value
from cases.register import Case
from digests.card import card
from digests.choice import is_urgent
from digests.digest import TITLE
from digests.filters import passed_over_by
from digests.phrases import said_in
from digests.spec import DigestSpec
from digests.speech import Speech, speech
from digests.templating import BUILT_IN, Templates
from digests.view import CaseCard

ATOM, JSON = "atom", "json"
MEDIA_TYPES = {ATOM: "application/atom+xml; charset=utf-8", JSON: "application/feed+json; charset=utf-8"}

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,128}")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 allows in no form, not even escaped."""


class FeedSettings(BaseModel):
    """``[feeds]``: an Atom and a JSON feed of each list; none without a token (docs/forms.md)."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    folder: Path | None = None
    """Folder for the feeds as files, ``<list>.<token>.atom`` and ``.json``; readable by their owner alone."""
    served: bool = False
    """Whether the service gives them out, at ``/feeds/<token>/<list>.atom`` and ``.json``."""
    token_env: str = ""
    """Name of the environment variable that holds the token: 32 to 128 letters, digits, hyphens and underscores."""
    token_file: Path | None = None
    """File whose first line is the token."""
    authority: str = Field(default="", pattern=r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$|^$", max_length=200)
    """A domain of yours, such as "desk.example.org"; it stands in every entry's id and must not change later."""
    entries: int = Field(default=200, ge=1, le=2000)
    """Cases that a feed holds at most."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.token_env and self.token_file:
            raise ValueError("token_env and token_file are both given; one of them must go")
        if self.asked_for and not (self.token_env or self.token_file):
            raise ValueError("feeds are private: they need token_env or token_file")
        if self.asked_for and not self.authority:
            raise ValueError('authority is required: a domain of yours, such as "desk.example.org"')
        return self

    @property
    def asked_for(self) -> bool:
        """Whether there are feeds at all."""
        return self.served or self.folder is not None

    def token(self) -> str:
        """Read the token now. Raises ConfigError when it is missing, or could be guessed; the message never holds it."""
        where = f"token_file {self.token_file}" if self.token_file else f"token_env {self.token_env}"
        try:
            token = self.token_file.read_text(encoding="utf-8") if self.token_file else os.environ[self.token_env]
        except (OSError, UnicodeDecodeError, KeyError) as cause:
            raise ConfigError(f"[feeds] {where}: there is no token: {type(cause).__name__}") from cause
        token = token.strip().partition("\n")[0].strip()
        if not _TOKEN.fullmatch(token):
            raise ConfigError(
                f"[feeds] {where}: a token has 32 to 128 letters, digits, hyphens or underscores; "
                "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        return token


class Entry(Value, frozen=True, kw_only=True):
    """One case in a feed."""

    id: str
    title: str
    published: datetime
    updated: datetime
    card: CaseCard
    html: str


class Feed(Value, frozen=True, kw_only=True):
    """The feed of one list, in both forms."""

    name: str
    atom: str
    json: str


def feed(
    spec: DigestSpec,
    cases: Iterable[Case],
    settings: FeedSettings,
    *,
    policy: Policy,
    now: datetime,
    templates: Templates = BUILT_IN,
) -> Feed:
    """Make the feed of a list from cases of the register, the latest change first. Raises RenderError.

    ``now`` decides what is urgent, and stands for the time of a feed that has no entry yet.
    """
    words = speech(spec.language)
    entries: list[Entry] = []
    for case in cases:
        if len(entries) == settings.entries:
            break
        if one := _entry(spec, case, settings, policy=policy, now=now, templates=templates, words=words):
            entries.append(one)
    title, updated = spec.title or words.gettext(TITLE), max((one.updated for one in entries), default=now)
    values = {
        "title": title,
        "name": spec.name,
        "id": _tag(settings, "list", spec.name, datetime(2026, 1, 1, tzinfo=UTC)),
        "updated": updated,
        "told": entries,
    }
    atom = templates.fill("feed.xml.j2", language=words.code, **values, **said_in(words.code))
    return Feed(name=spec.name, atom=_NOT_XML.sub("", atom), json=_json_feed(title, spec.name, entries, words.code))


def _entry(
    spec: DigestSpec,
    case: Case,
    settings: FeedSettings,
    *,
    policy: Policy,
    now: datetime,
    templates: Templates,
    words: Speech,
) -> Entry | None:
    leaves = disclose(case, policy)
    if leaves is None or not case.announce or passed_over_by(spec, case, leaves):
        return None
    made = card(leaves, case_id=case.id, change="new", urgent=is_urgent(case, now), zone=spec.zone, speech=words)
    return Entry(
        id=_tag(settings, "case", case.id, case.opened_at),
        title=words.gettext("{stage}: {headline}", stage=made.stage_words, headline=made.headline),
        published=case.opened_at,
        updated=case.changed_at,
        card=made,
        html=templates.fill("feed_case.html.j2", card=made, **said_in(words.code)).strip(),
    )


def _tag(settings: FeedSettings, kind: str, which: str, since: datetime) -> str:
    """Write a tag URI (RFC 4151): it is nobody else's, leads nowhere, and stays."""
    return f"tag:{settings.authority},{since:%Y-%m-%d}:{kind}/{which}"


def _json_feed(title: str, name: str, entries: Sequence[Entry], language: str) -> str:
    """Write JSON Feed 1.1 (jsonfeed.org)."""
    tree: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{title} ({name})",
        "language": language,
        "items": [_item(one) for one in entries],
    }
    return msgspec.json.format(msgspec.json.encode(tree), indent=2).decode() + "\n"


def _item(entry: Entry) -> dict[str, Any]:
    shown = entry.card
    lead = next((source.url for source in shown.sources if source.url), None)
    return {
        "id": entry.id,
        "title": entry.title,
        "content_html": _NOT_XML.sub("", entry.html),
        "date_published": entry.published,
        "date_modified": entry.updated,
        **({"external_url": lead} if lead else {}),
        "tags": [shown.stage.value, shown.status],
        "_returnwatch": {"number": shown.number, "revision": shown.revision, "stage": shown.stage.value},
    }
