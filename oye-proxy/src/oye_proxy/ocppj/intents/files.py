"""The intents about files: firmware that the charger fetches, logs that it uploads."""

from datetime import datetime
from typing import Any, Final

from oye_proxy.errors import InvalidRequestError, NotSupportedError
from oye_proxy.ocppj.intents.context import IntentContext
from oye_proxy.ocppj.intents.file_requests import DiagnosticsRequest, FirmwareRequest, LogType
from oye_proxy.ocppj.profiles.messages import Message
from oye_proxy.ocppj.timestamps import to_text
from oye_proxy.ocppj.versions import OcppVersion

_LOCATION_LENGTH: Final = 512
_LOGS: Final = {
    LogType.DIAGNOSTICS: "DiagnosticsLog",
    LogType.SECURITY: "SecurityLog",
    LogType.DATA_COLLECTOR: "DataCollectorLog",
}


def update_firmware(
    request: FirmwareRequest, version: OcppVersion, context: IntentContext
) -> list[Message]:
    """
    Build the update; 1.6 has a message of its own for signed firmware (SW L01).

    `requestId` is set by whoever matches the notifications that follow.
    """
    if (request.signing_certificate is None) != (request.signature is None):
        raise InvalidRequestError("signingCertificate and signature go together.")
    retrieve_at = request.retrieve_at or context.now
    if request.install_at is not None and request.install_at < retrieve_at:
        raise InvalidRequestError("installAt is before the firmware is retrieved.")
    if version.is_1_6 and request.signature is None:
        if request.install_at is not None:
            raise NotSupportedError("OCPP 1.6 has no installAt for firmware without a signature.")
        payload = {"location": request.location, "retrieveDate": to_text(retrieve_at)}
        return [("UpdateFirmware", payload | _retries(request))]
    _check_location(request.location, version)
    firmware: dict[str, Any] = {
        "location": request.location,
        "retrieveDateTime": to_text(retrieve_at),
        **_moment("installDateTime", request.install_at),
    }
    if request.signature is not None:
        firmware |= {
            "signingCertificate": request.signing_certificate,
            "signature": request.signature,
        }
    action = "SignedUpdateFirmware" if version.is_1_6 else "UpdateFirmware"
    return [(action, {"firmware": firmware, **_retries(request)})]


def diagnostics(
    request: DiagnosticsRequest, version: OcppVersion, _context: IntentContext
) -> list[Message]:
    """Build the request for a log; `requestId` is set as in `update_firmware`."""
    if request.from_ is not None and request.to is not None and request.to < request.from_:
        raise InvalidRequestError("to is before from.")
    if request.log_type is LogType.DATA_COLLECTOR and version is not OcppVersion.V2_1:
        raise NotSupportedError(f"OCPP {version} has no log of a data collector.")
    if version.is_1_6 and request.log_type is LogType.DIAGNOSTICS:
        times = _moment("startTime", request.from_) | _moment("stopTime", request.to)
        return [("GetDiagnostics", {"location": request.location, **times, **_retries(request)})]
    _check_location(request.location, version)
    log = {
        "remoteLocation": request.location,
        **_moment("oldestTimestamp", request.from_),
        **_moment("latestTimestamp", request.to),
    }
    return [("GetLog", {"logType": _LOGS[request.log_type], "log": log, **_retries(request)})]


def _check_location(location: str, version: OcppVersion) -> None:
    if version is not OcppVersion.V2_1 and len(location) > _LOCATION_LENGTH:
        raise InvalidRequestError(
            f"A location of OCPP {version} has at most {_LOCATION_LENGTH} characters."
        )


def _retries(request: FirmwareRequest | DiagnosticsRequest) -> dict[str, Any]:
    given = {"retries": request.retries, "retryInterval": request.retry_interval}
    return {name: value for name, value in given.items() if value is not None}


def _moment(name: str, moment: datetime | None) -> dict[str, str]:
    return {} if moment is None else {name: to_text(moment)}
