"""Find the frames of a direction or an action by an index."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the indices."""
    for columns in (["direction", "id"], ["action", "direction", "id"]):
        op.create_index(f"ix_logs_{'_'.join(columns)}", "logs", columns)
