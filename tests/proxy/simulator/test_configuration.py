import pytest

from oye_proxy.simulator.configuration import (
    ConfigurationKeys,
    Option,
    is_true,
    measurands_known,
    number_text,
)

USUAL_KEYS = [
    "AllowOfflineTxForUnknownId",
    "AuthorizationCacheEnabled",
    "AuthorizeRemoteTxRequests",
    "ClockAlignedDataInterval",
    "ConnectionTimeOut",
    "ConnectorPhaseRotation",
    "GetConfigurationMaxKeys",
    "HeartbeatInterval",
    "LocalAuthorizeOffline",
    "LocalPreAuthorize",
    "MeterValuesAlignedData",
    "MeterValuesSampledData",
    "MeterValueSampleInterval",
    "NumberOfConnectors",
    "ResetRetries",
    "StopTransactionOnEVSideDisconnect",
    "StopTransactionOnInvalidId",
    "StopTxnAlignedData",
    "StopTxnSampledData",
    "SupportedFeatureProfiles",
    "TransactionMessageAttempts",
    "TransactionMessageRetryInterval",
    "UnlockConnectorOnEVSideDisconnect",
]


@pytest.fixture
def keys() -> ConfigurationKeys:
    return ConfigurationKeys(connectors=2, meter_interval=10, heartbeat_interval=300)


def test_every_required_key_of_the_core_profile_is_there(keys: ConfigurationKeys) -> None:
    """C16 9.1."""
    report = keys.report(USUAL_KEYS)

    assert len(USUAL_KEYS) == len(report["configurationKey"])
    assert "unknownKey" not in report


def test_all_keys_are_reported_when_none_is_named(keys: ConfigurationKeys) -> None:
    assert len(keys) == len(keys.report(None)["configurationKey"])
    assert len(keys) == len(keys.report([])["configurationKey"])


def test_unknown_keys_are_named(keys: ConfigurationKeys) -> None:
    assert {
        "configurationKey": [{"key": "NumberOfConnectors", "readonly": True, "value": "2"}],
        "unknownKey": ["Nonsense"],
    } == keys.report(["NumberOfConnectors", "Nonsense"])


def test_the_password_is_never_shown(keys: ConfigurationKeys) -> None:
    """SW A00: AuthorizationKey is write-only."""
    assert "Accepted" == keys.change("AuthorizationKey", "00" * 16)
    assert {"configurationKey": [{"key": "AuthorizationKey", "readonly": False}]} == keys.report(
        ["AuthorizationKey"]
    )


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("HeartbeatInterval", "60", "Accepted"),
        ("HeartbeatInterval", "-1", "Rejected"),
        ("HeartbeatInterval", "soon", "Rejected"),
        ("LocalPreAuthorize", "TRUE", "Accepted"),
        ("LocalPreAuthorize", "yes", "Rejected"),
        ("MeterValuesSampledData", "SoC,Voltage", "Accepted"),
        ("MeterValuesSampledData", "SoC,Wind", "Rejected"),
        ("NumberOfConnectors", "9", "Rejected"),
        ("CpoName", "me", "Accepted"),
        ("Nonsense", "1", "NotSupported"),
        ("SecurityProfile", "1", "RebootRequired"),
        ("AuthorizationKey", "too short", "Rejected"),
    ],
)
def test_a_change_is_answered_by_what_the_key_is(
    keys: ConfigurationKeys, name: str, value: str, expected: str
) -> None:
    assert expected == keys.change(name, value)


def test_the_security_profile_only_rises(keys: ConfigurationKeys) -> None:
    """SW A05.FR.01."""
    keys.change("SecurityProfile", "2")

    assert "Rejected" == keys.change("SecurityProfile", "1")
    assert "2" == keys["SecurityProfile"]


def test_every_option_has_a_key(keys: ConfigurationKeys) -> None:
    for option in Option:
        before = keys.text(option)
        keys.put(option, "17")
        assert before != keys.text(option) == "17"


def test_texts_of_configuration() -> None:
    assert is_true(" True ")
    assert not is_true("1")
    assert "10" == number_text(10.0)
    assert "0.5" == number_text(0.5)
    assert measurands_known("")
