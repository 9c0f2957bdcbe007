"""country + sentence → what stands right before or behind it: a joint, a border, a body of that State."""

from cases.extraction.places import CountryMention
from cases.extraction.sentences import Sentence
from cases.packs.tables import Hit

ADJACENT = 2
BODY_NEAR = 12
"""A demonym so near before a body is the body's: "Turkish border police"."""


def frontier(sentence: Sentence, mention: CountryMention) -> Hit | None:
    """Give the word for a border that belongs to a State."""
    return next(
        (
            hit
            for hit in sentence.words("frontier")
            if (hit.key == "after" and 0 <= hit.start - mention.end <= sentence.pack.spaced)
            or (hit.key == "before" and 0 <= mention.start - hit.end <= 1)
        ),
        None,
    )


def has_body(sentence: Sentence, mention: CountryMention) -> bool:
    """Tell whether the word behind a State is a body of it: "Turkish border police", "India's Border Security Force"."""
    return any(
        hit.start >= mention.end and sentence.folded[mention.end : hit.start].strip(" -") in ("", "'s")
        for hit in sentence.words("authority")
        if hit.start - mention.end <= BODY_NEAR
    )


def belonging_to(sentence: Sentence, mention: CountryMention, *tables: str) -> list[Hit]:
    """Give the bodies and ground that a country behind them belongs to: "les autorités iraniennes", "la frontière malienne".

    Where words are not parted, a body stands behind its State, and before a people only because it acts: 当局はスーダン人を.
    """
    joints = [hit for hit in sentence.words("route") if hit.key == "from_before" and hit.end <= mention.start]
    return [
        body
        for body in (hit for table in tables for hit in sentence.words(table))
        if (mention.kind == "demonym" and sentence.pack.spaced and 0 <= mention.start - body.end <= 1)
        or any(0 <= hit.start - body.end <= 1 and mention.start - hit.end <= ADJACENT for hit in joints)
    ]


def before(sentence: Sentence, table: str, key: str, mention: CountryMention) -> bool:
    """Tell whether a word of a table, under that key, stands right before a country."""
    return any(hit.key == key and 0 <= mention.start - hit.end <= ADJACENT for hit in sentence.words(table))


def after(sentence: Sentence, table: str, key: str, mention: CountryMention) -> bool:
    """Tell whether a word of a table, under that key, stands right behind a country, and no other word begins between them."""
    return any(
        hit.key == key
        and 0 <= hit.start - mention.end <= ADJACENT
        and not _begins_another(sentence.folded[mention.end : hit.start])
        for hit in sentence.words(table)
    )


def _begins_another(between: str) -> bool:
    """Tell whether what stands between is a blank and the beginning of a word: "미국 플" before the particle of 플로리다."""
    return between[:1].isspace() and bool(between.strip())
