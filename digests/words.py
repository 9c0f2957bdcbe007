"""Values of a case → English words: every code gets the same words in page, mail and text.

Grammar and vocabulary only: nothing is decided here, and what a value does not say is not said. Words are plain text and
not escaped. Stage and outcome words follow the schema of the case; they report, they do not find.
"""

from datetime import timedelta

from cases.disclosure import DisclosedAuthority, DisclosedCase, DisclosedEvent, DisclosedPlace, DisclosedVictim
from cases.ledger import Judged, Run, SetAside, SourceOutcome, Wall
from cases.model import Age, ChangeKind, Label, Outcome, Persons, Stage
from digests.dates import month, when
from digests.names import country

STAGES = {
    Stage.FEARED: "Return feared",
    Stage.IN_CUSTODY_AT_RISK: "In custody, at risk of return",
    Stage.IMMINENT: "Return imminent",
    Stage.COMPLETED: "Returned",
    Stage.INDIRECT_COMPLETED: "Returned through another State",
    Stage.SUSPENDED: "Return suspended",
    Stage.AVERTED: "Return averted",
    Stage.DEATH_BEFORE_RETURN: "Died before return",
    Stage.UNKNOWN: "Stage not clear",
}

_HEADLINES = {
    Stage.FEARED: "Return of {who}{route} feared",
    Stage.IN_CUSTODY_AT_RISK: "{who} in custody{held}, at risk of return{to}",
    Stage.IMMINENT: "{who} about to be returned{route}",
    Stage.COMPLETED: "{who} forcibly returned{route}",
    Stage.INDIRECT_COMPLETED: "{who} forcibly returned{route} through another State",
    Stage.SUSPENDED: "Return of {who}{route} suspended",
    Stage.AVERTED: "Return of {who}{route} averted",
    Stage.DEATH_BEFORE_RETURN: "{who} died before return{route}",
    Stage.UNKNOWN: "Return of {who}{route} reported; how far it went is not clear",
}

CHANGES: dict[ChangeKind, str] = {
    "new": "New",
    "updated": "Updated",
    "corroborated": "Corroborated",
    "repeated": "Told again",
    "corrected": "Corrected",
    "withdrawn": "Withdrawn",
    "backfilled": "Older case",
}

OUTCOMES = {
    "fate_unknown": "Fate unknown",
    "detained": "Detained",
    "imprisoned": "Imprisoned",
    "released": "Released",
    "resettled": "Resettled",
    "returned_to_host": "Came back to the country that had returned them",
    "died": "Died",
    "executed_reported": "Reported executed",
}

EVENTS = {
    "flight": "Fled",
    "arrival": "Arrived",
    "police_visit": "Police visit",
    "arrest": "Arrested",
    "transfer": "Moved",
    "detention": "Detained",
    "return": "Returned",
    "last_contact": "Last contact",
    "death": "Died",
    "release": "Released",
    "media_report": "First reported",
}

ROLES = {
    "origin": "From",
    "residence": "Lived in",
    "arrest": "Arrested in",
    "held": "Held in",
    "transfer": "Moved through",
    "crossing": "Crossed at",
    "destination": "Sent to",
}

AUTHORITIES = {
    "police": "police",
    "public_security": "public security",
    "border_guard": "border guard",
    "immigration": "immigration",
    "state_security": "state security",
    "military": "military",
    "prison": "prison",
    "embassy_agents": "embassy agents",
    "party": "party",
    "unknown": "",
}

ASSERTIONS = {
    "asserted": "",
    "attributed": "the source attributes this to others",
    "alleged": "the source tells this as an allegation",
    "denied": "those said to be responsible deny it",
    "hypothetical": "the source tells this as a possibility",
}

FIELDS = {
    "stage": "stage",
    "from": "State of departure",
    "from_state": "State of departure",
    "to": "State of destination",
    "to_state": "State of destination",
    "persons": "number of people",
    "victims": "people",
    "events": "dates",
    "places": "places",
    "authorities": "authority",
    "legal_bases": "legal basis",
    "outcome": "outcome",
    "informants": "who told it",
    "collateral": "what was done to others",
}

OUTCOMES_OF_VISITS = {
    SourceOutcome.OK: "read, with something new",
    SourceOutcome.NOTHING_NEW: "read, nothing new",
    SourceOutcome.NOT_MODIFIED: "unchanged since the last visit",
    SourceOutcome.SAME_BYTES: "the same as at the last visit",
    SourceOutcome.EMPTY: "answered with an empty list",
    SourceOutcome.BLOCKED: "refused us",
    SourceOutcome.UNREACHABLE: "could not be reached",
    SourceOutcome.FORBIDDEN: "forbids us by robots.txt",
    SourceOutcome.GONE: "page is gone",
    SourceOutcome.MOVED: "has moved to another site",
    SourceOutcome.PARSE_FAILED: "answered, but could not be read",
    SourceOutcome.LAYOUT_CHANGED: "has changed its layout",
    SourceOutcome.FAILED: "could not be visited: a fault here",
    SourceOutcome.STOPPED: "visit was cut short",
}

