from collections.abc import Callable

import msgspec

from digests.subject import subject
from digests.view import CaseCard, Coverage, Digest

Compiled = Callable[[dict[str, CaseCard], Coverage], Digest]


def bare(digest: Digest) -> Digest:
    """The same digest with every source in good health, and nothing withdrawn or repeated."""
    good = tuple(row for row in digest.coverage.sources if row.outcome is not None and not row.failing)
    seen = msgspec.structs.replace(digest.coverage, sources=good)
    return msgspec.structs.replace(digest, coverage=seen, withdrawn=(), repeated=())


def test_a_subject_counts_and_says_what_fails(rich: Digest) -> None:
    assert subject(rich) == (
        "[URGENT] 1 of 5 sources failing, 1 quieter than usual; "
        "2 urgent, 3 new, 1 updated, 1 corroborated, 1 withdrawn, 1 older (weekly, 2026-11-23)"
    )


def test_a_single_case_is_told_in_the_subject(compiled: Compiled, cards: dict[str, CaseCard], rich: Digest) -> None:
    one = bare(compiled({"imminent": cards["imminent"]}, rich.coverage))
    assert subject(one) == "[URGENT] twelve people, China -> North Korea, return imminent (case 2026-0041, rev 1)"


def test_the_lead_is_the_most_pressing_that_is_true(
    compiled: Compiled, cards: dict[str, CaseCard], rich: Digest
) -> None:
    def lead(*names: str) -> str:
        return subject(bare(compiled({name: cards[name] for name in names}, rich.coverage))).partition(" ")[0]

    assert lead("family", "mass", "averted") == "[NEW]"
    assert lead("mass", "averted") == "[UPDATED]"
    assert lead("averted") == "[UPDATED]"
    assert lead("older") == "[OLDER]"
    assert lead() == "[QUIET]"


def test_a_watch_that_sees_nothing_says_so_before_all(quiet: Digest) -> None:
    seen = msgspec.structs.replace(quiet.coverage, sources=quiet.coverage.failing)
    blind = msgspec.structs.replace(quiet, coverage=seen)
    assert subject(blind) == "[BLIND] no source could be read; nothing new (weekly, 2026-11-23)"


def test_a_digest_with_nothing_new_but_a_dead_source_is_not_told_as_a_quiet_one(quiet: Digest) -> None:
    assert subject(quiet) == (
        "[FAILING] 1 of 5 sources failing, 1 quieter than usual; nothing new (weekly, 2026-11-23)"
    )


def test_a_silent_source_is_told_without_an_alarm(quiet: Digest) -> None:
    answering = tuple(row for row in quiet.coverage.sources if not row.failing)
    seen = msgspec.structs.replace(quiet.coverage, sources=answering)
    assert subject(msgspec.structs.replace(quiet, coverage=seen)) == (
        "[QUIET] 1 source quieter than usual; nothing new (weekly, 2026-11-23)"
    )
