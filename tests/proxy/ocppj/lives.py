"""A charger's conversations over a simulated disk: links, connections and the proxy come and go."""

import itertools
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from oye_proxy.ocppj.authorization import AuthorizationPolicy, Authorizer
from oye_proxy.ocppj.commands import (
    Command,
    Drop,
    Fetch,
    Keep,
    KeepLink,
    Notice,
    Peer,
    Record,
    Send,
    Settle,
)
from oye_proxy.ocppj.conversation import Conversation
from oye_proxy.ocppj.id_tag_cache import IdTagCache
from oye_proxy.ocppj.injections import InjectionMemory
from oye_proxy.ocppj.journal.entries import (
    Entry,
    EntryState,
    JournalClass,
    Settlement,
    TransactionLink,
)
from oye_proxy.ocppj.journal.journal import Journal, Stock
from oye_proxy.ocppj.journal.replay import ReplayPolicy
from oye_proxy.ocppj.modes import Link
from oye_proxy.ocppj.standalone import Responder
from oye_proxy.ocppj.versions import OcppVersion

START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
LOCAL = 1_000_000_000
FETCHED = 64

V1_6, V2_0_1, V2_1 = OcppVersion
PENDING, ACKNOWLEDGED = EntryState.PENDING, EntryState.ACKNOWLEDGED
REFUSED, LOCAL_STATE = EntryState.REFUSED, EntryState.LOCAL
UP, DOWN = Peer.CSMS, Peer.CHARGER
Wire = list[tuple[Peer, str | bytes]]


def fresh(number: int) -> str:
    """Return the fresh message id that is given as this one, from 1."""
    return str(uuid.UUID(int=number))


class Disk:
    """What is written, in the order in which it was told; it survives the proxy."""

    def __init__(self) -> None:
        self.entries: dict[int, Entry] = {}
        self.links: dict[int, TransactionLink] = {}
        self.settlements: list[Settlement] = []
        self.last_sequence = 0

    def write(self, command: Command) -> None:
        """Do what one command says."""
        match command:
            case Keep(entry=entry):
                self._keep(entry)
            case Settle(settlement=settlement):
                self._settle(settlement)
            case Drop(sequences=sequences):
                for sequence in sequences:
                    self.entries.pop(sequence, None)
            case KeepLink(link=link):
                self.links[link.local_id] = link
            case _:
                raise AssertionError("no command for a disk")

    def pending(self, after: int = 0) -> list[Entry]:
        """Return the next transactions and events."""
        found = [
            entry
            for sequence, entry in sorted(self.entries.items())
            if sequence > after
            and entry.state is EntryState.PENDING
            and entry.journal_class is not JournalClass.LATEST
        ]
        return found[:FETCHED]

    def stock(self) -> Stock:
        """Return what the next life of the proxy finds."""
        entries = list(self.entries.values())
        pending = [entry for entry in entries if entry.state is EntryState.PENDING]
        ordered = [entry for entry in entries if entry.journal_class is not JournalClass.LATEST]
        transactions = [
            entry for entry in pending if entry.journal_class is JournalClass.TRANSACTION
        ]
        return Stock(
            last_sequence=self.last_sequence,
            transactions=len(transactions),
            characters=sum(len(entry.text) for entry in transactions),
            events=tuple(
                entry.sequence for entry in pending if entry.journal_class is JournalClass.EVENT
            ),
            latest=tuple(entry for entry in pending if entry.journal_class is JournalClass.LATEST),
            recent=tuple(ordered[-64:]),
            links=tuple(self.links.values()),
        )

    def states(self) -> dict[int, EntryState]:
        """Return what became of each entry."""
        return {sequence: entry.state for sequence, entry in sorted(self.entries.items())}

    def _keep(self, entry: Entry) -> None:
        self.last_sequence = max(self.last_sequence, entry.sequence)
        if entry.journal_class is JournalClass.LATEST:
            for older in list(self.entries.values()):
                if older.key == entry.key and older.state is EntryState.PENDING:
                    del self.entries[older.sequence]
        self.entries[entry.sequence] = entry

    def _settle(self, settlement: Settlement) -> None:
        self.settlements.append(settlement)
        entry = self.entries.get(settlement.sequence)
        if entry is None:
            return
        self.entries[settlement.sequence] = replace(
            entry, state=settlement.state, attempts=settlement.attempts
        )
        if settlement.csms_transaction_id is not None and entry.transaction_id is not None:
            local_id = int(entry.transaction_id)
            self.links[local_id] = TransactionLink(
                local_id=local_id, csms_id=settlement.csms_transaction_id
            )


