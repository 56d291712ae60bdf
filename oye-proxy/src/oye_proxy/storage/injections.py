"""Injections and their steps, so that answers are recognised and repeated after a restart."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Row, and_, bindparam, delete, or_, select, update

from oye_proxy.ocppj.commands import InjectionState
from oye_proxy.ocppj.redaction import redact_text
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import injections
from oye_proxy.storage.texts import storable
from oye_proxy.storage.times import from_microseconds, to_microseconds

# The kind of an injection whose charger is deleted.
FORGOTTEN = "forgotten"


class InjectionRow(Struct, frozen=True, kw_only=True):
    """One injection; `payload` and `response` are JSON texts, stored without their secrets."""

    message_id: str
    charge_point_id: str
    action: str
    payload: str
    user: str
    kind: str
    state: InjectionState
    created_at: datetime
    idempotency_key: str | None = None
    sent_at: datetime | None = None
    settled_at: datetime | None = None
    response: str | None = None
    accepted: bool | None = None
    error_code: str | None = None
    description: str | None = None


class InjectionStore:
    """The table of injections."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, row: InjectionRow) -> None:
        """Store a new injection; one that is there already stays as it is."""
        values = {
            "message_id": row.message_id,
            "charge_point_id": row.charge_point_id,
            "action": row.action,
            "payload": redact_text(row.payload),
            "user": row.user,
            "kind": row.kind,
            "state": row.state.value,
            "created_us": to_microseconds(row.created_at),
            "idempotency_key": row.idempotency_key,
        }
        async with self._database.writing() as connection:
            await connection.execute(self._database.insert_missing(injections).values(values))

    async def step(
        self,
        message_id: str,
        state: InjectionState,
        at: datetime,
        *,
        response: str | None = None,
        accepted: bool | None = None,
        error_code: str | None = None,
        description: str | None = None,
    ) -> None:
        """Store a step; what is None keeps its value."""
        values: dict[str, Any] = {
            "response": None if response is None else redact_text(response),
            "accepted": accepted,
            "error_code": None if error_code is None else storable(error_code),
            "description": None if description is None else storable(description, None),
        }
        values = {name: value for name, value in values.items() if value is not None}
        values["state"] = state.value
        if state is InjectionState.SENT:
            values["sent_us"] = to_microseconds(at)
        elif state is not InjectionState.QUEUED:
            values["settled_us"] = to_microseconds(at)
        statement = update(injections).where(
            injections.c.message_id == message_id, injections.c.kind != FORGOTTEN
        )
        async with self._database.writing() as connection:
            await connection.execute(statement.values(values))

    async def recent(
        self, since: datetime, charge_point_id: str | None = None
    ) -> list[InjectionRow]:
        """Return the injections made at or after a moment, oldest first."""
        query = select(injections).where(injections.c.created_us >= to_microseconds(since))
        if charge_point_id is not None:
            query = query.where(injections.c.charge_point_id == charge_point_id)
        async with self._database.reading() as connection:
            rows = await connection.execute(query.order_by(injections.c.created_us))
            return [_injection(row) for row in rows]

    async def find(self, message_id: str) -> InjectionRow | None:
        """Return one injection, None when it is not stored."""
        query = select(injections).where(injections.c.message_id == message_id)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else _injection(row)

    async def by_idempotency_key(
        self, charge_point_id: str, key: str, since: datetime
    ) -> InjectionRow | None:
        """Return the newest injection with this key that was sent at or after a moment."""
        query = (
            select(injections)
            .where(injections.c.idempotency_key == key)
            .where(injections.c.charge_point_id == charge_point_id)
            # A key is consumed only when the CALL was really sent.
            .where(injections.c.sent_us >= to_microseconds(since))
            .order_by(injections.c.created_us.desc())
            .limit(1)
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else _injection(row)

    async def forget(self, charge_point_id: str, since: datetime) -> None:
        """
        Keep of a deleted charger's injections what late answers are known by, and nothing else.

        Those made before `since` are deleted.
        """
        mine = injections.c.charge_point_id == charge_point_id
        old = injections.c.created_us < to_microseconds(since)
        bare = update(injections).where(injections.c.message_id == bindparam("id"))
        bare = bare.values(
            payload=bindparam("rest"),
            user="",
            kind=FORGOTTEN,
            idempotency_key=None,
            response=None,
            accepted=None,
            error_code=None,
            description=None,
        )
        async with self._database.writing() as connection:
            await connection.execute(delete(injections).where(mine, old))
            rows = await connection.execute(
                select(injections.c.message_id, injections.c.payload).where(mine)
            )
            left = [{"id": row.message_id, "rest": _request_id_of(row.payload)} for row in rows]
            if left:
                await connection.execute(bare, left)

    async def prune(self, before: datetime, forgotten_before: datetime) -> int:
        """Delete old injections, sooner those of deleted chargers; return how many went."""
        created = injections.c.created_us
        forgotten = and_(
            injections.c.kind == FORGOTTEN, created < to_microseconds(forgotten_before)
        )
        statement = delete(injections).where(or_(created < to_microseconds(before), forgotten))
        async with self._database.writing() as connection:
            return (await connection.execute(statement)).rowcount


def _request_id_of(payload: str) -> str:
    """Return a payload without all but the id that the reports of an answer carry."""
    read = msgspec.json.decode(payload)
    request_id = read.get("requestId") if isinstance(read, dict) else None
    return msgspec.json.encode({"requestId": request_id} if request_id else {}).decode()


def _injection(row: Row[Any]) -> InjectionRow:
    return InjectionRow(
        message_id=row.message_id,
        charge_point_id=row.charge_point_id,
        action=row.action,
        payload=row.payload,
        user=row.user,
        kind=row.kind,
        state=InjectionState(row.state),
        created_at=from_microseconds(row.created_us),
        idempotency_key=row.idempotency_key,
        sent_at=from_microseconds(row.sent_us),
        settled_at=from_microseconds(row.settled_us),
        response=row.response,
        accepted=row.accepted,
        error_code=row.error_code,
        description=row.description,
    )
