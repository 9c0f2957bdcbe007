"""Collection: learned intervals, robots.txt as read, evidence that can be verified, quarantine, and copies of articles.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from cases.errors import StoreError

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
TIME = sa.DateTime(timezone=True)
_NEAR_MISS_FROM = 0.3
"""The score from which, until now, every article without a report was a near miss."""


def upgrade() -> None:
    """Add what the watch learns of sites, and what it keeps of them."""
    _watch()
    _verdicts()
    _evidence()
    _copies()


def downgrade() -> None:
    """Refuse: a store never goes back, a backup does."""
    raise StoreError("store: its schema only goes forward; restore a backup instead")


def _watch() -> None:
    """Make room for the interval that a source has earned, for bodies that came again, and for robots.txt.

    The indexes let a claim cost the same however many sources and requests there are.
    """
    op.add_column("source", sa.Column("expected_s", sa.Integer(), nullable=True))
    op.add_column("source", sa.Column("interval_s", sa.Integer(), nullable=True))
    op.drop_index(op.f("ix_source_enabled_next_due"), table_name="source")
    op.create_index(op.f("ix_source_enabled_next_due_name"), "source", ["enabled", "next_due", "name"], unique=False)
    op.create_index(op.f("ix_source_lease_until"), "source", ["lease_until"], unique=False)
    op.create_index(op.f("ix_crawl_request_source_state"), "crawl_request_source", ["state"], unique=False)
    op.add_column("validator", sa.Column("sha256", sa.String(length=64), nullable=True))
    op.create_table(
        "robots",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("fetched_at", TIME, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("capture", JSON, nullable=True),
        sa.PrimaryKeyConstraint("site", name=op.f("pk_robots")),
    )


def _verdicts() -> None:
    """Make room for what came near being a report: until now that was told by one threshold for all."""
    op.add_column("article", sa.Column("near_miss", sa.Boolean(), server_default=sa.false(), nullable=False))
    article = sa.table(
        "article", sa.column("report", sa.Boolean), sa.column("score", sa.Float), sa.column("near_miss", sa.Boolean)
    )
    near = sa.and_(sa.not_(article.c.report), article.c.score >= _NEAR_MISS_FROM)
    op.execute(article.update().where(near).values(near_miss=True))
    op.drop_index(op.f("ix_article_report_score"), table_name="article")
    op.create_index(op.f("ix_article_near_miss_score"), "article", ["near_miss", "score"], unique=False)


def _evidence() -> None:
    """Make room for the digests of closed capture files, for answers that nobody could read yet, and for pages gone since."""
    op.add_column("article", sa.Column("vanished_at", TIME, nullable=True))
    op.create_table(
        "capture_file",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.Column("closed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_capture_file")),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("url_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("capture", JSON, nullable=False),
        sa.Column("listed", sa.Text(), nullable=False),
        sa.Column("kept_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("url_key", name=op.f("uq_quarantine_url_key")),
    )
    op.create_index(op.f("ix_quarantine_source"), "quarantine", ["source"], unique=False)


def _copies() -> None:
    """Make room for what tells a copied text, for whose copy it is, and for whom an article credits with itself."""
    op.add_column("article", sa.Column("credits", JSON, nullable=True))
    op.create_index(op.f("ix_article_source_published"), "article", ["source", "published"], unique=False)
    op.create_table(
        "article_sketch",
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_sketch_article_id_article")),
        sa.PrimaryKeyConstraint("hash", "article_id", name=op.f("pk_article_sketch")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_article_sketch_article_id"), "article_sketch", ["article_id"], unique=False)
    op.create_table(
        "article_copy",
        sa.Column("article_id", BIG_ID, nullable=False),
        sa.Column("original_id", BIG_ID, nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("noted_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_copy_article_id_article")),
        sa.ForeignKeyConstraint(["original_id"], ["article.id"], name=op.f("fk_article_copy_original_id_article")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_copy")),
    )
    op.create_index(op.f("ix_article_copy_original_id"), "article_copy", ["original_id"], unique=False)
