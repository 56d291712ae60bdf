"""The charger's settings that limits depend on: to be read once, when the first limit is set."""

from typing import Any, Final

import msgspec

from oye_proxy.ocppj.profiles.messages import Message
from oye_proxy.ocppj.profiles.schedules import NOMINAL_PHASES, Traits, read_rate_units
from oye_proxy.ocppj.versions import OcppVersion

# The member of Traits that each setting gives: C16 9.4, P2 appendix 3 (SmartChargingCtrlr).
_KEYS: Final = {
    "ChargingScheduleAllowedChargingRateUnit": "units",
    "ChargeProfileMaxStackLevel": "max_stack_level",
    "ChargingScheduleMaxPeriods": "max_periods",
}
_VARIABLES: Final = {
    ("SmartChargingCtrlr", "RateUnit"): "units",
    ("SmartChargingCtrlr", "ProfileStackLevel"): "max_stack_level",
    ("SmartChargingCtrlr", "PeriodsPerSchedule"): "max_periods",
    ("ChargingStation", "SupplyPhases"): "phases",
}
_DIGITS: Final = 6


def ask_traits(version: OcppVersion) -> Message:
    """Build the question for these settings."""
    if version.is_1_6:
        return "GetConfiguration", {"key": list(_KEYS)}
    names = [
        {"component": {"name": component}, "variable": {"name": variable}}
        for component, variable in _VARIABLES
    ]
    return "GetVariables", {"getVariableData": names}


def read_traits(version: OcppVersion, answer: Any, known: Traits) -> Traits:
    """Return the traits with what the charger answered; what it did not answer stays as known."""
    fields = answer if isinstance(answer, dict) else {}
    items = fields.get("configurationKey" if version.is_1_6 else "getVariableResult")
    found: dict[str, Any] = {}
    for item in items if isinstance(items, list) else []:
        member, value = _read(version, item) if isinstance(item, dict) else (None, None)
        read = _value(member, value) if member is not None and isinstance(value, str) else None
        if read is not None:
            found[str(member)] = read
    return msgspec.structs.replace(known, **found)


def _read(version: OcppVersion, item: dict[str, Any]) -> tuple[str | None, Any]:
    if version.is_1_6:
        return _KEYS.get(str(item.get("key"))), item.get("value")
    name = (_name(item.get("component")), _name(item.get("variable")))
    return _VARIABLES.get(name), item.get("attributeValue")


def _name(part: Any) -> str:
    return str(part.get("name")) if isinstance(part, dict) else ""


def _value(member: str, text: str) -> Any:
    """Read a setting's text; None where it makes no sense."""
    if member == "units":
        return read_rate_units(text) or None
    digits = text.strip()
    if not digits.isascii() or not digits.isdecimal() or len(digits) > _DIGITS:
        return None
    number = int(digits)
    if member == "max_stack_level":
        return number
    highest = NOMINAL_PHASES if member == "phases" else number
    return number if 1 <= number <= highest else None
