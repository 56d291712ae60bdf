"""Make all tables of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_row_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "logs",
        sa.Column("id", _row_id, autoincrement=True, nullable=False),
        sa.Column("charge_point_id", sa.String(255), nullable=False),
        sa.Column("direction", sa.String(255), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("timestamp", sa.BigInteger, nullable=False),
        sa.Column("at_us", sa.BigInteger),
        sa.Column("encoding", sa.String(16)),
        sa.Column("message_type", sa.Integer),
        sa.Column("action", sa.String(255)),
        sa.Column("message_id", sa.String(255)),
        sa.Column("injection", sa.String(36)),
        sa.Column("peer", sa.String(32)),
        sa.Column("rule", sa.String(64)),
        sa.Column("late", sa.Boolean),
        sa.PrimaryKeyConstraint("id", name="pk_logs"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_logs_charge_point_id_id", "logs", ["charge_point_id", "id"])
    op.create_index("ix_logs_timestamp", "logs", ["timestamp"])
    op.create_table(
        "chargers",
        sa.Column("charge_point_id", sa.String(255), nullable=False),
        sa.Column("status", sa.String(255), nullable=False),
        sa.Column("last_seen", sa.BigInteger, nullable=False),
        sa.Column("max_power", sa.Float),
        sa.Column("remote_ip", sa.String(255)),
        sa.Column("remote_port", sa.Integer),
        sa.Column("connected_at", sa.BigInteger),
        sa.Column("first_seen", sa.BigInteger),
        sa.Column("name", sa.String(255)),
        sa.Column("mode", sa.String(16)),
        sa.Column("approved", sa.Boolean),
        sa.Column("credential_hash", sa.String(255)),
        sa.Column("facts", sa.Text),
        sa.Column("profiles", sa.Text),
        sa.Column("limits", sa.Text),
        sa.PrimaryKeyConstraint("charge_point_id", name="pk_chargers"),
    )
    op.create_table(
        "config",
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("updated_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("key", name="pk_config"),
    )
    op.create_table(
        "auth_users",
        sa.Column("username", sa.String(255), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("username", name="pk_auth_users"),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", _row_id, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("last_used", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_api_tokens_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "injections",
        sa.Column("message_id", sa.String(36), nullable=False),
        sa.Column("charge_point_id", sa.String(255), nullable=False),
        sa.Column("action", sa.String(255), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("user", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("idempotency_key", sa.String(255)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("sent_us", sa.BigInteger),
        sa.Column("settled_us", sa.BigInteger),
        sa.Column("response", sa.Text),
        sa.Column("accepted", sa.Boolean),
        sa.Column("error_code", sa.String(255)),
        sa.Column("description", sa.Text),
        sa.PrimaryKeyConstraint("message_id", name="pk_injections"),
    )
    op.create_index(
        "ix_injections_charge_point_id_created_us", "injections", ["charge_point_id", "created_us"]
    )
    op.create_index("ix_injections_created_us", "injections", ["created_us"])
    op.create_index("ix_injections_idempotency_key", "injections", ["idempotency_key"])
    op.create_table(
        "id_tags",
        sa.Column("charge_point_id", sa.String(255), nullable=False),
        sa.Column("id_tag", sa.String(255), nullable=False),
        sa.Column("id_tag_type", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("group_id", sa.String(255)),
        sa.Column("group_type", sa.String(32)),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("charge_point_id", "id_tag", "id_tag_type", name="pk_id_tags"),
    )
    op.create_table(
        "sequences",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("next_value", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_sequences"),
    )
