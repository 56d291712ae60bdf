"""
The rows of chargers, written in time and many at once.

Chargers that come back together are written some at a time, not each by itself.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from oye_proxy.errors import StorageError
from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.keeper import Keeper, Key
from oye_proxy.storage.chargers import ChargerStore, Contact, Document

LAST_SEEN_EVERY: Final = timedelta(minutes=1)
# They are prepared in the event loop: more of them would hold up frames.
ROWS: Final = 20

_LAST_SEEN = re.compile(rb'"lastSeen":"[^"]*"')

_logger = logging.getLogger(__name__)


class ChargerRows:
    """Tells the store of connections, documents and last frames."""

    def __init__(self, keeper: Keeper, store: ChargerStore) -> None:
        self._keeper = keeper
        self._store = store
        self._contacts = WaitingChargers(keeper, ("contacts",), self.note_contacts)
        self._approvals = WaitingChargers(keeper, ("approvals",), self._save_approvals)
        self._documents = WaitingChargers(keeper, ("documents",), self._save_documents)
        self._changed: dict[str, Charger] = {}
        # Whose row is there, as far as this proxy has seen.
        self._made: set[str] = set()
        self._saved: dict[tuple[str, Document], int] = {}
        # The chargers that were heard since their row was told, and the last frame that it tells.
        self._heard: dict[str, Charger] = {}
        self._told: dict[str, datetime] = {}

    def contact(self, charger: Charger) -> None:
        """Note that a connection began or ended; the first one makes the charger's row."""
        self._contacts.put(charger)

    def approval(self, charger: Charger) -> None:
        """Note that a charger waits for the owner's word, or that a CSMS took it in."""
        self._approvals.put(charger)

    def changed(self, charger: Charger) -> None:
        """Note that a document of a charger may be another."""
        self._changed[charger.charge_point_id] = charger

    def flush(self) -> None:
        """Hand what has changed to the keeper."""
        changed, self._changed = self._changed, {}
        self._heard.update(changed)
        last_seen = self._moved_last_seen()
        if last_seen:
            self._keeper.put(("last seen",), lambda: self._store.touch(last_seen))
        for charger in changed.values():
            self._documents.put(charger)

    def tell_all(self) -> None:
        """Let the next flush tell the last frame of each charger, however short ago it was told."""
        self._told.clear()

    def forget(self, charge_point_id: str) -> None:
        """Write nothing more of a charger that is deleted."""
        self._contacts.drop(charge_point_id)
        self._approvals.drop(charge_point_id)
        self._documents.drop(charge_point_id)
        self._changed.pop(charge_point_id, None)
        self._made.discard(charge_point_id)
        self._heard.pop(charge_point_id, None)
        self._told.pop(charge_point_id, None)
        for document in Document:
            self._saved.pop((charge_point_id, document), None)

    async def note_contacts(self, chargers: Sequence[Charger]) -> None:
        """Write the connections of chargers now."""
        await self._store.note_contacts(
            [contact for charger in chargers if (contact := _contact(charger)) is not None]
        )
        self._made.update(charger.charge_point_id for charger in chargers)

    async def save_approval(self, charger: Charger, *, approved: bool) -> None:
        """Write the owner's word on a charger now; it is the last one."""
        await self._make([charger])
        await self._store.set_approved({charger.charge_point_id: approved})
        self._approvals.drop(charger.charge_point_id)

    async def save_document(self, charger: Charger, name: Document, json: bytes) -> None:
        """Write a document now."""
        await self._make([charger])
        await self._store.save_documents([(charger.charge_point_id, name, json)])

    async def _save_approvals(self, chargers: Sequence[Charger]) -> None:
        await self._make(chargers)
        await self._store.set_approved({each.charge_point_id: each.approved for each in chargers})

    async def _save_documents(self, chargers: Sequence[Charger]) -> None:
        """Write those of the chargers' documents that are others than the last time."""
        await self._make(chargers)
        documents: list[tuple[str, Document, bytes]] = []
        contents: dict[tuple[str, Document], int] = {}
        for charger in chargers:
            for name, json in _documents(charger).items():
                key = charger.charge_point_id, name
                # The row has a column for it: it is no reason to write a document anew.
                content = hash(_LAST_SEEN.sub(b"", json, count=1))
                if self._saved.get(key) != content:
                    documents.append((*key, json))
                    contents[key] = content
            # Frames pass in between.
            await asyncio.sleep(0)
        await self._store.save_documents(documents)
        self._saved |= contents

    async def _make(self, chargers: Sequence[Charger]) -> None:
        """Make the rows of those whose contact was not written."""
        new = [charger for charger in chargers if charger.charge_point_id not in self._made]
        if new:
            await self.note_contacts(new)

    def _moved_last_seen(self) -> dict[str, datetime]:
        """Return what the rows do not tell: a Heartbeat is worth at most one write a minute."""
        moved = {}
        for charge_point_id, charger in tuple(self._heard.items()):
            at, told = charger.last_seen, self._told.get(charge_point_id)
            if at is not None and told is not None and abs(at - told) < LAST_SEEN_EVERY:
                continue
            del self._heard[charge_point_id]
            if at is not None:
                moved[charge_point_id] = self._told[charge_point_id] = at
        return moved


class WaitingChargers:
    """Chargers that wait to be written, some at a time; none is lost while the database is away."""

    def __init__(
        self, keeper: Keeper, key: Key, write: Callable[[Sequence[Charger]], Awaitable[None]]
    ) -> None:
        self._keeper = keeper
        self._key = key
        self._write = write
        self._chargers: dict[str, Charger] = {}

    def put(self, charger: Charger) -> None:
        """Write this one when it can be."""
        self._chargers[charger.charge_point_id] = charger
        self._keeper.put(self._key, self._write_some)

    def drop(self, charge_point_id: str) -> None:
        """Do not write what waits of a charger."""
        self._chargers.pop(charge_point_id, None)

    async def _write_some(self) -> None:
        some = [self._chargers.pop(name) for name in list(islice(self._chargers, ROWS))]
        try:
            await self._write_in_one(some)
        finally:
            self._chargers = {each.charge_point_id: each for each in some} | self._chargers
        if self._chargers:
            self._keeper.put(self._key, self._write_some)

    async def _write_in_one(self, chargers: list[Charger]) -> None:
        """Write them together, and take those out of the list that are written."""
        try:
            await self._write(chargers)
        except StorageError as error:
            if not error.refused:
                raise
            await self._write_singly(chargers)
        else:
            chargers.clear()

    async def _write_singly(self, chargers: list[Charger]) -> None:
        """Write one after the other: what the database refuses of one must not hold up all."""
        while chargers:
            try:
                await self._write(chargers[:1])
            except StorageError as error:
                if not error.refused:
                    raise
                _logger.warning(
                    "%s: a change is not written: %s", chargers[0].charge_point_id, error
                )
            del chargers[0]


def _contact(charger: Charger) -> Contact | None:
    connected_at = charger.connected_at
    if connected_at is None:
        return None
    return Contact(
        charge_point_id=charger.charge_point_id,
        online=charger.bridge is not None,
        remote_ip=charger.remote_address or "",
        remote_port=charger.remote_port or 0,
        connected_at=connected_at,
        last_seen=max(connected_at, charger.last_seen or connected_at),
    )


def _documents(charger: Charger) -> dict[Document, bytes]:
    return {
        Document.FACTS: charger.facts.dump(),
        Document.PROFILES: charger.profiles.dump().encode(),
        Document.LIMITS: charger.limits.dump().encode(),
        Document.JOURNAL_MEMORY: charger.journal.memory.dump(),
    }
