"""Keep login sessions and links for a new password; know more of users."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_row_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the columns and make the tables."""
    for column in (
        sa.Column("email", sa.String(255)),
        sa.Column("language", sa.String(16)),
        sa.Column("disabled", sa.Boolean()),
        sa.Column("generated_password", sa.Boolean()),
        sa.Column("last_login", sa.BigInteger()),
    ):
        op.add_column("auth_users", column)
    op.create_table(
        "login_sessions",
        sa.Column("id", _row_id, autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("username", sa.String(255), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used", sa.BigInteger(), nullable=False),
        sa.Column("remote_address", sa.String(255), nullable=False),
        sa.Column("user_agent", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_login_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_login_sessions_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_login_sessions_username", "login_sessions", ["username"])
    op.create_table(
        "password_resets",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("username", sa.String(255), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_password_resets"),
    )
    op.create_index("ix_password_resets_username", "password_resets", ["username"])
