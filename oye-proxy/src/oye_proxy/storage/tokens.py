"""API tokens by their SHA-256; a token itself is never stored."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Row, bindparam, delete, insert, select, update

from oye_proxy.storage.database import Database
from oye_proxy.storage.models import api_tokens
from oye_proxy.storage.times import from_seconds, to_seconds


class TokenRow(Struct, frozen=True):
    """One API token."""

    id: int
    name: str
    scope: str
    token_hash: str
    created_at: datetime
    last_used: datetime | None


class TokenStore:
    """The table of API tokens."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[TokenRow]:
        """Return every token, oldest first."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(api_tokens).order_by(api_tokens.c.id))
            return [_token(row) for row in rows]

    async def by_hash(self, token_hash: str) -> TokenRow | None:
        """Return the token with this SHA-256."""
        query = select(api_tokens).where(api_tokens.c.token_hash == token_hash)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else _token(row)

    async def add(self, name: str, scope: str, token_hash: str) -> TokenRow:
        """Add a token."""
        values = {
            "name": name,
            "scope": scope,
            "token_hash": token_hash,
            "created_at": to_seconds(datetime.now(UTC)),
        }
        async with self._database.writing() as connection:
            added = await connection.execute(
                insert(api_tokens).values(values).returning(api_tokens)
            )
            return _token(added.one())

    async def touch(self, last_used: Mapping[int, datetime]) -> None:
        """Note when tokens were used last."""
        if not last_used:
            return
        statement = (
            update(api_tokens)
            .where(api_tokens.c.id == bindparam("token_id"))
            .values(last_used=bindparam("moment"))
        )
        moments = [{"token_id": key, "moment": to_seconds(time)} for key, time in last_used.items()]
        async with self._database.writing() as connection:
            await connection.execute(statement, moments)

    async def delete(self, token_id: int) -> bool:
        """Delete a token; return whether there was one."""
        statement = delete(api_tokens).where(api_tokens.c.id == token_id)
        async with self._database.writing() as connection:
            gone = await connection.execute(statement)
        return gone.rowcount == 1


def _token(row: Row[Any]) -> TokenRow:
    return TokenRow(
        row.id,
        row.name,
        row.scope,
        row.token_hash,
        from_seconds(row.created_at),
        from_seconds(row.last_used),
    )
