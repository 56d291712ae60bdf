"""
The journal of one charger: what it was told in place of its CSMS and the CSMS has yet to hear.

It outlives the connections of its charger. Nothing here waits: the store is told by commands and
tells by `kept`, `failed` and `fetched`. Only what belongs to a transaction waits for the disk.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from msgspec import Struct

from oye_proxy.errors import OyeError
from oye_proxy.ocppj.frames import Call, CallResult, parse
from oye_proxy.ocppj.journal.classes import (
    journal_class,
    latest_key,
    transaction_number,
    transaction_of,
)
from oye_proxy.ocppj.journal.digests import digest_of
from oye_proxy.ocppj.journal.entries import (
    Entry,
    EntryState,
    JournalClass,
    TransactionLink,
)
from oye_proxy.ocppj.journal.memory import BOOT, JournalMemory
from oye_proxy.ocppj.journal.queue import EntryQueue
from oye_proxy.ocppj.journal.transaction_map import TransactionMap
from oye_proxy.ocppj.recent import Recent
from oye_proxy.ocppj.versions import OcppVersion

# Bounds per charger.
TRANSACTION_ENTRIES: Final = 100_000
TRANSACTION_CHARACTERS: Final = 1024**3
EVENT_ENTRIES: Final = 10_000
LATEST_ENTRIES: Final = 256
WRITING_ENTRIES: Final = 64
# A full journal has room again when this share of it is free.
FREE_SHARE: Final = 0.1

# A charger repeats what was not answered, so few are enough to know it again.
REMEMBERED: Final = 512


class Stock(Struct, frozen=True, kw_only=True):
    """
    What an earlier life of the proxy left on disk: the counts, and what must be at hand.

    `events` are the sequences of the events that are pending.
    """

    last_sequence: int = 0
    transactions: int = 0
    characters: int = 0
    events: tuple[int, ...] = ()
    latest: tuple[Entry, ...] = ()
    recent: tuple[Entry, ...] = ()
    links: tuple[TransactionLink, ...] = ()


class Answered(Struct, frozen=True, kw_only=True):
    """The payload of an answer; `sequence` is its entry's, None when the CSMS gave it."""

    payload: str
    sequence: int | None = None


