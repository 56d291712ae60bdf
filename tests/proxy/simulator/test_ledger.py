from typing import Any

from oye_proxy.ocppj.frames import build_call
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.ledger import Ledger, register_wh

START = {"connectorId": 1, "idTag": "A", "meterStart": 5, "timestamp": "2026-01-01T00:00:00Z"}


def note(
    ledger: Ledger,
    action: str,
    payload: Any,
    message_id: str = "1",
    version: OcppVersion = OcppVersion.V1_6,
) -> None:
    ledger.note("CP1", version, build_call(message_id, action, payload))


def test_the_same_start_gets_the_same_id_and_another_one_the_next() -> None:
    """A charger that did not see the answer sends the message again (C16 4.6)."""
    ledger = Ledger()
    for message_id in ("1", "1", "2"):
        note(ledger, "StartTransaction", START, message_id)

    first, second = ledger.transactions_of("CP1")
    again = ledger.transaction_id("CP1", build_call("1", "StartTransaction", START))
    assert int(first.transaction_id) == again
    assert int(second.transaction_id) == again + 1
    assert [] == ledger.transactions_of("CP2")


def test_meter_values_and_stop_belong_to_their_transaction() -> None:
    ledger = Ledger()
    note(ledger, "StartTransaction", START)
    [transaction] = ledger.transactions_of("CP1")
    number = int(transaction.transaction_id)
    meter_value = {"timestamp": "t", "sampledValue": [{"value": "7"}]}
    note(ledger, "MeterValues", {"transactionId": number, "meterValue": [meter_value]}, "2")
    note(ledger, "MeterValues", {"connectorId": 1, "meterValue": [meter_value]}, "3")
    assert not transaction.ended
    stop = {"transactionId": number, "meterStop": 9, "timestamp": "t"}
    note(ledger, "StopTransaction", stop, "4")
    note(ledger, "StopTransaction", {**stop, "transactionId": -1}, "5")

    assert [meter_value] == transaction.samples
    assert (5, 9, "Local") == (
        transaction.meter_start_wh,
        transaction.meter_stop_wh,
        transaction.reason,
    )


def test_a_repeated_event_counts_once() -> None:
    ledger = Ledger()
    event = {
        "eventType": "Ended",
        "timestamp": "t",
        "seqNo": 3,
        "transactionInfo": {"transactionId": "x"},
        "idToken": {"idToken": "A"},
        "evse": {"id": 2},
    }
    note(ledger, "TransactionEvent", event, version=OcppVersion.V2_1)
    note(ledger, "TransactionEvent", {**event, "timestamp": "later"}, version=OcppVersion.V2_1)

    [transaction] = ledger.transactions_of("CP1")
    assert [3] == transaction.seq_nos
    assert ("t", "Local", "A", 2) == (
        transaction.ended_at,
        transaction.reason,
        transaction.id_tag,
        transaction.evse_id,
    )


def test_calls_boots_and_statuses_are_kept() -> None:
    ledger = Ledger()
    note(ledger, "BootNotification", {"a": 1})
    note(ledger, "StatusNotification", {"connectorId": 1, "status": "Available"})
    note(
        ledger,
        "StatusNotification",
        {"evseId": 2, "connectorStatus": "Occupied"},
        version=OcppVersion.V2_1,
    )
    note(ledger, "Heartbeat", {})

    assert {"CP1": [{"a": 1}]} == ledger.boots
    assert {("CP1", 1): "Available", ("CP1", 2): "Occupied"} == ledger.statuses
    assert 4 == len(ledger.calls_of("CP1"))
    assert 1 == len(ledger.calls_of("CP1", "Heartbeat"))


def test_the_register_is_the_last_energy_reading() -> None:
    values: list[dict[str, Any]] = [
        {"sampledValue": [{"value": "1"}, {"value": 2, "measurand": "Voltage"}]},
        {"sampledValue": [{"value": 3.5}]},
    ]

    assert 3.5 == register_wh(values)
    assert register_wh([]) is None
