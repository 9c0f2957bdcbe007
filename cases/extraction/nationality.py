"""sentence → whose nationals are told of: a demonym with a word for persons, or a State that people are from."""

from cases.extraction.neighbours import ADJACENT, BODY_NEAR, after, before, belonging_to, frontier
from cases.extraction.places import CountryMention
from cases.extraction.sentences import Sentence
from cases.packs.tables import Hit


def home_of_people(sentence: Sentence) -> str | None:
    """Give the State that stands behind a word for persons and "from": "a student from Egypt", but not "deportees from".

    Languages without spaces set where people are from before them; behind them a State acts: 歌手遭埃及…
    """
    if not sentence.pack.spaced:
        return None
    people = {hit.end for name in ("victim", "single", "pronoun") for hit in sentence.words(name)}
    people |= {count.end for count in sentence.counts if count.kind == "victims"}
    people = {end for end in people if not any(one.start < end <= one.end for one in sentence.triggers)}
    for hit in sentence.words("route"):
        if hit.key == "from_before" and (hit.start in people or hit.start - 1 in people):
            for mention in sentence.countries:
                if mention.kind == "country" and 0 <= mention.start - hit.end <= ADJACENT:
                    return mention.code
    return None


def nationality_of(sentence: Sentence) -> str | None:
    """Whose nationals the persons are: a demonym that stands with a word for persons, or a people's own name."""
    bodies = sentence.words("authority")
    people = [
        _behind_trigger(sentence, hit)
        for name in ("victim", "single")
        for hit in sentence.words(name)
        if not any(_is_of(body, hit, sentence) for body in bodies)
    ]
    counted = {mention.code for mention in sentence.countries if _is_counted(sentence, mention)}
    if len(counted) > 1:
        return None
    for mention in sentence.countries:
        if not sentence.pack.spaced and before(sentence, "route", "from_before", mention):
            continue  # where they were, although a word for persons follows: 旅居老挝维权人士
        if (
            mention.code in counted
            or any(_qualifies(sentence, mention, hit) for hit in people)
            or before(sentence, "route", "fled_before", mention)
            or after(sentence, "route", "left_after", mention)
        ):
            return mention.code
    return next((hit.key for hit in sentence.words("nationality")), None) or _sole_people(sentence)


def _is_of(body: Hit, person: Hit, sentence: Sentence) -> bool:
    """Tell whether words for a person begin with a body's, whose State it is; where verbs stand last also if they go on behind it: 라오스 경찰은 …변호사."""
    if body.start <= person.start < body.end:
        return True
    return sentence.pack.verb_last and person.start < body.start < person.end


def _behind_trigger(sentence: Sentence, person: Hit) -> Hit:
    """Leave a trigger out of the words for a person that begin with it: "deports Turkmen blogger"."""
    ends = [one.end + 1 for one in sentence.triggers if one.start <= person.start and one.end < person.end]
    return person._replace(start=max([person.start, *ends]))


def _sole_people(sentence: Sentence) -> str | None:
    """Give the only people that a sentence with a trigger names by its demonym alone, where no body is theirs."""
    told = {
        mention.code
        for mention in sentence.countries
        if mention.kind == "demonym"
        and not belonging_to(sentence, mention, "authority", "ground")
        and not any(0 <= hit.start - mention.end <= BODY_NEAR for hit in sentence.words("authority"))
        and frontier(sentence, mention) is None
        and not _in_a_name(sentence, mention)
    }
    return told.pop() if len(told) == 1 and sentence.triggers else None


def _in_a_name(sentence: Sentence, mention: CountryMention) -> bool:
    """Tell whether a demonym is a piece of a body's name: "Forum tunisien", "Turkish Red Crescent"."""
    led, followed = sentence.text[: mention.start].rstrip(), sentence.text[mention.end :].lstrip()
    title = led.split()[-1:] if led and not mention.raw[:1].isupper() else []
    return followed[:1].isupper() or any(word[:1].isupper() for word in title)


def _is_counted(sentence: Sentence, mention: CountryMention) -> bool:
    """Tell whether a number tells how many of its nationals: within it, right behind its measure word, or beside where a demonym is a noun: 一名布隆迪…, 86名ハイチ人."""
    beside = mention.kind == "demonym" and not sentence.pack.spaced
    return any(
        any(
            hit.key == "people_after" and hit.start == mention.end and hit.end == one.start
            for hit in sentence.words("route")
        )
        or (one.start <= mention.start and mention.end <= one.end and (one.kind in ("victims", "unknown") or beside))
        or (one.noun is None and one.start < mention.start == one.end and not sentence.pack.spaced)
        or (beside and (0 <= one.start - mention.end <= ADJACENT or 0 <= mention.start - one.end < ADJACENT))
        for one in sentence.counts
    )


def _qualifies(sentence: Sentence, mention: CountryMention, person: Hit) -> bool:
    """Tell whether a country stands with a word for persons: "North Korean defectors", "North Korea nationals"."""
    inside = person.start - ADJACENT <= mention.start and mention.end <= person.end + ADJACENT
    inside |= mention.start <= person.start and person.end <= mention.end
    behind = 0 <= mention.start - person.end <= 1
    named_by = not sentence.pack.spaced and person.start <= mention.start and mention.end <= person.end
    return named_by or ((inside or behind) and mention.kind == "demonym") or _leads_to(sentence, mention, person)


def _leads_to(sentence: Sentence, mention: CountryMention, person: Hit) -> bool:
    """Tell whether nothing stands between a country and a word for persons but what makes them its people: 籍, の."""
    if sentence.pack.free_word_order and mention.kind == "country":
        return False  # Russian "из России блогера": a State that ends one phrase before another begins
    between = sentence.folded[mention.end : person.start]
    if person.start < mention.end or not between.strip(" -"):
        return mention.end <= person.start <= mention.end + 1
    return any(
        hit.key == "people_after" and hit.start == mention.end and 0 <= person.start - hit.end <= 1
        for hit in sentence.words("route")
    )
