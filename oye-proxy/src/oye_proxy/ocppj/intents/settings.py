"""The intents about a charger's settings: keys of 1.6, variables of components in 2.x."""

import re
from typing import Any, Final

from oye_proxy.errors import InvalidRequestError, NotSupportedError
from oye_proxy.ocppj.intents.requests import (
    GetConfigurationRequest,
    ReportBase,
    ReportRequest,
    SetConfigurationRequest,
)
from oye_proxy.ocppj.profiles.messages import Message
from oye_proxy.ocppj.versions import OcppVersion

KEY_LENGTH: Final = 50
_VALUE_LENGTH: Final = {OcppVersion.V1_6: 500, OcppVersion.V2_0_1: 1000, OcppVersion.V2_1: 2500}

_NAME: Final = r"[^.\[\]@]{1,50}"
_INSTANCE: Final = r"(?:\[(?P<%s>[^\[\]]{1,50})\])?"
_VARIABLE: Final = re.compile(
    rf"(?P<component>{_NAME})"
    + _INSTANCE % "component_instance"
    + r"(?:@(?P<evse>[0-9]{1,6}))?"
    + rf"\.(?P<variable>{_NAME})"
    + _INSTANCE % "variable_instance"
)

_REPORTS: Final = {
    ReportBase.CONFIGURATION: "ConfigurationInventory",
    ReportBase.FULL: "FullInventory",
    ReportBase.SUMMARY: "SummaryInventory",
}


def get_configuration(request: GetConfigurationRequest, version: OcppVersion) -> list[Message]:
    """Read settings; all of them come as a report in 2.x."""
    if version.is_1_6:
        keys = [_key(name) for name in request.keys]
        return [("GetConfiguration", {"key": keys} if keys else {})]
    if not request.keys:
        return report(ReportRequest(), version)
    return [("GetVariables", {"getVariableData": [read_variable(name) for name in request.keys]})]


def set_configuration(request: SetConfigurationRequest, version: OcppVersion) -> list[Message]:
    """Change one setting."""
    longest = _VALUE_LENGTH[version]
    if len(request.value) > longest:
        raise InvalidRequestError(f"A value of OCPP {version} has at most {longest} characters.")
    if version.is_1_6:
        return [("ChangeConfiguration", {"key": _key(request.key), "value": request.value})]
    item = {"attributeValue": request.value, **read_variable(request.key)}
    return [("SetVariables", {"setVariableData": [item]})]


def report(request: ReportRequest, version: OcppVersion) -> list[Message]:
    """Ask for a report; `requestId` is set by whoever matches the reports that follow."""
    if version.is_1_6:
        raise NotSupportedError("OCPP 1.6 has no reports: use get-configuration.")
    return [("GetBaseReport", {"reportBase": _REPORTS[request.report_base]})]


def read_variable(name: str) -> dict[str, Any]:
    """Read `Component[instance]@evse.Variable[instance]`; only the two names are required."""
    found = _VARIABLE.fullmatch(name.strip())
    if found is None:
        raise InvalidRequestError(
            "A setting of OCPP 2.x is named Component[instance]@evse.Variable[instance]."
        )
    component: dict[str, Any] = {"name": found["component"]}
    variable = {"name": found["variable"]}
    if found["component_instance"]:
        component["instance"] = found["component_instance"]
    if found["evse"]:
        component["evse"] = {"id": int(found["evse"])}
    if found["variable_instance"]:
        variable["instance"] = found["variable_instance"]
    return {"component": component, "variable": variable}


def _key(name: str) -> str:
    if len(name) > KEY_LENGTH:
        raise InvalidRequestError(f"A key of OCPP 1.6 has at most {KEY_LENGTH} characters.")
    return name
