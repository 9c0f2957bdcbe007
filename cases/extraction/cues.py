"""trigger in its sentence → cues: what the words around it say of time, doubt, force and matter.

A cue is looked for when somebody first asks for it: most sentences are settled by two or three.
"""

from cases.extraction.sentences import Sentence
from cases.packs.tables import Hit

_ADJACENT = 2
_STOPS = (".", ",", ";", ":", "）", "!", "?", "")
"""A verb before one of these has no object: who suffers it stands before."""


class Cues:
    """The cues of one trigger; ``inside`` says that those within the trigger itself count too.

    That it is passive may always be told by the trigger itself: "were sent home", "deportadas".
    """

    def __init__(self, sentence: Sentence, trigger: Hit, *, inside: bool) -> None:
        self._sentence = sentence
        self._trigger = trigger
        self._inside = inside
        self._near: dict[str, bool] = {}

    def near(self, *names: str) -> bool:
        """Tell whether one of these cues stands with the trigger, within reach."""
        return any(self._is_near(name) for name in names)

    def has(self, *names: str) -> bool:
        """Tell whether one of these cues stands with the trigger or anywhere in its sentence."""
        return any(self._is_near(name) or bool(self._sentence.cue(name)) for name in names)

    @property
    def passive(self) -> bool:
        """Tell whether the trigger is a passive by its own verb, before it or in it: "was deported", "be sent back"."""
        start, end = self._trigger.start, self._trigger.end
        return any(
            self._leads_into(hit, 1) or (start <= hit.start and hit.end <= end)
            for hit in self._sentence.cue("passive", "directly")
        )

    @property
    def cut_off(self) -> bool:
        """Tell whether a stop stands right behind the trigger, so that nothing behind it belongs to it."""
        return self._sentence.folded[self._trigger.end : self._trigger.end + 1] in _STOPS

    def _is_near(self, name: str) -> bool:
        if name not in self._near:
            self._near[name] = self._look_near(name)
        return self._near[name]

    def _look_near(self, name: str) -> bool:
        sentence, trigger, reach = self._sentence, self._trigger, self._sentence.pack.reach
        if name == "passive" and self.cut_off:
            return True
        touch = 1 if sentence.pack.spaced else _ADJACENT
        inside = self._inside or name == "passive"
        directly = sentence.cue(name, "directly")
        return (
            any(self._leads_into(hit, touch) for hit in directly)
            or (inside and any(trigger.start <= hit.start and hit.end <= trigger.end for hit in directly))
            or any(
                hit.start < trigger.start
                and hit.end <= max(trigger.start, trigger.end - 1 if sentence.pack.spaced else 0)
                and trigger.start - hit.end <= reach
                for hit in sentence.cue(name, "before")
            )
            or any(hit.end <= trigger.start for hit in sentence.cue(name, "ahead"))
            or any(0 <= hit.start - trigger.end <= _ADJACENT for hit in sentence.cue(name, "next"))
            or any(0 <= hit.start - trigger.end <= reach for hit in sentence.cue(name, "after"))
        )

    def _leads_into(self, hit: Hit, touch: int) -> bool:
        """Tell whether a term stands right before the trigger, or reaches into it: "would be" before "be deported"."""
        trigger = self._trigger
        if self._sentence.pack.spaced and hit.start < trigger.start < hit.end < trigger.end:
            return True
        return 0 <= trigger.start - hit.end <= touch
