"""What a preview shows is what is sent, in every form; the forms differ in looks and never in cases."""

import dataclasses
import email
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import msgspec
import pytest

from cases.disclosure import Policy
from cases.register import Case
from digests.channels.file import Papers, papers_of
from digests.feeds import FeedSettings, feed
from digests.rendering import Rendered, render
from digests.spec import DigestSpec
from digests.stories import STORIES, Story
from scheduler.archiving import Archive
from scheduler.assembly import Watch
from scheduler.digesting import preview, send_now

AT = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
NUMBER = re.compile(r"2026-\d{4}")


@dataclasses.dataclass(frozen=True)
class Sent:
    """A digest that was shown, sent and put away."""

    shown: Rendered
    papers: Papers
    mail: EmailMessage
    archived: str
    cases: list[Case]


@pytest.fixture
def sent(watch: Watch, config: Path, put: Callable[[Watch, Story], Case]) -> Sent:
    cases = [put(watch, story) for story in STORIES]
    spec = DigestSpec.model_validate(
        {"name": "demo", "schedule": "daily 07:00", "channels": ["file", "email"], "recipients": ["desk@example.org"]}
    )
    tables = {
        **watch.settings.channels,
        "email": {"host": "127.0.0.1", "port": 1, "security": "none", "sender": "watch@example.org"},
    }
    mailing = dataclasses.replace(
        watch, settings=watch.settings.model_copy(update={"digests": (spec,), "channels": tables})
    )
    shown = render(preview(mailing, spec, AT))
    send_now(mailing, spec, AT)
    (record,) = mailing.store.outbox.past("demo")
    by_channel = {one.channel: one for one in mailing.store.deliveries.of(record.id or 0)}
    index = Archive(mailing).keep()
    assert index is not None
    (page,) = index.parent.glob("2026-*-demo.html")
    return Sent(
        shown=shown,
        papers=papers_of(by_channel["file"]),
        mail=email.message_from_bytes(by_channel["email"].payload, policy=default),
        archived=page.read_text(encoding="utf-8"),
        cases=cases,
    )


def test_the_preview_is_what_is_sent_to_the_byte(sent: Sent) -> None:
    assert sent.papers == Papers(html=sent.shown.page_html, txt=sent.shown.text, json=sent.shown.json)
    assert sent.archived == sent.shown.page_html
    html, text = (sent.mail.get_body((kind,)) for kind in ("html", "plain"))
    assert html is not None
    assert text is not None
    assert html.get_content().replace("\r\n", "\n").strip() == sent.shown.mail_html.strip()
    assert sent.shown.text.strip() in text.get_content().replace("\r\n", "\n")


def test_every_form_tells_the_same_cases(sent: Sent, watch: Watch) -> None:
    numbers = [case.number for case in sent.cases]
    told: dict[str, Any] = {
        "page": set(NUMBER.findall(re.sub(r"(?s)<style.*?</style>", "", sent.archived))),
        "text": set(NUMBER.findall(sent.papers.txt)),
        "mail": set(NUMBER.findall(sent.shown.mail_html)),
        "JSON": {one["number"] for one in msgspec.json.decode(sent.papers.json)["cases"]},
        "feed": {
            NUMBER.search(entry.content[0].value).group()  # type: ignore[union-attr]  # each has its number
            for entry in feedparser.parse(fed(sent, watch)).entries
        },
    }
    assert told == {form: set(numbers) for form in told}


@pytest.mark.pango
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_so_does_the_pdf(sent: Sent) -> None:
    from pypdf import PdfReader

    from digests.pdf import pdf

    paper = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf(sent.shown))).pages)
    assert set(NUMBER.findall(paper)) == {case.number for case in sent.cases}


def fed(sent: Sent, watch: Watch) -> str:
    settings = FeedSettings.model_validate({"served": True, "token_env": "T", "authority": "desk.example.org"})
    return feed(watch.settings.digest_named("demo"), sent.cases, settings, policy=Policy(), now=AT).atom
