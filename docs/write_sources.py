"""Writes docs/sources.md from the files of the catalogue, and from what was left out of it on purpose.

Run by ``make docs``; a test fails when the page is not what this would write.
"""

from collections.abc import Iterator
from pathlib import Path

from crawler.sources import Source, load_sources

PAGE = Path(__file__).parent / "sources.md"
CATALOGUE = Path(__file__).parents[1] / "config" / "sources"

INTRODUCTION = """\
# Sources

The catalogue, as it is shipped: one file a source in [config/sources](../config/sources). This page is written from those
files (`make docs`).

**None of these sources was ever tried live by this project.** The addresses were found in public lists and programs, some only
follow from the software of a site, and sites change. So before you rely on a source, and before you switch one on:

```sh
returnwatch sources check daily-nk-korean    # tries each way in, reads an article, and says what to do
```

When it reads well, write `enabled = true` and `verified = true` into its file. A site that is missing here is added with

```sh
returnwatch sources add https://www.example.org/
```

which tries whatever the site offers, shows it side by side, and writes the file.

*Grade* is a proposal, A (reliable) to F (cannot be judged): how far a publisher is to be relied upon is for you to say. *Whole*
means that every article is read, because the source's tags are not known or its feed is of the subject alone; the other sources
are read by the watched tags. Reprints and translations confirm nothing, and a report in state media is an official answer at most.
"""

LEFT_OUT = """\
## Left out on purpose

| what | why |
|---|---|
| Caleb Mission, Justice for North Korea, Durihana | They help people on the road and stand behind many reports, but are known here only as quoted by the press, without a site to watch. The same informant in two newspapers is one source. |
| Global Times | State media without a known feed; Xinhua and CGTN stand for official answers already. |
| The interface of the ROK Ministry of Unification (apis.data.go.kr) | It wants a key, and answers a wrong code as if there were nothing: silence that cannot be told from a quiet day. |
| The interface of Footprints | Its keepers ask to be asked. It is for looking up a known case by hand, never for copying. |
| Public instances of RSSHub | They see all that is asked through them. With one of your own, `rsshub.toml` shows how. |
| GDELT, Google News as sources | They list what others publish, and each search tells them what somebody looks for. Their files show how they could serve discovery; neither is switched on. |
| Addresses known to be dead: `dailynk.com/english/rss-feed/` (answers 200 with nothing in it), `asiapress.org/apn/feed/` (only refreshes to another page), the feeds of China Digital Times' categories | An address that answers and holds nothing looks like a quiet day. |
| Video and radio programmes | Nothing here reads speech. |
| What lies behind a log-in or a paywall | It is told as blocked; of NK News only the beginnings of articles come. |
| Social networks and messengers | Private people write there; what they say could endanger them when it is gathered. |
"""

HEADINGS = {
    "ngo": "Organisations",
    "press": "Press",
    "agency": "News agencies",
    "broadcaster": "Broadcasters",
    "think tank": "Think tanks",
    "intergovernmental": "United Nations and other intergovernmental bodies",
    "government": "Governments",
    "database": "Databases",
    "aggregator": "Aggregators and tools for discovery",
    "state media": "State media",
}


def page() -> str:
    """Write the whole page."""
    sources = sorted(load_sources(CATALOGUE).values(), key=lambda source: (not source.enabled, source.name))
    on = [source for source in sources if source.enabled]
    parts = [INTRODUCTION, f"{len(sources)} sources, {len(on)} of them switched on.\n"]
    parts.extend(["## Switched on\n", _table(on)])
    for kind, heading in HEADINGS.items():
        parts.extend([f"## {heading}\n", _table([source for source in sources if source.type == kind])])
    return "\n".join([*parts, LEFT_OUT])


def _table(sources: list[Source]) -> str:
    rows = [
        "| source | publisher | from | languages | read by | grade | tried live | notes |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*rows, *_rows(sources)]) + "\n"


def _rows(sources: list[Source]) -> Iterator[str]:
    for source in sources:
        ways = ", ".join(dict.fromkeys(reader.kind for reader in source.readers))
        cells = (
            f"`{source.name}`",
            f"[{source.title}]({source.home})",
            source.country or "",
            " ".join(source.languages),
            f"{ways}, whole" if source.tags == () else ways,
            source.grade or "",
            "yes" if source.verified else "no",
            " ".join(source.notes.split()),
        )
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