WALLS = {
    Wall.CHALLENGE: "wants proof of a human",
    Wall.LOGIN: "wants a log-in",
    Wall.PAYWALL: "wants to be paid",
    Wall.REFUSED: "refused us",
    Wall.TOO_MANY: "wants fewer requests",
    Wall.LEGAL: "withheld for legal reasons",
}

JUDGED = {
    Judged.REPORT: ("report", "reports"),
    Judged.NEAR_MISS: ("near miss for a person to look at", "near misses for a person to look at"),
    Judged.BELOW_THRESHOLD: ("below the threshold", "below the threshold"),
    Judged.OTHER_LANGUAGE: ("in a language not supported", "in a language not supported"),
}

SET_ASIDE = {
    SetAside.KNOWN: "already read",
    SetAside.UNTAGGED: "without a watched tag",
    SetAside.TOO_OLD: "too old",
    SetAside.DUPLICATE: "listed twice",
    SetAside.EXCLUDED: "left out by the source file",
    SetAside.UNREADABLE: "unreadable",
    SetAside.UNREACHABLE: "not reachable",
    SetAside.FORBIDDEN: "not permitted to fetch",
    SetAside.READING_TIMED_OUT: "took too long to read",
    SetAside.NOT_REACHED: "left for the next visit",
}

LABELS = {
    Label.CASE_REPORT: ("report of a case", "reports of cases"),
    Label.AGGREGATE_REPORT: ("report of numbers only", "reports of numbers only"),
    Label.POLICY_OR_LAW: ("on policy or law", "on policy or law"),
    Label.HISTORY: ("on history", "on history"),
    Label.OTHER_REMOVAL: ("on another kind of removal", "on another kind of removal"),
    Label.UNRELATED: ("on something else", "on something else"),
    Label.UNSUPPORTED_LANGUAGE: ("in a language not supported", "in a language not supported"),
}

_UNITS = (("month", 30, 60), ("week", 7, 12), ("day", 1, 0))
"""Each with its length in days, and from how many on it is used."""

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_QUALIFIERS = {
    "exact": "",
    "about": "about ",
    "at_least": "at least ",
    "at_most": "at most ",
    "more_than": "more than ",
    "as_many_as": "as many as ",
}
_FROM_ABOVE = frozenset({"at_most", "as_many_as"})
_RETURNED = frozenset({Stage.COMPLETED, Stage.INDIRECT_COMPLETED, Stage.UNKNOWN})
_ROUND: dict[tuple[int, int | None], str] = {
    (20, 99): "dozens of",
    (200, 999): "hundreds of",
    (2000, 9999): "thousands of",
}
"""Intervals that a text opens by such a word; nobody would say them in figures."""
_ADULT = 18


def number(n: int) -> str:
    """Write a number: in words to twelve, then in figures with commas."""
    return _SMALL[n] if 0 <= n < len(_SMALL) else f"{n:,}"


def counted(n: int, one: str, many: str = "") -> str:
    """Write a number in figures with its noun: ``1 case``, ``2 cases``, ``1,200 entries``."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listed(words: list[str] | tuple[str, ...]) -> str:
    """Join words as a sentence does: ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def ended(run: Run) -> str:
    """Say how a visit ended; of one that was blocked, by what."""
    return WALLS[run.wall] if run.wall is not None else OUTCOMES_OF_VISITS[run.outcome]


def about_every(span: timedelta) -> str:
    """Write how often something comes, roughly: ``every day``, ``every two days``, ``every week``, ``every three months``."""
    days = max(1, round(span / timedelta(days=1)))
    unit, length = next((unit, length) for unit, length, least in _UNITS if days >= least or days == length)
    count = round(days / length)
    return f"every {unit}" if count == 1 else f"every {number(count)} {unit}s"


def sentence(text: str) -> str:
    """Begin with a capital letter and leave the rest as it is."""
    return text[:1].upper() + text[1:]


# -- who and how many -------------------------------------------------------------------------------------------------


