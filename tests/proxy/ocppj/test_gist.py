"""What a frame says in a few words."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oye_proxy.ocppj.gist import GIST_LENGTH, gist, gist_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
METER_VALUES = [
    {
        "timestamp": "2026-11-21T10:00:00Z",
        "sampledValue": [
            {"value": "3100", "unit": "Wh"},
            {"value": "7,2", "measurand": "Power.Active.Import", "unit": "kW"},
            {"value": "230", "measurand": "Voltage", "phase": "L1", "unit": "V"},
            {"value": "10.25", "measurand": "Current.Import", "phase": "L1", "unit": "A"},
            {"value": 80, "measurand": "SoC"},
        ],
    }
]


@pytest.mark.parametrize(
    ("action", "payload", "said"),
    [
        ("Heartbeat", {}, ""),
        (
            "BootNotification",
            {"chargePointVendor": "ACME", "chargePointModel": "Home", "firmwareVersion": "1.2"},
            "ACME Home 1.2",
        ),
        (
            "BootNotification",
            {"reason": "PowerUp", "chargingStation": {"vendorName": "ACME", "model": "Two"}},
            "ACME Two, PowerUp",
        ),
        (
            "StatusNotification",
            {"connectorId": 1, "status": "Charging", "errorCode": "NoError"},
            "#1, Charging",
        ),
        (
            "StatusNotification",
            {"connectorId": 0, "status": "Faulted", "errorCode": "GroundFailure"},
            "Faulted, GroundFailure",
        ),
        (
            "StatusNotification",
            {"evseId": 2, "connectorId": 1, "connectorStatus": "Occupied"},
            "#2, Occupied",
        ),
        (
            "MeterValues",
            {"connectorId": 1, "meterValue": METER_VALUES},
            "#1, 7.2 kW, 3.1 kWh, 10.2 A, 80 %",
        ),
        (
            "TransactionEvent",
            {
                "eventType": "Ended",
                "transactionInfo": {"chargingState": "Idle", "stoppedReason": "Local"},
                "meterValue": [
                    {
                        "sampledValue": [
                            {"value": 1.5, "unitOfMeasure": {"unit": "Wh", "multiplier": 3}}
                        ]
                    }
                ],
            },
            "Ended, Idle, 1.5 kWh, Local",
        ),
        (
            "StartTransaction",
            {"connectorId": 1, "idTag": "04A1B2C3", "meterStart": 900},
            "#1, …B2C3, 900 Wh",
        ),
        ("Authorize", {"idToken": {"idToken": "04A1B2C3", "type": "ISO14443"}}, "…B2C3"),
        ("Authorize", {"idTag": "1234"}, "…"),
        (
            "StopTransaction",
            {"transactionId": 7, "reason": "Remote", "meterStop": 12345},
            "transaction 7, Remote, 12.3 kWh",
        ),
        (
            "SetChargingProfile",
            {
                "connectorId": 0,
                "csChargingProfiles": {
                    "chargingProfilePurpose": "TxDefaultProfile",
                    "chargingSchedule": {
                        "chargingRateUnit": "A",
                        "chargingSchedulePeriod": [{"limit": 16.0}, {"limit": 8}],
                    },
                },
            },
            "TxDefaultProfile, 16 A +1",
        ),
        (
            "SetChargingProfile",
            {
                "evseId": 1,
                "chargingProfile": {
                    "chargingSchedule": [
                        {"chargingRateUnit": "W", "chargingSchedulePeriod": [{"limit": 7400}]}
                    ]
                },
            },
            "#1, 7.4 kW",
        ),
        ("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "5"}, "HeartbeatInterval"),
        (
            "SetVariables",
            {
                "setVariableData": [
                    {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "X"}}
                ]
            },
            "OCPPCommCtrlr.X",
        ),
        ("GetConfiguration", {"key": ["A", "B"]}, "A, B"),
        ("Reset", {"type": "Hard"}, "Hard"),
        ("TriggerMessage", {"requestedMessage": "Heartbeat"}, "Heartbeat"),
        ("DataTransfer", {"vendorId": "acme", "messageId": "x"}, "acme, x"),
        ("FirmwareStatusNotification", {"status": "Installed"}, "Installed"),
        ("Invented", {"status": "Odd"}, "Odd"),
    ],
)
def test_a_request_says(action: str, payload: Any, said: str) -> None:
    assert said == gist([2, "m-1", action, payload])


def test_a_send_says_what_a_request_says() -> None:
    assert "Installed" == gist([6, "m-1", "FirmwareStatusNotification", {"status": "Installed"}])


@pytest.mark.parametrize(
    ("action", "payload", "said"),
    [
        ("Reset", {"status": "Accepted"}, "Accepted"),
        ("Authorize", {"idTagInfo": {"status": "Blocked"}}, "Blocked"),
        ("StartTransaction", {"transactionId": 7, "idTagInfo": {"status": "Accepted"}},
         "transaction 7, Accepted"),
        ("GetConfiguration", {"configurationKey": [{}, {}], "unknownKey": ["A"]},
         "2 keys, 1 unknown"),
        (
            "GetCompositeSchedule",
            {
                "status": "Accepted",
                "chargingSchedule": {
                    "chargingRateUnit": "A",
                    "chargingSchedulePeriod": [{"limit": 6}],
                },
            },
            "Accepted, 6 A",
        ),
    ],
)  # fmt: skip
def test_an_answer_says(action: str, payload: Any, said: str) -> None:
    assert said == gist([3, "m-1", payload], action)


def test_an_error_says_its_code_and_description() -> None:
    assert "NotSupported: no such thing" == gist([4, "m-1", "NotSupported", "no such thing", {}])
    assert "GenericError" == gist([4, "m-1", "GenericError", "", {}])


def test_no_whole_id_tag_is_said() -> None:
    """Id tags are personal data."""
    assert "04A1" not in gist_of('[2,"1","Authorize",{"idTag":"04A1B2C3"}]')


@pytest.mark.parametrize("text", ["", "no json", "{}", "[]", "7", "[" * 20_000, b"\xff", "[2]"])
def test_what_is_no_frame_says_nothing(text: str | bytes) -> None:
    assert "" == gist_of(text)


def test_half_a_character_says_nothing() -> None:
    """No JSON of ours can hold it."""
    assert "" == gist_of('[2,"m-1","Invented",{"status":"Odd\\ud800"}]')


def test_a_gist_is_short() -> None:
    text = json.dumps([4, "m-1", "x" * 5000, "y" * 5000])

    assert GIST_LENGTH >= len(gist_of(text))


@given(
    st.sampled_from(
        [
            "MeterValues",
            "BootNotification",
            "SetChargingProfile",
            "TransactionEvent",
            "SetVariables",
        ]
    ),
    st.dictionaries(
        st.sampled_from(
            ["meterValue", "chargingStation", "csChargingProfiles", "idTag", "setVariableData"]
        ),
        JSON,
    ),
)
def test_no_payload_breaks_it(action: str, payload: Any) -> None:
    text = msgspec.json.encode([2, "m-1", action, payload])

    assert GIST_LENGTH >= len(gist_of(text))
    assert GIST_LENGTH >= len(gist_of(msgspec.json.encode([3, "m-1", payload]), action))
