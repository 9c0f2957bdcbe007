"""digest → messages: rendered once for each language and degree of detail, and one message for each recipient and channel."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from cases.store import OutMessage
from digests.channels import Channel
from digests.digest import headlines
from digests.recipients import Detail, Language, Recipient
from digests.rendering import Rendered, render
from digests.spec import DigestSpec
from digests.templating import BUILT_IN, Templates
from digests.view import Digest

Edition = Callable[[Language], Digest]
"""Gives a digest worded in a language: the same cases in each."""

Group = tuple[Language, Detail]


class Editions:
    """One digest in its languages and renderings, each made when it is first asked for and then kept."""

    def __init__(self, edition: Edition, templates: Templates = BUILT_IN) -> None:
        self._edition, self._templates = edition, templates
        self._worded: dict[Language, Digest] = {}
        self._made: dict[Group, Rendered] = {}

    def digest(self, language: Language) -> Digest:
        """Give the digest in a language."""
        if language not in self._worded:
            self._worded[language] = self._edition(language)
        return self._worded[language]

    def rendered(self, language: Language, detail: Detail = "full") -> Rendered:
        """Give the rendering for a group of recipients. Raises RenderError."""
        group = language, detail
        if group not in self._made:
            digest = self.digest(language)
            self._made[group] = render(headlines(digest) if detail == "headlines" else digest, self._templates)
        return self._made[group]


def messages(
    spec: DigestSpec, recipients: Sequence[Recipient], editions: Editions, channels: Mapping[str, Channel]
) -> list[OutMessage]:
    """Make every message of a digest, over every channel that it names: one for each recipient whom the channel reaches.

    A channel without recipients, such as a folder, gets the digest once: in full, and in the digest's own language.
    """
    made: dict[tuple[str, str], OutMessage] = {}
    for name in spec.channels:
        for group, addresses in _groups(spec, (one for one in recipients if one.reached_by(name))).items():
            for message in channels[name].compose(editions.rendered(*group), addresses):
                made.setdefault((name, message.recipient), message)
    return list(made.values())


def _groups(spec: DigestSpec, recipients: Iterable[Recipient]) -> dict[Group, list[str]]:
    """Put recipients together who get the same words; those of the digest itself come first, and may be none."""
    groups: dict[Group, list[str]] = {(spec.language, "full"): []}
    for one in recipients:
        groups.setdefault((one.language or spec.language, one.detail), []).append(one.address)
    return groups
