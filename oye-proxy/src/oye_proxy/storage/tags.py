"""Id tags: the owner's list, and what the CSMS said of tags that each charger used."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Row, delete, select

from oye_proxy.storage.database import Database
from oye_proxy.storage.models import id_tags
from oye_proxy.storage.texts import storable
from oye_proxy.storage.times import from_seconds, to_seconds

OWNER = ""


class TagRow(Struct, frozen=True, kw_only=True):
    """
    One id tag with its status in OCPP's words.

    `charge_point_id` is `OWNER` for the owner's list. 1.6 has no `id_tag_type`: it is empty.
    """

    charge_point_id: str
    id_tag: str
    id_tag_type: str = ""
    status: str
    group_id: str | None = None
    group_type: str | None = None
    expires_at: datetime | None = None
    updated_at: datetime
    name: str | None = None


class TagStore:
    """The table of id tags."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[TagRow]:
        """Return every tag."""
        async with self._database.reading() as connection:
            return [_tag(row) for row in await connection.execute(select(id_tags))]

    async def owners(self) -> list[TagRow]:
        """Return the owner's list."""
        statement = select(id_tags).where(id_tags.c.charge_point_id == OWNER)
        async with self._database.reading() as connection:
            return [_tag(row) for row in await connection.execute(statement)]

    async def save(self, changes: Iterable[TagRow]) -> None:
        """Add or replace tags, all or none."""
        async with self._database.writing() as connection:
            for tag in changes:
                row = {
                    "charge_point_id": tag.charge_point_id,
                    "id_tag": storable(tag.id_tag),
                    "id_tag_type": storable(tag.id_tag_type, 32),
                    "status": storable(tag.status, 32),
                    "group_id": None if tag.group_id is None else storable(tag.group_id),
                    "group_type": None if tag.group_type is None else storable(tag.group_type, 32),
                    "expires_at": None if tag.expires_at is None else to_seconds(tag.expires_at),
                    "updated_at": to_seconds(tag.updated_at),
                    "name": None if tag.name is None else storable(tag.name),
                }
                await connection.execute(self._database.upsert(id_tags, row))

    async def delete(self, charge_point_id: str, id_tag: str, id_tag_type: str = "") -> bool:
        """Delete a tag; return whether there was one."""
        statement = (
            delete(id_tags)
            .where(id_tags.c.charge_point_id == charge_point_id)
            .where(id_tags.c.id_tag == id_tag)
            .where(id_tags.c.id_tag_type == id_tag_type)
        )
        async with self._database.writing() as connection:
            gone = await connection.execute(statement)
        return gone.rowcount == 1


def _tag(row: Row[Any]) -> TagRow:
    return TagRow(
        charge_point_id=row.charge_point_id,
        id_tag=row.id_tag,
        id_tag_type=row.id_tag_type,
        status=row.status,
        group_id=row.group_id,
        group_type=row.group_type,
        expires_at=from_seconds(row.expires_at),
        updated_at=from_seconds(row.updated_at),
        name=row.name,
    )
