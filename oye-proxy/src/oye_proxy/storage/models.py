"""
The tables, as SQLAlchemy Core sees them; migrations/ makes them.

`logs`, `chargers`, `config` and `auth_users` keep the names and columns of the Node oye-proxy; what
OYE added to them is nullable. Columns without a unit in their name hold epoch seconds, `*_us` epoch
microseconds.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite counts rows in 64 bits only when the type is spelt INTEGER.
_row_id = BigInteger().with_variant(Integer, "sqlite")

# Most frames replace no other: they take no place in that index.
_latest = text("latest_of IS NOT NULL")

logs = Table(
    "logs",
    metadata,
    Column("id", _row_id, primary_key=True, autoincrement=True),
    Column("charge_point_id", String(255), nullable=False),
    Column("direction", String(255), nullable=False),
    Column("payload", Text, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("at_us", BigInteger),
    Column("encoding", String(16)),
    Column("message_type", Integer),
    Column("action", String(255)),
    Column("message_id", String(255)),
    Column("injection", String(36)),
    Column("peer", String(32)),
    Column("rule", String(64)),
    Column("late", Boolean),
    # Direction, action and charger of a frame that the next of its kind replaces.
    Column("latest_of", String(400)),
    Index(None, "charge_point_id", "id"),
    Index(None, "direction", "id"),
    Index(None, "action", "direction", "id"),
    Index(None, "timestamp"),
    Index(None, "latest_of", sqlite_where=_latest, postgresql_where=_latest),
    # An id is a cursor: one that was deleted never comes back.
    sqlite_autoincrement=True,
)

chargers = Table(
    "chargers",
    metadata,
    Column("charge_point_id", String(255), primary_key=True),
    Column("status", String(255), nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Column("max_power", Float),
    Column("remote_ip", String(255)),
    Column("remote_port", Integer),
    Column("connected_at", BigInteger),
    Column("first_seen", BigInteger),
    Column("name", String(255)),
    Column("mode", String(16)),
    Column("approved", Boolean),
    Column("credential_hash", String(255)),
    Column("facts", Text),
    Column("profiles", Text),
    Column("limits", Text),
    Column("journal_memory", Text),
    Column("owner_status", String(16)),
)

config = Table(
    "config",
    metadata,
    Column("key", String(255), primary_key=True),
    Column("value", Text, nullable=False),
    Column("updated_at", BigInteger),
)

auth_users = Table(
    "auth_users",
    metadata,
    Column("username", String(255), primary_key=True),
    Column("password_hash", String(255), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("email", String(255)),
    Column("language", String(16)),
    Column("disabled", Boolean),
    Column("generated_password", Boolean),
    Column("last_login", BigInteger),
)

login_sessions = Table(
    "login_sessions",
    metadata,
    Column("id", _row_id, primary_key=True, autoincrement=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("username", String(255), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("last_used", BigInteger, nullable=False),
    Column("remote_address", String(255), nullable=False),
    Column("user_agent", String(255), nullable=False),
    Index(None, "username"),
    sqlite_autoincrement=True,
)

password_resets = Table(
    "password_resets",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("username", String(255), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index(None, "username"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", _row_id, primary_key=True, autoincrement=True),
    Column("name", String(255), nullable=False),
    Column("scope", String(16), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("last_used", BigInteger),
    sqlite_autoincrement=True,
)

injections = Table(
    "injections",
    metadata,
    Column("message_id", String(36), primary_key=True),
    Column("charge_point_id", String(255), nullable=False),
    Column("action", String(255), nullable=False),
    Column("payload", Text, nullable=False),
    Column("user", String(255), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("idempotency_key", String(255)),
    Column("state", String(16), nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("sent_us", BigInteger),
    Column("settled_us", BigInteger),
    Column("response", Text),
    Column("accepted", Boolean),
    Column("error_code", String(255)),
    Column("description", Text),
    Index(None, "charge_point_id", "created_us"),
    Index(None, "created_us"),
    Index(None, "idempotency_key"),
)

id_tags = Table(
    "id_tags",
    metadata,
    Column("charge_point_id", String(255), primary_key=True),
    Column("id_tag", String(255), primary_key=True),
    Column("id_tag_type", String(32), primary_key=True),
    Column("status", String(32), nullable=False),
    Column("group_id", String(255)),
    Column("group_type", String(32)),
    Column("expires_at", BigInteger),
    Column("updated_at", BigInteger, nullable=False),
    Column("name", String(255)),
)

sequences = Table(
    "sequences",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("next_value", BigInteger, nullable=False),
)

# An entry has a row from before its answer until long after its end. `characters` are those of its
# text. The index by state holds all that is counted of pending entries, so that no text is read.
journal = Table(
    "journal",
    metadata,
    Column("charge_point_id", String(255), primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("journal_class", String(1), nullable=False),
    Column("key", String(255), nullable=False),
    Column("version", String(16), nullable=False),
    Column("action", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("transaction_id", Text),
    Column("text", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("characters", BigInteger, nullable=False),
    Column("arrived_us", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("uncertain", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("settled_us", BigInteger),
    Column("sent", Text),
    Column("response", Text),
    Index(
        "ix_journal_state",
        *("state", "charge_point_id", "sequence", "journal_class", "characters", "arrived_us"),
    ),
    Index(None, "settled_us"),
)

# The last sequence of each charger: it must not come back when its entry is long deleted.
journal_heads = Table(
    "journal_heads",
    metadata,
    Column("charge_point_id", String(255), primary_key=True),
    Column("last_sequence", BigInteger, nullable=False),
)

# `csms_id` is a text: a CSMS may choose a number that no column of numbers holds.
transaction_links = Table(
    "transaction_links",
    metadata,
    Column("charge_point_id", String(255), primary_key=True),
    Column("local_id", BigInteger, primary_key=True, autoincrement=False),
    Column("csms_id", Text),
    Column("opened_us", BigInteger, nullable=False),
    Column("closed_us", BigInteger),
    Index(None, "closed_us"),
)

transactions = Table(
    "transactions",
    metadata,
    Column("id", _row_id, primary_key=True, autoincrement=True),
    Column("charge_point_id", String(255), nullable=False),
    Column("transaction_id", String(255), nullable=False),
    Column("csms_transaction_id", String(255)),
    Column("evse_id", BigInteger),
    Column("connector_id", BigInteger),
    Column("ocpp_version", String(16)),
    Column("id_tag", String(255)),
    Column("id_tag_key", String(255)),
    Column("id_tag_type", String(32)),
    Column("id_tag_status", String(32)),
    Column("stop_id_tag", String(255)),
    Column("begun_us", BigInteger, nullable=False),
    Column("started_us", BigInteger),
    Column("stopped_us", BigInteger),
    Column("closed_us", BigInteger),
    Column("reason", String(64)),
    Column("meter_start_wh", Float),
    Column("meter_stop_wh", Float),
    Column("energy_wh", Float),
    Column("started_by", String(16)),
    Column("remote_start_id", BigInteger),
    Column("start_acknowledged_us", BigInteger),
    Column("start_refusal", String(64)),
    Column("stop_acknowledged_us", BigInteger),
    Column("stop_refusal", String(64)),
    Column("gap", Boolean, nullable=False),
    Column("adopted", Boolean, nullable=False),
    Column("offline", Boolean, nullable=False),
    Column("updated_us", BigInteger, nullable=False),
    # Ids come again: of a CSMS that counts from 1 anew, of one charger under two CSMSs.
    UniqueConstraint("charge_point_id", "transaction_id", "begun_us"),
    Index(None, "begun_us", "id"),
    Index(None, "charge_point_id", "begun_us", "id"),
    Index(None, "id_tag_key", "begun_us", "id"),
    Index(None, "started_by", "begun_us", "id"),
    Index(None, "charge_point_id", "csms_transaction_id"),
    Index(
        "ix_transactions_open",
        "begun_us",
        "id",
        sqlite_where=text("closed_us IS NULL"),
        postgresql_where=text("closed_us IS NULL"),
    ),
    sqlite_autoincrement=True,
)

samples = Table(
    "samples",
    metadata,
    Column("transaction_row", _row_id, primary_key=True, autoincrement=False),
    Column("at_us", BigInteger, primary_key=True),
    Column("measurand", String(255), primary_key=True),
    Column("phase", String(16), primary_key=True),
    Column("location", String(255), primary_key=True),
    Column("context", String(255), primary_key=True),
    Column("value", Float, nullable=False),
    Column("unit", String(255)),
    Index(None, "at_us"),
    # The rows of one transaction lie together, and their key is not kept twice.
    sqlite_with_rowid=False,
)
