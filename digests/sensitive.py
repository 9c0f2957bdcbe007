"""Words of a card → the content warning that it needs, if any.

A word list over ten languages, coarse on purpose: a warning too many costs a reader a second. It is no finding and is stored
nowhere. Stems are matched anywhere for scripts without spaces, and from the beginning of a word elsewhere.
"""

import re
from collections.abc import Iterable

from digests.speech import ENGLISH, Speech, term

# Translators: what a reader is warned of before a quote is shown.
SUICIDE = term("suicide")
SEXUAL_VIOLENCE = term("sexual violence")

_STEMS = {
    SUICIDE: (
        r"\bsuicid|\b(?:took|taken|take) (?:her|his|their) own li[fv]e|\bkilled (?:herself|himself|themselves)\b"
        r"|自杀|自殺|轻生|자살|스스로 목숨|극단적 선택|самоубий|\bselbstmord|\bsuizid|покончил"
    ),
    SEXUAL_VIOLENCE: (
        r"\brap(?:e|es|ed|ing|ist)\b|\bsexual(?:ly)? (?:violence|abus|assault|exploit|slave|harass)|\bforced (?:abortion|prostitution|marriage)"
        r"|强奸|強姦|强姦|性侵|性暴力|性虐待|强制堕胎|強制堕胎|강간|성폭|성추행|성착취|강제 ?낙태|изнасил|сексуальн\w* насил"
        r"|\bviol(?:ée?s?|er)\b|\bviolences? sexuelle|\bviolación|\bviolada|\bviolencia sexual|\bstupr|\bviolenza sessuale|\bvergewalt"
    ),
}
_PATTERNS = {kind: re.compile(stems, re.IGNORECASE) for kind, stems in _STEMS.items()}


def content_warning(texts: Iterable[str], speech: Speech = ENGLISH) -> str:
    """Say what a reader is about to meet: ``suicide``, ``sexual violence`` or both; empty when nothing calls for it."""
    everything = "\n".join(texts)
    return speech.row(speech.gettext(kind) for kind, pattern in _PATTERNS.items() if pattern.search(everything))
