"""Facts: reads every Record of one charger in order, and hands out what it knows."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Final, TypeVar

import msgspec

from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.facts import (
    authorization,
    boot,
    limits,
    payloads,
    reservations,
    status,
    transactions,
)
from oye_proxy.ocppj.facts.model import ChargerFacts, ConnectorFacts, Event, StartedBy
from oye_proxy.ocppj.facts.pace import MeterPace
from oye_proxy.ocppj.facts.reader import Reader
from oye_proxy.ocppj.facts.state import State
from oye_proxy.ocppj.frames import Call, CallResult
from oye_proxy.ocppj.versions import OcppVersion

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Each frame comes by here, and looking up a member in its enumeration takes its time.
_CHARGER = Peer.CHARGER

_Request = TypeVar("_Request")
_Answer = TypeVar("_Answer")

_News = Iterable[Event] | None
_OnCall = Callable[[State, str, datetime], _News]
_OnAnswer = Callable[[State, str, str, datetime], _News]


class Facts:
    """
    What the frames of one charger tell; never causes traffic, never raises because of a frame.

    One owner calls `observe` with every Record in order.
    """

    def __init__(self) -> None:
        self._state = State()
        self._pace = MeterPace()

    @classmethod
    def restore(cls, data: bytes) -> "Facts":
        """Return the facts of an earlier life, without what in `data` cannot be read."""
        facts = cls()
        facts._state = State(_stored.read(data.decode(errors="replace")))
        return facts

    def dump(self) -> bytes:
        """Return what a restart must keep, as JSON; with whole id tags."""
        return msgspec.json.encode(self.view(self._state.last_seen or _EPOCH))

    def observe(self, record: Record, version: OcppVersion, now: datetime) -> list[Event]:
        """Take one frame; return the news in it."""
        if record.source is _CHARGER:
            self._state.last_seen = now
        if self._state.facts.ocpp_version != version:
            self._state.change(ocpp_version=version.value)
        match record.frame:
            case Call() as call:
                return self._call(record, call, version, now)
            case CallResult() as answer:
                return self._answer(record, answer, now)
            case _:
                return []

    def note_remote_start(
        self, id_tag: str, remote_start_id: int | None, by: StartedBy, now: datetime
    ) -> None:
        """Take whose wish an injected remote start is, before or right after its Record."""
        self._state.starts.note(id_tag, remote_start_id, by, now)

    def name_tags(self, name_of: Callable[[str], str | None]) -> None:
        """Take who knows the names of tags."""
        self._state.name_of = name_of

    def connector_of(self, transaction_id: str) -> ConnectorFacts | None:
        """Return the connector where a transaction runs, or was the last one; without meter."""
        found = self._state.with_transaction(transaction_id)
        if found is None:
            found = next(
                (
                    one
                    for one in self._state.everywhere()
                    if one.facts.last_transaction is not None
                    and one.facts.last_transaction.transaction_id == transaction_id
                ),
                None,
            )
        return None if found is None else found.facts

    def open_transaction(self, evse_id: int) -> str | None:
        """Return the id of the transaction that runs on a connector (2.x: EVSE)."""
        connector = self._state.connectors.get(evse_id)
        if connector is None or connector.transaction is None:
            return None
        return connector.transaction.transaction_id

    def view(self, now: datetime) -> ChargerFacts:
        """Return all facts, to be serialised."""
        self._catch_up()
        return self._state.view(now)

    def _call(self, record: Record, call: Call, version: OcppVersion, now: datetime) -> list[Event]:
        if record.source is _CHARGER:
            if call.action == "MeterValues":
                if self._pace.is_due(call.payload_text, now):
                    self._read_meter_values(call.payload_text, now)
                return []
            on_call = (_CALLS_1_6 if version.is_1_6 else _CALLS_2).get(call.action)
            if on_call is None:
                return []
            self._catch_up()
            return list(on_call(self._state, call.payload_text, now) or ())
        if record.target is Peer.CHARGER and call.action in _REMOTE_STARTS:
            by = StartedBy.OWNER if record.source is Peer.PROXY else StartedBy.OPERATOR
            start = _remote_start.read(call.payload_text)
            authorization.on_remote_start(self._state, start, by, now)
        return []

    def _read_meter_values(self, payload_text: str, now: datetime) -> None:
        transactions.on_meter_values(self._state, _meter_values.read(payload_text), now)

    def _catch_up(self) -> None:
        """Read the meter values that wait, before anybody looks or something else is read."""
        for payload_text, at in self._pace.take_waiting():
            self._read_meter_values(payload_text, at)

    def _answer(self, record: Record, answer: CallResult, now: datetime) -> list[Event]:
        """Take an answer that the charger gave or got; others never reached it."""
        if record.call is None or _CHARGER not in (record.source, record.target):
            return []
        answers = _ANSWERS_BY_CHARGER if record.source is _CHARGER else _ANSWERS_TO_CHARGER
        on_answer = answers.get(record.call.action)
        if on_answer is None:
            return []
        self._catch_up()
        request_text, answer_text = record.call.payload_text, answer.payload_text
        return list(on_answer(self._state, request_text, answer_text, now) or ())


def _call(kind: type[_Request], observe: Callable[[State, _Request, datetime], _News]) -> _OnCall:
    reader = Reader(kind)
    return lambda state, text, now: observe(state, reader.read(text), now)


def _pair(
    request_kind: type[_Request],
    answer_kind: type[_Answer],
    observe: Callable[[State, _Request, _Answer, datetime], _News],
) -> _OnAnswer:
    requests, answers = Reader(request_kind), Reader(answer_kind)
    return lambda state, request, answer, now: observe(
        state, requests.read(request), answers.read(answer), now
    )


_stored = Reader(ChargerFacts)
_remote_start = Reader(payloads.RemoteStart)
_meter_values = Reader(payloads.MeterValues)

_REMOTE_STARTS: Final = frozenset({"RemoteStartTransaction", "RequestStartTransaction"})

_CALLS: Final[Mapping[str, _OnCall]] = {
    "BootNotification": _call(payloads.BootNotification, boot.on_boot),
    "DiagnosticsStatusNotification": _call(payloads.StatusReport, boot.on_log_status),
    "FirmwareStatusNotification": _call(payloads.StatusReport, boot.on_firmware_status),
    "LogStatusNotification": _call(payloads.StatusReport, boot.on_log_status),
    "SecurityEventNotification": _call(payloads.SecurityEvent, boot.on_security_event),
    "SignedFirmwareStatusNotification": _call(payloads.StatusReport, boot.on_firmware_status),
}
_CALLS_1_6: Final[Mapping[str, _OnCall]] = {
    **_CALLS,
    "StatusNotification": _call(payloads.StatusNotification, status.on_status_1_6),
    "StopTransaction": _call(payloads.StopTransaction, transactions.on_stop),
}
_CALLS_2: Final[Mapping[str, _OnCall]] = {
    **_CALLS,
    "ClearedChargingLimit": _call(payloads.NotifyChargingLimit, limits.on_cleared_charging_limit),
    "NotifyChargingLimit": _call(payloads.NotifyChargingLimit, limits.on_charging_limit),
    "NotifyEvent": _call(payloads.NotifyEvent, status.on_event),
    "NotifyReport": _call(payloads.Report, boot.on_report),
    "ReservationStatusUpdate": _call(payloads.Reservation, reservations.on_reservation_update),
    "StatusNotification": _call(payloads.StatusNotification, status.on_status_2),
    "TransactionEvent": _call(payloads.TransactionEvent, transactions.on_transaction_event),
}

_ANSWERS_TO_CHARGER: Final[Mapping[str, _OnAnswer]] = {
    "Authorize": _pair(payloads.Authorize, payloads.TagAnswer, authorization.on_authorize_answer),
    "BootNotification": _pair(payloads.BootNotification, payloads.BootAnswer, boot.on_boot_answer),
    "StartTransaction": _pair(
        payloads.StartTransaction, payloads.TagAnswer, transactions.on_start_answer
    ),
    "TransactionEvent": _pair(
        payloads.TransactionEvent,
        payloads.TagAnswer,
        transactions.on_transaction_event_answer,
    ),
}
_ANSWERS_BY_CHARGER: Final[Mapping[str, _OnAnswer]] = {
    "CancelReservation": _pair(
        payloads.Reservation, payloads.StatusAnswer, reservations.on_cancel_answer
    ),
    "ChangeAvailability": _pair(
        payloads.ChangeAvailability, payloads.StatusAnswer, status.on_availability_changed
    ),
    "ChangeConfiguration": _pair(
        payloads.ConfigurationKey, payloads.StatusAnswer, boot.on_configuration_changed
    ),
    "GetCompositeSchedule": _pair(
        payloads.GetCompositeSchedule, payloads.CompositeSchedule, limits.on_composite_schedule
    ),
    "GetConfiguration": _pair(payloads.Payload, payloads.Configuration, boot.on_configuration),
    "GetLocalListVersion": _pair(
        payloads.Payload, payloads.ListVersion, reservations.on_list_version
    ),
    "GetVariables": _pair(payloads.Payload, payloads.Report, boot.on_variables),
    "RemoteStartTransaction": _pair(
        payloads.RemoteStart, payloads.StatusAnswer, authorization.on_remote_start_answer
    ),
    "RequestStartTransaction": _pair(
        payloads.RemoteStart, payloads.StatusAnswer, authorization.on_remote_start_answer
    ),
    "ReserveNow": _pair(payloads.ReserveNow, payloads.StatusAnswer, reservations.on_reserve_answer),
    "UnlockConnector": _pair(
        payloads.UnlockConnector, payloads.StatusAnswer, status.on_unlock_answer
    ),
    "SendLocalList": _pair(
        payloads.ListVersion, payloads.StatusAnswer, reservations.on_list_answer
    ),
}
