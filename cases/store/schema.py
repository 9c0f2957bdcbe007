"""The tables of the store: one description for SQLite and PostgreSQL.

Rows that tell what happened (versions, tellings, revisions, changes, runs, digests) are only ever added. Texts of sites
have no length limit here; what is looked up by address is looked up by the address's hash, since an index entry of
PostgreSQL ends at about 2,700 bytes.
"""

import hashlib
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from cases.ledger import Run
from cases.model import Article, Capture, Judgement, Report
from cases.register import Correction
from cases.store.columns import BigId, Document, UtcDateTime

SCHEMA_REVISION = "0007"
"""The revision of the Alembic history that these tables are; a test holds the two together."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def url_key(url: str) -> bytes:
    """Sixteen bytes that stand for an address in unique indexes."""
    return hashlib.blake2b(url.encode("utf-8", "surrogatepass"), digest_size=16).digest()


# -- the watch --------------------------------------------------------------------------------------------------------

run = Table(
    "run",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("source", Text, nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("finished_at", UtcDateTime, nullable=False),
    Column("document", Document(Run), nullable=False),
    Index(None, "source", "finished_at"),
    Index(None, "finished_at"),
)

source = Table(
    "source",
    metadata,
    Column("name", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("every_s", Integer, nullable=False),
    Column("expected_s", Integer),  # between articles, as the source file says
    Column("interval_s", Integer),  # between visits, as learned from what they found; none: as configured
    Column("enabled", Boolean, nullable=False),
    Column("grade", String(1)),  # A to F, as a person set it in its file
    Column("next_due", UtcDateTime),  # none: now
    Column("failures", Float, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("lease_by", Text),
    Column("last_run_id", BigId, ForeignKey(run.c.id)),
    Column("last_success", UtcDateTime),
    Index(None, "enabled", "next_due", "name"),
    Index(None, "lease_until"),
    Index(None, "host"),
)

crawl_request = Table(
    "crawl_request",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("since", UtcDateTime),
)

crawl_request_source = Table(
    "crawl_request_source",
    metadata,
    Column("request_id", BigId, ForeignKey(crawl_request.c.id), primary_key=True),
    Column("source", Text, ForeignKey(source.c.name), primary_key=True),
    Column("state", String(8), nullable=False),
    Column("run_id", BigId, ForeignKey(run.c.id)),
    CheckConstraint("state in ('waiting', 'running', 'done')", name="state"),
    Index(None, "source", "state"),
    Index(None, "state"),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("who", Text, primary_key=True),
    Column("pid", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("role", String(8), nullable=False, server_default="service"),
    Column("slots", Integer),
    Column("busy", Integer),
    Column("started_at", UtcDateTime),
    Column("folder", Text),  # mark of its folder of captures
)

validator = Table(
    "validator",
    metadata,
    Column("url_key", LargeBinary(16), primary_key=True),
    Column("url", Text, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("sha256", String(64)),  # of the body that came last
)

robots = Table(
    "robots",
    metadata,
    Column("site", Text, primary_key=True),  # scheme://host:port
    Column("fetched_at", UtcDateTime, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("capture", Document(Capture)),
)

# -- evidence ---------------------------------------------------------------------------------------------------------

capture_file = Table(
    "capture_file",
    metadata,
    Column("name", Text, primary_key=True),  # path below the captures folder
    Column("bytes", BigInteger, nullable=False),
    Column("records", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("digests", LargeBinary, nullable=False),  # of each record: 8 bytes of length, 32 of SHA-256
    Column("closed_at", UtcDateTime, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("url_key", LargeBinary(16), nullable=False),
    Column("url", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("capture", Document(Capture), nullable=False),
    Column("listed", Text, nullable=False),  # what the listing said of the article, as JSON
    Column("kept_at", UtcDateTime, nullable=False),
    UniqueConstraint("url_key"),
    Index(None, "source"),
)

# -- articles ---------------------------------------------------------------------------------------------------------

article = Table(
    "article",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("url_key", LargeBinary(16), nullable=False),
    Column("url", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_title", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("tags", Document(tuple[str, ...]), nullable=False),
    Column("lang", Text),
    Column("published", UtcDateTime),
    Column("modified", UtcDateTime),
    Column("text_sha256", String(64), nullable=False),
    Column("fetched_at", UtcDateTime, nullable=False),
    Column("vanished_at", UtcDateTime),  # when its page was first found gone; none: it was there when last asked for
    Column("purged_at", UtcDateTime),  # since when nothing of it is read again, what was purged would come back
    Column("version", Integer, nullable=False),
    Column("label", String(32), nullable=False),
    Column("report", Boolean, nullable=False),
    Column("score", Float, nullable=False),
    Column("near_miss", Boolean, nullable=False, server_default=false()),
    Column("credits", Document(tuple[str, ...])),  # whom it names as its origin; none: kept before that was read
    UniqueConstraint("url_key"),
    Index(None, "published"),
    Index(None, "source", "report"),
    Index(None, "source", "published"),
    Index(None, "near_miss", "score"),
)

article_version = Table(
    "article_version",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("article_id", BigId, ForeignKey(article.c.id), nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", Document(Article), nullable=False),
    Column("capture", Document(Capture)),
    Column("judgement", Document(Judgement), nullable=False),
    Column("kept_at", UtcDateTime, nullable=False),
    UniqueConstraint("article_id", "version"),
)

article_sketch = Table(
    "article_sketch",
    metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),  # of a part of the text; see cases.syndication
    Column("article_id", BigId, ForeignKey(article.c.id), primary_key=True),
    Index(None, "article_id"),
    sqlite_with_rowid=False,  # one tree less to write dozens of numbers into
)

article_copy = Table(
    "article_copy",
    metadata,
    Column("article_id", BigId, ForeignKey(article.c.id), primary_key=True),
    Column("original_id", BigId, ForeignKey(article.c.id), nullable=False),
    Column("share", Float, nullable=False),  # of the shorter text that stands in the longer one
    Column("noted_at", UtcDateTime, nullable=False),
    Index(None, "original_id"),
)

# -- the register -----------------------------------------------------------------------------------------------------

case_counter = Table(
    "case_counter",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

case_file = Table(
    "case_file",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("number", String(16), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("announce", Boolean, nullable=False),
    Column("from_state", Text),
    Column("to_state", Text),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("report", Document(Report), nullable=False),
    Column("merged_into", String(36), ForeignKey("case_file.id")),
    Column("status_before", String(16)),  # what it returns to when it is released, or taken out of a merge
    Column("embargo_until", UtcDateTime),
    UniqueConstraint("number"),
    Index(None, "changed_at"),
    Index(None, "merged_into"),
    Index(None, "status", "embargo_until"),
)

case_bucket = Table(
    "case_bucket",
    metadata,
    Column("bucket", Text, primary_key=True),
    Column("case_id", String(36), ForeignKey(case_file.c.id), primary_key=True),
    Index(None, "case_id"),
)

telling = Table(
    "telling",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("case_id", String(36), ForeignKey(case_file.c.id), nullable=False),
    Column("article_id", BigId, ForeignKey(article.c.id), nullable=False),
    Column("version_id", BigId, ForeignKey(article_version.c.id), nullable=False),
    Column("position", Integer, nullable=False),  # of the report in its article
    Column("report", Document(Report), nullable=False),
    Column("current", Boolean, nullable=False),  # false once a later version of the article has replaced it
    Column("added_at", UtcDateTime, nullable=False),
    UniqueConstraint("version_id", "position"),
    Index(None, "case_id", "current"),
    Index(None, "article_id", "current"),
)

case_revision = Table(
    "case_revision",
    metadata,
    Column("case_id", String(36), ForeignKey(case_file.c.id), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("report", Document(Report), nullable=False),
    Column("changed_fields", Document(tuple[str, ...]), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

case_change = Table(
    "case_change",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("case_id", String(36), ForeignKey(case_file.c.id), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("changed_fields", Document(tuple[str, ...]), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("version_id", BigId, ForeignKey(article_version.c.id)),  # what brought it; none: a person
    Index(None, "case_id"),
    Index(None, "at"),
)

case_suggestion = Table(
    "case_suggestion",
    metadata,
    Column("case_id", String(36), ForeignKey(case_file.c.id), primary_key=True),
    Column("other_id", String(36), ForeignKey(case_file.c.id), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

case_apart = Table(
    "case_apart",
    metadata,
    Column("case_id", String(36), ForeignKey(case_file.c.id), primary_key=True),
    Column("other_id", String(36), ForeignKey(case_file.c.id), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "other_id"),
    CheckConstraint("case_id < other_id", name="order"),
)

case_correction = Table(
    "case_correction",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("case_id", String(36), ForeignKey(case_file.c.id), nullable=False),
    Column("correction", Document(Correction), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("lifted_at", UtcDateTime),
    Index(None, "case_id"),
)

report_grade = Table(
    "report_grade",
    metadata,
    Column("case_id", String(36), ForeignKey(case_file.c.id), primary_key=True),  # the one it is filed under
    Column("article_id", BigId, ForeignKey(article.c.id), primary_key=True),
    Column("source", String(1)),  # A to F; none: as the source's file says
    Column("credibility", Integer),  # 1 to 6; none: no person has said
    Column("at", UtcDateTime, nullable=False),
    Index(None, "article_id"),
)

# -- custody ----------------------------------------------------------------------------------------------------------

custody_log = Table(
    "custody_log",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("act", String(24), nullable=False),
    Column("subject", Text),
    Column("detail", Document(dict[str, Any])),  # none once it was purged; its digest stays
    Column("detail_sha256", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
    UniqueConstraint("previous"),
    Index(None, "subject"),
)

custody_timestamp = Table(
    "custody_timestamp",
    metadata,
    Column(
        "position", BigInteger, ForeignKey(custody_log.c.position), primary_key=True
    ),  # of the line that closes a day
    Column("authority", Text, primary_key=True),
    Column("token", LargeBinary, nullable=False),  # the whole answer of the authority, in DER (RFC 3161)
    Column("at", UtcDateTime, nullable=False),  # the time that the token states
)

# -- digests ----------------------------------------------------------------------------------------------------------

digest = Table(
    "digest",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("subject", Text, nullable=False),
    Column("document", Text, nullable=False),
    UniqueConstraint("name", "period"),
)

digest_change = Table(
    "digest_change",
    metadata,
    Column("digest_name", Text, primary_key=True),
    Column("change_id", BigId, ForeignKey(case_change.c.id), primary_key=True),
    Column("digest_id", BigId, ForeignKey(digest.c.id), nullable=False),
    Index(None, "digest_id"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("digest_id", BigId, ForeignKey(digest.c.id), nullable=False),
    Column("channel", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("state", String(8), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", UtcDateTime),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("receipt", Text),
    Column("error", Text),
    Column("token", String(32)),  # names it to outsiders; none: it needs none, or was recorded before there were any
    Column("urgent", Boolean, nullable=False, server_default=false()),
    CheckConstraint("state in ('ready', 'sending', 'sent', 'failed', 'unknown', 'dropped')", name="state"),
    UniqueConstraint("digest_id", "channel", "recipient"),
    UniqueConstraint("token"),
    Index(None, "state", "due_at"),
    Index(None, "message_id"),
)

acknowledgement = Table(
    "acknowledgement",
    metadata,
    Column("digest_id", BigId, ForeignKey(digest.c.id), primary_key=True),
    Column("actor", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

suppression = Table(
    "suppression",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("recipient", Text, nullable=False),  # in small letters
    Column("digest_name", Text),  # none: of every digest
    Column("reason", String(16), nullable=False),
    Column("detail", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("lifted_at", UtcDateTime),
    Index(None, "recipient", "lifted_at"),
)
