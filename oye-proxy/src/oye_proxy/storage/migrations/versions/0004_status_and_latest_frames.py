"""Add the owner's status of a charger, and the mark of frames that replace older ones."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("chargers", sa.Column("owner_status", sa.String(16)))
    op.add_column("logs", sa.Column("latest_of", sa.String(400)))
    marked = sa.text("latest_of IS NOT NULL")
    op.create_index(
        "ix_logs_latest_of", "logs", ["latest_of"], sqlite_where=marked, postgresql_where=marked
    )
