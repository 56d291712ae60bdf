"""The chargers of earlier lives, read from the store at start."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from datetime import datetime

import msgspec

from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.conversations import ConversationMaker
from oye_proxy.hub.owner_status import OwnerStatus
from oye_proxy.ocppj.facts import Facts
from oye_proxy.ocppj.injections import InjectedCall, InjectionMemory
from oye_proxy.ocppj.journal.journal import Journal, Stock
from oye_proxy.ocppj.modes import Mode
from oye_proxy.ocppj.profiles.ids import LimitScope
from oye_proxy.ocppj.profiles.owner import OwnerLimits
from oye_proxy.ocppj.profiles.table import ProfileTable
from oye_proxy.storage.chargers import ChargerRow
from oye_proxy.storage.injections import InjectionRow
from oye_proxy.storage.journal import JournalStore

# A charger repeats what it did not hear: its last messages.
REMEMBERED = 64


def load_chargers(
    maker: ConversationMaker,
    rows: Iterable[ChargerRow],
    injections: Iterable[InjectionRow],
    journals: Mapping[str, Journal],
    now: datetime,
    clock: float,
) -> dict[str, Charger]:
    """Make the entries of all known chargers; `clock` is the monotonic time at `now`."""
    injected = _by_charger(injections, now, clock)
    chargers = {
        row.charge_point_id: _charger(
            maker,
            row,
            tuple(injected[row.charge_point_id]),
            journals.get(row.charge_point_id),
        )
        for row in rows
    }
    # A power cut may come before the row of a new charger is written. Its journal goes on: one that
    # began anew would give sequences that are on disk already.
    for charge_point_id in journals.keys() - chargers.keys():
        chargers[charge_point_id] = maker.new_charger(
            charge_point_id,
            injected=tuple(injected[charge_point_id]),
            journal=journals[charge_point_id],
        )
    return chargers


def load_forgotten(
    maker: ConversationMaker,
    known: Container[str],
    injections: Iterable[InjectionRow],
    now: datetime,
    clock: float,
) -> dict[str, InjectionMemory]:
    """Make the memories of what those were sent that are not known any more."""
    return {
        charge_point_id: maker.memory(tuple(injected))
        for charge_point_id, injected in _by_charger(injections, now, clock).items()
        if charge_point_id not in known
    }


async def load_journals(store: JournalStore) -> dict[str, Journal]:
    """Make the journals of all chargers that ever had an entry."""
    links, latest = await store.links(), await store.all_latest()
    recent, events = await store.all_recent(REMEMBERED), await store.all_events()
    return {
        charge_point_id: Journal(
            Stock(
                last_sequence=head.last_sequence,
                transactions=head.transactions,
                characters=head.transaction_characters,
                events=tuple(events.get(charge_point_id, ())),
                latest=tuple(latest.get(charge_point_id, ())),
                recent=tuple(recent.get(charge_point_id, ())),
                links=tuple(links.get(charge_point_id, ())),
            )
        )
        for charge_point_id, head in (await store.heads()).items()
    }


def _charger(
    maker: ConversationMaker,
    row: ChargerRow,
    injected: tuple[InjectedCall, ...],
    journal: Journal | None,
) -> Charger:
    table = ProfileTable.load((row.profiles or b"[]").decode())
    charger = maker.new_charger(
        row.charge_point_id,
        facts=Facts.restore(row.facts) if row.facts is not None else None,
        profiles=table,
        limits=OwnerLimits.load(row.limits, table) if row.limits is not None else None,
        injected=injected,
        journal=journal,
    )
    if row.journal_memory is not None:
        charger.journal.memory.restore(row.journal_memory)
    charger.name = row.name
    charger.wished_mode = Mode(row.mode) if row.mode is not None else None
    charger.approved = row.approved is not False
    charger.owner_status = OwnerStatus(row.owner_status or OwnerStatus.ACTIVE)
    charger.confirmed = row.approved is True or any(
        by_owner is not None
        for by_owner in (
            row.name,
            row.mode,
            row.max_power,
            row.credential_hash,
            row.owner_status,
        )
    )
    charger.credential_hashes = tuple((row.credential_hash or "").split())
    if row.limits is None and row.max_power is not None:
        # A database of the Node oye-proxy knows the lasting limit alone.
        charger.limits.want(LimitScope.MAXIMUM, 0, row.max_power)
    charger.remote_address = row.remote_ip
    charger.remote_port = row.remote_port
    charger.connected_at = row.connected_at
    charger.last_seen = row.last_seen
    return charger


def _by_charger(
    injections: Iterable[InjectionRow], now: datetime, clock: float
) -> defaultdict[str, list[InjectedCall]]:
    injected: defaultdict[str, list[InjectedCall]] = defaultdict(list)
    for row in injections:
        injected[row.charge_point_id].append(_injected(row, now, clock))
    return injected


def _injected(row: InjectionRow, now: datetime, clock: float) -> InjectedCall:
    payload = msgspec.json.decode(row.payload)
    request_id = payload.get("requestId") if isinstance(payload, dict) else None
    return InjectedCall(
        message_id=row.message_id,
        action=row.action,
        at=clock - (now - row.created_at).total_seconds(),
        request_id=request_id if isinstance(request_id, int) else None,
    )
