"""How a visit that has ended is told."""

from collections.abc import Callable

import pytest

from cases.ledger import Run, SetAside, SourceOutcome
from cases.store import Store
from crawler.memory import Memory
from crawler.sources import Source
from crawler.testing import LoopbackSite, Magazine, Post
from crawler.visit import Visit


@pytest.mark.parametrize("step", ["admit", "read"])
def test_a_fault_of_our_own_is_told_as_one_and_the_next_visit_makes_up_for_it(
    step: str,
    make_posts: Callable[[int], list[Post]],
    visit: Callable[..., Run],
    make_source: Callable[..., Source],
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("of our own making")

    with LoopbackSite(Magazine(make_posts(3))) as site:
        source = make_source(site.url)
        with monkeypatch.context() as patched:
            patched.setattr(Visit, step, broken)
            run = visit(source)
        assert run.outcome is SourceOutcome.FAILED
        assert "ZeroDivisionError" in (run.detail or "")
        assert run.set_aside.get(SetAside.NOT_REACHED, 0) == run.entries
        assert Memory(store, source.home, source.name).last_visit().complete_at is None
        assert visit(source).articles == 2
