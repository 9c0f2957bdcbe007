"""Several hosts: a sign of life says what kind of process gives it, and into which folder it writes.

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

from cases.errors import StoreError

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add who a sign of life comes from; one that stands there already is a service's."""
    for column in (
        sa.Column("role", sa.String(length=8), nullable=False, server_default="service"),
        sa.Column("slots", sa.Integer(), nullable=True),
        sa.Column("busy", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("folder", sa.Text(), nullable=True),
    ):
        op.add_column("heartbeat", column)


def downgrade() -> None:
    """Refuse: a store never goes back, a backup does."""
    raise StoreError("store: its schema only goes forward; restore a backup instead")
