"""${message}.

Revision ${up_revision}, after ${down_revision}.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; nothing is lost."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Refuse: a store never goes back, a backup does."""
    raise NotImplementedError("a store's schema only goes forward; restore a backup instead")
