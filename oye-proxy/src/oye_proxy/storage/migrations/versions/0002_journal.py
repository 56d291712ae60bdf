"""Add the journal: what chargers were told in place of their CSMS."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "journal",
        sa.Column("charge_point_id", sa.String(255), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("journal_class", sa.String(1), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("version", sa.String(16), nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("transaction_id", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("characters", sa.BigInteger, nullable=False),
        sa.Column("arrived_us", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("uncertain", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("settled_us", sa.BigInteger),
        sa.Column("sent", sa.Text),
        sa.Column("response", sa.Text),
        sa.PrimaryKeyConstraint("charge_point_id", "sequence", name="pk_journal"),
    )
    op.create_index(
        "ix_journal_state",
        "journal",
        ["state", "charge_point_id", "sequence", "journal_class", "characters", "arrived_us"],
    )
    op.create_index("ix_journal_settled_us", "journal", ["settled_us"])
    op.create_table(
        "journal_heads",
        sa.Column("charge_point_id", sa.String(255), nullable=False),
        sa.Column("last_sequence", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("charge_point_id", name="pk_journal_heads"),
    )
    op.create_table(
        "transaction_links",
        sa.Column("charge_point_id", sa.String(255), nullable=False),
        sa.Column("local_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("csms_id", sa.Text),
        sa.Column("opened_us", sa.BigInteger, nullable=False),
        sa.Column("closed_us", sa.BigInteger),
        sa.PrimaryKeyConstraint("charge_point_id", "local_id", name="pk_transaction_links"),
    )
    op.create_index("ix_transaction_links_closed_us", "transaction_links", ["closed_us"])
