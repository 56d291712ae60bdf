"""A simulated charger's CALLs in OCPP 1.6."""

from oye_proxy.simulator.clock import Clock, rfc3339
from oye_proxy.simulator.evse import Evse, Reading, Sample, Status, Transaction
from oye_proxy.simulator.exchange import Outgoing, Payload
from oye_proxy.simulator.identity import ChargerSimulation
from oye_proxy.simulator.messages import meter_value

NO_TRANSACTION = -1
_FAULTS = {"GroundFailure", "OverCurrentFailure", "HighTemperature", "PowerMeterFailure"}


class MessagesV16:
    """Builds 1.6 CALLs; payloads are made when they are sent, so late ids are known."""

    def __init__(self, settings: ChargerSimulation, clock: Clock) -> None:
        self.firmware_version = settings.firmware_version
        self._settings = settings
        self._clock = clock

    def boot(self, reason: str) -> Outgoing:  # noqa: ARG002  1.6 tells no reason
        """Build BootNotification."""
        payload = {
            "chargePointVendor": self._settings.vendor,
            "chargePointModel": self._settings.model,
            "chargePointSerialNumber": self._settings.charge_point_id[:25],
            "firmwareVersion": self.firmware_version,
            "meterType": "Simulated meter",
        }
        return Outgoing("BootNotification", lambda: payload, early=True)

    def heartbeat(self) -> Outgoing:
        """Build Heartbeat."""
        return Outgoing("Heartbeat", dict)

    def charger_status(self) -> list[Outgoing]:
        """Build StatusNotification of the whole charger: connector 0."""
        return [self._status(0, Status.AVAILABLE, None)]

    def status(self, evse: Evse) -> Outgoing:
        """Build StatusNotification of a connector."""
        return self._status(evse.evse_id, evse.status, evse.fault)

    def status_word(self, evse: Evse) -> str:
        """Return what must change for a new StatusNotification."""
        return f"{evse.status} {evse.fault or ''}"

    def authorize(self, id_tag: str) -> Outgoing:
        """Build Authorize."""
        return Outgoing("Authorize", lambda: {"idTag": id_tag})

    def started(self, evse: Evse, transaction: Transaction) -> list[Outgoing]:
        """Build StartTransaction."""
        payload: Payload = {
            "connectorId": evse.evse_id,
            "idTag": transaction.id_tag,
            "meterStart": round(transaction.meter_start_wh),
            "timestamp": rfc3339(transaction.started_at),
        }
        if transaction.reservation_id is not None:
            payload["reservationId"] = transaction.reservation_id
        return [Outgoing("StartTransaction", lambda: payload, transactional=True)]

    def metered(self, evse: Evse, transaction: Transaction | None, sample: Sample) -> Outgoing:
        """Build MeterValues."""

        def build() -> Payload:
            payload: Payload = {
                "connectorId": evse.evse_id,
                "meterValue": [meter_value(sample, _amount)],
            }
            if transaction is not None:
                payload["transactionId"] = _number(transaction)
            return payload

        return Outgoing("MeterValues", build, transactional=transaction is not None)

    def flow_changed(self, evse: Evse, transaction: Transaction) -> list[Outgoing]:  # noqa: ARG002
        """Build nothing: 1.6 tells it by the connector's status."""
        return []

    def ended(
        self, evse: Evse, transaction: Transaction, reason: str, id_tag: str | None, end: Sample
    ) -> Outgoing:
        """Build StopTransaction with transactionData."""
        meter_stop = round(evse.meter.register_wh)
        samples = [each for each in (transaction.begin, end) if each is not None and each.readings]

        def build() -> Payload:
            payload: Payload = {
                "transactionId": _number(transaction),
                "meterStop": meter_stop,
                "timestamp": rfc3339(end.at),
                "reason": reason,
            }
            if id_tag is not None:
                payload["idTag"] = id_tag
            if samples:
                payload["transactionData"] = [meter_value(sample, _amount) for sample in samples]
            return payload

        return Outgoing("StopTransaction", build, transactional=True)

    def firmware_status(self, status: str, request_id: int | None = None) -> Outgoing:
        """Build FirmwareStatusNotification, the signed one when there is a request id."""
        if request_id is not None:
            payload = {"status": status, "requestId": request_id}
            return Outgoing("SignedFirmwareStatusNotification", lambda: payload)
        return Outgoing("FirmwareStatusNotification", lambda: {"status": status})

    def diagnostics_status(self, status: str) -> Outgoing:
        """Build DiagnosticsStatusNotification."""
        return Outgoing("DiagnosticsStatusNotification", lambda: {"status": status})

    def log_status(self, status: str, request_id: int | None) -> Outgoing:
        """Build LogStatusNotification."""
        payload: Payload = {"status": status}
        if request_id is not None:
            payload["requestId"] = request_id
        return Outgoing("LogStatusNotification", lambda: payload)

    def tag_status(self, result: Payload) -> str | None:
        """Read idTagInfo's status."""
        info = result.get("idTagInfo")
        return str(info.get("status")) if isinstance(info, dict) else None

    def learn_started(self, transaction: Transaction, result: Payload | None) -> None:
        """Take over the CSMS's transaction id; without one it is -1 (C16-E 3.18)."""
        number = (result or {}).get("transactionId", NO_TRANSACTION)
        transaction.transaction_id = str(number)

    def _status(self, connector_id: int, status: Status, fault: str | None) -> Outgoing:
        payload: Payload = {
            "connectorId": connector_id,
            "errorCode": "NoError",
            "status": status.value,
            "timestamp": self._time(),
        }
        if fault is not None:
            payload["errorCode"] = fault if fault in _FAULTS else "OtherError"
            payload["info"] = fault[:50]
        return Outgoing("StatusNotification", lambda: payload)

    def _time(self) -> str:
        return rfc3339(self._clock.now())


def _number(transaction: Transaction) -> int:
    text = transaction.transaction_id
    return int(text) if text.lstrip("-").isdecimal() else NO_TRANSACTION


def _amount(reading: Reading) -> Payload:
    """1.6 writes values as strings, knows no Hertz and spells Celsius so (C16-E 3.57)."""
    unit = {} if reading.unit in ("Hertz", "") else {"unit": reading.unit}
    return {"value": str(reading.value), **unit}
