"""The case in one line, as a whole sentence of a language: ``A family of five forcibly returned from China to North Korea``.

A sentence of its own for each stage and for each end of the way that is told, because no language but English can put them
together from pieces. The sentences report what sources tell; none of them is a verdict.
"""

from cases.disclosure import DisclosedCase
from cases.model import Stage
from digests.names import country
from digests.people import who
from digests.speech import ENGLISH, Speech, of_context, term
from digests.words import sentence

_NORTH_KOREA = "KP"

_HEADLINES: dict[Stage, tuple[str, str, str, str]] = {
    # Translators: headlines. {who} is people with their number ("one woman", "about 600 people"), {start} and {end} are States.
    # They tell what a source reports, as a newspaper's headline does, and must neither doubt nor confirm it.
    Stage.FEARED: (
        term("Return of {who} from {start} to {end} feared"),
        term("Return of {who} from {start} feared"),
        term("Return of {who} to {end} feared"),
        term("Return of {who} feared"),
    ),
    Stage.IN_CUSTODY_AT_RISK: (
        term("{who} in custody in {start}, at risk of return to {end}"),
        term("{who} in custody in {start}, at risk of return"),
        term("{who} in custody, at risk of return to {end}"),
        term("{who} in custody, at risk of return"),
    ),
    Stage.IMMINENT: (
        term("{who} about to be returned from {start} to {end}"),
        term("{who} about to be returned from {start}"),
        term("{who} about to be returned to {end}"),
        term("{who} about to be returned"),
    ),
    Stage.COMPLETED: (
        term("{who} forcibly returned from {start} to {end}"),
        term("{who} forcibly returned from {start}"),
        term("{who} forcibly returned to {end}"),
        term("{who} forcibly returned"),
    ),
    Stage.INDIRECT_COMPLETED: (
        term("{who} forcibly returned from {start} to {end} through another State"),
        term("{who} forcibly returned from {start} through another State"),
        term("{who} forcibly returned to {end} through another State"),
        term("{who} forcibly returned through another State"),
    ),
    Stage.SUSPENDED: (
        term("Return of {who} from {start} to {end} suspended"),
        term("Return of {who} from {start} suspended"),
        term("Return of {who} to {end} suspended"),
        term("Return of {who} suspended"),
    ),
    Stage.AVERTED: (
        term("Return of {who} from {start} to {end} averted"),
        term("Return of {who} from {start} averted"),
        term("Return of {who} to {end} averted"),
        term("Return of {who} averted"),
    ),
    Stage.DEATH_BEFORE_RETURN: (
        term("{who} died before return from {start} to {end}"),
        term("{who} died before return from {start}"),
        term("{who} died before return to {end}"),
        term("{who} died before return"),
    ),
    Stage.UNKNOWN: (
        term("Return of {who} from {start} to {end} reported; how far it went is not clear"),
        term("Return of {who} from {start} reported; how far it went is not clear"),
        term("Return of {who} to {end} reported; how far it went is not clear"),
        term("Return of {who} reported; how far it went is not clear"),
    ),
}
"""From where and to where; from where; to where; neither."""

_TO_NORTH_KOREA: dict[Stage, tuple[tuple[str, str], tuple[str, str]]] = {
    # Translators: the same headlines where {end} is North Korea, for languages that have a word of their own for a return there,
    # such as Korean 북송. Other languages translate them as above; {end} may be left out where the word says it.
    Stage.FEARED: (
        of_context("to North Korea", "Return of {who} from {start} to {end} feared"),
        of_context("to North Korea", "Return of {who} to {end} feared"),
    ),
    Stage.IN_CUSTODY_AT_RISK: (
        of_context("to North Korea", "{who} in custody in {start}, at risk of return to {end}"),
        of_context("to North Korea", "{who} in custody, at risk of return to {end}"),
    ),
    Stage.IMMINENT: (
        of_context("to North Korea", "{who} about to be returned from {start} to {end}"),
        of_context("to North Korea", "{who} about to be returned to {end}"),
    ),
    Stage.COMPLETED: (
        of_context("to North Korea", "{who} forcibly returned from {start} to {end}"),
        of_context("to North Korea", "{who} forcibly returned to {end}"),
    ),
    Stage.INDIRECT_COMPLETED: (
        of_context("to North Korea", "{who} forcibly returned from {start} to {end} through another State"),
        of_context("to North Korea", "{who} forcibly returned to {end} through another State"),
    ),
    Stage.SUSPENDED: (
        of_context("to North Korea", "Return of {who} from {start} to {end} suspended"),
        of_context("to North Korea", "Return of {who} to {end} suspended"),
    ),
    Stage.AVERTED: (
        of_context("to North Korea", "Return of {who} from {start} to {end} averted"),
        of_context("to North Korea", "Return of {who} to {end} averted"),
    ),
    Stage.DEATH_BEFORE_RETURN: (
        of_context("to North Korea", "{who} died before return from {start} to {end}"),
        of_context("to North Korea", "{who} died before return to {end}"),
    ),
    Stage.UNKNOWN: (
        of_context("to North Korea", "Return of {who} from {start} to {end} reported; how far it went is not clear"),
        of_context("to North Korea", "Return of {who} to {end} reported; how far it went is not clear"),
    ),
}
"""From where; from a place that is not told."""


def headline(report: DisclosedCase, speech: Speech = ENGLISH) -> str:
    """Tell the case in one line; an end of the way that no source names is left out."""
    ends = {
        "start": country(report.from_state, speech) if report.from_state else "",
        "end": country(report.to_state, speech) if report.to_state else "",
    }
    if report.to_state == _NORTH_KOREA:
        said = speech.pgettext(*_TO_NORTH_KOREA[report.stage][not ends["start"]], who=who(report, speech), **ends)
    else:
        told = (not ends["start"]) * 2 + (not ends["end"])
        said = speech.gettext(_HEADLINES[report.stage][told], who=who(report, speech), **ends)
    return sentence(said)


def route(report: DisclosedCase, speech: Speech = ENGLISH) -> str:
    """Write the way: ``China → North Korea``; an end that the text does not name is ``not stated``."""
    start, end = report.from_state, report.to_state
    if start is None and end is None:
        return speech.gettext("route not stated")
    return speech.gettext(
        "{start} → {end}",
        start=country(start, speech) if start else speech.gettext("origin not stated"),
        end=country(end, speech) if end else speech.gettext("destination not stated"),
    )
