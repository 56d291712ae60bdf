"""The actions about the charger as a device: its settings, its software, its messages."""

import re
from typing import Any, Final

import probatio
from homeassistant.core import ServiceResponse
from homeassistant.helpers import config_validation as cv

from .helpers import agreed, async_inject
from .services_call import ActionCall, Body, command, response_of
from .services_fields import (
    CONFIRM,
    CONNECTOR,
    MOMENT,
    Fields,
    setting_value,
    text,
    whole,
    word,
)

# A report comes in many messages.
REPORT_WAIT: Final = 60.0
OCPP_1_6: Final = "1.6"
CUSTOM_TRIGGER: Final = "CustomTrigger"
# What every charger knows; another word is the maker's own, which OCPP 2.1 has.
TRIGGERED: Final = frozenset(
    {
        "BootNotification",
        "DiagnosticsStatusNotification",
        "FirmwareStatusNotification",
        "Heartbeat",
        "LogStatusNotification",
        "MeterValues",
        "PublishFirmwareStatusNotification",
        "SignChargePointCertificate",
        "SignChargingStationCertificate",
        "SignCombinedCertificate",
        "SignV2G20Certificate",
        "SignV2GCertificate",
        "StatusNotification",
        "TransactionEvent",
    }
)
INVENTORIES: Final = {
    "configuration_inventory": "configuration",
    "full_inventory": "full",
    "summary_inventory": "summary",
}

_NAME: Final = r"[^.@\[\]]+"
# `Component[.instance][@evse].Variable[.instance]`: three names without an EVSE end in the
# variable's instance, because OCPP's own variables have many and its components hardly any.
_VARIABLE: Final = re.compile(
    rf"(?P<component>{_NAME})"
    rf"(?:\.(?P<component_instance>{_NAME})(?=@|\.{_NAME}\.))?"
    rf"(?:@(?P<evse>\d+))?"
    rf"\.(?P<variable>{_NAME})(?:\.(?P<variable_instance>{_NAME}))?"
)

TRIGGER_FIELDS: Final[Fields] = {probatio.Required("message"): text(50), **CONNECTOR}
RESET_FIELDS: Final[Fields] = {
    probatio.Optional("type", default="soft"): word("soft", "hard"),
    **CONNECTOR,
    **CONFIRM,
}
UNLOCK_FIELDS: Final[Fields] = {**CONNECTOR, **CONFIRM}
AVAILABILITY_FIELDS: Final[Fields] = {
    probatio.Required("operative"): cv.boolean,
    **CONNECTOR,
    **CONFIRM,
}
GET_CONFIGURATION_FIELDS: Final[Fields] = {
    probatio.Optional("keys"): probatio.All(
        probatio.EnsureList(), [text(255)], probatio.Length(max=100)
    )
}
SET_CONFIGURATION_FIELDS: Final[Fields] = {
    probatio.Required("key"): text(255),
    probatio.Required("value"): probatio.All(setting_value, probatio.Length(max=2500)),
}
REPORT_FIELDS: Final[Fields] = {
    probatio.Optional("report_base", default="full_inventory"): word(*INVENTORIES)
}
FIRMWARE_FIELDS: Final[Fields] = {
    probatio.Required("location"): text(2000),
    probatio.Optional("retrieve_at"): MOMENT,
    probatio.Optional("install_at"): MOMENT,
    probatio.Optional("retries"): whole(0, 100),
    **CONFIRM,
}
DIAGNOSTICS_FIELDS: Final[Fields] = {
    probatio.Required("location"): text(2000),
    probatio.Optional("log_type", default="diagnostics"): word("diagnostics", "security"),
    probatio.Optional("from"): MOMENT,
    probatio.Optional("to"): MOMENT,
}
DATA_TRANSFER_FIELDS: Final[Fields] = {
    probatio.Required("vendor_id"): text(255),
    probatio.Optional("message_id"): text(50, shortest=0),
    probatio.Optional("data"): cv.match_all,
}
INJECT_FIELDS: Final[Fields] = {
    probatio.Required("action"): text(255),
    probatio.Optional("payload", default=dict): probatio.Schema({}, extra=probatio.ALLOW_EXTRA),
}


def setting_name(key: str, ocpp_version: str | None) -> str:
    """Return a setting's name as the proxy takes it, which has instances in brackets in 2.x."""
    found = None if ocpp_version == OCPP_1_6 else _VARIABLE.fullmatch(key.strip())
    if found is None:
        return key
    return "".join(
        (
            found["component"],
            _bracketed(found["component_instance"]),
            f"@{found['evse']}" if found["evse"] else "",
            f".{found['variable']}",
            _bracketed(found["variable_instance"]),
        )
    )


def _bracketed(instance: str | None) -> str:
    return f"[{instance}]" if instance else ""


def _trigger(call: ActionCall) -> Body:
    message = call.fields["message"]
    if message in TRIGGERED:
        return {"message": message} | call.connector()
    return {"message": CUSTOM_TRIGGER, "customTrigger": message} | call.connector()


def _reset(call: ActionCall) -> Body:
    return call.part(type="type", confirm="confirm") | call.connector()


def _unlock(call: ActionCall) -> Body:
    return call.part(confirm="confirm") | call.connector(required=True)


def _availability(call: ActionCall) -> Body:
    return call.part(operative="operative", confirm="confirm") | call.connector()


def _until_complete(_call: ActionCall) -> float:
    return REPORT_WAIT


def _reads_all(call: ActionCall) -> bool:
    """Of settings that are named one may be refused, the others are told all the same."""
    return not call.fields.get("keys")


def _get_configuration(call: ActionCall) -> Body:
    version = call.charger.ocpp_version
    return {"keys": [setting_name(key, version) for key in call.fields.get("keys", [])]}


def _set_configuration(call: ActionCall) -> Body:
    key = setting_name(call.fields["key"], call.charger.ocpp_version)
    return {"key": key} | call.part(value="value")


def _report(call: ActionCall) -> Body:
    return {"reportBase": INVENTORIES[call.fields["report_base"]]}


def _firmware(call: ActionCall) -> Body:
    return call.part(
        location="location",
        retrieve_at="retrieveAt",
        install_at="installAt",
        retries="retries",
        confirm="confirm",
    )


def _diagnostics(call: ActionCall) -> Body:
    # `from` is no name for an argument.
    return call.part(location="location", log_type="logType", to="to", **{"from": "from"})


def _data_transfer(call: ActionCall) -> Body:
    return call.part(vendor_id="vendorId", message_id="messageId", data="data")


async def inject(call: ActionCall) -> ServiceResponse:
    """Send any message; only who wants no answer is told of a refusal by an error."""
    action: str = call.fields["action"]
    payload: dict[str, Any] = call.fields["payload"]
    result = await async_inject(call.coordinator, call.charger.charge_point_id, action, payload)
    return response_of(result if call.return_response else agreed(result, action))


trigger_message: Final = command("trigger", _trigger)
reset: Final = command("reset", _reset)
unlock_connector: Final = command("unlock", _unlock)
set_availability: Final = command("availability", _availability)
get_configuration: Final = command(
    "get-configuration", _get_configuration, wait=_until_complete, must_agree=_reads_all
)
set_configuration: Final = command("set-configuration", _set_configuration)
get_report: Final = command("report", _report, wait=_until_complete)
update_firmware: Final = command("firmware", _firmware)
get_diagnostics: Final = command("diagnostics", _diagnostics)
data_transfer: Final = command("data-transfer", _data_transfer)
