"""A simulated charger's CALLs in OCPP 2.0.1 and 2.1."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from oye_proxy.simulator.clock import Clock, rfc3339
from oye_proxy.simulator.evse import Evse, Reading, Sample, Status, Transaction
from oye_proxy.simulator.exchange import Outgoing, Payload
from oye_proxy.simulator.identity import ChargerSimulation
from oye_proxy.simulator.messages import meter_value

TAG_TYPE = "ISO14443"
_TRIGGERS = {
    "Local": "StopAuthorized",
    "Remote": "RemoteStop",
    "EVDisconnected": "EVCommunicationLost",
    "DeAuthorized": "Deauthorized",
    "ImmediateReset": "ResetCommand",
}
_CONTEXT_TRIGGERS = {"Sample.Periodic": "MeterValuePeriodic", "Trigger": "Trigger"}
_WHOLE_STATUSES = (Status.FAULTED, Status.UNAVAILABLE, Status.RESERVED)


class MessagesV2:
    """Builds 2.x CALLs; transactions are TransactionEvents, numbered when they happen."""

    def __init__(
        self,
        settings: ChargerSimulation,
        clock: Clock,
        *,
        new_id: Callable[[], UUID],
        is_online: Callable[[], bool],
    ) -> None:
        self.firmware_version = settings.firmware_version
        self._settings = settings
        self._clock = clock
        self._new_id = new_id
        self._is_online = is_online

    def boot(self, reason: str) -> Outgoing:
        """Build BootNotification."""
        payload = {
            "reason": reason,
            "chargingStation": {
                "vendorName": self._settings.vendor,
                "model": self._settings.model,
                "serialNumber": self._settings.charge_point_id[:25],
                "firmwareVersion": self.firmware_version,
            },
        }
        return Outgoing("BootNotification", lambda: payload, early=True)

    def heartbeat(self) -> Outgoing:
        """Build Heartbeat."""
        return Outgoing("Heartbeat", dict)

    def charger_status(self) -> list[Outgoing]:
        """Build nothing: 2.x knows the status of connectors only."""
        return []

    def status(self, evse: Evse) -> Outgoing:
        """Build StatusNotification of the EVSE's connector."""
        payload = {
            "timestamp": self._time(),
            "connectorStatus": self.status_word(evse),
            "evseId": evse.evse_id,
            "connectorId": 1,
        }
        return Outgoing("StatusNotification", lambda: payload)

    def status_word(self, evse: Evse) -> str:
        """Return the connector's status: what a car does is told by TransactionEvents."""
        if evse.status in _WHOLE_STATUSES:
            return evse.status.value
        return "Available" if evse.vehicle is None else "Occupied"

    def authorize(self, id_tag: str) -> Outgoing:
        """Build Authorize."""
        return Outgoing("Authorize", lambda: {"idToken": id_token(id_tag)})

    def started(self, evse: Evse, transaction: Transaction) -> list[Outgoing]:
        """Build TransactionEvent Started, and Updated with the charging state."""
        transaction.transaction_id = str(self._new_id())
        remote = transaction.remote_start_id is not None
        payload = self._event(
            evse, transaction, "Started", "RemoteStart" if remote else "Authorized", "EVConnected"
        )
        payload["idToken"] = id_token(transaction.id_tag)
        if transaction.reservation_id is not None:
            payload["reservationId"] = transaction.reservation_id
        if transaction.begin is not None and transaction.begin.readings:
            payload["meterValue"] = [meter_value(transaction.begin, _amount)]
        return [_transactional(payload), *self.flow_changed(evse, transaction)]

    def metered(self, evse: Evse, transaction: Transaction | None, sample: Sample) -> Outgoing:
        """Build TransactionEvent Updated, or MeterValues outside a transaction."""
        values = [meter_value(sample, _amount)]
        if transaction is None:
            payload: Payload = {"evseId": evse.evse_id, "meterValue": values}
            return Outgoing("MeterValues", lambda: payload)
        payload = self._event(
            evse, transaction, "Updated", _CONTEXT_TRIGGERS[sample.context], evse.flow.value
        )
        payload["meterValue"] = values
        return _transactional(payload)

    def flow_changed(self, evse: Evse, transaction: Transaction) -> list[Outgoing]:
        """Build TransactionEvent Updated with the charging state."""
        payload = self._event(evse, transaction, "Updated", "ChargingStateChanged", evse.flow.value)
        return [_transactional(payload)]

    def ended(
        self, evse: Evse, transaction: Transaction, reason: str, id_tag: str | None, end: Sample
    ) -> Outgoing:
        """Build TransactionEvent Ended."""
        left = "Idle" if reason == "EVDisconnected" else "EVConnected"
        trigger = _TRIGGERS.get(reason, "AbnormalCondition")
        payload = self._event(evse, transaction, "Ended", trigger, left)
        payload["transactionInfo"]["stoppedReason"] = reason
        if id_tag is not None:
            payload["idToken"] = id_token(id_tag)
        samples = [each for each in (transaction.begin, end) if each is not None and each.readings]
        if samples:
            payload["meterValue"] = [meter_value(sample, _amount) for sample in samples]
        return _transactional(payload)

    def firmware_status(self, status: str, request_id: int | None = None) -> Outgoing:
        """Build FirmwareStatusNotification."""
        return _with_request("FirmwareStatusNotification", status, request_id)

    def log_status(self, status: str, request_id: int | None = None) -> Outgoing:
        """Build LogStatusNotification."""
        return _with_request("LogStatusNotification", status, request_id)

    def reservation_ended(self, reservation_id: int, why: str) -> Outgoing:
        """Build ReservationStatusUpdate."""
        payload = {"reservationId": reservation_id, "reservationUpdateStatus": why}
        return Outgoing("ReservationStatusUpdate", lambda: payload)

    def report(self, request_id: int, parts: list[list[Payload]]) -> list[Outgoing]:
        """Build NotifyReport, one for each part."""
        return [
            self._part(
                "NotifyReport",
                {"requestId": request_id, "seqNo": number, "reportData": part},
                more=number < len(parts) - 1,
            )
            for number, part in enumerate(parts)
        ]

    def customer_information(self, request_id: int, texts: list[str]) -> list[Outgoing]:
        """Build NotifyCustomerInformation, one for each text."""
        return [
            self._part(
                "NotifyCustomerInformation",
                {"requestId": request_id, "seqNo": number, "data": text},
                more=number < len(texts) - 1,
            )
            for number, text in enumerate(texts)
        ]

    def charging_profiles(
        self, request_id: int, by_evse: dict[int, list[Payload]]
    ) -> list[Outgoing]:
        """Build ReportChargingProfiles, one for each EVSE."""
        payloads: list[Payload] = [
            {
                "requestId": request_id,
                "chargingLimitSource": "CSO",
                "evseId": evse_id,
                "chargingProfile": profiles,
                "tbc": number < len(by_evse) - 1,
            }
            for number, (evse_id, profiles) in enumerate(by_evse.items())
        ]
        return [_made("ReportChargingProfiles", payload) for payload in payloads]

    def tag_status(self, result: Payload) -> str | None:
        """Read idTokenInfo's status."""
        info = result.get("idTokenInfo")
        return str(info.get("status")) if isinstance(info, dict) else None

    def learn_started(self, transaction: Transaction, result: Payload | None) -> None:
        """Learn nothing: the charger chose the transaction id itself."""

    def _event(
        self, evse: Evse, transaction: Transaction, kind: str, trigger: str, state: str
    ) -> Payload:
        information: dict[str, Any] = {
            "transactionId": transaction.transaction_id,
            "chargingState": state,
        }
        if transaction.remote_start_id is not None:
            information["remoteStartId"] = transaction.remote_start_id
        event: Payload = {
            "eventType": kind,
            "timestamp": self._time(),
            "triggerReason": trigger,
            "seqNo": transaction.take_seq_no(),
            "transactionInfo": information,
            "evse": {"id": evse.evse_id, "connectorId": 1},
        }
        if not self._is_online():
            event["offline"] = True
        return event

    def _part(self, action: str, payload: Payload, *, more: bool) -> Outgoing:
        return _made(action, {**payload, "generatedAt": self._time(), "tbc": more})

    def _time(self) -> str:
        return rfc3339(self._clock.now())


def id_token(id_tag: str) -> dict[str, str]:
    """Write a tag as 2.x does."""
    return {"idToken": id_tag, "type": TAG_TYPE}


def _made(action: str, payload: Payload) -> Outgoing:
    return Outgoing(action, lambda: payload)


def _transactional(payload: Payload) -> Outgoing:
    return Outgoing("TransactionEvent", lambda: payload, transactional=True)


def _with_request(action: str, status: str, request_id: int | None) -> Outgoing:
    payload: Payload = {"status": status}
    if request_id is not None:
        payload["requestId"] = request_id
    return _made(action, payload)


def _amount(reading: Reading) -> Payload:
    """A ratio has no unit."""
    unit = {"unitOfMeasure": {"unit": reading.unit}} if reading.unit else {}
    return {"value": reading.value, **unit}
