"""Add the indices that find frames by direction and by action."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the indices."""
    op.create_index("ix_logs_direction_id", "logs", ["direction", "id"])
    op.create_index("ix_logs_action_direction_id", "logs", ["action", "direction", "id"])
