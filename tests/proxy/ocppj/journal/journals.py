"""Calls for a journal, and what becomes of them."""

from collections.abc import Iterable
from datetime import UTC, datetime

from oye_proxy.ocppj.frames import Call, build_result, parse
from oye_proxy.ocppj.journal.entries import Entry
from oye_proxy.ocppj.journal.journal import (
    Journal,
)
from oye_proxy.ocppj.journal.queue import WINDOW_ENTRIES
from oye_proxy.ocppj.versions import OcppVersion

V1_6, V2_0_1, V2_1 = OcppVersion
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def a_call(action: str, payload: str = "{}", message_id: str = "a") -> Call:
    frame = parse(f'[2,"{message_id}","{action}",{payload}]')
    assert isinstance(frame, Call)
    return frame


def an_event(sequence: int, transaction_id: str = "tx") -> Call:
    return a_call(
        "TransactionEvent",
        f'{{"seqNo":{sequence},"transactionInfo":{{"transactionId":"{transaction_id}"}}}}',
    )


def a_notice(number: int) -> Call:
    return a_call("NotifyEvent", f'{{"seqNo":{number}}}')


def a_status(connector: int, value: str = "Available") -> Call:
    return a_call("StatusNotification", f'{{"connectorId":{connector},"status":"{value}"}}')


def take(
    journal: Journal, call: Call, version: OcppVersion = V2_0_1, *, for_csms: bool = True
) -> Entry | None:
    return journal.take(version, call, build_result(call.message_id, {}), NOW, for_csms=for_csms)


def taken(journal: Journal, call: Call, version: OcppVersion = V2_0_1) -> Entry:
    entry = take(journal, call, version)
    assert entry is not None
    return entry


def kept(journal: Journal, call: Call, version: OcppVersion = V2_0_1) -> Entry:
    """Take a transaction's message and let the disk have it."""
    entry = taken(journal, call, version)
    journal.kept(entry.sequence)
    return entry


def heads(journal: Journal, disk: Iterable[Entry] = ()) -> list[int]:
    """Replay all: settle each head, fetch what the window lacks."""
    entries, found = list(disk), []
    while not journal.is_empty:
        after = journal.queue.wanted()
        if after is not None:
            behind = [entry for entry in entries if entry.sequence > after]
            journal.fetched(behind[:WINDOW_ENTRIES])
        elif journal.queue.head is not None:
            found.append(journal.queue.head.sequence)
            journal.settle(journal.queue.head)
        else:
            break
    return found


def settle_head(journal: Journal) -> None:
    assert journal.queue.head is not None
    journal.settle(journal.queue.head)