def who(report: DisclosedCase) -> str:
    """Say who and how many: ``one woman``, ``a family of five``, ``about 600 people``, ``at least 12 people``."""
    persons = report.persons
    if persons is None:
        return "an unstated number of people"
    exact = persons.qualifier == "exact" and persons.min == persons.max
    if exact and report.multiplicity == "family" and persons.min > 1:
        return f"a family of {number(persons.min)}"
    one, many = _noun(report.victims, persons.min if exact else 0)
    number_said = how_many(persons)
    return f"{number_said} {one if number_said.split()[-1] in {'one', '1'} else many}"


def how_many(persons: Persons) -> str:
    """Say a number of people with its qualifier and without a noun: ``one``, ``at least 12``, ``200 to 300``."""
    word = _QUALIFIERS[persons.qualifier]
    if (persons.min, persons.max) in _ROUND and persons.qualifier == "about":
        return _ROUND[persons.min, persons.max]
    if persons.max is None:
        return f"{word or 'at least '}{number(persons.min)}"
    if persons.qualifier in _FROM_ABOVE:
        return f"{word}{number(persons.max)}"
    if persons.min == persons.max or persons.qualifier in {"at_least", "more_than"}:
        return f"{word}{number(persons.min)}"
    return f"{word}{persons.min:,} to {persons.max:,}"


def _noun(victims: tuple[DisclosedVictim, ...], told: int) -> tuple[str, str]:
    """Find the noun that fits every person told of: only when the victims cover them all does sex or age enter it."""
    if not victims or (len(victims) > 1 and len(victims) != told):
        return "person", "people"
    minors = {_minor(victim) for victim in victims}
    sexes: set[str] = {victim.sex or "" for victim in victims}
    if minors == {True}:
        return {"female": ("girl", "girls"), "male": ("boy", "boys")}.get(_only(sexes), ("child", "children"))
    if len(minors) > 1:
        return "person", "people"
    one, many = {"female": ("woman", "women"), "male": ("man", "men")}.get(_only(sexes), ("person", "people"))
    expecting = all(victim.pregnant for victim in victims)
    return (f"pregnant {one}", f"pregnant {many}") if expecting else (one, many)


def _minor(victim: DisclosedVictim) -> bool:
    """Tell a child by the text's own word, or by an age that leaves no doubt."""
    by_age = victim.age is not None and victim.age.max is not None and victim.age.max < _ADULT
    return victim.minor if victim.minor is not None else by_age


def _only(values: set[str]) -> str:
    """Give the one value of a set that has only one, or nothing."""
    return next(iter(values)) if len(values) == 1 else ""


def age(value: Age) -> str:
    """Write an age or a band: ``28``, ``30 to 39``, ``60 or older``."""
    if value.max is None:
        return f"{value.min} or older"
    return str(value.min) if value.min == value.max else f"{value.min} to {value.max}"


# -- where and by whom ------------------------------------------------------------------------------------------------


def route(report: DisclosedCase) -> str:
    """Write the way: ``China → North Korea``; an end that the text does not name is ``not stated``."""
    start, end = report.from_state, report.to_state
    if start is None and end is None:
        return "route not stated"
    return f"{country(start) if start else 'origin not stated'} → {country(end) if end else 'destination not stated'}"


def headline(report: DisclosedCase) -> str:
    """Tell the case in one line: ``A family of five forcibly returned from China to North Korea``."""
    start = country(report.from_state) if report.from_state else ""
    end = country(report.to_state) if report.to_state else ""
    leaving, going = (f" from {start}" if start else ""), (f" to {end}" if end else "")
    pattern = _HEADLINES[report.stage]
    held = f" in {start}" if start else ""
    return sentence(pattern.format(who=who(report), route=leaving + going, to=going, held=held))


def happened(event: DisclosedEvent, stage: Stage) -> str:
    """Write what happened and when; a return that has not come about is one that is, or was, expected."""
    open_yet = event.type == "return" and stage not in _RETURNED
    return f"{'Return expected' if open_yet else EVENTS[event.type]}: {when(event)}"


def place(value: DisclosedPlace) -> str:
    """Write a place in its chain: ``Jilin, China``."""
    chain = [value.name, *value.parents]
    if value.country and country(value.country) not in chain:
        chain.append(country(value.country))
    return ", ".join(dict.fromkeys(chain))


def authority(value: DisclosedAuthority) -> str:
    """Write an authority with its kind and State, unless its name says them already."""
    kind = AUTHORITIES[value.type]
    remarks = [] if not kind or kind in value.name.lower() else [kind]
    if value.country:
        remarks.append(country(value.country))
    return f"{value.name} ({', '.join(remarks)})" if remarks else value.name


def outcome(value: Outcome) -> str:
    """Write what became of them: ``Fate unknown, as of September 2018``."""
    known = f", as of {month(value.as_of)}" if value.as_of else ""
    return OUTCOMES[value.value] + known