class Journal:
    """Entries of one charger in order, and how a repeated CALL is known."""

    def __init__(self, stock: Stock | None = None) -> None:
        stock = stock or Stock()
        self.map = TransactionMap(stock.links)
        self.memory = JournalMemory()
        self.queue = EntryQueue(stock.transactions + len(stock.events))
        self._latest: dict[str, Entry] = {entry.key: entry for entry in stock.latest}
        self._sequence = stock.last_sequence
        self._transactions = stock.transactions
        self._characters = stock.characters
        self._is_full = False
        self._events = list(stock.events)
        self._answers: Recent[Answered] = Recent(REMEMBERED)
        self.memory.boot = self._latest.get(BOOT)
        for entry in stock.recent:
            self._remember(entry)
            if entry.transaction_id is not None and entry.state is not EntryState.LOCAL:
                self.memory.owe(entry.transaction_id)
        for link in stock.links:
            self.memory.owe(str(link.local_id))

    # What it holds

    @property
    def pending(self) -> int:
        """How many messages wait for the CSMS in order."""
        return len(self.queue)

    @property
    def is_empty(self) -> bool:
        """Whether the CSMS has heard everything."""
        return not (self.queue or self._latest)

    @property
    def states(self) -> list[Entry]:
        """The last of each state that the CSMS has not heard, in the order of their arrival."""
        return list(self._latest.values())

    @property
    def waiting_boot(self) -> Entry | None:
        """The BootNotification that the CSMS has not heard."""
        return self._latest.get(BOOT)

    # Repetitions

    def answered(self, version: OcppVersion, call: Call) -> Answered | None:
        """Return what answered this very event before; None for a new one."""
        return self._answers.get(digest_of(version, call))

    def note_answer(self, version: OcppVersion, call: Call, answer: CallResult) -> None:
        """Remember what the CSMS answered: the charger may not have heard it, and ask again."""
        digest = digest_of(version, call)
        self._answers[digest] = Answered(payload=answer.payload_text)

    # Entries

    def take(
        self,
        version: OcppVersion,
        call: Call,
        answer: CallResult,
        arrived_at: datetime,
        *,
        uncertain: bool = False,
        for_csms: bool = True,
    ) -> Entry | None:
        """
        Make the entry of a CALL that is answered here; None when its class is not kept.

        Raise JournalFullError when a transaction's message has no room, and JournalBusyError when
        too many of them wait for the disk: nobody may accept it.
        Without a CSMS (`for_csms`) only what an earlier one is owed waits for its return.
        """
        kept_as = journal_class(version, call)
        if kept_as is None:
            return None
        if kept_as is JournalClass.TRANSACTION:
            self._check_room()
        transaction_id = transaction_of(version, call) or _given_id(call, answer)
        waits = for_csms or self.memory.owes(transaction_id)
        if kept_as is not JournalClass.TRANSACTION and not waits:
            if call.action == BOOT:
                self.memory.note_boot(version, call, arrived_at)
            return None
        key = latest_key(version, call) if kept_as is JournalClass.LATEST else ""
        if key and key != BOOT and key not in self._latest and len(self._latest) >= LATEST_ENTRIES:
            return None
        self._sequence += 1
        entry = Entry(
            sequence=self._sequence,
            journal_class=kept_as,
            version=version,
            action=call.action,
            message_id=call.message_id.token,
            text=call.text,
            answer=answer.text,
            arrived_at=arrived_at,
            digest=digest_of(version, call),
            key=key,
            transaction_id=transaction_id,
            uncertain=uncertain,
            state=EntryState.PENDING if waits else EntryState.LOCAL,
        )
        match kept_as:
            case JournalClass.TRANSACTION:
                self.queue.put(entry, writes=True)
            case JournalClass.EVENT:
                self._events.append(entry.sequence)
                self.queue.put(entry, writes=False)
            case JournalClass.LATEST:
                self._take_latest(entry)
        self._remember(entry)
        return entry

    def kept(self, sequence: int) -> None:
        """Take note that a transaction's entry is on disk."""
        entry = self.queue.kept(sequence)
        if entry is None or entry.state is EntryState.LOCAL:
            return
        self._transactions += 1
        self._characters += len(entry.text)
        if entry.transaction_id is not None:
            self.memory.owe(entry.transaction_id)

    def failed(self, sequence: int) -> None:
        """Take note that an entry could not be written: what it tells is not known here."""
        entry = self.queue.failed(sequence)
        if entry is not None:
            self._answers.pop(entry.digest)

    def surplus(self) -> list[int]:
        """Return the sequences of the oldest events beyond their bound, and forget them."""
        dropped = self._events[:-EVENT_ENTRIES]
        del self._events[:-EVENT_ENTRIES]
        for sequence in dropped:
            self.queue.drop(sequence)
        return dropped

    def superseded(self, version: OcppVersion, call: Call) -> list[int]:
        """Return the sequence of the older state that the CSMS needs no more, and forget it."""
        if journal_class(version, call) is not JournalClass.LATEST:
            return []
        older = self._latest.pop(latest_key(version, call), None)
        return [] if older is None else [older.sequence]

    def stopped(self, transaction_id: str | None, at: datetime) -> TransactionLink | None:
        """Close the link of a transaction whose stop the CSMS acknowledged; None without one."""
        local_id = transaction_number(transaction_id)
        return None if local_id is None else self.map.closed(local_id, at)

    # Replay

    def fetched(self, entries: Iterable[Entry]) -> None:
        """Take the entries that the queue asked for."""
        self.queue.fetched(entries)
        if self.queue.head is None:
            self._events = [each for each in self._events if self.queue.is_coming(each)]

    def settle(self, entry: Entry) -> None:
        """Take an entry away: the CSMS has it, or will never take it."""
        if entry.journal_class is JournalClass.LATEST:
            if self._latest.get(entry.key) == entry:
                del self._latest[entry.key]
            return
        if not self.queue.take(entry.sequence):
            return
        # Those before the head are gone, told or by an owner's hand.
        del self._events[: bisect_right(self._events, entry.sequence)]
        if entry.journal_class is JournalClass.TRANSACTION:
            self._transactions -= 1
            self._characters -= len(entry.text)
            self._is_full = self._is_full and self._fills(1.0 - FREE_SHARE)

    # Inside

    def _check_room(self) -> None:
        if self._fills(1.0):
            is_news, self._is_full = not self._is_full, True
            raise JournalFullError(is_news=is_news)
        if self.queue.writing >= WRITING_ENTRIES:
            raise JournalBusyError

    def _fills(self, share: float) -> bool:
        """Tell whether what is kept of transactions fills a share of the room for it."""
        entries = self._transactions + self.queue.writing
        return (
            entries >= TRANSACTION_ENTRIES * share
            or self._characters >= TRANSACTION_CHARACTERS * share
        )

    def _take_latest(self, entry: Entry) -> None:
        if entry.key == BOOT:
            self.memory.boot = entry
        self._latest.pop(entry.key, None)
        self._latest[entry.key] = entry

    def _remember(self, entry: Entry) -> None:
        if entry.journal_class is not JournalClass.LATEST:
            answer = _payload_of(entry.answer)
            self._answers[entry.digest] = Answered(payload=answer, sequence=entry.sequence)


class JournalFullError(OyeError):
    """
    The journal of a charger has no room for a transaction's message.

    `is_news`: it had room until now.
    """

    def __init__(self, *, is_news: bool) -> None:
        super().__init__("the journal is full")
        self.is_news = is_news


class JournalBusyError(OyeError):
    """Too many messages of transactions wait for the disk."""


def _payload_of(answer: str) -> str:
    frame = parse(answer)
    return frame.payload_text


def _given_id(call: Call, answer: CallResult) -> str | None:
    """Return the id that the answer gives to the transaction that a CALL starts (1.6)."""
    if call.action != "StartTransaction" or not isinstance(answer.payload, dict):
        return None
    return str(answer.payload.get("transactionId"))
