"""two tellings → likeness: what speaks for one act, and what speaks against it.

Facts only: route, days, places, counts, sex, ages, pregnancy, ties, authority. Headlines and wording say nothing, and a
pseudonym never does. A contradiction ends the comparison; agreement is weighed by how few other cases would agree as
well. The weights are set by hand on invented and seed cases, with precision first: a false merge claims that two
newsrooms confirmed one another, a miss is one line more to read.
"""

from collections.abc import Iterator, Sequence
from itertools import product

from cases.corroboration import counts_overlap
from cases.merging import ASIDE, FINAL
from cases.model import Authority, EventType, Persons, Place, PlaceRole, Report, Stage, Value, Victim
from cases.namesakes import Likeness as NameLikeness
from cases.namesakes import compare_names
from cases.register import Telling
from cases.spans import ACT, REMOVAL, SEIZURE, Span, act_end, days_between, gap, spans
from cases.whereabouts import FINE, comparable, same_spot, scenes

DATE_SLACK = 3
"""Days that two tellings of one event may lie apart: time zones, night actions, "last week"."""
SOON = 60
"""Days within which a return may follow on a seizure for the two to say something of one act."""
NEWS_DAYS = 10
"""Days for which an act is told as news, without a date."""
SUMMED = 10
"""A figure told of more days than these may be a sum over them; then the days say nothing of one crowd."""
GROUP = 3
"""From this number on an equal count says something by itself."""
SMALL = 10
"""Below this number counts must agree, or nearly."""


class Likeness(Value, frozen=True, kw_only=True):
    """How alike two tellings are: the sum of what agrees, unless something contradicts."""

    weight: float
    agrees: tuple[str, ...] = ()
    contradicts: tuple[str, ...] = ()


Finding = tuple[str, float | None]
"""What was compared, and its weight; ``None`` contradicts."""


def compare(one: Telling, other: Telling) -> Likeness:
    """Compare two tellings of different articles in all that can be compared; symmetric."""
    findings = list(_findings(one, other))
    return Likeness(
        weight=round(sum(weight for _, weight in findings if weight is not None), 3),
        agrees=tuple(name for name, weight in findings if weight is not None and weight > 0),
        contradicts=tuple(name for name, weight in findings if weight is None),
    )


def weigh(one: Telling, other: Telling) -> float | None:
    """Give the weight that ``compare`` gives, or ``None`` at the first contradiction: most pairs of a register have one."""
    weight = 0.0
    for _, found in _findings(one, other):
        if found is None:
            return None
        weight += found
    return round(weight, 3)


def _findings(one: Telling, other: Telling) -> Iterator[Finding]:
    """Compare one thing after another, what costs least and contradicts most often first."""
    yield from _route(one.report, other.report)
    yield from _when(one, other)
    yield from _how_many(one.report, other.report)
    yield from _who(one.report, other.report)
    yield from _where(one.report, other.report)
    yield from _by_whom(one.report, other.report)


def _route(one: Report, other: Report) -> Iterator[Finding]:
    """Compare what kind of act it was, and from where to where."""
    if "aggregate_statistic" in {one.multiplicity, other.multiplicity} and one.multiplicity != other.multiplicity:
        yield "multiplicity", None
    if one.from_state and other.from_state and one.from_state != other.from_state:
        yield "from", None
    ends, other_ends = ({report.to_state, report.risk_state} - {None} for report in (one, other))
    if ends and other_ends and not ends & other_ends:
        yield "to", None
    elif ends & other_ends and one.from_state and one.from_state == other.from_state:
        yield "route", 0.5
    yield from _stages(one.stage, other.stage)


_DONE = frozenset({Stage.COMPLETED, Stage.INDIRECT_COMPLETED})


def _stages(one: Stage, other: Stage) -> Iterator[Finding]:
    """Compare stages: returned and not returned exclude one another, any other stage may follow on another."""
    if {one, other} <= FINAL and (one in _DONE) != (other in _DONE):
        yield "stage", None
    elif one == other != Stage.UNKNOWN:
        yield "stage", 0.5


