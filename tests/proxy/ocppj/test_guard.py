from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oye_proxy.ocppj.error_codes import Cause
from oye_proxy.ocppj.guard import (
    DANGER_INTERVAL,
    DangerPace,
    Guard,
    Origin,
    assess,
    looks_like_an_address,
    needs_confirmation,
    refusal,
)
from oye_proxy.ocppj.versions import OcppVersion

V16, V201, V21 = OcppVersion


def variables(*names: str) -> dict[str, Any]:
    parts = [name.split(".") for name in names]
    return {
        "setVariableData": [
            {
                "attributeValue": "1",
                "component": {"name": component},
                "variable": {"name": variable},
            }
            for component, variable in parts
        ]
    }


LOCKOUT: list[tuple[OcppVersion, str, dict[str, Any]]] = [
    (V16, "ChangeConfiguration", {"key": "AuthorizationKey", "value": "00"}),
    (V16, "ChangeConfiguration", {"key": "securityprofile", "value": "2"}),
    (V16, "ChangeConfiguration", {"key": "CpoName", "value": "x"}),
    (V16, "ChangeConfiguration", {"key": "CentralSystemURL", "value": "ws://x"}),
    (V16, "CertificateSigned", {}),
    (V16, "InstallCertificate", {}),
    (V16, "DeleteCertificate", {}),
    (V201, "CertificateSigned", {}),
    (V21, "InstallCertificate", {}),
    (V201, "DeleteCertificate", {}),
    (V201, "SetNetworkProfile", {"configurationSlot": 1}),
    (V201, "SetVariables", variables("OCPPCommCtrlr.NetworkConfigurationPriority")),
    (V21, "SetVariables", variables("ClockCtrlr.TimeZone", "securityctrlr.BasicAuthPassword")),
    (V21, "SetVariables", variables("NetworkConfiguration.OcppCsmsUrl")),
]
DANGER: list[tuple[OcppVersion, str, dict[str, Any]]] = [
    (V16, "Reset", {"type": "Hard"}),
    (V201, "Reset", {"type": "Immediate"}),
    (V21, "Reset", {"type": "ImmediateAndResume"}),
    (V16, "UpdateFirmware", {}),
    (V201, "UpdateFirmware", {}),
    (V16, "SignedUpdateFirmware", {}),
    (V16, "ClearCache", {}),
    (V21, "UnlockConnector", {"evseId": 1, "connectorId": 1}),
    (V16, "SendLocalList", {"updateType": "Full", "listVersion": 1}),
    (V201, "SendLocalList", {"updateType": "Full", "localAuthorizationList": []}),
    (V16, "ChangeAvailability", {"connectorId": 0, "type": "Inoperative"}),
    (V201, "ChangeAvailability", {"operationalStatus": "Operative"}),
    (V201, "ChangeAvailability", {"evse": {"id": 0}}),
]
FREE: list[tuple[OcppVersion, str, dict[str, Any]]] = [
    (V16, "ChangeConfiguration", {"key": "HeartbeatInterval", "value": "60"}),
    (V16, "Reset", {"type": "Soft"}),
    (V201, "Reset", {"type": "OnIdle"}),
    (V201, "SetVariables", variables("OCPPCommCtrlr.HeartbeatInterval")),
    (V201, "ChangeConfiguration", {"key": "AuthorizationKey"}),
    (V16, "SetVariables", variables("SecurityCtrlr.BasicAuthPassword")),
    (V16, "SendLocalList", {"updateType": "Differential", "localAuthorizationList": []}),
    (V16, "SendLocalList", {"updateType": "Full", "localAuthorizationList": [{"idTag": "A"}]}),
    (V16, "ChangeAvailability", {"connectorId": 1}),
    (V201, "ChangeAvailability", {"evse": {"id": 1}}),
    (V16, "GetConfiguration", {"key": ["AuthorizationKey"]}),
]


@pytest.mark.parametrize(("version", "action", "payload"), LOCKOUT)
def test_the_lockout_set(version: OcppVersion, action: str, payload: Any) -> None:
    assessment = assess(version, action, payload)

    assert assessment is not None
    assert Guard.LOCKOUT == assessment.guard
    assert assessment.reason.endswith(".")


@pytest.mark.parametrize(("version", "action", "payload"), DANGER)
def test_the_danger_set(version: OcppVersion, action: str, payload: Any) -> None:
    assessment = assess(version, action, payload)

    assert assessment is not None
    assert Guard.DANGER == assessment.guard
    assert assessment.reason.endswith(".")


@pytest.mark.parametrize(("version", "action", "payload"), FREE)
def test_everything_else_is_free(version: OcppVersion, action: str, payload: Any) -> None:
    assert assess(version, action, payload) is None


@pytest.mark.parametrize(
    "key",
    [
        "BackendURL",
        "CSMSUrl",
        "EndPoint",
        "HostName",
        "ServerURLs",
        "WebSocketUri",
        "centralsystemaddress",
        "ocpp.host",
        "ocpp_server_1",
        "serverurl",
    ],
)
def test_a_key_that_looks_like_an_address(key: str) -> None:
    assert looks_like_an_address(key)


