"""Values of a case → words of a language: every code gets the same words in page, mail and text.

Vocabulary only: nothing is decided here, and what a value does not say is not said. Words are plain text and not escaped. Stage
and outcome words follow the schema of the case; they report, they do not find. The tables hold English, marked for the
catalogues; a ``Speech`` says it in its own language.
"""

from datetime import timedelta

from cases.disclosure import DisclosedAuthority, DisclosedEvent, DisclosedPlace
from cases.ledger import Judged, Run, SetAside, SourceOutcome, Wall
from cases.model import Label, Outcome, Stage
from cases.register import ChangeKind
from digests.dates import month, when
from digests.names import country
from digests.speech import ENGLISH, Speech, of_context, term, terms

STAGES = {
    # Translators: how far a return has gone, as reports tell it. "Returned" means brought back against the will of the person
    # (refoulement, forced repatriation), never of one's own will. These words report; they must not sound like a verdict.
    Stage.FEARED: term("Return feared"),
    Stage.IN_CUSTODY_AT_RISK: term("In custody, at risk of return"),
    Stage.IMMINENT: term("Return imminent"),
    Stage.COMPLETED: term("Returned"),
    Stage.INDIRECT_COMPLETED: term("Returned through another State"),
    Stage.SUSPENDED: term("Return suspended"),
    Stage.AVERTED: term("Return averted"),
    Stage.DEATH_BEFORE_RETURN: term("Died before return"),
    Stage.UNKNOWN: term("Stage not clear"),
}

CHANGES: dict[ChangeKind, str] = {
    # Translators: what is new about a case since the last digest.
    "new": term("New"),
    "updated": term("Updated"),
    "corroborated": term("Corroborated"),
    "repeated": term("Told again"),
    "corrected": term("Corrected"),
    "withdrawn": term("Withdrawn"),
    "backfilled": term("Older case"),
}

OUTCOMES = {
    # Translators: what is known of the person afterwards. "Fate unknown" is the term of enforced disappearances.
    "fate_unknown": term("Fate unknown"),
    "detained": term("Detained"),
    "imprisoned": term("Imprisoned"),
    "released": term("Released"),
    "resettled": term("Resettled"),
    "returned_to_host": term("Came back to the country that had returned them"),
    "died": term("Died"),
    "executed_reported": term("Reported executed"),
}

EVENTS = {
    # Translators: what happened to the person, with its date behind it: "Arrested: October 2026".
    "flight": term("Fled"),
    "arrival": term("Arrived"),
    "police_visit": term("Police visit"),
    "arrest": term("Arrested"),
    "transfer": term("Moved"),
    "detention": term("Detained"),
    "return": term("Returned"),
    "last_contact": term("Last contact"),
    "death": term("Died"),
    "release": term("Released"),
    "media_report": term("First reported"),
}

ROLES = {
    # Translators: what a place is to the case.
    "origin": term("From {place}"),
    "residence": term("Lived in {place}"),
    "arrest": term("Arrested in {place}"),
    "held": term("Held in {place}"),
    "transfer": term("Moved through {place}"),
    "crossing": term("Crossed at {place}"),
    "destination": term("Sent to {place}"),
}

AUTHORITIES = {
    # Translators: kinds of authority, in brackets behind the name that the article gives: "Bureau 5 (state security)".
    "police": term("police"),
    "public_security": term("public security"),
    "border_guard": term("border guard"),
    "immigration": term("immigration"),
    "state_security": term("state security"),
    "military": term("military"),
    "prison": term("prison"),
    "embassy_agents": term("embassy agents"),
    "party": term("party"),
    "unknown": "",
}

ASSERTIONS = {
    # Translators: how the source tells it. "denied": those whom the article holds responsible say that it is not so.
    "asserted": "",
    "attributed": term("The source attributes this to others."),
    "alleged": term("The source tells this as an allegation."),
    "denied": term("Those said to be responsible deny it."),
    "hypothetical": term("The source tells this as a possibility."),
}

