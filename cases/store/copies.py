"""article → copies: the sketches by which reprints are found, and whose copy an article is, inside the keeping transaction.

Only articles that matter have a sketch: those with a report, and those that came near enough to one for a person to look.
A reprint of anything else changes nothing, and the rest of the news would be nearly all of the table. A look-up costs one
search by index for each number of a sketch and brings back a bounded number of rows, however large the store.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from cases.model import Article, Value
from cases.reprints import Printing, original
from cases.store.database import upserting
from cases.store.schema import article as article_table
from cases.store.schema import article_copy, article_sketch, article_version, telling
from cases.syndication import copied, looks_shared, sketch

_COMMON = 20
"""Articles that may share a number. One more of them is the outlet's boilerplate, or a text so often printed that its next
copy finds it by these."""
_MOST_COMPARED = 8
"""Texts that are compared word for word, the likeliest first."""


_Holders = dict[int, list[tuple[int, str]]]
"""Articles with their sources, by number of a sketch."""


class CopyOf(Value, frozen=True, kw_only=True):
    """Whose text an article prints."""

    url: str
    """Address of the original."""
    share: float
    """Share of the shorter text that stands in the longer one."""


class _Kept(Value, frozen=True, kw_only=True):
    """An article of the store with its text, for comparison."""

    id: int
    text: str
    printing: Printing


def note_copies(
    connection: Connection, article_id: int, page: Article, *, matters: bool, is_new: bool, now: datetime
) -> None:
    """Sketch the version of an article that was just kept, and note which articles are copies of which.

    Whatever an earlier version had is forgotten first; articles that were noted as copies of that one are looked at anew.
    """
    orphans = [] if is_new else _forget(connection, article_id)
    if matters:
        numbers = sketch(page.text)
        holders = _note(connection, article_id, page.source, numbers, now)
        _keep_sketch(connection, article_id, numbers, holders)
    for one in _kept(connection, orphans) if orphans else ():
        _note(connection, one.id, one.printing.outlets[0], sketch(one.text), now)


def copies_of(connection: Connection, article_ids: Collection[int]) -> dict[int, CopyOf]:
    """Give whose copies these articles are, as far as they are copies."""
    noted = (
        select(article_copy.c.article_id, article_table.c.url, article_copy.c.share)
        .join(article_table, article_table.c.id == article_copy.c.original_id)
        .where(article_copy.c.article_id.in_(article_ids))
    )
    return {row.article_id: CopyOf(url=row.url, share=row.share) for row in connection.execute(noted)}


def cases_of_alike(connection: Connection, page: Article) -> Sequence[str]:
    """Give the ids of the cases told by articles of other sources whose text looks like this one's."""
    numbers = sketch(page.text)
    likely = _alike(connection, page.source, numbers, _holders(connection, numbers))
    told = select(telling.c.case_id).where(telling.c.article_id.in_(likely), telling.c.current).order_by(telling.c.id)
    return connection.scalars(told).all() if likely else ()


def _forget(connection: Connection, article_id: int) -> list[int]:
    """Take back what is noted of an article; gives the articles that were copies of it."""
    mine = article_copy.c.original_id == article_id
    orphans = list(
        connection.scalars(select(article_copy.c.article_id).where(mine).order_by(article_copy.c.article_id))
    )
    connection.execute(delete(article_copy).where(mine | (article_copy.c.article_id == article_id)))
    connection.execute(delete(article_sketch).where(article_sketch.c.article_id == article_id))
    return orphans


def _holders(connection: Connection, numbers: Sequence[int]) -> _Holders:
    """Give the articles that hold each number of a sketch, with their sources."""
    found: _Holders = defaultdict(list)
    held = (
        select(article_sketch.c.hash, article_sketch.c.article_id, article_table.c.source)
        .join(article_table, article_table.c.id == article_sketch.c.article_id)
        .where(article_sketch.c.hash.in_(numbers))
    )
    for number, article_id, source in connection.execute(held) if numbers else ():
        found[number].append((article_id, source))
    return found


def _keep_sketch(connection: Connection, article_id: int, numbers: Sequence[int], holders: _Holders) -> None:
    rows = [{"hash": number, "article_id": article_id} for number in numbers if len(holders.get(number, ())) < _COMMON]
    if rows:
        connection.execute(insert(article_sketch), rows)


def _note(connection: Connection, article_id: int, source: str, numbers: Sequence[int], now: datetime) -> _Holders:
    """Note who is whose copy among an article and those that look like it; gives who holds which of its numbers."""
    holders = _holders(connection, numbers)
    likely = [one for one in _alike(connection, source, numbers, holders) if one != article_id]
    if likely:
        _compare(connection, article_id, likely, now)
    return holders


def _compare(connection: Connection, article_id: int, likely: Sequence[int], now: datetime) -> None:
    """Compare the texts themselves.

    The article may turn out the original of texts that were kept before: one published earlier, or one that they credit.
    Of a text with many copies only some are compared, so those that they are copies of are compared as well.
    """
    noted = select(article_copy.c.original_id).where(article_copy.c.article_id.in_(likely)).distinct()
    likely = sorted({*likely, *connection.scalars(noted)} - {article_id})
    known = {one.id: one for one in _kept(connection, (article_id, *likely))}
    shares = {one: shared for one in likely if (shared := copied(known[article_id].text, known[one].text)) is not None}
    family = [known[one] for one in sorted((article_id, *shares))]
    first = family[original([one.printing for one in family])].id
    if first != article_id:
        _write(connection, article_id, first, shares[first], now)
        return
    for one, shared in shares.items():
        _write(connection, one, article_id, shared, now)


def _write(connection: Connection, article_id: int, original_id: int, share: float, now: datetime) -> None:
    fresh = {"original_id": original_id, "share": round(share, 4), "noted_at": now}
    noted = upserting(connection, article_copy).values(article_id=article_id, **fresh)
    connection.execute(noted.on_conflict_do_update(index_elements=["article_id"], set_=fresh))


def _alike(connection: Connection, source: str, numbers: Sequence[int], holders: _Holders) -> list[int]:
    """Give the articles of other sources whose sketches have enough in common with this one, the likeliest first."""
    common = Counter(one for held in holders.values() for one, theirs in held if theirs != source or not source)
    if not common:
        return []
    sizes = (
        select(article_sketch.c.article_id, func.count())
        .where(article_sketch.c.article_id.in_(common))
        .group_by(article_sketch.c.article_id)
    )
    held = {row[0]: row[1] for row in connection.execute(sizes)}
    likely = [one for one in common if looks_shared(common[one], min(len(numbers), held[one]))]
    return sorted(likely, key=lambda one: (-common[one], one))[:_MOST_COMPARED]


def _kept(connection: Connection, article_ids: Collection[int]) -> list[_Kept]:
    """Read articles with the text of their last version, in the order in which they were first kept."""
    latest = (
        select(article_table, article_version.c.document)
        .join(
            article_version,
            (article_version.c.article_id == article_table.c.id)
            & (article_version.c.version == article_table.c.version),
        )
        .where(article_table.c.id.in_(article_ids))
        .order_by(article_table.c.id)
    )
    return [_of(row) for row in connection.execute(latest)] if article_ids else []


def _of(row: Any) -> _Kept:  # noqa: ANN401 - rows of SQLAlchemy carry their columns as attributes
    outlets = (row.source, row.source_title)
    printing = Printing(url=row.url, outlets=outlets, published=row.published, credits=row.credits or ())
    return _Kept(id=row.id, text=row.document.text, printing=printing)
