"""Add what the journal of a charger remembers beside its entries."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column."""
    op.add_column("chargers", sa.Column("journal_memory", sa.Text))
