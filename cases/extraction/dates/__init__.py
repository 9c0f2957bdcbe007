"""text → date mentions: intervals of days, as exact as the text and no exacter."""

from datetime import date

from cases.extraction.mention import Mention
from cases.model import Precision


class DateMention(Mention, frozen=True, kw_only=True):
    """A time that the text names, as the closed interval ``first`` to ``last``; an open end is ``None``.

    ``anchor`` says what a relative time counts from: ``publication`` or ``previous event``. For the latter,
    ``relative_to_previous`` holds the least and the greatest distance in days ("the next day" is ``(1, 1)``), whose
    greatest is ``None`` when the text sets no limit ("soon" is ``(0, None)``); ``resolve`` turns it into an interval.
    """

    first: date | None
    last: date | None
    precision: Precision
    anchor: str | None = None
    relative_to_previous: tuple[int, int | None] | None = None


def find_dates(text: str, lang: str | None, *, published: date | None) -> tuple[DateMention, ...]:
    """Find the times named in a text, in order. Without ``published`` a time that counts from it stays open."""
    return ()


def resolve(
    mention: DateMention, *, previous: tuple[date | None, date | None] | None
) -> tuple[date | None, date | None, Precision]:
    """Give the interval of a mention, counted from the previous event's interval where the text counts from it."""
    return mention.first, mention.last, mention.precision