class Life:
    """
    One charger, its CSMS's link and its disk; each event returns what goes onto the wire.

    The clock ticks as the bridge does. With `patient` the disk writes when `write` says so, else
    at once.
    """

    def __init__(
        self,
        version: OcppVersion | None = OcppVersion.V1_6,
        *,
        patient: bool = False,
        **options: Any,
    ) -> None:
        self.version = version
        self.patient = patient
        self.disk = Disk()
        self.journal = Journal()
        self.now = 0.0
        self.commands: list[Command] = []
        self._options = options
        self._transaction_ids = itertools.count(LOCAL)
        self._message_ids = itertools.count(1)
        self._waiting: list[Command] = []
        self._memory = InjectionMemory()
        self.conversation = self._connect()

    @property
    def link(self) -> Link:
        """Where the charger's CALLs go now."""
        return self.conversation.link

    @property
    def waiting(self) -> int:
        """How many things wait for the disk."""
        return len(self._waiting)

    @property
    def may_fail(self) -> bool:
        """Whether the oldest of them hears that it failed; all else is tried again."""
        return isinstance(self._waiting[0], Keep) and _is_durable(self._waiting[0].entry)

    # Events

    def charger(self, data: str | bytes) -> Wire:
        """Let the charger say something."""
        return self._do(self.conversation.receive(Peer.CHARGER, data, self.now))

    def csms(self, data: str) -> Wire:
        """Let the CSMS say something."""
        return self._do(self.conversation.receive(Peer.CSMS, data, self.now))

    def opened(self) -> Wire:
        """Open a link to the CSMS."""
        return self._do(self.conversation.csms_opened(self.now))

    def lost(self) -> Wire:
        """Lose the link."""
        return self._do(self.conversation.csms_lost(self.now))

    def off(self) -> Wire:
        """Switch forwarding off."""
        return self._do(self.conversation.csms_off(self.now))

    def away(self) -> Wire:
        """Lose the link for so long that the proxy stands in."""
        wire = self.lost()
        return wire + self.passes(10)

    def passes(self, seconds: float) -> Wire:
        """Let time pass, with a tick at each deadline."""
        end = self.now + seconds
        wire: Wire = []
        if not seconds:
            wire = self._do(self.conversation.tick(self.now))
        while (deadline := self.conversation.deadline) is not None and deadline <= end:
            self.now = max(self.now, deadline)
            wire += self._do(self.conversation.tick(self.now))
        self.now = end
        return wire

    def write(self, *, works: bool = True) -> Wire:
        """Let the disk do, or refuse, the oldest thing that waits."""
        return self._write_one(works=works)

    def write_all(self) -> Wire:
        """Let the disk do everything."""
        wire: Wire = []
        while self._waiting:
            wire += self._write_one()
        return wire

    def reconnect(self, version: OcppVersion | None = None) -> Wire:
        """Let the charger leave and come back; there is no link at first."""
        wire = self._do(self.conversation.charger_lost(self.now))
        self.version = version or self.version
        self.conversation = self._connect()
        return wire

    def restart(self, *, remembers: bool = False) -> None:
        """Kill the proxy; what was not written is gone, as is what it `remembers` for seconds."""
        self._waiting.clear()
        earlier = self.journal.memory.dump()
        self.journal = Journal(self.disk.stock())
        if remembers:
            self.journal.memory.restore(earlier)
        self._memory = InjectionMemory()
        self.conversation = self._connect()

    # What was told

    def notices(self) -> list[str]:
        """Return the names of all notices."""
        return [command.name for command in self.commands if isinstance(command, Notice)]

    def records(self) -> list[Record]:
        """Return the records of the last event."""
        return [command for command in self.commands if isinstance(command, Record)]

    # Inside

    def _connect(self) -> Conversation:
        return Conversation(
            version=self.version,
            responder=Responder(
                Authorizer(IdTagCache(), AuthorizationPolicy()), lambda: next(self._transaction_ids)
            ),
            journal=self.journal,
            memory=self._memory,
            wall=lambda now: START + timedelta(seconds=now),
            new_id=lambda: fresh(next(self._message_ids)),
            **self._options,
        )

    def _do(self, commands: list[Command]) -> Wire:
        self.commands += commands
        self._check_deadline()
        wire = [(command.to, command.data) for command in commands if isinstance(command, Send)]
        self._waiting += [
            command
            for command in commands
            if isinstance(command, Keep | Settle | Drop | KeepLink | Fetch)
        ]
        return wire if self.patient else wire + self.write_all()

    def _write_one(self, *, works: bool = True) -> Wire:
        command = self._waiting.pop(0)
        if isinstance(command, Fetch):
            found = self.disk.pending(command.after)
            return self._do(self.conversation.journal_fetched(found, self.now))
        if works:
            self.disk.write(command)
        if not isinstance(command, Keep):
            return []
        entry = command.entry
        if not _is_durable(entry):
            return []
        told = self.conversation.journal_kept if works else self.conversation.journal_failed
        return self._do(told(entry.sequence, self.now))

    def _check_deadline(self) -> None:
        """No busy loop: what is due is done, and asks for a later tick or for none."""
        deadline = self.conversation.deadline
        assert deadline is None or deadline > self.now


