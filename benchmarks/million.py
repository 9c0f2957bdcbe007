"""small store → large store, by bulk SQL: what ten thousand crawls and a year of a million articles would have left.

Only what a poll could touch or trip over is made: sources, what is remembered of their addresses, and articles with a text.
The generated articles are no readable ones; nothing reads them while sources are polled.
"""

import sqlite3
from pathlib import Path

from benchmarks.nginx import Nginx

_ARTICLES = """
with recursive number(n) as (select 1 union all select n + 1 from number where n < :articles)
insert into article (url_key, url, source, source_title, title, tags, lang, published, text_sha256, fetched_at, version,
                     label, report, score)
select randomblob(16), 'http://articles.example/' || n || '/', 'site-' || (n % :sources), 'Site ' || (n % :sources),
       'Article number ' || n, '["Harvest"]', 'en', datetime('2026-11-01', '-' || (n % 525600) || ' minutes') || '.000000',
       hex(randomblob(32)), '2026-11-01 08:00:00.000000', 1, 'other', 0, 0.1
from number
"""
_VERSIONS = """
insert into article_version (article_id, version, document, judgement, kept_at)
select id, 1, '{"url": "' || url || '", "text": "' || hex(randomblob(400)) || '"}', '{}', fetched_at from article
"""


def fill(database: Path, *, articles: int, sources: int) -> None:
    """Add articles to a store, spread over a year and all of its sources."""
    with sqlite3.connect(database) as connection:
        connection.execute("pragma synchronous=off")
        connection.execute(_ARTICLES, {"articles": articles, "sources": sources})
        connection.execute(_VERSIONS)
    connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()


def clone_memory(database: Path, sources: Path, server: Nginx, *, small: int, count: int) -> None:
    """Give the sources from number ``small`` on what was learned of those that they repeat, under their own addresses."""
    from cases.store.schema import url_key  # noqa: PLC0415 - whoever measures stays small until then

    with sqlite3.connect(database) as connection:
        known = {
            row[1]: row for row in connection.execute("select url_key, url, etag, last_modified, sha256 from validator")
        }
        shelf = {
            row[0]: row for row in connection.execute("select site, fetched_at, status, body, capture from robots")
        }
        for number in range(small, count):
            home, model = server.url(number), server.url(number % small)
            name, pattern = f"site-{number}", f"site-{number % small}"
            (sources / f"{name}.toml").write_text(
                (sources / f"{pattern}.toml")
                .read_text()
                .replace(model, home)
                .replace(f"Site {number % small}", f"Site {number}")
            )
            for key in (f"{model}feed/", f"visit {pattern} {model}"):
                url = key.replace(model, home).replace(f"visit {pattern} ", f"visit {name} ")
                connection.execute("insert into validator values (?, ?, ?, ?, ?)", (url_key(url), url, *known[key][2:]))
            connection.execute("insert into robots values (?, ?, ?, ?, ?)", (home[:-1], *shelf[model[:-1]][1:]))
    connection.close()