def _when(one: Telling, other: Telling) -> Iterator[Finding]:
    """Compare the days of the act; without any, those of publication."""
    for kind in sorted(ACT):
        pairs = list(product(spans(one.report, {kind}), spans(other.report, {kind})))
        if pairs and min(gap(*pair) for pair in pairs) > DATE_SLACK:
            yield f"events.{kind}", None
    if _before(spans(one.report, REMOVAL), spans(other.report, SEIZURE)) or _before(
        spans(other.report, REMOVAL), spans(one.report, SEIZURE)
    ):
        yield "events", None
    dated, other_dated = spans(one.report), spans(other.report)
    if dated and other_dated:
        yield "days", _same_days(one.report, other.report)
    else:
        yield "published", _same_news(one, other)


def _before(removals: Sequence[Span], seizures: Sequence[Span]) -> bool:
    """Whether somebody was returned before they were seized: then it is another act."""
    return any(
        removal.end < seizure.start and gap(removal, seizure) > DATE_SLACK
        for removal, seizure in product(removals, seizures)
    )


_KINDS_OF_DAYS: tuple[frozenset[EventType], ...] = (SEIZURE, REMOVAL, frozenset({"death"}), frozenset({"release"}))


def _same_days(one: Report, other: Report) -> float:
    """Weigh dates by how few days they leave open; a seizure and a removal soon after one another say a little."""
    pairs = [pair for types in _KINDS_OF_DAYS for pair in product(spans(one, types), spans(other, types))]
    if pairs:
        sums = _is_group(one) and _is_group(other)
        near = [pair for pair in pairs if not (sums and max(span.days for span in pair) > SUMMED)]
        return max((_closeness(*pair) for pair in near), default=0.0)
    narrow = ([span for span in spans(report) if span.days <= 100] for report in (one, other))  # noqa: PLR2004 - as _closeness
    soon = any(gap(*pair) <= SOON for pair in product(*narrow))
    return 0.5 if soon else 0.0


def _closeness(one: Span, other: Span) -> float:
    if gap(one, other) > DATE_SLACK or not (one.bounded and other.bounded):
        return 0.0
    width = max(one.days, other.days)
    weight = next((weight for days, weight in ((2, 3.0), (10, 2.0), (31, 1.0), (100, 0.5)) if width <= days), 0.0)
    return weight if gap(one, other) == 0 else weight / 2


def _same_news(one: Telling, other: Telling) -> float:
    """Weigh publication where a day of the act is missing: outlets tell an undated act in the same days.

    Where one of them dates it, that day must be news still when the other is published, or it weighs half.
    """
    days = days_between(one.published, other.published)
    if days is None:
        return 0.0
    weight = next((weight for most, weight in ((3, 1.5), (10, 1.0), (31, 0.5)) if days <= most), 0.0)
    return weight if _is_fresh(one, other) and _is_fresh(other, one) else weight / 2


def _is_fresh(dated: Telling, other: Telling) -> bool:
    """Whether the other telling came out within days of what this one dates; true where it dates nothing."""
    happened = act_end(dated.report)
    if happened is None or other.published is None:
        return True
    return 0 <= (other.published.date() - happened).days <= NEWS_DAYS


def _where(one: Report, other: Report) -> Iterator[Finding]:
    """Compare where it was: any place of the one with any of the other; apart are only places of one part of the way."""
    here, there = scenes(one), scenes(other)
    level = same_spot(here, there)
    if level in FINE:
        yield "places", 2.0
        return
    yield "places", {"prefecture": 1.0, "province": 0.5}.get(level or "", 0.0)
    pairs = [(a, b) for a, b in product(here, there) if _one_part(a, b)]
    fine = [(a, b) for a, b in pairs if a.level in FINE and b.level in FINE and comparable(a, b)]
    if fine and level is None:
        yield "places", None
    elif fine:
        yield "places apart", -0.5 if _is_group(one) and _is_group(other) else -2.0


_BEFORE: frozenset[PlaceRole] = frozenset({"residence", "arrest"})


def _one_part(one: Place, other: Place) -> bool:
    """Whether both places are of the seizure, or both of the way from there to the border."""
    return (one.role in _BEFORE) == (other.role in _BEFORE)


def count_of(report: Report) -> Persons | None:
    """Give how many persons a report tells of: as said, or one where it tells of one individual."""
    if report.persons is None and (report.multiplicity == "individual" or len(report.victims) == 1):
        return Persons(min=1, max=1)
    return report.persons


def _is_group(report: Report) -> bool:
    count = count_of(report)
    return count is not None and count.min >= GROUP


