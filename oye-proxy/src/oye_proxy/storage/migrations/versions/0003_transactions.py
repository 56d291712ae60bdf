"""Make the tables of transactions and their samples."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_row_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "transactions",
        sa.Column("id", _row_id, autoincrement=True, nullable=False),
        sa.Column("charge_point_id", sa.String(255), nullable=False),
        sa.Column("transaction_id", sa.String(255), nullable=False),
        sa.Column("csms_transaction_id", sa.String(255)),
        sa.Column("evse_id", sa.BigInteger),
        sa.Column("connector_id", sa.BigInteger),
        sa.Column("ocpp_version", sa.String(16)),
        sa.Column("id_tag", sa.String(255)),
        sa.Column("id_tag_key", sa.String(255)),
        sa.Column("id_tag_type", sa.String(32)),
        sa.Column("id_tag_status", sa.String(32)),
        sa.Column("stop_id_tag", sa.String(255)),
        sa.Column("begun_us", sa.BigInteger, nullable=False),
        sa.Column("started_us", sa.BigInteger),
        sa.Column("stopped_us", sa.BigInteger),
        sa.Column("closed_us", sa.BigInteger),
        sa.Column("reason", sa.String(64)),
        sa.Column("meter_start_wh", sa.Float),
        sa.Column("meter_stop_wh", sa.Float),
        sa.Column("energy_wh", sa.Float),
        sa.Column("started_by", sa.String(16)),
        sa.Column("remote_start_id", sa.BigInteger),
        sa.Column("start_acknowledged_us", sa.BigInteger),
        sa.Column("start_refusal", sa.String(64)),
        sa.Column("stop_acknowledged_us", sa.BigInteger),
        sa.Column("stop_refusal", sa.String(64)),
        sa.Column("gap", sa.Boolean, nullable=False),
        sa.Column("adopted", sa.Boolean, nullable=False),
        sa.Column("offline", sa.Boolean, nullable=False),
        sa.Column("updated_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_transactions"),
        sa.UniqueConstraint(
            "charge_point_id",
            "transaction_id",
            "begun_us",
            name="uq_transactions_charge_point_id_transaction_id_begun_us",
        ),
        sqlite_autoincrement=True,
    )
    for columns in (
        ["begun_us", "id"],
        ["charge_point_id", "begun_us", "id"],
        ["id_tag_key", "begun_us", "id"],
        ["started_by", "begun_us", "id"],
        ["charge_point_id", "csms_transaction_id"],
    ):
        op.create_index(f"ix_transactions_{'_'.join(columns)}", "transactions", columns)
    op.create_index(
        "ix_transactions_open",
        "transactions",
        ["begun_us", "id"],
        sqlite_where=sa.text("closed_us IS NULL"),
        postgresql_where=sa.text("closed_us IS NULL"),
    )
    op.create_table(
        "samples",
        sa.Column("transaction_row", _row_id, autoincrement=False, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("measurand", sa.String(255), nullable=False),
        sa.Column("phase", sa.String(16), nullable=False),
        sa.Column("location", sa.String(255), nullable=False),
        sa.Column("context", sa.String(255), nullable=False),
        sa.Column("value", sa.Float, nullable=False),
        sa.Column("unit", sa.String(255)),
        sa.PrimaryKeyConstraint(
            "transaction_row",
            "at_us",
            "measurand",
            "phase",
            "location",
            "context",
            name="pk_samples",
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_samples_at_us", "samples", ["at_us"])
