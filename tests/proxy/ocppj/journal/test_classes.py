"""What the journal keeps of each action: the tables of docs/OCPP.md, row by row."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oye_proxy.ocppj.actions import CHARGER_ACTIONS, CSMS_ACTIONS
from oye_proxy.ocppj.frames import Call, build_call, parse
from oye_proxy.ocppj.journal.classes import CLASSES, journal_class, latest_key, transaction_of
from oye_proxy.ocppj.journal.entries import JournalClass
from oye_proxy.ocppj.versions import OcppVersion

V1_6, V2_0_1, V2_1 = OcppVersion
T, E, L = JournalClass.TRANSACTION, JournalClass.EVENT, JournalClass.LATEST


def _class(version: OcppVersion, action: str, payload: Any = None) -> JournalClass | None:
    return journal_class(version, build_call("7", action, {} if payload is None else payload))


def _key(version: OcppVersion, action: str, payload: Any) -> str:
    return latest_key(version, build_call("7", action, payload))


def _transaction(version: OcppVersion, action: str, payload: Any) -> str | None:
    return transaction_of(version, build_call("7", action, payload))


@pytest.mark.parametrize("version", OcppVersion)
def test_every_action_of_the_charger_is_classified_on_purpose(version: OcppVersion) -> None:
    """A new action in the schemas must be given its class, or None, by hand."""
    assert CHARGER_ACTIONS[version] == set(CLASSES[version])


@pytest.mark.parametrize(
    ("version", "action", "expected"),
    [
        (V1_6, "Authorize", None),
        (V1_6, "BootNotification", L),
        (V1_6, "DataTransfer", None),
        (V1_6, "DiagnosticsStatusNotification", L),
        (V1_6, "FirmwareStatusNotification", L),
        (V1_6, "Heartbeat", None),
        (V1_6, "LogStatusNotification", L),
        (V1_6, "SecurityEventNotification", E),
        (V1_6, "SignCertificate", None),
        (V1_6, "SignedFirmwareStatusNotification", L),
        (V1_6, "StartTransaction", T),
        (V1_6, "StatusNotification", L),
        (V1_6, "StopTransaction", T),
        (V2_0_1, "BootNotification", L),
        (V2_0_1, "ClearedChargingLimit", L),
        (V2_0_1, "MeterValues", E),
        (V2_0_1, "NotifyChargingLimit", L),
        (V2_0_1, "NotifyEvent", E),
        (V2_0_1, "NotifyReport", None),
        (V2_0_1, "PublishFirmwareStatusNotification", L),
        (V2_0_1, "ReservationStatusUpdate", E),
        (V2_0_1, "SecurityEventNotification", E),
        (V2_0_1, "StatusNotification", L),
        (V2_0_1, "TransactionEvent", T),
        (V2_1, "TransactionEvent", T),
        (V2_1, "BatterySwap", E),
        (V2_1, "NotifySettlement", E),
        (V2_1, "NotifyDERAlarm", None),
        (V2_1, "NotifyPeriodicEventStream", None),
        (V2_1, "VatNumberValidation", None),
    ],
)
def test_an_action_is_kept_as_its_row_says(
    version: OcppVersion, action: str, expected: JournalClass | None
) -> None:
    assert expected == _class(version, action)


@pytest.mark.parametrize("version", OcppVersion)
def test_actions_of_the_csms_and_unknown_ones_are_not_kept(version: OcppVersion) -> None:
    actions = (CSMS_ACTIONS[version] - CHARGER_ACTIONS[version]) | {"", "Nonsense"}

    assert {None} == {_class(version, action) for action in actions}


def test_an_action_of_another_version_is_not_kept() -> None:
    assert (None, None) == (_class(V1_6, "TransactionEvent"), _class(V2_1, "StartTransaction"))


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"connectorId": 1, "transactionId": 7}, T),
        ({"connectorId": 1, "transactionId": -1}, T),
        ({"connectorId": 1, "transactionId": "7"}, T),
        ({"connectorId": 1}, E),
        ({"connectorId": 1, "transactionId": None}, E),
        ([], E),
    ],
)
def test_meter_values_of_1_6_belong_to_a_transaction_or_are_events(
    payload: Any, expected: JournalClass
) -> None:
    """C16 3.7.1: transaction-related are those that name a transaction."""
    assert expected == _class(V1_6, "MeterValues", payload)


@pytest.mark.parametrize(
    ("version", "payload", "expected"),
    [
        (V1_6, {"connectorId": 0}, "StatusNotification/0"),
        (V1_6, {"connectorId": 2, "evseId": 9}, "StatusNotification/2"),
        (V2_0_1, {"evseId": 1, "connectorId": 2}, "StatusNotification/1/2"),
        (V2_1, {"evseId": 1}, "StatusNotification/1/?"),
        (V1_6, {}, "StatusNotification/?"),
        (V1_6, {"connectorId": True}, "StatusNotification/?"),
        (V1_6, {"connectorId": "1'; DROP TABLE"}, "StatusNotification/?"),
        (V1_6, {"connectorId": 10**9}, "StatusNotification/?"),
        (V1_6, {"connectorId": -1}, "StatusNotification/?"),
        (V1_6, {"connectorId": {"a": []}}, "StatusNotification/?"),
        (V1_6, ["connectorId"], "StatusNotification/?"),
    ],
)
def test_the_last_status_is_kept_per_connector(
    version: OcppVersion, payload: Any, expected: str
) -> None:
    assert expected == _key(version, "StatusNotification", payload)


def test_of_other_states_the_action_is_the_key() -> None:
    assert "BootNotification" == _key(V1_6, "BootNotification", {"connectorId": 3})


@pytest.mark.parametrize(
    ("version", "action", "payload", "expected"),
    [
        (V1_6, "MeterValues", {"transactionId": 7}, "7"),
        (V1_6, "StopTransaction", {"transactionId": -1}, "-1"),
        (V1_6, "StopTransaction", {"transactionId": "7"}, "7"),
        (V1_6, "StopTransaction", {"transactionId": "007"}, "7"),
        (V1_6, "StopTransaction", {"transactionId": 7.0}, "7"),
        (V1_6, "StopTransaction", {"transactionId": 7.5}, None),
        (V1_6, "StopTransaction", {"transactionId": "abc"}, None),
        (V1_6, "StopTransaction", {"transactionId": 2**63}, None),
        (V1_6, "StartTransaction", {"transactionId": 7}, None),
        (V1_6, "DataTransfer", {"transactionId": 7}, None),
        (V1_6, "StopTransaction", {}, None),
        (V1_6, "StopTransaction", {"transactionId": True}, None),
        (V1_6, "StopTransaction", {"transactionId": [7]}, None),
        (V1_6, "StopTransaction", {"transactionId": ""}, None),
        (V1_6, "StopTransaction", {"transactionId": "7" * 256}, None),
        (V1_6, "StopTransaction", "7", None),
        (V2_0_1, "TransactionEvent", {"transactionInfo": {"transactionId": "t-1"}}, "t-1"),
        (V2_1, "TransactionEvent", {"transactionInfo": {"transactionId": "t-1"}}, "t-1"),
        (V2_0_1, "TransactionEvent", {"transactionId": "t-1"}, None),
        (V2_0_1, "TransactionEvent", {"transactionInfo": "t-1"}, None),
        (V2_0_1, "TransactionEvent", {"transactionInfo": {"transactionId": ""}}, None),
        (V2_0_1, "TransactionEvent", {"transactionInfo": {"transactionId": 7}}, None),
        (V2_0_1, "TransactionEvent", {"transactionInfo": {"transactionId": "t" * 256}}, None),
        (V2_0_1, "MeterValues", {"transactionInfo": {"transactionId": "t-1"}}, None),
    ],
)
def test_a_call_names_its_transaction(
    version: OcppVersion, action: str, payload: Any, expected: str | None
) -> None:
    assert expected == _transaction(version, action, payload)


def test_an_integer_without_end_names_no_transaction() -> None:
    digits = "9" * 5_000
    call = parse(f'[2,"7","StopTransaction",{{"transactionId":{digits}}}]')

    assert isinstance(call, Call)
    assert transaction_of(V1_6, call) is None


@given(
    st.sampled_from(OcppVersion),
    st.sampled_from(["StatusNotification", "MeterValues", "StopTransaction", "TransactionEvent"]),
    st.text(max_size=40),
)
def test_no_payload_is_too_odd_to_be_classified(
    version: OcppVersion, action: str, payload_text: str
) -> None:
    plain = build_call("7", action, {})
    call = Call(
        message_id=plain.message_id, text=plain.text, payload_text=payload_text, action=action
    )

    assert journal_class(version, call) in {T, E, L, None}
    assert len(latest_key(version, call)) <= 40
    assert transaction_of(version, call) is None