_RARITY = ((50, 3.5), (20, 2.5), (5, 2.0), (GROUP, 1.0), (2, 0.5))


def _how_many(one: Report, other: Report) -> Iterator[Finding]:
    """Compare counts: the larger a number, the fewer acts share it."""
    mine, theirs = count_of(one), count_of(other)
    if mine is None or theirs is None:
        return
    low, high = sorted((mine.min, theirs.min))
    rarity = next((weight for least, weight in _RARITY if low >= least), 0.0)
    if counts_overlap(mine, theirs):
        yield "persons", rarity if low * 2 >= high else rarity / 2
        if low >= GROUP and ASIDE & {one.mention, other.mention}:
            yield "mention", 1.0  # who mentions a group in passing means one that was told before
    elif low < SMALL:
        yield "persons", rarity / 2 if low >= 5 and high - low <= 1 else None  # noqa: PLR2004 - "five, or six with the baby"
    elif low * 3 < high:
        yield "persons", None  # estimates of one crowd differ up to threefold
    else:
        yield "persons", 0.0 if _on_other_days(one, other) else rarity / 2


def _on_other_days(one: Report, other: Report) -> bool:
    """Whether both give one day and the two differ: with another figure besides, crowds of two days are told apart."""
    exact = [[span for span in spans(report, REMOVAL) if span.days == 1] for report in (one, other)]
    return all(exact) and all(gap(*pair) > 0 for pair in product(*exact))


def _who(one: Report, other: Report) -> Iterator[Finding]:
    """Compare the persons themselves, where each side tells of one; of a group, whether any detail is shared."""
    if len(one.victims) == 1 and len(other.victims) == 1 and not (_is_group(one) or _is_group(other)):
        yield from _same_person(one.victims[0], other.victims[0])
    elif any(_ages_meet(a, b, slack=1) == 1.0 for a, b in product(one.victims, other.victims)):
        yield "ages", 1.0
    names = [compare_names(a, b) for a, b in product(one.victims, other.victims)]
    if any(likeness is NameLikeness.SAME for likeness in names):
        yield "name", 3.0
    elif any(likeness is NameLikeness.SIMILAR for likeness in names):
        yield "name", 2.0
    elif len(names) == 1 and names[0] is NameLikeness.DIFFERENT:
        yield "name", None
    elif len(names) == 1 and names[0] is NameLikeness.UNLIKE:
        yield "name unlike", -1.5


def _same_person(one: Victim, other: Victim) -> Iterator[Finding]:
    for field, weight in (("sex", 0.25), ("minor", 0.25), ("pregnant", 2.0), ("nationality", 0.0)):
        mine, theirs = getattr(one, field), getattr(other, field)
        if mine is not None and theirs is not None:
            yield field, weight if mine == theirs and mine is not False else 0.0 if mine == theirs else None
    if one.age is not None and other.age is not None:
        yield "age", _ages_meet(one, other, slack=1)
    if one.relation and other.relation and one.relation.casefold() == other.relation.casefold():
        yield "relation", 0.5


def _ages_meet(one: Victim, other: Victim, *, slack: int) -> float | None:
    """Weigh two ages: exact ones 1, bands half; ``None`` when they exclude each other beyond ways of counting."""
    if one.age is None or other.age is None:
        return 0.0
    mine, theirs = ((age.min, age.max if age.max is not None else 150) for age in (one.age, other.age))
    if mine[0] - slack > theirs[1] or theirs[0] - slack > mine[1]:
        return None
    return 1.0 if max(mine[1] - mine[0], theirs[1] - theirs[0]) <= slack else 0.5


def _by_whom(one: Report, other: Report) -> Iterator[Finding]:
    """Compare authorities: a body named in full by both says something, "the police" does not."""
    if any(
        _is_named(a) and a.name.casefold() == b.name.casefold() for a, b in product(one.authorities, other.authorities)
    ):
        yield "authorities", 1.0
    if {(c.act, c.days) for c in one.collateral if c.days} & {(c.act, c.days) for c in other.collateral if c.days}:
        yield "collateral", 1.0


def _is_named(authority: Authority) -> bool:
    return len(authority.name.split()) >= 3 or (not authority.name.isascii() and len(authority.name) >= 5)  # noqa: PLR2004 - "Dandong border station", 丹东边防检查站
