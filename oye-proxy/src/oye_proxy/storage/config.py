"""The state that changes while the proxy runs, as texts under the Node oye-proxy's keys."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import select

from oye_proxy.storage.database import Database
from oye_proxy.storage.models import config
from oye_proxy.storage.times import to_seconds


class ConfigStore:
    """The table of keys and values."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> dict[str, str]:
        """Return what was ever set."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(config.c.key, config.c.value))
            return {row.key: row.value for row in rows}

    async def set(self, values: Mapping[str, str]) -> None:
        """Set several keys, all or none."""
        now = to_seconds(datetime.now(UTC))
        async with self._database.writing() as connection:
            for key, value in values.items():
                row = {"key": key, "value": value, "updated_at": now}
                await connection.execute(self._database.upsert(config, row))
