"""Who acknowledged which alert.

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

from cases.errors import StoreError

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table; alerts themselves lie where digests do."""
    op.create_table(
        "acknowledgement",
        sa.Column("digest_id", BIG_ID, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name=op.f("fk_acknowledgement_digest_id_digest")),
        sa.PrimaryKeyConstraint("digest_id", name=op.f("pk_acknowledgement")),
    )


def downgrade() -> None:
    """Refuse: a store never goes back, a backup does."""
    raise StoreError("store: its schema only goes forward; restore a backup instead")
