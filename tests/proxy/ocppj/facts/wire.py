"""A charger and its CSMS, whose frames the facts read."""

from datetime import UTC, datetime, timedelta
from typing import Any

from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.facts import ConnectorFacts, Event, Facts
from oye_proxy.ocppj.frames import build_call, build_result
from oye_proxy.ocppj.versions import OcppVersion

START = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)


class Wire:
    """A charger and its CSMS as the proxy's records show them."""

    def __init__(self, version: OcppVersion, facts: Facts | None = None) -> None:
        self.version = version
        self.facts = facts or Facts()
        self.now = START

    def charger(self, action: str, payload: Any, answer: Any = None) -> list[Event]:
        """Let the charger call, and the CSMS answer."""
        return self._exchange(Peer.CHARGER, Peer.CSMS, action, payload, answer)

    def csms(self, action: str, payload: Any, answer: Any = None) -> list[Event]:
        """Let the CSMS call, and the charger answer."""
        return self._exchange(Peer.CSMS, Peer.CHARGER, action, payload, answer)

    def proxy(self, action: str, payload: Any, answer: Any = None) -> list[Event]:
        """Let the proxy inject a CALL, and the charger answer."""
        return self._exchange(Peer.PROXY, Peer.CHARGER, action, payload, answer)

    def connector(self, evse_id: int = 1) -> ConnectorFacts:
        """Return what is known of one connector."""
        connectors = self.facts.view(self.now).connectors
        return next(one for one in connectors if one.evse_id == evse_id)

    def later(self, seconds: float) -> str:
        """Let time pass; return the new time as the charger writes it."""
        self.now += timedelta(seconds=seconds)
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def _exchange(
        self, source: Peer, target: Peer, action: str, payload: Any, answer: Any
    ) -> list[Event]:
        call = build_call("1", action, payload)
        events = self.observe(Record(source=source, target=target, data=call.text, frame=call))
        if answer is not None:
            result = build_result(call.message_id, answer)
            events += self.observe(
                Record(source=target, target=source, data=result.text, frame=result, call=call)
            )
        return events

    def observe(self, record: Record) -> list[Event]:
        """Hand one record to the facts."""
        return self.facts.observe(record, self.version, self.now)


def status_1_6(connector_id: int, status: str, time: str) -> dict[str, Any]:
    """Return a StatusNotification of 1.6."""
    return {
        "connectorId": connector_id,
        "errorCode": "NoError",
        "status": status,
        "timestamp": time,
    }


def event_2(
    kind: str,
    seq_no: int,
    time: str,
    trigger: str,
    state: str | None,
    reason: str | None = None,
) -> dict[str, Any]:
    """Return a TransactionEvent of 2.x."""
    info = {"transactionId": "e3b0-1", "chargingState": state, "stoppedReason": reason}
    return {
        "eventType": kind,
        "timestamp": time,
        "triggerReason": trigger,
        "seqNo": seq_no,
        "transactionInfo": {key: value for key, value in info.items() if value},
        "evse": {"id": 1, "connectorId": 1},
    }
