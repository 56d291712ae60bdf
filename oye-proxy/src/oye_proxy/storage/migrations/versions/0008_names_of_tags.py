"""Keep a name for each id tag of the owner's list."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column."""
    op.add_column("id_tags", sa.Column("name", sa.String(255)))
