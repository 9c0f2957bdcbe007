"""our words → terms of the HURIDOCS Events Standard Formats: 12-digit codes as cross-references, with short labels of our own.

The thesauri themselves are not shipped. What has no code in the part that we know is given in words alone.
"""

from collections.abc import Mapping

from cases.model import Value


class Term(Value, frozen=True, kw_only=True):
    """A term of a thesaurus; ``code`` is ``None`` where we know none."""

    term: str
    code: str | None = None


EXPULSION = Term(code="330101000000", term="deportation or expulsion")
REFOULEMENT = Term(code="380101000000", term="refoulement")
UNKNOWN_STATUS = Term(term="unknown")
"""Whether it violates a right is for people to say: the program writes nothing else."""

ACTS: Mapping[str, Term] = {
    "arrest": Term(code="030101000000", term="arrest"),
    "detention": Term(code="030102000000", term="detention"),
}
PERPETRATORS: Mapping[str, Term] = {
    "police": Term(code="010104000000", term="police"),
    "public_security": Term(code="010104000000", term="police"),
    "state_security": Term(code="010106000000", term="intelligence"),
    "military": Term(code="010103000000", term="armed forces"),
    "prison": Term(code="010105000000", term="prison officials"),
}
SUSPECTED = Term(code="010600000000", term="suspected")
OUTCOMES: Mapping[str, Term] = {
    "fate_unknown": Term(code="990000000000", term="unknown"),
    "detained": Term(code="020200000000", term="arrested and held"),
    "imprisoned": Term(code="020200000000", term="arrested and held"),
    "died": Term(code="010100000000", term="dead"),
    "executed_reported": Term(code="010100000000", term="dead"),
}
RETURNED = Term(code="030200000000", term="deported")
INFORMANTS: Mapping[str, Term] = {
    "relative": Term(code="020101000000", term="relative of the victim"),
    "witness": Term(code="010200000000", term="witness"),
    "media": Term(code="030100000000", term="reporter"),
    "ngo": Term(code="040401000000", term="human-rights organisation"),
}
THIRD_PARTY = Term(code="030000000000", term="third party")
REPORTER = INFORMANTS["media"]
CHILDREN = Term(code="020200000000", term="children")
PREGNANT = Term(code="020101000000", term="pregnant women")
_INSTRUMENTS = (
    ("1967 protocol", Term(code="090500000000", term="Protocol of 1967 on the Status of Refugees")),
    ("refugee convention", Term(code="090200000000", term="Refugee Convention of 1951")),
    ("status of refugees", Term(code="090200000000", term="Refugee Convention of 1951")),
    ("against torture", Term(code="150100000000", term="Convention against Torture")),
    ("civil and political rights", Term(code="010400000000", term="Covenant on Civil and Political Rights")),
    ("rights of the child", Term(code="080100000000", term="Convention on the Rights of the Child")),
    ("discrimination against women", Term(code="110400000000", term="Convention on Discrimination against Women")),
    ("universal declaration", Term(code="010200000000", term="Universal Declaration of Human Rights")),
    ("territorial asylum", Term(code="090600000000", term="Declaration on Territorial Asylum")),
)


def worded(value: str) -> Term:
    """Give a value of ours as a term without a code."""
    return Term(term=value.replace("_", " "))


def instrument(name: str) -> Term:
    """Give the code of an instrument of law by its English name; one we do not know keeps the name that the source gives it."""
    known = name.casefold()
    return next((term for part, term in _INSTRUMENTS if part in known), Term(term=name))
