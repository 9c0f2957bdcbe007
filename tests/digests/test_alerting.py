"""From the register to people who are told at once, and on until somebody has taken it on."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from cases.disclosure import Policy
from cases.model import Mention, Stage
from cases.register import CaseStatus
from cases.store import By, Delivery, Kept, Store, alert_name
from digests.acknowledging import read_link, who
from digests.alerting import BEGINNING, Way, escalate, preview, raise_alert
from digests.channels import Channel, open_channels
from digests.digest import gather
from digests.links import Links
from digests.spec import DigestSpec

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # noon in Seoul
NIGHT = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Tell = Callable[..., Kept]
LINKS = Links("https://watch.example.org", ["k" * 32])


def spec(alerts: Mapping[str, object] | None = None, **more: Any) -> DigestSpec:  # noqa: ANN401 - as TOML gives it
    given = {
        "name": "weekly",
        "schedule": "Mon 07:00",
        "timezone": "Asia/Seoul",
        "channels": ["email"],
        "recipients": ["a@example.org", "b@example.org"],
        "alerts": alerts or {},
    }
    return DigestSpec.model_validate(given | more)


ESCALATING = {"escalation": [{"after_minutes": 30, "recipients": ["duty@example.org"]}]}


@pytest.fixture
def way(tmp_path: Path) -> Way:
    """A mail server that is never asked, and a folder."""
    tables: dict[str, dict[str, object]] = {
        "email": {"host": "127.0.0.1", "port": 25, "security": "none", "sender": "watch@example.org"},
        "file": {"folder": str(tmp_path / "digests")},
    }
    channels: dict[str, Channel] = open_channels(["email", "file"], tables)
    return Way(policy=Policy(), channels=channels, links=LINKS)


def switched_on(store: Store, what: DigestSpec, way: Way) -> None:
    """Look for alerts for the first time."""
    assert raise_alert(store, what, way, now=NOW - timedelta(hours=1)) == ""


def urgent(tell: Tell, store: Store, path: str = "story", *, now: datetime = NOW, **more: Any) -> Kept:  # noqa: ANN401 - of the report
    return tell(store, path, now=now, stage=Stage.IMMINENT, **more)


def sent(store: Store, *, now: datetime) -> list[Delivery]:
    """Take what may be sent now, and say that it was."""
    taken = store.deliveries.take(now)
    for one in taken:
        store.deliveries.sent(one.id, "ok", now)
    return taken


def mail(delivery: Delivery) -> EmailMessage:
    read = message_from_bytes(delivery.payload, policy=default)
    assert isinstance(read, EmailMessage)
    return read


def text(delivery: Delivery) -> str:
    part = mail(delivery).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_an_alert_waits_for_its_window_and_goes_to_everybody_once(store: Store, tell: Tell, way: Way) -> None:
    what = spec()
    switched_on(store, what, way)
    urgent(tell, store)
    assert raise_alert(store, what, way, now=NOW + 4 * MINUTE) == ""
    subject = raise_alert(store, what, way, now=NOW + 5 * MINUTE)
    assert subject == "[URGENT] two women, China -> North Korea, return imminent (case 2026-0001, rev 1)"
    assert raise_alert(store, what, way, now=NOW + 6 * MINUTE) == ""
    out = sent(store, now=NOW + 6 * MINUTE)
    assert [one.recipient for one in out] == ["a@example.org", "b@example.org"]
    assert all(one.urgent for one in out)
    assert mail(out[0])["Subject"] == subject


def test_one_event_that_ten_articles_tell_is_one_alert(store: Store, tell: Tell, way: Way) -> None:
    what = spec()
    switched_on(store, what, way)
    for number in range(10):
        urgent(tell, store, f"story-{number}", now=NOW + number * timedelta(seconds=20))
    subjects = [raise_alert(store, what, way, now=NOW + minute * MINUTE) for minute in range(12)]
    assert [subject for subject in subjects if subject] == ["[URGENT] 10 urgent (weekly.alerts, 2026-11-22T030500Z)"]
    assert len(sent(store, now=NOW + 12 * MINUTE)) == 2


def test_what_was_known_before_alerts_were_switched_on_alerts_nobody(store: Store, tell: Tell, way: Way) -> None:
    urgent(tell, store)
    switched_on(store, spec(), way)
    assert raise_alert(store, spec(), way, now=NOW + 10 * MINUTE) == ""
    assert store.outbox.find(alert_name("weekly"), BEGINNING) is not None
    assert gather(store, spec(), now=MORNING, policy=Policy()).counted("urgent") == 1


def test_the_next_digest_tells_an_alerted_case_once_as_the_same_revision(store: Store, tell: Tell, way: Way) -> None:
    what = spec()
    switched_on(store, what, way)
    urgent(tell, store)
    raise_alert(store, what, way, now=NOW + 5 * MINUTE)
    digest = gather(store, what, now=MORNING, policy=Policy())
    assert [(card.number, card.revision, card.change) for card in digest.cards] == [("2026-0001", 1, "new")]


@pytest.mark.parametrize(
    "more",
    [{"stage": Stage.COMPLETED}, {"mention": Mention.BACKGROUND}, {"announce": False}],
)
def test_what_alerts_nobody_is_passed_over_and_told_by_the_digest(
    store: Store, tell: Tell, way: Way, more: dict[str, object]
) -> None:
    what = spec()
    switched_on(store, what, way)
    tell(store, "story", now=NOW, **({"stage": Stage.IMMINENT} | more))
    assert raise_alert(store, what, way, now=NOW + 10 * MINUTE) == ""
    assert store.outbox.pending(alert_name("weekly")) == []
    digest = gather(store, what, now=MORNING, policy=Policy())
    assert len((*digest.cards, *digest.older)) == 1


def test_a_filter_of_the_list_holds_for_its_alerts(store: Store, tell: Tell, way: Way) -> None:
    what = spec(states=["RU"])
    switched_on(store, what, way)
    urgent(tell, store)
    assert raise_alert(store, what, way, now=NOW + 10 * MINUTE) == ""


def test_who_wants_no_alerts_gets_none_and_a_digest_without_the_table_has_none(
    store: Store, tell: Tell, way: Way
) -> None:
    what = spec(recipients=["a@example.org", {"address": "b@example.org", "alerts": "never"}])
    switched_on(store, what, way)
    urgent(tell, store)
    raise_alert(store, what, way, now=NOW + 5 * MINUTE)
    assert [one.recipient for one in sent(store, now=NOW + 5 * MINUTE)] == ["a@example.org"]
    assert raise_alert(store, spec().model_copy(update={"alerts": None}), way, now=NOW) == ""


def test_quiet_hours_hold_for_all_but_those_who_want_to_be_woken(store: Store, tell: Tell, way: Way) -> None:
    what = spec(
        {"quiet_hours": "22:00-07:00"},
        recipients=[
            "a@example.org",
            {"address": "night@example.org", "alerts": "always"},
            {"address": "berlin@example.org", "timezone": "Europe/Berlin"},
        ],
    )
    switched_on(store, what, way)
    urgent(tell, store, now=NIGHT)
    raise_alert(store, what, way, now=NIGHT + 5 * MINUTE)
    assert [one.recipient for one in sent(store, now=NIGHT + 5 * MINUTE)] == ["night@example.org", "berlin@example.org"]
    assert sent(store, now=MORNING - MINUTE) == []
    assert [one.recipient for one in sent(store, now=MORNING)] == ["a@example.org"]


def test_further_people_are_told_until_somebody_acknowledges(store: Store, tell: Tell, way: Way) -> None:
    what = spec(ESCALATING)
    switched_on(store, what, way)
    urgent(tell, store)
    raise_alert(store, what, way, now=NOW + 5 * MINUTE)
    sent(store, now=NOW + 5 * MINUTE)
    assert escalate(store, what, way, now=NOW + 34 * MINUTE) == []
    (more,) = escalate(store, what, way, now=NOW + 35 * MINUTE)
    assert more.recipient == "duty@example.org"
    assert escalate(store, what, way, now=NOW + 60 * MINUTE) == [], "nobody is told twice"
    (out,) = sent(store, now=NOW + 60 * MINUTE)
    assert "Nobody has acknowledged this since 22 November 2026, 12:05 KST" in " ".join(text(out).split())


def test_an_acknowledged_alert_wakes_nobody_more(store: Store, tell: Tell, way: Way) -> None:
    what = spec(ESCALATING)
    switched_on(store, what, way)
    urgent(tell, store)
    raise_alert(store, what, way, now=NOW + 5 * MINUTE)
    (alert,) = store.alerts.of_case("2026-0001")
    store.alerts.acknowledge(alert.id, "Mina", NOW + 20 * MINUTE)
    assert escalate(store, what, way, now=NOW + 60 * MINUTE) == []


@pytest.mark.parametrize("held", [CaseStatus.WITHHELD, CaseStatus.REJECTED, CaseStatus.EMBARGOED])
def test_a_case_that_people_hold_back_since_wakes_nobody_more(
    store: Store, tell: Tell, way: Way, held: CaseStatus
) -> None:
    what = spec(ESCALATING)
    switched_on(store, what, way)
    kept = urgent(tell, store)
    raise_alert(store, what, way, now=NOW + 5 * MINUTE)
    store.rulings.hold(kept.changes[0].case.id, held, By(actor="Mina", at=NOW + 6 * MINUTE))
    assert escalate(store, what, way, now=NOW + 60 * MINUTE) == []


def test_how_it_goes_on_is_told_to_all_who_were_alerted_in_the_same_conversation(
    store: Store, tell: Tell, way: Way
) -> None:
    what = spec(ESCALATING)
    switched_on(store, what, way)
    kept = urgent(tell, store)
    raise_alert(store, what, way, now=NOW + 5 * MINUTE)
    escalate(store, what, way, now=NOW + 35 * MINUTE)
    first = {one.recipient: mail(one) for one in sent(store, now=NOW + 36 * MINUTE)}
    store.rulings.hold(kept.changes[0].case.id, CaseStatus.REJECTED, By(actor="Mina", at=NOW + 60 * MINUTE))
    assert raise_alert(store, what, way, now=NOW + 66 * MINUTE).startswith("[UPDATED] 1 withdrawn")
    further = {one.recipient: mail(one) for one in sent(store, now=NOW + 66 * MINUTE)}
    assert set(further) == set(first) == {"a@example.org", "b@example.org", "duty@example.org"}
    for recipient, one in further.items():
        assert one["References"], "mail clients put it into the conversation of the first"
        shared = set(one["References"].split()) & {
            first[recipient]["Message-ID"],
            *first[recipient]["References"].split(),
        }
        assert shared


def test_a_link_names_the_alert_and_the_one_who_follows_it_and_shows_no_address(
    store: Store, tell: Tell, way: Way
) -> None:
    what = spec(ESCALATING)
    switched_on(store, what, way)
    urgent(tell, store)
    raise_alert(store, what, way, now=NOW + 5 * MINUTE)
    (out, _) = sent(store, now=NOW + 5 * MINUTE)
    (link,) = [word for word in text(out).split() if word.startswith("https://watch.example.org/acknowledge/")]
    assert "example.org" not in link.removeprefix("https://watch.example.org")
    said = read_link(LINKS, link.rpartition("/")[2])
    assert said is not None
    assert (said.digest, said.period) == ("weekly", "2026-11-22T030500Z")
    assert who(said.mark, ["b@example.org", "a@example.org"]) == out.recipient
    assert who(said.mark, []) == "somebody with a link"
    assert read_link(LINKS, link.rpartition("/")[2][:-1] + "A") is None or link.endswith("A")


def test_without_a_public_address_the_command_stands_where_the_link_would(store: Store, tell: Tell, way: Way) -> None:
    what = spec(ESCALATING)
    switched_on(store, what, way)
    urgent(tell, store)
    plain = Way(policy=way.policy, channels=way.channels)
    raise_alert(store, what, plain, now=NOW + 5 * MINUTE)
    assert "returnwatch alerts acknowledge 2026-0001" in text(sent(store, now=NOW + 5 * MINUTE)[0])


def test_a_folder_holds_each_alert_once_and_no_further_telling_of_it(store: Store, tell: Tell, way: Way) -> None:
    what = spec(ESCALATING, channels=["file", "email"])
    switched_on(store, what, way)
    urgent(tell, store)
    raise_alert(store, what, way, now=NOW + 5 * MINUTE)
    assert [one.channel for one in sent(store, now=NOW + 5 * MINUTE)] == ["file", "email", "email"]
    escalate(store, what, way, now=NOW + 35 * MINUTE)
    assert [one.channel for one in sent(store, now=NOW + 35 * MINUTE)] == ["email"]


def test_a_preview_shows_what_waits_and_marks_nothing(store: Store, tell: Tell, way: Way) -> None:
    what = spec()
    switched_on(store, what, way)
    urgent(tell, store)
    digest, waits = preview(store, what, Policy(), now=NOW + MINUTE)
    assert ([card.number for card in digest.cards], waits.since) == (["2026-0001"], NOW)
    assert raise_alert(store, what, way, now=NOW + 5 * MINUTE)