# The standard keys of C16 9 and SW 3 that neither lock out nor hold an address.
ORDINARY_KEYS = [
    "AllowOfflineTxForUnknownId",
    "AuthorizationCacheEnabled",
    "AuthorizeRemoteTxRequests",
    "BlinkRepeat",
    "ClockAlignedDataInterval",
    "ConnectionTimeOut",
    "ConnectorPhaseRotation",
    "ConnectorPhaseRotationMaxLength",
    "GetConfigurationMaxKeys",
    "HeartbeatInterval",
    "LightIntensity",
    "LocalAuthorizeOffline",
    "LocalPreAuthorize",
    "MaxEnergyOnInvalidId",
    "MeterValuesAlignedData",
    "MeterValuesAlignedDataMaxLength",
    "MeterValuesSampledData",
    "MeterValuesSampledDataMaxLength",
    "MeterValueSampleInterval",
    "MinimumStatusDuration",
    "NumberOfConnectors",
    "ResetRetries",
    "StopTransactionOnEVSideDisconnect",
    "StopTransactionOnInvalidId",
    "StopTxnAlignedData",
    "StopTxnAlignedDataMaxLength",
    "StopTxnSampledData",
    "StopTxnSampledDataMaxLength",
    "SupportedFeatureProfiles",
    "SupportedFeatureProfilesMaxLength",
    "TransactionMessageAttempts",
    "TransactionMessageRetryInterval",
    "UnlockConnectorOnEVSideDisconnect",
    "WebSocketPingInterval",
    "LocalAuthListEnabled",
    "LocalAuthListMaxLength",
    "SendLocalListMaxLength",
    "ReserveConnectorZeroSupported",
    "ChargeProfileMaxStackLevel",
    "ChargingScheduleAllowedChargingRateUnit",
    "ChargingScheduleMaxPeriods",
    "ConnectorSwitch3to1PhaseSupported",
    "MaxChargingProfilesInstalled",
    "AdditionalRootCertificateCheck",
    "CertificateSignedMaxChainSize",
    "CertificateStoreMaxLength",
    "SupportedFileTransferProtocols",
]


@pytest.mark.parametrize("key", ORDINARY_KEYS)
def test_no_standard_key_looks_like_an_address(key: str) -> None:
    assert assess(V16, "ChangeConfiguration", {"key": key, "value": "1"}) is None


def test_who_must_confirm_what() -> None:
    """Danger needs no confirmation in a raw injection: the Node proxy asked for none."""
    asked = {
        (guard, origin): needs_confirmation(guard, origin) for guard in Guard for origin in Origin
    }

    assert {
        (Guard.LOCKOUT, Origin.TYPED): True,
        (Guard.LOCKOUT, Origin.RAW): True,
        (Guard.LOCKOUT, Origin.CSMS): False,
        (Guard.DANGER, Origin.TYPED): True,
        (Guard.DANGER, Origin.RAW): False,
        (Guard.DANGER, Origin.CSMS): False,
    } == asked


def test_one_dangerous_command_passes_in_a_minute() -> None:
    pace = DangerPace()

    assert 0 == pace.take(now=100.0)
    assert 50 == pace.take(now=110.0)
    assert 0 == pace.take(now=100.0 + DANGER_INTERVAL)


def test_a_refusal_is_valid_by_the_official_schema(
    response_faults: Callable[[OcppVersion, str, Any], list[str]],
) -> None:
    for version, action, payload in LOCKOUT + DANGER:
        answer = refusal(version, action, payload)
        if (version, action) == (V16, "UpdateFirmware"):
            # Its answer is empty: the schema knows no refusal.
            assert Cause.NOT_SUPPORTED == answer
        else:
            assert [] == response_faults(version, action, answer), action


def test_a_refusal_rejects_each_variable_under_its_own_name() -> None:
    named = {"name": "SecurityCtrlr", "instance": "main", "evse": {"id": 1, "connectorId": "?"}}
    item = {
        "attributeType": "Target",
        "attributeValue": "secret",
        "component": {**named, "noise": 1},
        "variable": {"name": "BasicAuthPassword"},
    }

    assert {
        "setVariableResult": [
            {
                "attributeType": "Target",
                "attributeStatus": "Rejected",
                "component": {"name": "SecurityCtrlr", "instance": "main", "evse": {"id": 1}},
                "variable": {"name": "BasicAuthPassword"},
            }
        ]
    } == refusal(V201, "SetVariables", {"setVariableData": [item, None, {"component": 1}]})


def test_a_refusal_of_unreadable_variables_is_an_error() -> None:
    assert Cause.FORMAT_VIOLATION == refusal(V201, "SetVariables", {"setVariableData": "all"})
    assert Cause.FORMAT_VIOLATION == refusal(V201, "SetVariables", None)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
guarded_members = st.sampled_from(
    ["key", "value", "type", "evse", "setVariableData", "connectionData", "connectorId"]
)
hostile_payloads = json_values | st.dictionaries(guarded_members, json_values, max_size=4)


@given(
    version=st.sampled_from(OcppVersion),
    action=st.sampled_from(sorted({action for _, action, _ in LOCKOUT + DANGER})),
    payload=hostile_payloads,
)
def test_no_payload_raises(version: OcppVersion, action: str, payload: Any) -> None:
    assess(version, action, payload)
    refusal(version, action, payload)
