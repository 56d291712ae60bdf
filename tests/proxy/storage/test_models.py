import pytest

from oye_proxy.storage.models import metadata

# The tables of the Node oye-proxy, names and columns kept.
NODE_COLUMNS = {
    "logs": ["id", "charge_point_id", "direction", "payload", "timestamp"],
    "chargers": [
        "charge_point_id",
        "status",
        "last_seen",
        "max_power",
        "remote_ip",
        "remote_port",
        "connected_at",
    ],
    "config": ["key", "value", "updated_at"],
    "auth_users": ["username", "password_hash", "created_at"],
}


@pytest.mark.parametrize("table", NODE_COLUMNS)
def test_names_and_columns_of_the_node_proxy_are_kept(table: str) -> None:
    columns = [column.name for column in metadata.tables[table].columns]

    assert NODE_COLUMNS[table] == columns[: len(NODE_COLUMNS[table])]


@pytest.mark.parametrize("table", NODE_COLUMNS)
def test_what_was_added_to_them_is_nullable(table: str) -> None:
    added = list(metadata.tables[table].columns)[len(NODE_COLUMNS[table]) :]

    assert [] == [column.name for column in added if not column.nullable]
