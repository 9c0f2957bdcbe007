"""visits and silences → the service's log: once when trouble begins or changes its kind, and once when it is over.

What is told at every visit is read by nobody. A failure is told as a warning when it begins, again when it becomes another, and
not between; its end is told too. The same holds for a source that falls silent.
"""

import logging
from collections.abc import Iterable, Mapping

from cases.ledger import EMPTY_TOO_OFTEN, NEUTRAL, SUCCESS, UNCHANGED, Run, SourceOutcome, SourceStatus, Wall
from cases.silence import Silence
from digests.dates import day
from digests.words import about_every, ended

Trouble = tuple[SourceOutcome, Wall | None]
"""What must change for a failure to be told again."""


class Announcer:
    """Knows what was told of each source. Made from how the sources stood when the service began, which is told as well."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._failing: dict[str, Trouble] = {}
        self._empty: dict[str, int] = {}
        self._quiet: dict[str, Silence] = {}

    def begin(self, sources: Iterable[SourceStatus]) -> None:
        """Tell once what fails and what is silent already."""
        watched = [one for one in sources if one.enabled]
        for one in watched:
            self._empty[one.name] = one.empty_in_a_row
            if one.failing and one.says is not None:
                self._fails(one.says)
        self.silences({one.name: one.quiet for one in watched if one.quiet is not None})

    def visited(self, run: Run) -> None:
        """Tell of a visit what is news about its source."""
        level = logging.DEBUG if run.outcome in UNCHANGED else logging.INFO
        self._log.log(level, "%s: %s, %d articles, %d reports", run.source, run.outcome, run.articles, run.reports)
        for words in run.warnings:
            self._log.info("%s: %s", run.source, words)
        if run.outcome is SourceOutcome.EMPTY:
            self._empty[run.source] = self._empty.get(run.source, 0) + 1
            if self._empty[run.source] >= EMPTY_TOO_OFTEN and run.source not in self._failing:
                self._fails(run)
            return
        if run.outcome not in NEUTRAL:
            self._empty.pop(run.source, None)
        if run.outcome in SUCCESS:
            self._recovers(run)
        elif run.outcome not in NEUTRAL:
            self._fails(run)

    def silences(self, quiet: Mapping[str, Silence]) -> None:
        """Tell which sources have fallen silent since this was last asked, and which publish again.

        Of one that fails it was told that it fails: that is why nothing comes of it.
        """
        quiet = {name: told for name, told in quiet.items() if name not in self._failing or name in self._quiet}
        for name in sorted(quiet.keys() - self._quiet.keys()):
            since, usual = quiet[name].since, about_every(quiet[name].usual)
            self._log.warning(
                "%s is quieter than usual: nothing since %s; it publishes about %s", name, day(since.date()), usual
            )
        for name in sorted(self._quiet.keys() - quiet.keys()):
            self._log.warning("%s is no longer quieter than usual", name)
        self._quiet = dict(quiet)

    def _fails(self, run: Run) -> None:
        kind = run.outcome, run.wall
        if self._failing.get(run.source) != kind:
            changed = "fails otherwise than before" if run.source in self._failing else "fails"
            self._log.warning("%s %s: %s: %s", run.source, changed, ended(run), run.detail or "no reason is known")
            self._failing[run.source] = kind

    def _recovers(self, run: Run) -> None:
        if self._failing.pop(run.source, None) is not None:
            self._log.warning("%s can be read again", run.source)
