"""Let the indices of frames know direction and action."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the indices."""
    for columns in (
        ["charge_point_id", "id", "direction", "action"],
        ["direction", "id"],
        ["action", "direction", "id"],
    ):
        op.create_index(f"ix_logs_{'_'.join(columns)}", "logs", columns)
    op.drop_index("ix_logs_charge_point_id_id", "logs")
