"""Deliveries that outsiders can name, that are urgent or given up; addresses that are not written to.

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

from cases.errors import StoreError

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
STATES = "state in ('ready', 'sending', 'sent', 'failed', 'unknown', 'dropped')"


def upgrade() -> None:
    """Add them; what lies in the outbox stays as it is."""
    with op.batch_alter_table("delivery") as delivery:
        delivery.add_column(sa.Column("token", sa.String(length=32), nullable=True))
        delivery.add_column(sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()))
        delivery.drop_constraint(op.f("ck_delivery_state"), type_="check")
        delivery.create_check_constraint(op.f("ck_delivery_state"), STATES)
        delivery.create_unique_constraint(op.f("uq_delivery_token"), ["token"])
    op.create_index(op.f("ix_delivery_message_id"), "delivery", ["message_id"], unique=False)
    op.create_table(
        "suppression",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("digest_name", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("lifted_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression")),
    )
    op.create_index(op.f("ix_suppression_recipient_lifted_at"), "suppression", ["recipient", "lifted_at"], unique=False)


def downgrade() -> None:
    """Refuse: a store never goes back, a backup does."""
    raise StoreError("store: its schema only goes forward; restore a backup instead")