FIELDS = {
    # Translators: names of the things that are known of a case, inside a sentence: "Changed: number of people, dates."
    "stage": term("stage"),
    "from": term("State of departure"),
    "from_state": term("State of departure"),
    "to": term("State of destination"),
    "to_state": term("State of destination"),
    "persons": term("number of people"),
    "victims": term("people"),
    "events": term("dates"),
    "places": term("places"),
    "authorities": term("authority"),
    "legal_bases": term("legal basis"),
    "outcome": term("outcome"),
    "informants": term("who told it"),
    "collateral": term("what was done to others"),
}

OUTCOMES_OF_VISITS = {
    # Translators: how the program's last visit to a news site ended, behind the name of the site.
    SourceOutcome.OK: term("read, with something new"),
    SourceOutcome.NOTHING_NEW: term("read, nothing new"),
    SourceOutcome.NOT_MODIFIED: term("unchanged since the last visit"),
    SourceOutcome.SAME_BYTES: term("the same as at the last visit"),
    SourceOutcome.EMPTY: term("answered with an empty list"),
    SourceOutcome.BLOCKED: term("refused us"),
    SourceOutcome.UNREACHABLE: term("could not be reached"),
    SourceOutcome.FORBIDDEN: term("forbids us by robots.txt"),
    SourceOutcome.GONE: term("page is gone"),
    SourceOutcome.MOVED: term("has moved to another site"),
    SourceOutcome.PARSE_FAILED: term("answered, but could not be read"),
    SourceOutcome.LAYOUT_CHANGED: term("has changed its layout"),
    SourceOutcome.FAILED: term("could not be visited: a fault here"),
    SourceOutcome.STOPPED: term("visit was cut short"),
}

WALLS = {
    # Translators: why a news site let the program not in, behind the name of the site.
    Wall.CHALLENGE: term("wants proof of a human"),
    Wall.LOGIN: term("wants a log-in"),
    Wall.PAYWALL: term("wants to be paid"),
    Wall.REFUSED: term("refused us"),
    Wall.TOO_MANY: term("wants fewer requests"),
    Wall.LEGAL: term("withheld for legal reasons"),
}

JUDGED = {
    # Translators: how far articles came, each with its number before it: "3 below the threshold". "Near miss": an article that
    # nearly counted as a report, and waits for a person to look at it.
    Judged.REPORT: terms("report", "reports"),
    Judged.NEAR_MISS: terms("near miss for a person to look at", "near misses for a person to look at"),
    Judged.BELOW_THRESHOLD: terms("below the threshold", "below the threshold"),
    Judged.OTHER_LANGUAGE: terms("in a language not supported", "in a language not supported"),
}

SET_ASIDE = {
    # Translators: why pages were not read, each with its number before it: "12 already read".
    SetAside.KNOWN: term("already read"),
    SetAside.UNTAGGED: term("without a watched tag"),
    SetAside.TOO_OLD: term("too old"),
    SetAside.DUPLICATE: term("listed twice"),
    SetAside.EXCLUDED: term("left out by the source file"),
    SetAside.UNREADABLE: term("unreadable"),
    SetAside.UNREACHABLE: term("not reachable"),
    SetAside.FORBIDDEN: term("not permitted to fetch"),
    SetAside.READING_TIMED_OUT: term("took too long to read"),
    SetAside.NOT_REACHED: term("left for the next visit"),
}

FILTERS = {
    # Translators: why a list of recipients is not told of cases, behind their number: "3 in other States".
    "states": term("in other States"),
    "routes": term("on other routes"),
    "places": term("at other places"),
    "stages": term("at another stage"),
    "languages": term("told in other languages"),
    "sources": term("told by other sources"),
    "tags": term("under other tags"),
    "min_confidence": term("below the confidence asked for"),
    "corroborated": term("told by one origin alone"),
}

LABELS = {
    # Translators: what articles are about, each with its number before it: "5 on policy or law".
    Label.CASE_REPORT: terms("report of a case", "reports of cases"),
    Label.AGGREGATE_REPORT: terms("report of numbers only", "reports of numbers only"),
    Label.POLICY_OR_LAW: terms("on policy or law", "on policy or law"),
    Label.HISTORY: terms("on history", "on history"),
    Label.OTHER_REMOVAL: terms("on another kind of removal", "on another kind of removal"),
    Label.UNRELATED: terms("on something else", "on something else"),
    Label.UNSUPPORTED_LANGUAGE: terms("in a language not supported", "in a language not supported"),
}

