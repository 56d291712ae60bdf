"""What is known of each charger beyond its connection."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import Row, bindparam, delete, select, update

from oye_proxy.errors import ChargerUnknownError
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import chargers, id_tags, logs, transactions
from oye_proxy.storage.times import from_seconds, to_seconds
from oye_proxy.storage.transactions import delete_transactions

ONLINE = "ONLINE"
OFFLINE = "OFFLINE"

_DELETE_ROWS = 1000
_OF_A_CONTACT = ("status", "last_seen", "remote_ip", "remote_port", "connected_at")


class Document(StrEnum):
    """JSON that belongs to a charger and that the store does not look into."""

    FACTS = "facts"
    PROFILES = "profiles"
    LIMITS = "limits"
    JOURNAL_MEMORY = "journal_memory"


class Contact(Struct, frozen=True, kw_only=True):
    """The last connection of a charger, open or over."""

    charge_point_id: str
    online: bool
    remote_ip: str
    remote_port: int
    connected_at: datetime
    last_seen: datetime


class ChargerRow(Struct, frozen=True, kw_only=True):
    """One charger; `max_power` is in amperes, `approved` is None where nobody was asked."""

    charge_point_id: str
    status: str
    last_seen: datetime
    max_power: float | None = None
    remote_ip: str | None = None
    remote_port: int | None = None
    connected_at: datetime | None = None
    first_seen: datetime | None = None
    name: str | None = None
    mode: str | None = None
    approved: bool | None = None
    owner_status: str | None = None
    credential_hash: str | None = None
    facts: bytes | None = None
    profiles: bytes | None = None
    limits: bytes | None = None
    journal_memory: bytes | None = None


class ChargerStore:
    """The table of chargers; `on_frames` hears how many more or fewer frames are stored."""

    def __init__(
        self, database: Database, on_frames: Callable[[int], None] = lambda _by: None
    ) -> None:
        self._database = database
        self._on_frames = on_frames

    async def all(self) -> list[ChargerRow]:
        """Return every charger, by id."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(chargers).order_by(chargers.c.charge_point_id))
            return [_charger(row) for row in rows]

    async def note_contacts(self, contacts: Sequence[Contact]) -> None:
        """Note who is connected and who was; the first contact makes the charger's row."""
        if not contacts:
            return
        told = self._database.insert_or_update(chargers, _OF_A_CONTACT)
        async with self._database.writing() as connection:
            await connection.execute(told, [_contact(contact) for contact in contacts])

    async def touch(self, last_seen: Mapping[str, datetime]) -> None:
        """Move the time of the last frame of several chargers."""
        if not last_seen:
            return
        moments = [
            {"id": charge_point_id, "moment": to_seconds(time)}
            for charge_point_id, time in last_seen.items()
        ]
        async with self._database.writing() as connection:
            await connection.execute(_replace("last_seen", "moment"), moments)

    async def set_max_power(self, charge_point_id: str, amperes: float | None) -> None:
        """Set or lift the lasting cap."""
        await self._set(charge_point_id, max_power=amperes)

    async def set_mode(self, charge_point_id: str, mode: str) -> None:
        """Set the owner's policy."""
        await self._set(charge_point_id, mode=mode)

    async def set_name(self, charge_point_id: str, name: str | None) -> None:
        """Set the name that the owner gave."""
        await self._set(charge_point_id, name=name)

    async def set_approved(self, approved: Mapping[str, bool]) -> None:
        """Set which of several chargers the owner wants."""
        rows = [{"id": name, "approved_now": value} for name, value in approved.items()]
        if rows:
            async with self._database.writing() as connection:
                await connection.execute(_replace("approved", "approved_now"), rows)

    async def set_owner_status(self, charge_point_id: str, owner_status: str) -> None:
        """Set whether the owner uses this charger."""
        await self._set(charge_point_id, owner_status=owner_status)

    async def set_credential(self, charge_point_id: str, credential_hash: str | None) -> None:
        """Set the hash of the charger's password."""
        await self._set(charge_point_id, credential_hash=credential_hash)

    async def save_documents(self, documents: Sequence[tuple[str, Document, bytes]]) -> None:
        """Replace documents of chargers, named by their ids."""
        if not documents:
            return
        values: defaultdict[Document, list[dict[str, str]]] = defaultdict(list)
        for charge_point_id, name, json in documents:
            values[name].append({"id": charge_point_id, "json": json.decode()})
        async with self._database.writing() as connection:
            for name, rows in values.items():
                await connection.execute(_replace(name.value, "json"), rows)

    async def delete(self, charge_point_id: str) -> bool:
        """Delete a charger with its frames, tags and transactions; return whether there was one."""
        await self._delete_frames(charge_point_id)
        mine = transactions.c.charge_point_id == charge_point_id
        await delete_transactions(self._database, select(transactions.c.id).where(mine))
        async with self._database.writing() as connection:
            frames, _, gone = [
                await connection.execute(
                    delete(table).where(table.c.charge_point_id == charge_point_id)
                )
                for table in (logs, id_tags, chargers)
            ]
        self._on_frames(-frames.rowcount)
        return gone.rowcount == 1

    async def _set(self, charge_point_id: str, **values: Any) -> None:
        async with self._database.writing() as connection:
            changed = await connection.execute(_one(charge_point_id).values(values))
        if changed.rowcount == 0:
            raise ChargerUnknownError(f"no charger {charge_point_id!r} was ever seen")

    async def _delete_frames(self, charge_point_id: str) -> None:
        """Delete the frames in batches, so that the writer never waits long."""
        batch = select(logs.c.id).where(logs.c.charge_point_id == charge_point_id)
        batch = batch.order_by(logs.c.id).limit(_DELETE_ROWS)
        gone = _DELETE_ROWS
        while gone == _DELETE_ROWS:
            async with self._database.writing() as connection:
                gone = (await connection.execute(delete(logs).where(logs.c.id.in_(batch)))).rowcount
            self._on_frames(-gone)


def _replace(column: str, parameter: str) -> Any:
    """Change one column of many rows; SQLAlchemy reserves the column's own name."""
    return (
        update(chargers)
        .where(chargers.c.charge_point_id == bindparam("id"))
        .values({column: bindparam(parameter)})
    )


def _contact(contact: Contact) -> dict[str, Any]:
    connected_at = to_seconds(contact.connected_at)
    return {
        "charge_point_id": contact.charge_point_id,
        "first_seen": connected_at,
        "status": ONLINE if contact.online else OFFLINE,
        "last_seen": to_seconds(contact.last_seen),
        "remote_ip": contact.remote_ip,
        "remote_port": contact.remote_port,
        "connected_at": connected_at,
    }


def _one(charge_point_id: str) -> Any:
    return update(chargers).where(chargers.c.charge_point_id == charge_point_id)


def _charger(row: Row[Any]) -> ChargerRow:
    documents = {
        document.value: None if text is None else text.encode()
        for document in Document
        for text in (getattr(row, document.value),)
    }
    return ChargerRow(
        charge_point_id=row.charge_point_id,
        status=row.status,
        last_seen=from_seconds(row.last_seen),
        max_power=row.max_power,
        remote_ip=row.remote_ip,
        remote_port=row.remote_port,
        connected_at=from_seconds(row.connected_at),
        first_seen=from_seconds(row.first_seen),
        name=row.name,
        mode=row.mode,
        approved=row.approved,
        owner_status=row.owner_status,
        credential_hash=row.credential_hash,
        **documents,
    )
