"""Decisions of people: merges, embargoes, pairs kept apart, corrections, and the log that says who did it.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from cases.errors import StoreError

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add what people decide of cases, and the log of it."""
    _cases()
    _corrections()
    _log()


def downgrade() -> None:
    """Refuse: a store never goes back, a backup does."""
    raise StoreError("store: its schema only goes forward; restore a backup instead")


def _cases() -> None:
    with op.batch_alter_table("case_file") as case_file:
        case_file.add_column(sa.Column("merged_into", sa.String(length=36), nullable=True))
        case_file.add_column(sa.Column("status_before", sa.String(length=16), nullable=True))
        case_file.add_column(sa.Column("embargo_until", TIME, nullable=True))
        case_file.create_foreign_key(op.f("fk_case_file_merged_into_case_file"), "case_file", ["merged_into"], ["id"])
    op.create_index(op.f("ix_case_file_merged_into"), "case_file", ["merged_into"], unique=False)
    op.create_index(op.f("ix_case_file_status_embargo_until"), "case_file", ["status", "embargo_until"], unique=False)
    op.create_table(
        "case_apart",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("other_id", sa.String(length=36), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.CheckConstraint("case_id < other_id", name=op.f("ck_case_apart_order")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_apart_case_id_case_file")),
        sa.ForeignKeyConstraint(["other_id"], ["case_file.id"], name=op.f("fk_case_apart_other_id_case_file")),
        sa.PrimaryKeyConstraint("case_id", "other_id", name=op.f("pk_case_apart")),
    )
    op.create_index(op.f("ix_case_apart_other_id"), "case_apart", ["other_id"], unique=False)


def _corrections() -> None:
    op.create_table(
        "case_correction",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("correction", JSON, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("lifted_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_correction_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_correction")),
    )
    op.create_index(op.f("ix_case_correction_case_id"), "case_correction", ["case_id"], unique=False)


def _log() -> None:
    op.create_table(
        "custody_log",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("act", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("detail", JSON, nullable=True),
        sa.Column("detail_sha256", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_custody_log")),
        sa.UniqueConstraint("previous", name=op.f("uq_custody_log_previous")),
    )
    op.create_index(op.f("ix_custody_log_subject"), "custody_log", ["subject"], unique=False)