_UNITS = (
    (terms("every month", "every {number} months"), 30, 60),
    (terms("every week", "every {number} weeks"), 7, 12),
    (terms("every day", "every {number} days"), 1, 0),
)
"""Each with its length in days, and from how many on it is used."""

_SMALL = (
    # Translators: small numbers, as they stand before a noun: "two women", "every three days".
    of_context("number", "no"),
    of_context("number", "one"),
    of_context("number", "two"),
    of_context("number", "three"),
    of_context("number", "four"),
    of_context("number", "five"),
    of_context("number", "six"),
    of_context("number", "seven"),
    of_context("number", "eight"),
    of_context("number", "nine"),
    of_context("number", "ten"),
    of_context("number", "eleven"),
    of_context("number", "twelve"),
)
_RETURNED = frozenset({Stage.COMPLETED, Stage.INDIRECT_COMPLETED, Stage.UNKNOWN})


def number(n: int, speech: Speech = ENGLISH) -> str:
    """Write a number: in words to twelve where the language does so, then in figures."""
    return speech.pgettext(*_SMALL[n]) if 0 <= n < len(_SMALL) else speech.figures(n)


def counted(n: int, one: str, many: str = "") -> str:
    """Write a number in figures with its English noun, for a terminal: ``1 case``, ``2 cases``, ``1,200 entries``."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def ended(run: Run, speech: Speech = ENGLISH) -> str:
    """Say how a visit ended; of one that was blocked, by what."""
    return speech.gettext(WALLS[run.wall] if run.wall is not None else OUTCOMES_OF_VISITS[run.outcome])


def about_every(span: timedelta, speech: Speech = ENGLISH) -> str:
    """Write how often something comes, roughly: ``every day``, ``every two days``, ``every week``, ``every three months``."""
    days = max(1, round(span / timedelta(days=1)))
    every, length = next((every, length) for every, length, least in _UNITS if days >= least or days == length)
    count = round(days / length)
    return speech.ngettext(*every, count, number=number(count, speech))


def sentence(text: str) -> str:
    """Begin with a capital letter and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def happened(event: DisclosedEvent, stage: Stage, speech: Speech = ENGLISH) -> str:
    """Write what happened and when; a return that has not come about is one that is, or was, expected."""
    open_yet = event.type == "return" and stage not in _RETURNED
    what = speech.gettext("Return expected") if open_yet else speech.gettext(EVENTS[event.type])
    # Translators: what happened, and when: "Arrested: October 2026".
    return speech.gettext("{event}: {when}", event=what, when=when(event, speech))


def place(value: DisclosedPlace, speech: Speech = ENGLISH) -> str:
    """Write a place in its chain, in the order of the language: ``Jilin, China``."""
    chain = [value.name, *value.parents]
    if value.country and country(value.country, speech) not in chain:
        chain.append(country(value.country, speech))
    said, *wider = dict.fromkeys(chain)
    for one in wider:
        # Translators: a place and what it lies in, in the order of an address.
        said = speech.gettext("{place}, {wider}", place=said, wider=one)
    return said


def located(value: DisclosedPlace, speech: Speech = ENGLISH) -> str:
    """Say what a place is to a case: ``Held in Yanbian, Jilin, China``."""
    return speech.gettext(ROLES[value.role], place=place(value, speech))


def authority(value: DisclosedAuthority, speech: Speech = ENGLISH) -> str:
    """Write an authority with its kind and State, unless its name says them already."""
    kind = speech.gettext(AUTHORITIES[value.type]) if AUTHORITIES[value.type] else ""
    remarks = [] if not kind or kind in value.name.lower() else [kind]
    if value.country:
        remarks.append(country(value.country, speech))
    if not remarks:
        return value.name
    return speech.gettext("{name} ({remarks})", name=value.name, remarks=speech.row(remarks))


def outcome(value: Outcome, speech: Speech = ENGLISH) -> str:
    """Write what became of them: ``Fate unknown, as of September 2018``."""
    said = speech.gettext(OUTCOMES[value.value])
    if value.as_of is None:
        return said
    return speech.gettext("{outcome}, as of {month}", outcome=said, month=month(value.as_of, speech))