def _is_durable(entry: Entry) -> bool:
    """Tell whether the answer waits for the disk."""
    return entry.journal_class is JournalClass.TRANSACTION


def an_outage(
    version: OcppVersion = OcppVersion.V1_6, *, patient: bool = False, **policy: Any
) -> Life:
    """Return a charger whose CSMS was there and is away for long; `policy` is the replay's."""
    life = Life(version, patient=patient, replay=ReplayPolicy(**policy))
    life.opened()
    life.away()
    return life


def told(life: Life, *texts: str) -> Life:
    """Let the charger say these."""
    for text in texts:
        life.charger(text)
    return life


# What chargers and CSMSs say (1.6)


def start(message_id: str, *, at: str = "10:00:00", connector: int = 1) -> str:
    return (
        f'[2,"{message_id}","StartTransaction",{{"connectorId":{connector},"idTag":"T",'
        f'"meterStart":0,"timestamp":"2026-11-21T{at}Z"}}]'
    )


def meter(message_id: str, transaction_id: int | None, *, at: str = "10:00:01") -> str:
    named = "" if transaction_id is None else f'"transactionId":{transaction_id},'
    return (
        f'[2,"{message_id}","MeterValues",{{"connectorId":1,{named}'
        f'"meterValue":[{{"timestamp":"2026-11-21T{at}Z","sampledValue":[{{"value":"1"}}]}}]}}]'
    )


def stop(message_id: str, transaction_id: int, *, at: str = "10:00:02") -> str:
    return (
        f'[2,"{message_id}","StopTransaction",{{"transactionId":{transaction_id},'
        f'"meterStop":5,"timestamp":"2026-11-21T{at}Z"}}]'
    )


def status(message_id: str, connector: int = 1, value: str = "Available") -> str:
    return (
        f'[2,"{message_id}","StatusNotification",{{"connectorId":{connector},'
        f'"errorCode":"NoError","status":"{value}"}}]'
    )


def heartbeat(message_id: str) -> str:
    return f'[2,"{message_id}","Heartbeat",{{}}]'


def boot(message_id: str) -> str:
    return (
        f'[2,"{message_id}","BootNotification",'
        '{"chargePointVendor":"OYE","chargePointModel":"Test"}]'
    )


def started(message_id: str, transaction_id: object, status: str = "Accepted") -> str:
    return (
        f'[3,"{message_id}",{{"transactionId":{transaction_id},'
        f'"idTagInfo":{{"status":"{status}"}}}}]'
    )


def result(message_id: str) -> str:
    return f'[3,"{message_id}",{{}}]'


def error(message_id: str, code: str = "InternalError") -> str:
    return f'[4,"{message_id}","{code}","",{{}}]'


def booted(message_id: str, status: str = "Accepted", interval: int = 300) -> str:
    return (
        f'[3,"{message_id}",{{"status":"{status}","currentTime":"2026-11-21T10:00:00Z",'
        f'"interval":{interval}}}]'
    )


def accepted(message_id: str, transaction_id: int = LOCAL) -> str:
    """Return what the charger is told of a start, here or by the CSMS."""
    return started(message_id, transaction_id)


def not_kept(message_id: str) -> str:
    """Return what the charger is told of what is not on disk."""
    description = "the message could not be stored; send it again"
    return f'[4,"{message_id}","InternalError","{description}",{{}}]'


# 2.x


def event(
    message_id: str,
    sequence: int,
    kind: str = "Updated",
    transaction_id: str = "tx-1",
    note: str = "",
) -> str:
    return (
        f'[2,"{message_id}","TransactionEvent",{{"eventType":"{kind}",'
        f'"timestamp":"2026-11-21T10:00:00Z","triggerReason":"Authorized{note}",'
        f'"seqNo":{sequence},"transactionInfo":{{"transactionId":"{transaction_id}"}}}}]'
    )


def offline_event(message_id: str, sequence: int, kind: str = "Updated") -> str:
    """Return the event as the CSMS hears it later (E04.FR.03)."""
    return event(message_id, sequence, kind).replace("{", '{"offline":true,', 1)


def notify_event(message_id: str, sequence: int) -> str:
    return (
        f'[2,"{message_id}","NotifyEvent",{{"generatedAt":"2026-11-21T10:00:00Z",'
        f'"seqNo":{sequence},"eventData":[]}}]'
    )
