from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oye_proxy.errors import InvalidRequestError, NotSupportedError
from oye_proxy.ocppj.intents.context import IntentContext
from oye_proxy.ocppj.intents.file_requests import DiagnosticsRequest, FirmwareRequest, LogType
from oye_proxy.ocppj.intents.files import diagnostics, update_firmware
from oye_proxy.ocppj.versions import OcppVersion

V16, V201, V21 = OcppVersion
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TEXT, LATER_TEXT = "2026-11-21T12:00:00.000Z", "2026-11-21T13:00:00.000Z"
LATER = NOW + timedelta(hours=1)
CONTEXT = IntentContext(now=NOW)
URL = "https://files.example/firmware.bin"
LONG_URL = "https://files.example/" + "a" * 500
SIGNED = {"signing_certificate": "PEM", "signature": "c2ln"}


def firmware(version: OcppVersion, **members: Any) -> tuple[str, Any]:
    (message,) = update_firmware(FirmwareRequest(location=URL, **members), version, CONTEXT)
    return message


def log(version: OcppVersion, **members: Any) -> tuple[str, Any]:
    (message,) = diagnostics(DiagnosticsRequest(location=URL, **members), version, CONTEXT)
    return message


def test_firmware_is_fetched_at_once_unless_a_time_is_given() -> None:
    assert ("UpdateFirmware", {"location": URL, "retrieveDate": TEXT}) == firmware(V16)
    assert ("UpdateFirmware", {"location": URL, "retrieveDate": LATER_TEXT}) == firmware(
        V16, retrieve_at=LATER
    )
    assert (
        "UpdateFirmware",
        {"firmware": {"location": URL, "retrieveDateTime": TEXT}},
    ) == firmware(V201)


def test_retries_go_along_where_they_are_given() -> None:
    _, payload = firmware(V16, retries=0, retry_interval=30)

    assert (0, 30) == (payload["retries"], payload["retryInterval"])


def test_signed_firmware_has_a_message_of_its_own_in_1_6() -> None:
    """SW L01."""
    expected = {
        "location": URL,
        "retrieveDateTime": TEXT,
        "installDateTime": LATER_TEXT,
        "signingCertificate": "PEM",
        "signature": "c2ln",
    }

    assert ("SignedUpdateFirmware", {"firmware": expected}) == firmware(
        V16, install_at=LATER, **SIGNED
    )
    assert ("UpdateFirmware", {"firmware": expected}) == firmware(V21, install_at=LATER, **SIGNED)


def test_what_cannot_be_said_is_refused() -> None:
    with pytest.raises(NotSupportedError, match="installAt"):
        firmware(V16, install_at=LATER)
    with pytest.raises(InvalidRequestError, match="go together"):
        firmware(V201, signature="c2ln")
    with pytest.raises(InvalidRequestError, match="before the firmware"):
        firmware(V201, retrieve_at=LATER, install_at=NOW)


@pytest.mark.parametrize("version", [V16, V201])
def test_a_location_is_as_long_as_the_version_allows(version: OcppVersion) -> None:
    with pytest.raises(InvalidRequestError, match="at most 512"):
        update_firmware(
            FirmwareRequest(location=LONG_URL, signing_certificate="PEM", signature="c2ln"),
            version,
            CONTEXT,
        )
    with pytest.raises(InvalidRequestError, match="at most 512"):
        diagnostics(
            DiagnosticsRequest(location=LONG_URL, log_type=LogType.SECURITY), version, CONTEXT
        )
    assert update_firmware(FirmwareRequest(location=LONG_URL), V21, CONTEXT)


def test_a_log_in_the_words_of_each_version() -> None:
    times: dict[str, Any] = {"from_": NOW, "to": LATER}

    assert (
        "GetDiagnostics",
        {"location": URL, "startTime": TEXT, "stopTime": LATER_TEXT},
    ) == log(V16, **times)
    assert (
        "GetLog",
        {"logType": "SecurityLog", "log": {"remoteLocation": URL}},
    ) == log(V16, log_type=LogType.SECURITY)
    assert (
        "GetLog",
        {
            "logType": "DiagnosticsLog",
            "log": {
                "remoteLocation": URL,
                "oldestTimestamp": TEXT,
                "latestTimestamp": LATER_TEXT,
            },
            "retries": 2,
        },
    ) == log(V201, **times, retries=2)


def test_a_log_that_the_version_does_not_have_is_refused() -> None:
    assert "DataCollectorLog" == log(V21, log_type=LogType.DATA_COLLECTOR)[1]["logType"]
    with pytest.raises(NotSupportedError, match="data collector"):
        log(V201, log_type=LogType.DATA_COLLECTOR)
    with pytest.raises(InvalidRequestError, match="before from"):
        log(V201, from_=LATER, to=NOW)
