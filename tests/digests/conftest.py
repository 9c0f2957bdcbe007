"""Builders and shared parts of the tests of digests: invented cases in several languages, and a real SMTP server."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import HTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.smtp import SMTP
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from cases.disclosure import (
    DisclosedAuthority,
    DisclosedBasis,
    DisclosedCase,
    DisclosedClaim,
    DisclosedConflict,
    DisclosedEvent,
    DisclosedPlace,
    DisclosedQuote,
    DisclosedSource,
    DisclosedVictim,
    Policy,
)
from cases.ledger import Run, SourceOutcome, SourceStatus
from cases.model import (
    Age,
    Article,
    Evidence,
    Judgement,
    Label,
    Mention,
    Outcome,
    Persons,
    Report,
    Stage,
    Verdict,
    Victim,
)
from cases.register import Decision, Opened
from cases.silence import Silence
from cases.store import Delivery, Kept, OutMessage, Store, open_store
from digests.card import card
from digests.coverage import coverage, truth
from digests.dates import days, moment
from digests.digest import HEADINGS, TITLE, withheld
from digests.speech import ENGLISH, Speech
from digests.view import CaseCard, Coverage, Digest, Section

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(days=7)
QUIET = Silence(since=NOW - timedelta(days=19), usual=timedelta(days=2))


def quote(paragraph: str, sentence: str, *fields: str, source: int = 0) -> DisclosedQuote:
    """Cut a sentence out of its paragraph, as disclosure hands it over."""
    before, found, after = paragraph.partition(sentence)
    assert found, "the sentence stands in the paragraph"
    return DisclosedQuote(fields=fields or ("stage",), before=before, sentence=sentence, after=after, source=source)


def disclosed(number: str, stage: Stage, **more: Any) -> DisclosedCase:  # noqa: ANN401 - the fields of the case
    """A case as it may leave the store; what is not given is not said."""
    given: dict[str, Any] = {
        "revision": 1,
        "status": "new",
        "opened_at": NOW,
        "changed_at": NOW,
        "assertion": "asserted",
        "from_state": "CN",
        "to_state": "KP",
    }
    return DisclosedCase(number=number, stage=stage, **(given | more))


def told_by(title: str, lang: str, source: str, day: int = 20, path: str = "story") -> DisclosedSource:
    """An article of November 2026."""
    return DisclosedSource(
        title=title,
        url=f"https://news.example.org/{lang.lower()}/{path}",
        source_title=source,
        published=datetime(2026, 11, day, 3, tzinfo=UTC),
        lang=lang,
    )


EN_IMMINENT = (
    "The twelve were moved on Tuesday from a farm near the river to a border facility that has held returnees before. "
    "Two officers told relatives that all twelve will be handed over to North Korea within days. "
    "Nobody outside has been allowed to see them, and no lawyer has been named."
)
KO_FAMILY = (
    "소식통은 지난달 중순 가족이 머물던 집에 공안이 들이닥쳤다고 전했다. "
    "중국 공안은 어린아이 둘을 포함한 일가족 다섯 명을 붙잡아 이튿날 투먼 다리를 통해 강제로 북송했다. "
    "그 뒤로 가족의 소식은 끊겼다고 이웃들은 말했다."
)
ZH_WOMAN = (
    "据当地居民讲述，警察在凌晨进入村庄逐户检查证件。一名怀孕的朝鲜籍妇女当场被带走，几天后被强制遣返回朝鲜。"
    "她的家人至今没有收到任何通知，也不知道她被关押在哪里。"
)
FR_AVERTED = (
    "Après l’intervention de plusieurs associations, le tribunal a suspendu la mesure. "
    "Les deux hommes ne seront pas renvoyés vers la Corée du Nord\u00a0: ils ont été libérés mardi et ont demandé l’asile. "
    "Leur avocate parle d’un précédent important."
)
RU_CUSTODY = (
    "Рабочий ушёл со стройки ещё весной и несколько месяцев прятался у знакомых. "
    "В начале ноября его задержали сотрудники миграционной службы, и теперь ему грозит принудительное возвращение в КНДР. "
    "Правозащитники просят не выдавать его."
)
EN_MASS = (
    "Activists who follow the border say that the operation began before dawn. "
    "About 600 people were returned through five crossings in a single night, according to two groups that count buses. "
    "Officials have not commented."
)
EN_DEATH = (
    "Neighbours say she had been told the evening before that the bus would leave at six. "
    "She took her own life in the holding room before she could be sent back. "
    "Her two children are with a family in the same town."
)


def rich_cards(speech: Speech = ENGLISH) -> dict[str, CaseCard]:
    """One card of every kind, from invented cases."""
    imminent = disclosed(
        "2026-0041",
        Stage.IMMINENT,
        persons=Persons(min=12, max=12),
        multiplicity="group",
        events=(
            DisclosedEvent(type="arrest", start=date(2026, 10, 1), end=date(2026, 10, 31), precision="month"),
            DisclosedEvent(type="transfer", start=date(2026, 11, 1), end=date(2026, 11, 30), precision="month"),
        ),
        places=(DisclosedPlace(role="held", name="Yanbian", parents=("Jilin",), country="CN", level="prefecture"),),
        authorities=(DisclosedAuthority(name="Border guard unit", type="border_guard", country="CN"),),
        quotes=(
            quote(EN_IMMINENT, EN_IMMINENT.split(". ")[1] + ".", "stage", "persons"),
            quote(EN_IMMINENT, EN_IMMINENT.split(". ", maxsplit=1)[0] + ".", "events[1]", "places[0]"),
        ),
        sources=(told_by("Twelve held at the border face return, relatives say", "en", "Borderland Courier"),),
    )
    custody = disclosed(
        "2026-0042",
        Stage.IN_CUSTODY_AT_RISK,
        from_state="RU",
        persons=Persons(min=1, max=1),
        victims=(DisclosedVictim(label="V1", sex="male", age=Age(min=30, max=39), nationality="KP"),),
        assertion="alleged",
        events=(DisclosedEvent(type="detention", start=date(2026, 11, 1), end=date(2026, 11, 30), precision="month"),),
        places=(DisclosedPlace(role="arrest", name="Primorsky", country="RU", level="province"),),
        authorities=(DisclosedAuthority(name="Migration service", type="immigration", country="RU"),),
        legal_bases=(DisclosedBasis(instrument="Refugee Convention", invoked_by="a human-rights group"),),
        outcome=Outcome(value="detained", as_of=date(2026, 11, 1)),
        quotes=(quote(RU_CUSTODY, RU_CUSTODY.split(". ")[1] + ".", "stage", "authorities[0]", "events[0]"),),
        sources=(told_by("Строителю из КНДР грозит принудительное возвращение", "ru", "Хроника Приморья"),),
    )
    family = disclosed(
        "2026-0043",
        Stage.COMPLETED,
        multiplicity="family",
        persons=Persons(min=5, max=5),
        victims=(
            DisclosedVictim(label="V1", sex="female", nationality="KP"),
            DisclosedVictim(label="V2", sex="male", nationality="KP"),
            DisclosedVictim(label="V3", minor=True, nationality="KP"),
        ),
        events=(
            DisclosedEvent(type="arrest", start=date(2026, 10, 1), end=date(2026, 10, 31), precision="month"),
            DisclosedEvent(type="return", start=date(2026, 10, 1), end=date(2026, 10, 31), precision="month"),
        ),
        places=(
            DisclosedPlace(role="arrest", name="Yanbian", parents=("Jilin",), country="CN"),
            DisclosedPlace(role="destination", name="North Hamgyong", country="KP"),
        ),
        authorities=(DisclosedAuthority(name="Public security", type="public_security", country="CN"),),
        outcome=Outcome(value="fate_unknown", as_of=date(2026, 11, 19)),
        quotes=(
            quote(KO_FAMILY, KO_FAMILY.split("다. ")[1] + "다.", "stage", "persons", "events[1]"),
            quote(EN_MASS, "Officials have not commented.", "authorities[0]", source=1),
        ),
        sources=(
            told_by("국경의 밤, 일가족 다섯 명 강제 북송", "ko", "두만강 통신", 18),
            told_by("Family of five sent back across the river", "en", "Borderland Courier", 19, path="a" * 140),
        ),
        origins=2,
    )
    pregnant = disclosed(
        "2026-0044",
        Stage.COMPLETED,
        persons=Persons(min=1, max=1),
        victims=(DisclosedVictim(label="V1", sex="female", pregnant=True, nationality="KP"),),
        places=(DisclosedPlace(role="arrest", name="Liaoning", country="CN", level="province"),),
        authorities=(DisclosedAuthority(name="Police", type="police", country="CN"),),
        quotes=(quote(ZH_WOMAN, "一名怀孕的朝鲜籍妇女当场被带走，几天后被强制遣返回朝鲜。", "stage", "victims[0]"),),
        sources=(told_by("警察凌晨入村查证件，孕妇被遣返", "zh-Hans", "鸭绿江观察", 17),),
    )
    mass = disclosed(
        "2026-0012",
        Stage.COMPLETED,
        revision=3,
        multiplicity="mass",
        assertion="attributed",
        persons=Persons(min=600, max=600, qualifier="about"),
        events=(DisclosedEvent(type="return", start=date(2026, 9, 1), end=date(2026, 10, 31), precision="range"),),
        quotes=(quote(EN_MASS, EN_MASS.split(". ")[1] + ".", "stage", "persons"),),
        sources=(
            told_by("Night of buses: what two counts agree on", "en", "The Long Crossing", 21),
            told_by("Hundreds returned overnight", "en", "Borderland Courier", 21, path="overnight"),
        ),
        conflicts=(
            DisclosedConflict(
                field="persons",
                claims=(
                    DisclosedClaim(value="about 600", sources=("The Long Crossing",)),
                    DisclosedClaim(value="200 to 300", sources=("Borderland Courier",)),
                ),
            ),
        ),
    )
    averted = disclosed(
        "2026-0031",
        Stage.AVERTED,
        revision=2,
        from_state="FR",
        persons=Persons(min=2, max=2),
        victims=(DisclosedVictim(label="V1", sex="male"), DisclosedVictim(label="V2", sex="male")),
        outcome=Outcome(value="released", as_of=date(2026, 11, 1)),
        quotes=(quote(FR_AVERTED, FR_AVERTED.split(". ")[1] + ".", "stage", "outcome"),),
        sources=(told_by("Deux hommes échappent au renvoi", "fr", "La Lettre des frontières", 20),),
    )
    death = disclosed(
        "2026-0029",
        Stage.DEATH_BEFORE_RETURN,
        persons=Persons(min=1, max=1),
        victims=(DisclosedVictim(label="V1", sex="female"),),
        outcome=Outcome(value="died", as_of=date(2026, 11, 1)),
        quotes=(quote(EN_DEATH, EN_DEATH.split(". ")[1] + ".", "stage"),),
        sources=(told_by("A death in the holding room", "en", "Borderland Courier", 16),),
    )
    older = disclosed(
        "2026-0045",
        Stage.COMPLETED,
        persons=Persons(min=1, max=1),
        victims=(DisclosedVictim(label="V1", sex="female"),),
        events=(DisclosedEvent(type="return", start=date(2014, 1, 1), end=date(2014, 12, 31), precision="year"),),
        sources=(told_by("Looking back: the winter road", "en", "The Long Crossing", 12),),
    )

    def made(case: DisclosedCase, change: Any, **more: Any) -> CaseCard:  # noqa: ANN401 - as the card takes them
        return card(case, case_id=f"0193-{case.number}", change=change, zone=SEOUL, speech=speech, **more)

    return {
        "imminent": made(imminent, "new", urgent=True),
        "custody": made(custody, "new", urgent=True),
        "family": made(family, "new"),
        "pregnant": made(pregnant, "new"),
        "death": made(death, "new"),
        "mass": made(mass, "updated", changed_fields=("persons", "events[0]")),
        "averted": made(averted, "corroborated", changed_fields=("outcome",)),
        "older": made(older, "backfilled"),
    }


def run(source: str, outcome: SourceOutcome, **more: Any) -> Run:  # noqa: ANN401 - the fields of the run
    """One visit on the eve of the digest."""
    at = NOW - timedelta(hours=6)
    return Run(
        source=source, trigger="schedule", outcome=outcome, started_at=at, finished_at=at + timedelta(minutes=2), **more
    )


def status(name: str, title: str, last: Run | None, **more: Any) -> SourceStatus:  # noqa: ANN401 - as above
    """A source as the store tells of it."""
    given: dict[str, Any] = {
        "enabled": True,
        "next_due": NOW,
        "running": False,
        "last_success": NOW - timedelta(hours=6),
        "failures": 0.0,
        "articles": 100,
        "reports": 4,
    }
    return SourceStatus(name=name, title=title, last_run=last, **(given | more))


def rich_coverage(speech: Speech = ENGLISH) -> Coverage:
    """Five sources: two that gave something, one quiet, one failing, one without a visit."""
    runs = [
        run(
            "courier",
            SourceOutcome.OK,
            requests=24,
            entries=118,
            articles=16,
            reports=4,
            cases_new=3,
            set_aside={"known": 80, "untagged": 20, "too_old": 2},
            labels={"case_report": 4, "policy_or_law": 5, "unrelated": 6, "history": 1},
            judged={"report": 4, "near_miss": 2, "below_threshold": 10},
        ),
        run(
            "tumen",
            SourceOutcome.OK,
            requests=9,
            entries=40,
            articles=7,
            reports=2,
            cases_new=2,
            set_aside={"known": 31, "unreadable": 2},
            labels={"case_report": 2, "unrelated": 5},
            judged={"report": 2, "near_miss": 1, "below_threshold": 4},
            warnings=("the site says that it has 45 articles, 40 were listed",),
        ),
        run("crossing", SourceOutcome.NOTHING_NEW, requests=2, entries=12, set_aside={"known": 12}),
        run(
            "lettre",
            SourceOutcome.UNREACHABLE,
            requests=3,
            detail="https://lettre.example.org/feed/ gave no answer within 20 seconds, three times",
        ),
    ]
    statuses = [
        status("courier", "Borderland Courier", runs[0]),
        status("tumen", "두만강 통신", runs[1]),
        status("crossing", "The Long Crossing", runs[2], quiet=QUIET),
        status("lettre", "La Lettre des frontières", runs[3], failures=2.0, last_success=NOW - timedelta(days=3)),
        status("yalu", "鸭绿江观察", None, last_success=None),
        status("retired", "A source that is switched off", None, enabled=False),
    ]
    return coverage(statuses, runs, since=BEFORE, near_misses=3, zone=SEOUL, speech=speech)


def digest_of(cards: dict[str, CaseCard], seen: Coverage, speech: Speech = ENGLISH) -> Digest:
    """A digest that holds these cards in their sections."""
    plan: dict[Any, tuple[str, ...]] = {
        "urgent": ("imminent", "custody"),
        "new": ("family", "pregnant", "death"),
        "changed": ("mass",),
        "corroborated": ("averted",),
    }
    sections = tuple(
        Section(
            key=key,
            heading=speech.gettext(HEADINGS[key][0]),
            note=speech.gettext(HEADINGS[key][1]),
            cards=tuple(cards[name] for name in names if name in cards),
        )
        for key, names in plan.items()
        if any(name in cards for name in names)
    )
    local = NOW.astimezone(SEOUL)
    return Digest(
        name="weekly",
        title=speech.gettext(TITLE),
        language=speech.code,
        period="2026-11-23",
        period_words=days(BEFORE.astimezone(SEOUL).date(), local.date(), speech),
        created_at=NOW,
        created_words=moment(local, speech),
        sections=sections,
        older=tuple(cards[name] for name in ("older",) if name in cards),
        repeated=("2026-0003",) if cards else (),
        withdrawn=("2026-0017",) if cards else (),
        change_ids=(1, 2, 3),
        coverage=seen,
        truth=truth(seen, speech),
        withheld=withheld(Policy(), speech),
    )


def rich_digest(speech: Speech) -> Digest:
    """A digest with everything in it, in one language."""
    return digest_of(rich_cards(speech), rich_coverage(speech), speech)


@pytest.fixture
def rich_in() -> Callable[[Speech], Digest]:
    """Make a digest with everything in it, in one language."""
    return rich_digest


@pytest.fixture
def rich() -> Digest:
    """A digest with everything in it."""
    return rich_digest(ENGLISH)


@pytest.fixture
def quiet() -> Digest:
    """A digest with nothing to tell but the coverage."""
    return digest_of({}, rich_coverage())


@pytest.fixture
def cards() -> dict[str, CaseCard]:
    """One card of every kind, by its nickname."""
    return rich_cards()


@pytest.fixture
def visit() -> Callable[..., Run]:
    """Make one visit to a source."""
    return run


@pytest.fixture
def watched() -> Callable[..., SourceStatus]:
    """Make the state of a source."""
    return status


@pytest.fixture
def compiled() -> Callable[[dict[str, CaseCard], Coverage], Digest]:
    """Put cards and coverage together into a digest."""
    return digest_of


class Mailbox:
    """Handler of a real SMTP server on loopback: what arrived, and how it is to answer."""

    def __init__(self) -> None:
        self.received: list[tuple[list[str], bytes]] = []
        self.refuses: dict[str, str] = {}
        """Answer to RCPT by address."""
        self.answer = "250 2.0.0 queued as 4711"
        self.hangs_up = False
        """Take the message and end the connection without an answer."""
        self.thinks_s = 0.0
        """Seconds before the answer to a message."""
        self.port = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: ANN401, N802 - as the server calls it
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ANN401, N802 - as above
        self.received.append((list(envelope.rcpt_tos), envelope.content))
        if self.hangs_up:
            server.transport.abort()
        await asyncio.sleep(self.thinks_s)
        return self.answer


@contextmanager
def smtp_server(mailbox: Mailbox, **options: Any) -> Iterator[Mailbox]:  # noqa: ANN401 - as the server takes them
    """Run a real SMTP server on a free port of loopback, in a thread with its own loop."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def protocol() -> SMTP:
        return SMTP(mailbox, loop=loop, hostname="mail.example.org", **options)

    async def start() -> asyncio.Server:
        return await loop.create_server(protocol, "127.0.0.1", 0)

    async def stop(running: asyncio.Server) -> None:
        running.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        asyncio.run_coroutine_threadsafe(stop(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@pytest.fixture
def serving() -> Callable[[HTTPServer], AbstractContextManager[HTTPServer]]:
    """Run an HTTP server in a thread, and end it."""

    @contextmanager
    def serve(server: HTTPServer) -> Iterator[HTTPServer]:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    return serve


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mailbox behind a real SMTP server that takes everything."""
    with smtp_server(Mailbox()) as running:
        yield running


@pytest.fixture
def serve_smtp() -> Callable[..., AbstractContextManager[Mailbox]]:
    """Run a real SMTP server with options of its own."""
    return lambda **options: smtp_server(Mailbox(), **options)


def underway(message: OutMessage) -> Delivery:
    """The row of a message that is being sent for the first time."""
    return Delivery(
        id=1,
        digest_id=1,
        digest="weekly",
        period="2026-11-23",
        channel=message.channel,
        recipient=message.recipient,
        message_id=message.message_id,
        payload=message.payload,
        state="sending",
        tries=1,
        due_at=None,
        changed_at=NOW,
    )


@pytest.fixture
def sending() -> Callable[[OutMessage], Delivery]:
    """Make the row of a message that is being sent for the first time."""
    return underway


@pytest.fixture
def self_signed(tmp_path: Path) -> Callable[..., tuple[Path, Path]]:
    """Make a certificate that vouches for itself, and its key, as files."""

    def make(
        name: x509.GeneralName,
        key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | None = None,
        days: tuple[int, int] = (-1, 1),
        usage: x509.KeyUsage | None = None,
    ) -> tuple[Path, Path]:
        key = key or ec.generate_private_key(ec.SECP256R1())
        subject, today = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, str(name.value))]), datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(today + timedelta(days=days[0]))
            .not_valid_after(today + timedelta(days=days[1]))
            .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        )
        if usage:
            made = made.add_extension(usage, critical=True)
        public, private = tmp_path / "cert.pem", tmp_path / "key.pem"
        public.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
        private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return public, private

    return make


SENTENCE = "Officers handed two women over at the river last month."
PARAGRAPHS = (
    f"People in the town keep count.\n\nA neighbour was there. {SENTENCE} Nobody has heard of them since.\n\nThe end."
)


def told_in(store: Store, path: str, *, now: datetime = NOW - timedelta(hours=5), **more: Any) -> Kept:  # noqa: ANN401 - of the report
    """Keep an article that opens a case; ``announce`` and the fields of the report may be given."""
    announce = more.pop("announce", True)
    start = PARAGRAPHS.index(SENTENCE)
    given: dict[str, Any] = {
        "mention": Mention.PRIMARY,
        "stage": Stage.COMPLETED,
        "from_state": "CN",
        "to_state": "KP",
        "persons": Persons(min=2, max=2),
        "victims": (Victim(label="V1", sex="female"),),
        "evidence": (Evidence(field="stage", text=SENTENCE, start=start, end=start + len(SENTENCE)),),
    }
    report = Report(**(given | more))
    article = Article(
        url=f"https://news.example.org/{path}",
        title=f"A story about {path}",
        text=PARAGRAPHS,
        lang="en",
        published=now - timedelta(days=1),
        source="courier",
    )
    verdict = Verdict(label=Label.CASE_REPORT, report=True, score=0.9)
    decision = Decision(
        judgement=Judgement(verdict=verdict, lang="en", reports=(report,)),
        effects=(Opened(report=report, announce=announce),),
    )
    return store.articles.keep(article, None, decision, now=now, source_title="Borderland Courier")


@pytest.fixture
def tell() -> Callable[..., Kept]:
    """Keep an article that opens a case."""
    return told_in


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A fresh store; both engines keep the same promises, and tests/cases/store holds them to it."""
    with open_store(f"sqlite:///{tmp_path}/watch.db") as opened:
        yield opened
