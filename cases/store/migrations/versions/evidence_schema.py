"""Grades that people give, time-stamps of the log's days, and articles that were purged.

Revision 0007, after 0006. The keys by which cases are found are made anew afterwards: stores of before lack the rarer ones.
"""

import sqlalchemy as sa
from alembic import op

from cases.errors import StoreError

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add columns and tables; no row is lost."""
    with op.batch_alter_table("source") as source:
        source.add_column(sa.Column("grade", sa.String(length=1), nullable=True))
    with op.batch_alter_table("article") as article:
        article.add_column(sa.Column("purged_at", TIME, nullable=True))
    op.create_table(
        "report_grade",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("article_id", BIG_ID, nullable=False),
        sa.Column("source", sa.String(length=1), nullable=True),
        sa.Column("credibility", sa.Integer(), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_report_grade_case_id_case_file")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_report_grade_article_id_article")),
        sa.PrimaryKeyConstraint("case_id", "article_id", name=op.f("pk_report_grade")),
    )
    op.create_index(op.f("ix_report_grade_article_id"), "report_grade", ["article_id"], unique=False)
    op.create_table(
        "custody_timestamp",
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["position"], ["custody_log.position"], name=op.f("fk_custody_timestamp_position_custody_log")
        ),
        sa.PrimaryKeyConstraint("position", "authority", name=op.f("pk_custody_timestamp")),
    )


def downgrade() -> None:
    """Refuse: a store never goes back, a backup does."""
    raise StoreError("store: its schema only goes forward; restore a backup instead")
