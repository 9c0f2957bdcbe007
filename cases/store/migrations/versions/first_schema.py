"""First schema: sources, runs, articles, the register and digests.

Revision 0001, the first.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from cases.errors import StoreError

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make every table."""
    _watch()
    _articles()
    _cases()
    _changes()
    _digests()


def downgrade() -> None:
    """Refuse: a store never goes back, a backup does."""
    raise StoreError("store: its schema only goes forward; restore a backup instead")


def _watch() -> None:
    """Make room for sources, their crawls, and who asked for them."""
    op.create_table(
        "run",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("finished_at", TIME, nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index(op.f("ix_run_finished_at"), "run", ["finished_at"], unique=False)
    op.create_index(op.f("ix_run_source_finished_at"), "run", ["source", "finished_at"], unique=False)
    op.create_table(
        "source",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("every_s", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("next_due", TIME, nullable=True),
        sa.Column("failures", sa.Float(), nullable=False),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("lease_by", sa.Text(), nullable=True),
        sa.Column("last_run_id", BIG_ID, nullable=True),
        sa.Column("last_success", TIME, nullable=True),
        sa.ForeignKeyConstraint(["last_run_id"], ["run.id"], name=op.f("fk_source_last_run_id_run")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_source")),
    )
    op.create_index(op.f("ix_source_enabled_next_due"), "source", ["enabled", "next_due"], unique=False)
    op.create_index(op.f("ix_source_host"), "source", ["host"], unique=False)
    op.create_table(
        "crawl_request",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("since", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawl_request")),
    )
    op.create_table(
        "crawl_request_source",
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("run_id", BIG_ID, nullable=True),
        sa.CheckConstraint("state in ('waiting', 'running', 'done')", name=op.f("ck_crawl_request_source_state")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["crawl_request.id"], name=op.f("fk_crawl_request_source_request_id_crawl_request")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_crawl_request_source_run_id_run")),
        sa.ForeignKeyConstraint(["source"], ["source.name"], name=op.f("fk_crawl_request_source_source_source")),
        sa.PrimaryKeyConstraint("request_id", "source", name=op.f("pk_crawl_request_source")),
    )
    op.create_index(
        op.f("ix_crawl_request_source_source_state"), "crawl_request_source", ["source", "state"], unique=False
    )
    op.create_table(
        "heartbeat",
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("who", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "validator",
        sa.Column("url_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("url_key", name=op.f("pk_validator")),
    )


def _articles() -> None:
    """Make room for what was collected, with every version."""
    op.create_table(
        "article",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("url_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_title", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("lang", sa.Text(), nullable=True),
        sa.Column("published", TIME, nullable=True),
        sa.Column("modified", TIME, nullable=True),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("fetched_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=32), nullable=False),
        sa.Column("report", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("url_key", name=op.f("uq_article_url_key")),
    )
    op.create_index(op.f("ix_article_published"), "article", ["published"], unique=False)
    op.create_index(op.f("ix_article_report_score"), "article", ["report", "score"], unique=False)
    op.create_index(op.f("ix_article_source_report"), "article", ["source", "report"], unique=False)
    op.create_table(
        "article_version",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("article_id", BIG_ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("capture", JSON, nullable=True),
        sa.Column("judgement", JSON, nullable=False),
        sa.Column("kept_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_version_article_id_article")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_version")),
        sa.UniqueConstraint("article_id", "version", name=op.f("uq_article_version_article_id_version")),
    )


def _cases() -> None:
    """Make the register: cases and who tells them."""
    op.create_table(
        "case_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_case_counter")),
    )
    op.create_table(
        "case_file",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("announce", sa.Boolean(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=True),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("report", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("number", name=op.f("uq_case_file_number")),
    )
    op.create_index(op.f("ix_case_file_changed_at"), "case_file", ["changed_at"], unique=False)
    op.create_table(
        "case_bucket",
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_bucket_case_id_case_file")),
        sa.PrimaryKeyConstraint("bucket", "case_id", name=op.f("pk_case_bucket")),
    )
    op.create_index(op.f("ix_case_bucket_case_id"), "case_bucket", ["case_id"], unique=False)
    op.create_table(
        "telling",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("article_id", BIG_ID, nullable=False),
        sa.Column("version_id", BIG_ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("report", JSON, nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_telling_article_id_article")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_telling_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_version.id"], name=op.f("fk_telling_version_id_article_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telling")),
        sa.UniqueConstraint("version_id", "position", name=op.f("uq_telling_version_id_position")),
    )
    op.create_index(op.f("ix_telling_article_id_current"), "telling", ["article_id", "current"], unique=False)
    op.create_index(op.f("ix_telling_case_id_current"), "telling", ["case_id", "current"], unique=False)
    op.create_table(
        "case_suggestion",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("other_id", sa.String(length=36), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_suggestion_case_id_case_file")),
        sa.ForeignKeyConstraint(["other_id"], ["case_file.id"], name=op.f("fk_case_suggestion_other_id_case_file")),
        sa.PrimaryKeyConstraint("case_id", "other_id", name=op.f("pk_case_suggestion")),
    )


def _changes() -> None:
    """Make room for what happened to each case."""
    op.create_table(
        "case_revision",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("report", JSON, nullable=False),
        sa.Column("changed_fields", JSON, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_revision_case_id_case_file")),
        sa.PrimaryKeyConstraint("case_id", "revision", name=op.f("pk_case_revision")),
    )
    op.create_table(
        "case_change",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_fields", JSON, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("version_id", BIG_ID, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_change_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_version.id"], name=op.f("fk_case_change_version_id_article_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_change")),
    )
    op.create_index(op.f("ix_case_change_at"), "case_change", ["at"], unique=False)
    op.create_index(op.f("ix_case_change_case_id"), "case_change", ["case_id"], unique=False)


def _digests() -> None:
    """Make room for what was told, and to whom."""
    op.create_table(
        "digest",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("name", "period", name=op.f("uq_digest_name_period")),
    )
    op.create_table(
        "digest_change",
        sa.Column("digest_name", sa.Text(), nullable=False),
        sa.Column("change_id", BIG_ID, nullable=False),
        sa.Column("digest_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["case_change.id"], name=op.f("fk_digest_change_change_id_case_change")),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name=op.f("fk_digest_change_digest_id_digest")),
        sa.PrimaryKeyConstraint("digest_name", "change_id", name=op.f("pk_digest_change")),
    )
    op.create_index(op.f("ix_digest_change_digest_id"), "digest_change", ["digest_id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("digest_id", BIG_ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", TIME, nullable=True),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('ready', 'sending', 'sent', 'failed', 'unknown')", name=op.f("ck_delivery_state")
        ),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name=op.f("fk_delivery_digest_id_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("digest_id", "channel", "recipient", name=op.f("uq_delivery_digest_id_channel_recipient")),
    )
    op.create_index(op.f("ix_delivery_state_due_at"), "delivery", ["state", "due_at"], unique=False)
