"""
Transactions and their meter values, 1.6 and 2.x in one.

Opened by the answer to StartTransaction or by Started, adopted when a message bears an id that
nobody opened, closed by StopTransaction or Ended alone.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from oye_proxy.ocppj.facts import payloads
from oye_proxy.ocppj.facts.authorization import id_tag_of, tag_status_of, tell_start
from oye_proxy.ocppj.facts.model import ENERGY, Event, StartedBy, TransactionFacts
from oye_proxy.ocppj.facts.reader import LIST_LIMIT
from oye_proxy.ocppj.facts.samples import BEGIN, END, read_samples, register
from oye_proxy.ocppj.facts.state import Connector, State
from oye_proxy.ocppj.facts.status import unify
from oye_proxy.ocppj.facts.values import integer, moment, number, text
from oye_proxy.ocppj.timestamps import to_text

# 2.x: a tag with these ends a transaction and is no presentation for a start.
ENDING_TRIGGERS: Final = ("StopAuthorized", "Deauthorized", "RemoteStop")

# The one reason that may be left out (C16 6.49, P2 TransactionType).
_DEFAULT_REASON: Final = "Local"


class _End(Struct, frozen=True):
    """How a transaction ended."""

    time: datetime
    reason: str
    meter_stop: float | None = None


def on_start_answer(
    state: State, start: payloads.StartTransaction, answer: payloads.TagAnswer, now: datetime
) -> Iterator[Event]:
    """Open the transaction that the CSMS gave an id, whatever it said of the tag (C16 5.11)."""
    transaction_id = text(answer.transaction_id)
    connector = state.connector(integer(start.connector_id), 1)
    if transaction_id is None or connector is None:
        return
    state.end_reservation(integer(start.reservation_id))
    id_tag = text(start.id_tag)
    status = tag_status_of(answer)
    present = connector.transaction
    if (
        present
        and present.transaction_id == transaction_id
        and not present.gap
        and not _begins_again(present, start.timestamp, now)
    ):
        connector.change_transaction(id_tag_status=status)
        return
    by = state.starts.attribute(id_tag, None, now)
    yield from tell_start(state, connector, id_tag, status, by, now)
    transaction = TransactionFacts(
        transaction_id=transaction_id,
        id_tag=id_tag,
        id_tag_name=state.name_of(id_tag) if id_tag else None,
        id_tag_status=status,
        started_at=moment(start.timestamp, now),
        started_by=by,
        meter_start_wh=number(start.meter_start),
        energy_wh=None if number(start.meter_start) is None else 0.0,
    )
    _open(state, connector, transaction)
    yield _news("transaction_started", connector, transaction)


def on_stop(state: State, stop: payloads.StopTransaction, now: datetime) -> Iterator[Event]:
    """Close a transaction of 1.6; ids that nobody opened are valid (C16-E 3.18)."""
    transaction_id = text(stop.transaction_id)
    if transaction_id is None or transaction_id in state.ended_ids:
        return
    reason = text(stop.reason) or _DEFAULT_REASON
    end = _End(moment(stop.timestamp, now), reason, number(stop.meter_stop))
    connector = state.with_transaction(transaction_id)
    if connector is None or connector.transaction is None:
        yield _close_elsewhere(state, transaction_id, end)
        return
    _take_meter_values(connector, stop.transaction_data, now, transaction_id)
    # A stop of 0, or below the start, is no register: some chargers know none.
    if end.meter_stop and end.meter_stop >= (connector.transaction.meter_start_wh or 0.0):
        connector.take([(ENERGY, register(end.meter_stop, end.time, END))], now)
    yield _close(state, connector, transaction_id, end)


def on_meter_values(state: State, report: payloads.MeterValues, now: datetime) -> None:
    """Take MeterValues of 1.6 and 2.x; an unknown id of a transaction is adopted."""
    evse_id = integer(report.connector_id if report.evse_id is None else report.evse_id)
    connector_id = 1 if report.evse_id is None else None
    if evse_id is None or (connector := state.connector(evse_id, connector_id)) is None:
        return
    transaction_id = text(report.transaction_id)
    # Some chargers send 0 or -1 for "none"; -1 is also the id of a refused start (C16-E 3.18).
    if evse_id and transaction_id and (integer(report.transaction_id) or 0) > 0:
        _adopt(state, connector, transaction_id)
    _take_meter_values(connector, report.meter_value, now, transaction_id)
    if connector is not state.whole:  # whose meter is the building's
        state.rating.observe(connector.samples, connector.meter.power)


def on_transaction_event(
    state: State, event: payloads.TransactionEvent, now: datetime
) -> Iterator[Event]:
    """Take TransactionEvent (P2 E01 to E12)."""
    info = event.transaction_info or payloads.TransactionInfo()
    transaction_id = text(info.transaction_id)
    if transaction_id is None or (
        transaction_id in state.ended_ids and event.event_type != "Started"
    ):
        return
    connector = _connector_of(state, event.evse, transaction_id)
    if connector is None:
        return
    state.end_reservation(integer(event.reservation_id))
    end = _End(moment(event.timestamp, now), text(info.stopped_reason) or _DEFAULT_REASON)
    ended = event.event_type == "Ended"
    if _is_other(connector, transaction_id):
        if ended and connector.transaction:
            yield _close_elsewhere(state, transaction_id, end)
            return
        yield from _open_2(state, connector, event, transaction_id, now)
    elif event.event_type == "Started" and _begins_again(
        connector.transaction, event.timestamp, now
    ):
        yield from _open_2(state, connector, event, transaction_id, now)
    _update(state, connector, event, now)
    _take_meter_values(connector, event.meter_value, now, transaction_id)
    state.rating.observe(connector.samples, connector.meter.power)
    if ended:
        yield _close(state, connector, transaction_id, end)
        connector.ended = True
    if connector is not state.whole:
        unify(connector, end.time)


def on_transaction_event_answer(
    state: State,
    event: payloads.TransactionEvent,
    answer: payloads.TagAnswer,
    now: datetime,
) -> Iterator[Event]:
    """Take what the CSMS said of the tag in a TransactionEvent."""
    status = tag_status_of(answer)
    transaction_id = text(event.transaction_info.transaction_id) if event.transaction_info else None
    connector = state.with_transaction(transaction_id) if transaction_id else None
    if status is None or connector is None or connector.transaction is None:
        return
    was = connector.transaction.id_tag_status
    connector.change_transaction(id_tag_status=status)
    id_tag = id_tag_of(event.id_token)
    # Some chargers repeat the tag with every event.
    if id_tag and status != was and event.trigger_reason not in ENDING_TRIGGERS:
        by = connector.transaction.started_by or StartedBy.LOCAL
        yield from tell_start(state, connector, id_tag, status, by, now)


def _open_2(
    state: State,
    connector: Connector,
    event: payloads.TransactionEvent,
    transaction_id: str,
    now: datetime,
) -> Iterator[Event]:
    """Open a transaction of 2.x: with Started, or adopted with what came instead."""
    started = event.event_type == "Started"
    transaction = TransactionFacts(
        transaction_id=transaction_id,
        started_at=moment(event.timestamp, now) if started else None,
        started_by=StartedBy.LOCAL if started else None,
        meter_start_wh=_register_in(event.meter_value, now) if started else None,
        gap=not started,
        offline=event.offline is True,
    )
    if started and transaction.meter_start_wh is None:
        transaction = replace(transaction, meter_start_wh=connector.energy_wh)
    if transaction.meter_start_wh is not None:
        transaction = replace(transaction, energy_wh=0.0)
    _open(state, connector, transaction)
    if started:
        _update(state, connector, event, now)
        yield _news("transaction_started", connector, connector.transaction or transaction)


def _update(
    state: State, connector: Connector, event: payloads.TransactionEvent, now: datetime
) -> None:
    """Take what any event of a transaction may bring: tag, remote start, state, number."""
    transaction = connector.transaction
    if transaction is None:
        return
    changes: dict[str, Any] = {}
    info = event.transaction_info or payloads.TransactionInfo()
    remote_start_id = integer(info.remote_start_id)
    id_tag = id_tag_of(event.id_token)
    if event.trigger_reason not in ENDING_TRIGGERS and transaction.id_tag is None and id_tag:
        changes["id_tag"] = id_tag
        changes["id_tag_name"] = state.name_of(id_tag)
        changes["id_tag_type"] = text(event.id_token.type) if event.id_token else None
    if (remote_start_id is not None and transaction.remote_start_id is None) or (
        "id_tag" in changes and transaction.started_by in (StartedBy.LOCAL, None)
    ):
        changes["started_by"] = state.starts.attribute(id_tag, remote_start_id, now)
        changes["remote_start_id"] = remote_start_id
    if charging_state := text(info.charging_state):
        changes["charging_state"] = charging_state
        connector.state_is_newer = True
    seq_no, last = integer(event.seq_no), transaction.seq_no
    if seq_no is not None and (last is None or seq_no > last):
        changes["seq_no"] = seq_no
        changes["gap"] = transaction.gap or (last is not None and seq_no > last + 1)
    connector.change_transaction(**changes)


def _connector_of(
    state: State, evse: payloads.Evse | None, transaction_id: str
) -> Connector | None:
    """Return where a transaction runs; it moves when its EVSE becomes known later."""
    holder = state.with_transaction(transaction_id)
    evse_id = integer(evse.id) if evse else None
    if evse is None or not evse_id:
        return holder or state.only_connector or state.whole
    connector = state.connector(evse_id, integer(evse.connector_id))
    if holder and holder.transaction and connector and holder is not connector:
        _open(state, connector, holder.transaction)
        holder.change(transaction=None)
    return connector or holder


def _is_other(connector: Connector, transaction_id: str) -> bool:
    """Whether a connector has another transaction open, or none."""
    transaction = connector.transaction
    return transaction is None or transaction.transaction_id != transaction_id


def _begins_again(
    transaction: TransactionFacts | None, timestamp: payloads.Scalar, now: datetime
) -> bool:
    """
    Whether a start under the id of an open transaction is another one: its time tells.

    The end was lost with the power, and the CSMS, or the charger itself (2.x), counts anew.
    """
    told = moment(timestamp, now)
    started_at = transaction.started_at if transaction else None
    return started_at is not None and told is not now and told != started_at


def _adopt(state: State, connector: Connector, transaction_id: str) -> None:
    """Open a transaction whose start nobody saw; one that has ended stays so."""
    if transaction_id in state.ended_ids or not _is_other(connector, transaction_id):
        return
    _open(state, connector, TransactionFacts(transaction_id=transaction_id, gap=True))


def _open(state: State, connector: Connector, transaction: TransactionFacts) -> None:
    """Put a transaction on its connector; one that still stood there lost its end."""
    if present := connector.transaction:
        is_same_id = present.transaction_id == transaction.transaction_id
        if not is_same_id or present.started_at not in (None, transaction.started_at):
            connector.change(last_transaction=replace(present, gap=True))
    if transaction.transaction_id in state.ended_ids:  # some CSMSs count from 1 again
        state.ended_ids.remove(transaction.transaction_id)
    connector.ended = False
    connector.change(transaction=transaction)


def _close(state: State, connector: Connector, transaction_id: str, end: _End) -> Event:
    """Close the open transaction of a connector."""
    open_one = connector.transaction or TransactionFacts(transaction_id=transaction_id, gap=True)
    if end.meter_stop is None and open_one.energy_wh is not None:
        end = replace(end, meter_stop=connector.energy_wh)
    closed = _closed(open_one, end)
    connector.change(transaction=None, last_transaction=closed)
    state.ended_ids.append(transaction_id)
    return _news("transaction_ended", connector, closed)


def _close_elsewhere(state: State, transaction_id: str, end: _End) -> Event:
    """Close a transaction that another has displaced, or that nobody saw."""
    state.ended_ids.append(transaction_id)
    for connector in state.everywhere():
        last = connector.facts.last_transaction
        if last and last.transaction_id == transaction_id:
            closed = _closed(last, end)
            connector.change(last_transaction=closed)
            return _news("transaction_ended", connector, closed)
    unseen = TransactionFacts(transaction_id=transaction_id, gap=True)
    return _news("transaction_ended", None, _closed(unseen, end))


def _closed(transaction: TransactionFacts, end: _End) -> TransactionFacts:
    """Return a transaction with its end; a stop below the start leaves the energy as it was."""
    energy, start = transaction.energy_wh, transaction.meter_start_wh
    if end.meter_stop is not None and start is not None and end.meter_stop >= start:
        energy = round(end.meter_stop - start, 3)
    return replace(
        transaction,
        stopped_at=end.time,
        reason=end.reason,
        meter_stop_wh=end.meter_stop,
        energy_wh=energy,
    )


def _take_meter_values(
    connector: Connector,
    meter_values: Sequence[payloads.MeterValue] | None,
    now: datetime,
    transaction_id: str | None,
) -> None:
    """Take samples, and move the energy of the transaction that they belong to."""
    for meter_value in (meter_values or ())[:LIST_LIMIT]:
        time = moment(meter_value.timestamp, now)
        found = read_samples(meter_value, time)
        taken = connector.take(found, now)
        transaction = connector.transaction
        if transaction is None or transaction_id not in (None, transaction.transaction_id):
            continue
        if transaction.meter_start_wh is None:
            for measurand, sample in found:
                if measurand == ENERGY and sample.context == BEGIN:
                    connector.change_transaction(meter_start_wh=sample.value, energy_wh=0.0)
        after_start = transaction.started_at is None or time >= transaction.started_at
        if ENERGY in taken and (transaction_id or after_start):
            _move_energy(connector)


def _move_energy(connector: Connector) -> None:
    transaction, value = connector.transaction, connector.energy_wh
    if transaction and transaction.meter_start_wh is not None and value is not None:
        energy = round(max(0.0, value - transaction.meter_start_wh), 3)
        connector.change_transaction(energy_wh=energy)


def _register_in(meter_values: Sequence[payloads.MeterValue] | None, now: datetime) -> float | None:
    """Return the first energy register that Started brings."""
    for meter_value in (meter_values or ())[:LIST_LIMIT]:
        for measurand, sample in read_samples(meter_value, now):
            if measurand == ENERGY and sample.value is not None:
                return sample.value
    return None


def _news(name: str, connector: Connector | None, transaction: TransactionFacts) -> Event:
    """Tell of a transaction: its facts, and where it ran."""
    data: dict[str, Any] = to_builtins(transaction)
    data["startedAt"] = to_text(transaction.started_at) if transaction.started_at else None
    data["stoppedAt"] = to_text(transaction.stopped_at) if transaction.stopped_at else None
    data["evseId"] = (connector.facts.evse_id or None) if connector else None
    data["connectorId"] = connector.facts.connector_id if connector else None
    return Event(name, data)
