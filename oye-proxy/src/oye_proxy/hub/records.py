"""What the hub keeps on disk of its chargers, their injections and id tags."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec

from oye_proxy.errors import ChargerUnknownError, StorageError
from oye_proxy.hub.charger_rows import ChargerRows
from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.id_tags import IdTagRecords
from oye_proxy.hub.injections import Injection
from oye_proxy.hub.keeper import Keeper
from oye_proxy.hub.owner_status import OwnerStatus
from oye_proxy.ocppj.commands import InjectionState, Progress
from oye_proxy.ocppj.injections import REMEMBER_SECONDS
from oye_proxy.ocppj.modes import Mode
from oye_proxy.ocppj.profiles.wishes import PauseStrategy
from oye_proxy.storage.chargers import ChargerStore, Document
from oye_proxy.storage.injections import InjectionRow, InjectionStore
from oye_proxy.tasks import cancel, spawn

STORE_SECONDS = 2.0
FLUSH_SECONDS = 10.0
FLUSHES_PER_PRUNING = 360
INJECTION_LIFE = timedelta(days=7)
IDEMPOTENCY_LIFE = timedelta(hours=24)
LATE_ANSWERS = timedelta(seconds=REMEMBER_SECONDS)

T = TypeVar("T")


class ChargerRecords:
    """The hub's view of the store: what a person sets is written at once, the rest in time."""

    def __init__(
        self,
        *,
        keeper: Keeper,
        chargers: ChargerStore,
        injections: InjectionStore,
        tags: IdTagRecords,
    ) -> None:
        self._keeper = keeper
        self._chargers = chargers
        self._injections = injections
        self._tags = tags
        self._rows = ChargerRows(keeper, chargers)
        self._late: set[asyncio.Task[Any]] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write what changes."""
        self._keeper.start()
        self._task = spawn(self._run(), name="charger records")

    async def stop(self) -> None:
        """Write what has changed, for a bounded time, and end."""
        await cancel(self._task, *self._late)
        self._rows.tell_all()
        self.flush()
        await self._keeper.stop()

    def connected(self, charger: Charger) -> None:
        """Note a connection; the first one makes the charger's record."""
        self._rows.contact(charger)

    def waiting(self, charger: Charger) -> None:
        """Note a charger that waits for the owner's approval."""
        self._rows.approval(charger)

    def confirmed(self, charger: Charger) -> None:
        """Note that a CSMS took a charger in: it is no stranger any more."""
        self._rows.approval(charger)

    def disconnected(self, charger: Charger) -> None:
        """Note the end of a connection."""
        self.changed(charger)
        self._rows.contact(charger)

    def changed(self, charger: Charger) -> None:
        """Note that one of its documents may be another; they are written within seconds."""
        self._rows.changed(charger)
        self._tags.collect(charger.charge_point_id)

    def flush(self) -> None:
        """Hand what has changed to the keeper."""
        self._rows.flush()
        if self._tags.waiting:
            self._keeper.put(("id tags",), self._tags.write)

    async def add(self, injection: Injection, at: datetime) -> None:
        """Store a new injection, on disk when this returns; raise StorageError, soon."""
        await self._soon(self._add(injection, at))

    def add_later(self, injection: Injection, at: datetime) -> None:
        """Store an injection that was sent all the same, when the database takes it."""
        key = "new injection", injection.charge_point_id, injection.message_id
        self._keeper.put(key, lambda: self._add_late(injection, at))

    async def _add_late(self, injection: Injection, at: datetime) -> None:
        await self._add(injection, at)
        # Its steps may have been written before, when there was no row.
        if injection.state not in {InjectionState.QUEUED, InjectionState.ABORTED}:
            await self._injections.step(injection.message_id, InjectionState.SENT, at)
        if injection.progress is not None:
            await self._step(injection.progress, at)

    async def _add(self, injection: Injection, at: datetime) -> None:
        await self._injections.add(
            InjectionRow(
                message_id=injection.message_id,
                charge_point_id=injection.charge_point_id,
                action=injection.action,
                payload=msgspec.json.encode(injection.payload).decode(),
                user=injection.origin.user,
                kind=injection.origin.kind,
                state=InjectionState.QUEUED,
                created_at=at,
                idempotency_key=injection.idempotency_key,
            )
        )

    def injection(self, progress: Progress, at: datetime) -> None:
        """Store a step of an injection."""
        key = "injection", progress.message_id, progress.state.value
        self._keeper.put(key, lambda: self._step(progress, at))

    async def _step(self, progress: Progress, at: datetime) -> None:
        answered = progress.state is InjectionState.ANSWERED
        await self._injections.step(
            progress.message_id,
            progress.state,
            at,
            response=msgspec.json.encode(progress.payload).decode() if answered else None,
            accepted=progress.accepted,
            error_code=progress.error_code or None,
            description=progress.description or None,
        )

    async def by_idempotency_key(
        self, charge_point_id: str, key: str, now: datetime
    ) -> InjectionRow | None:
        """Return the injection of the last 24 hours with this key; raise StorageError, soon."""
        return await self._soon(
            self._injections.by_idempotency_key(charge_point_id, key, now - IDEMPOTENCY_LIFE)
        )

    async def set_mode(self, charger: Charger, mode: Mode) -> None:
        """Store the owner's policy."""
        await self._on_row(
            charger, lambda: self._chargers.set_mode(charger.charge_point_id, mode.value)
        )

    async def set_name(self, charger: Charger, name: str | None) -> None:
        """Store a name."""
        await self._on_row(charger, lambda: self._chargers.set_name(charger.charge_point_id, name))

    async def set_approved(self, charger: Charger, *, approved: bool) -> None:
        """Store the owner's word on a charger; it is the last one."""
        async with self._keeper.alone():
            await self._rows.save_approval(charger, approved=approved)

    async def set_owner_status(self, charger: Charger, status: OwnerStatus) -> None:
        """Store whether the owner uses this charger."""
        await self._on_row(
            charger,
            lambda: self._chargers.set_owner_status(charger.charge_point_id, status.value),
        )

    async def set_max_current(self, charger: Charger, amperes: float | None) -> None:
        """Store the owner's lasting limit."""
        await self._on_row(
            charger, lambda: self._chargers.set_max_power(charger.charge_point_id, amperes)
        )

    async def set_pause_strategy(self, charger: Charger, strategy: PauseStrategy) -> None:
        """Store how a pause holds the charger back, with its limits."""
        async with self._keeper.alone():
            before, charger.limits.pause_strategy = charger.limits.pause_strategy, strategy
            try:
                limits = charger.limits.dump().encode()
                await self._rows.save_document(charger, Document.LIMITS, limits)
            except BaseException:
                charger.limits.pause_strategy = before
                raise

    def credentials(self, charger: Charger) -> None:
        """Note the passwords that count for a charger: two while a rotation waits for a reboot."""
        self._keeper.put(
            ("credentials", charger.charge_point_id),
            lambda: self._on_row(
                charger,
                lambda: self._chargers.set_credential(
                    charger.charge_point_id, " ".join(charger.credential_hashes) or None
                ),
            ),
        )

    async def delete(self, charge_point_id: str, now: datetime) -> None:
        """Delete a charger with all that is stored of it, and what waits for it."""
        async with self._keeper.alone():
            await self._tags.write()
            await self._injections.forget(charge_point_id, now - LATE_ANSWERS)
            await self._chargers.delete(charge_point_id)
            await self._tags.load()
            self._rows.forget(charge_point_id)
            self._keeper.drop_all(charge_point_id)

    async def _on_row(self, charger: Charger, change: Callable[[], Awaitable[None]]) -> None:
        """Change a charger's record; one whose first connection is not written yet gets it now."""
        try:
            await change()
        except ChargerUnknownError:
            await self._rows.note_contacts([charger])
            await change()

    async def _soon(self, work: Coroutine[Any, Any, T]) -> T:
        """
        Wait for work of the database, but not longer than a person would; raise StorageError.

        What is late goes on: cancelling it would wait for the database as well.
        """
        task = spawn(_outcome(work), name="injection record")
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        await asyncio.wait([task], timeout=STORE_SECONDS)
        if not task.done():
            raise StorageError("the database does not answer")
        outcome: T | StorageError = task.result()
        if isinstance(outcome, StorageError):
            raise outcome
        return outcome

    async def _run(self) -> None:
        while True:
            self._keeper.put(("old injections",), self._prune)
            for _ in range(FLUSHES_PER_PRUNING):
                await asyncio.sleep(FLUSH_SECONDS)
                self.flush()

    async def _prune(self) -> None:
        now = datetime.now(UTC)
        await self._injections.prune(now - INJECTION_LIFE, now - LATE_ANSWERS)


async def _outcome(work: Coroutine[Any, Any, T]) -> T | StorageError:
    """Return an expected failure instead of raising it, which would be logged as a crash."""
    try:
        return await work
    except StorageError as error:
        return error
