"""
Frames read for the records of transactions: what each changes in one.

The facts know how a transaction stands. The frame brings what they do not keep: every
sample, and the CSMS's word on start and stop.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.facts import Facts, TransactionFacts, payloads
from oye_proxy.ocppj.facts.authorization import id_tag_of, tag_status_of
from oye_proxy.ocppj.facts.model import ConnectorFacts
from oye_proxy.ocppj.facts.reader import Reader
from oye_proxy.ocppj.facts.transactions import ENDING_TRIGGERS
from oye_proxy.ocppj.facts.values import integer, moment, number, text
from oye_proxy.ocppj.frames import Call, CallError, CallResult
from oye_proxy.ocppj.transaction_changes import ChangeKind, TransactionChange, Verdict
from oye_proxy.ocppj.transaction_samples import first_register_of, read_all, register_of
from oye_proxy.ocppj.versions import OcppVersion


def read_change(
    record: Record, facts: Facts, version: OcppVersion | None, now: datetime
) -> TransactionChange | None:
    """Return what a frame changes; the facts have read it before. Never raise because of one."""
    change = None
    match record.frame:
        case Call() as call if record.source is Peer.CHARGER:
            on_call = _CALLS.get(call.action)
            change = on_call(call, facts, now) if on_call else None
        case CallResult() as answer if record.call is not None:
            on_answer = _ANSWERS.get(record.call.action)
            change = on_answer(record, record.call, answer, facts, now) if on_answer else None
        case CallError() as error if record.call is not None and record.source is Peer.CSMS:
            on_refusal = _VERDICTS.get(record.call.action)
            verdict = Verdict(now, error.code or "GenericError")
            change = on_refusal(record.call, verdict) if on_refusal else None
        case _:
            pass
    if change is None or version is None:
        return change
    return replace(change, ocpp_version=version.value)


# OCPP 1.6


def _start_answered(
    record: Record, call: Call, answer: CallResult, facts: Facts, now: datetime
) -> TransactionChange | None:
    start, told = _start.read(call.payload_text), _tag_answer.read(answer.payload_text)
    transaction_id = text(told.transaction_id)
    if transaction_id is None:
        return None
    by_csms = record.source is Peer.CSMS
    verdict = Verdict(now) if by_csms else None
    if record.target is not Peer.CHARGER:
        # The replay of what the proxy answered: the charger's id is another one.
        return replace(
            _verdict_on_start(call, Verdict(now)),
            csms_transaction_id=transaction_id,
            id_tag_status=tag_status_of(told),
        )
    known = _known(facts, transaction_id, now)
    return replace(
        known,
        kind=ChangeKind.START,
        csms_transaction_id=transaction_id if by_csms else None,
        evse_id=_evse_id(start.connector_id),
        connector_id=1 if _evse_id(start.connector_id) else None,
        id_tag=text(start.id_tag),
        id_tag_status=tag_status_of(told),
        started_at=known.started_at or moment(start.timestamp, now),
        meter_start_wh=number(start.meter_start),
        start_verdict=verdict,
    )


def _stopped(call: Call, facts: Facts, now: datetime) -> TransactionChange | None:
    stop = _stop.read(call.payload_text)
    transaction_id = text(stop.transaction_id)
    if transaction_id is None:
        return None
    found = facts.connector_of(transaction_id)
    closed = None if found is None else found.last_transaction
    told = moment(stop.timestamp, now)
    # Ids may repeat: what another stop closed is another transaction.
    if closed is None or (closed.stopped_at != told and told is not now):
        found = closed = None
    samples = read_all(stop.transaction_data, now)
    change = TransactionChange(
        kind=ChangeKind.STOP,
        at=now,
        transaction_id=transaction_id,
        stop_id_tag=text(stop.id_tag),
        stopped_at=told,
        reason=text(stop.reason) or "Local",
        meter_stop_wh=number(stop.meter_stop),
        samples=samples,
    )
    return change if found is None or closed is None else _with_facts(change, found, closed)


def _verdict_on_start(call: Call, verdict: Verdict) -> TransactionChange:
    start = _start.read(call.payload_text)
    started_at = moment(start.timestamp, verdict.at)
    return TransactionChange(
        kind=ChangeKind.VERDICT,
        at=verdict.at,
        transaction_id=None,
        evse_id=_evse_id(start.connector_id),
        id_tag=text(start.id_tag),
        # A time that makes no sense was replaced by that of the arrival, which is long ago.
        started_at=None if started_at is verdict.at else started_at,
        meter_start_wh=number(start.meter_start),
        start_verdict=verdict,
    )


def _stop_answered(
    record: Record, call: Call, _answer: CallResult, _facts: Facts, now: datetime
) -> TransactionChange | None:
    return _verdict_on_stop(call, Verdict(now)) if record.source is Peer.CSMS else None


def _verdict_on_stop(call: Call, verdict: Verdict) -> TransactionChange | None:
    transaction_id = text(_stop.read(call.payload_text).transaction_id)
    if transaction_id is None:
        return None
    return TransactionChange(
        kind=ChangeKind.VERDICT,
        at=verdict.at,
        transaction_id=transaction_id,
        stop_verdict=verdict,
    )


def _metered(call: Call, facts: Facts, now: datetime) -> TransactionChange | None:
    report = _meter_values.read(call.payload_text)
    evse_id = _evse_id(report.connector_id if report.evse_id is None else report.evse_id)
    if evse_id is None:
        return None
    # Some chargers send 0 or -1 for "none".
    named = text(report.transaction_id) if (integer(report.transaction_id) or 0) > 0 else None
    transaction_id = named or facts.open_transaction(evse_id)
    samples = read_all(report.meter_value, now)
    if transaction_id is None:
        return None
    return replace(
        _known(facts, transaction_id, now),
        evse_id=evse_id,
        register_wh=register_of(samples),
        samples=samples,
    )


# OCPP 2.x


def _event_sent(call: Call, facts: Facts, now: datetime) -> TransactionChange | None:
    event = _event.read(call.payload_text)
    info = event.transaction_info or payloads.TransactionInfo()
    transaction_id = text(info.transaction_id)
    if transaction_id is None:
        return None
    samples = read_all(event.meter_value, now)
    change = _known(facts, transaction_id, now)
    id_tag = id_tag_of(event.id_token)
    evse_id = _evse_id(event.evse.id) if event.evse else None
    stops = event.event_type == "Ended" or event.trigger_reason in ENDING_TRIGGERS
    change = replace(
        change,
        evse_id=evse_id or change.evse_id,
        connector_id=(integer(event.evse.connector_id) if event.evse else None)
        or change.connector_id,
        id_tag=(None if stops else id_tag) or change.id_tag,
        id_tag_type=(text(event.id_token.type) if event.id_token and not stops else None)
        or change.id_tag_type,
        stop_id_tag=id_tag if stops else None,
        register_wh=register_of(samples),
        offline=event.offline is True,
        samples=samples,
    )
    time = moment(event.timestamp, now)
    if event.event_type == "Started":
        return replace(
            change,
            kind=ChangeKind.START,
            started_at=change.started_at or time,
            meter_start_wh=first_register_of(samples)
            if change.meter_start_wh is None
            else change.meter_start_wh,
        )
    if event.event_type != "Ended":
        return change
    return replace(
        change,
        kind=ChangeKind.STOP,
        stopped_at=change.stopped_at or time,
        reason=text(info.stopped_reason) or "Local",
        meter_stop_wh=change.register_wh if change.meter_stop_wh is None else change.meter_stop_wh,
    )


def _event_answered(
    record: Record, call: Call, answer: CallResult, facts: Facts, now: datetime
) -> TransactionChange | None:
    by_csms = record.source is Peer.CSMS
    change = _verdict_on_event(call, Verdict(now)) if by_csms else None
    if '"idTokenInfo"' not in answer.payload_text:
        return change
    status = tag_status_of(_tag_answer.read(answer.payload_text))
    if change is not None:
        return replace(change, id_tag_status=status)
    info = _event.read(call.payload_text).transaction_info
    transaction_id = text(info.transaction_id) if info else None
    if transaction_id is None or record.target is not Peer.CHARGER:
        return None
    return replace(_known(facts, transaction_id, now), id_tag_status=status)


def _verdict_on_event(call: Call, verdict: Verdict) -> TransactionChange | None:
    """Only start and end are worth a word: most events are neither."""
    if '"Started"' not in call.payload_text and '"Ended"' not in call.payload_text:
        return None
    event = _event.read(call.payload_text)
    transaction_id = text(event.transaction_info.transaction_id) if event.transaction_info else None
    if transaction_id is None or event.event_type not in ("Started", "Ended"):
        return None
    started = event.event_type == "Started"
    return TransactionChange(
        kind=ChangeKind.VERDICT,
        at=verdict.at,
        transaction_id=transaction_id,
        start_verdict=verdict if started else None,
        stop_verdict=None if started else verdict,
    )


# What both have


def _known(facts: Facts, transaction_id: str, now: datetime) -> TransactionChange:
    """Return what the facts know of a transaction, as an update."""
    change = TransactionChange(kind=ChangeKind.UPDATE, at=now, transaction_id=transaction_id)
    connector = facts.connector_of(transaction_id)
    if connector is None:
        return change
    transaction = connector.transaction
    if transaction is None or transaction.transaction_id != transaction_id:
        transaction = connector.last_transaction
    if transaction is None:
        return change
    return _with_facts(change, connector, transaction)


def _with_facts(
    change: TransactionChange, connector: ConnectorFacts, transaction: TransactionFacts
) -> TransactionChange:
    said: dict[str, Any] = {
        "evse_id": connector.evse_id or None,
        "connector_id": connector.connector_id,
        "id_tag": transaction.id_tag,
        "id_tag_type": transaction.id_tag_type,
        "id_tag_status": transaction.id_tag_status,
        "started_at": transaction.started_at,
        "stopped_at": transaction.stopped_at,
        "meter_start_wh": transaction.meter_start_wh,
        "meter_stop_wh": transaction.meter_stop_wh,
        "energy_wh": transaction.energy_wh,
        "started_by": transaction.started_by,
        "remote_start_id": transaction.remote_start_id,
    }
    return replace(
        change,
        **{name: value for name, value in said.items() if value is not None},
        # Without a start seen, what the facts miss may be in the record.
        gap=transaction.gap and transaction.started_at is not None,
    )


def _evse_id(value: Any) -> int | None:
    found = integer(value)
    return found if found is not None and found > 0 else None


_start = Reader(payloads.StartTransaction)
_stop = Reader(payloads.StopTransaction)
_meter_values = Reader(payloads.MeterValues)
_event = Reader(payloads.TransactionEvent)
_tag_answer = Reader(payloads.TagAnswer)

_OnCall = Callable[[Call, Facts, datetime], TransactionChange | None]
_OnAnswer = Callable[[Record, Call, CallResult, Facts, datetime], TransactionChange | None]
_OnVerdict = Callable[[Call, Verdict], TransactionChange | None]

_CALLS: Final[Mapping[str, _OnCall]] = {
    "MeterValues": _metered,
    "StopTransaction": _stopped,
    "TransactionEvent": _event_sent,
}
_ANSWERS: Final[Mapping[str, _OnAnswer]] = {
    "StartTransaction": _start_answered,
    "StopTransaction": _stop_answered,
    "TransactionEvent": _event_answered,
}
_VERDICTS: Final[Mapping[str, _OnVerdict]] = {
    "StartTransaction": _verdict_on_start,
    "StopTransaction": _verdict_on_stop,
    "TransactionEvent": _verdict_on_event,
}
CALLS: Final = frozenset(_CALLS)
ANSWERED_CALLS: Final = frozenset(_ANSWERS)
