"""
The guard: commands that can lock the owner out of the charger, or do harm.

It only judges. Who has to confirm what is the table `CONFIRMED`; what a blocked CSMS is answered
says `refusal()`. Payloads come from strangers: no shape of them raises.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Any, TypeAlias

from msgspec import Struct

from oye_proxy.ocppj.error_codes import Cause
from oye_proxy.ocppj.versions import OcppVersion

# A dangerous command of the owner passes once in this many seconds and charger.
DANGER_INTERVAL = 60.0


class Guard(StrEnum):
    """Why a command is guarded."""

    LOCKOUT = "lockout"
    DANGER = "danger"


class Origin(StrEnum):
    """Where a command comes from: a typed action, a raw injection, or the CSMS."""

    TYPED = "typed"
    RAW = "raw"
    CSMS = "csms"


class Assessment(Struct, frozen=True):
    """The guarded set a command belongs to, and a sentence for the person who asked."""

    guard: Guard
    reason: str


# Raw injections of dangerous commands need no confirmation: compatibility with the Node proxy.
CONFIRMED: Mapping[Origin, frozenset[Guard]] = MappingProxyType(
    {
        Origin.TYPED: frozenset({Guard.LOCKOUT, Guard.DANGER}),
        Origin.RAW: frozenset({Guard.LOCKOUT}),
        Origin.CSMS: frozenset(),
    }
)


def assess(version: OcppVersion, action: str, payload: Any) -> Assessment | None:
    """Say whether a CALL towards the charger is guarded, and why; None when it is not."""
    fields = payload if isinstance(payload, dict) else {}
    reason = _lockout(version, action, fields)
    if reason:
        return Assessment(Guard.LOCKOUT, reason)
    reason = _danger(version, action, fields)
    return Assessment(Guard.DANGER, reason) if reason else None


def needs_confirmation(guard: Guard, origin: Origin) -> bool:
    """Say whether a guarded command of this origin must bear `confirm: true`."""
    return guard in CONFIRMED[origin]


def looks_like_an_address(key: str) -> bool:
    """
    Say whether a configuration key's name looks like that of a CSMS address.

    By words, so that a marker within an ordinary word does not count; a word written together
    (`serverurl`) counts by its beginning or end, two words that make a marker (`EndPoint`) as one.
    """
    words = [word.lower() for word in _WORD.findall(key)]
    pairs = {first + second for first, second in pairwise(words)}
    return not pairs.isdisjoint(_ADDRESS_WORDS) or any(
        word.startswith(_ADDRESS_WORDS) or word.endswith(_ADDRESS_WORDS) for word in words
    )


def refusal(version: OcppVersion, action: str, payload: Any) -> dict[str, Any] | Cause:
    """
    Answer a guarded CALL of the CSMS in the charger's place: a schema-valid no.

    A Cause stands for a CALLERROR where the schema of the answer knows no refusal.
    """
    if action == "SetVariables":
        return _refused_variables(payload)
    status = _REFUSED.get(action)
    if status is None or (version.is_1_6 and action == "UpdateFirmware"):
        return Cause.NOT_SUPPORTED
    return {"status": status}


class DangerPace:
    """Let one dangerous command of the owner pass in `DANGER_INTERVAL`; one object per charger."""

    def __init__(self) -> None:
        self._passed: float | None = None

    def take(self, now: float) -> float:
        """Let a command pass and return 0, or return the seconds after which the next one may."""
        if self._passed is not None and now < self._passed + DANGER_INTERVAL:
            return self._passed + DANGER_INTERVAL - now
        self._passed = now
        return 0.0


# `Rejected` where the schema of the answer has it, else its word for a failure.
_REFUSED = {
    "CertificateSigned": "Rejected",
    "ChangeAvailability": "Rejected",
    "ChangeConfiguration": "Rejected",
    "ClearCache": "Rejected",
    "DeleteCertificate": "Failed",
    "InstallCertificate": "Rejected",
    "Reset": "Rejected",
    "SendLocalList": "Failed",
    "SetNetworkProfile": "Rejected",
    "SignedUpdateFirmware": "Rejected",
    "UnlockConnector": "UnlockFailed",
    "UpdateFirmware": "Rejected",
}

_Fields: TypeAlias = dict[str, Any]

_CERTIFICATES = frozenset({"InstallCertificate", "DeleteCertificate", "CertificateSigned"})
_LOCKOUT_KEYS = frozenset({"authorizationkey", "securityprofile", "cponame"})

# Words by which vendors' keys for the CSMS's address are known: `CentralSystemURL`, `ocpp_host`.
_ADDRESS_WORDS = ("url", "uri", "host", "endpoint", "backend", "central", "server")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def _lockout(version: OcppVersion, action: str, fields: _Fields) -> str | None:
    if action in _CERTIFICATES:
        return f"{action} can take the charger's trust in its connections away."
    if version.is_1_6:
        return _lockout_key(fields.get("key")) if action == "ChangeConfiguration" else None
    if action == "SetNetworkProfile":
        return "SetNetworkProfile can direct the charger to another address."
    if action == "SetVariables":
        names = (_variable(item) for item in _items(fields, "setVariableData"))
        return next((reason for name in names if (reason := _lockout_variable(*name))), None)
    return None


def _lockout_key(key: Any) -> str | None:
    if not isinstance(key, str):
        return None
    if key.strip().lower() in _LOCKOUT_KEYS:
        return f"{key} decides how the charger identifies itself: a wrong value locks it out."
    if looks_like_an_address(key):
        return f"{key} looks like the address of the CSMS: a wrong value loses the charger."
    return None


def _lockout_variable(component: str, variable: str) -> str | None:
    # Names of components and variables are case-insensitive (P2 appendix 3). 2.1 also holds the
    # network profiles as components of their own (Q2 B09.FR.18).
    name = f"{component}.{variable}"
    match component.lower(), variable.lower():
        case "securityctrlr", _:
            return f"{name} decides how the charger identifies itself: a wrong value locks it out."
        case ("networkconfiguration", _) | ("ocppcommctrlr", "networkconfigurationpriority"):
            return f"{name} can direct the charger to another address."
        case _:
            return None


def _danger(version: OcppVersion, action: str, fields: _Fields) -> str | None:
    judge = _DANGERS.get(action)
    return judge(version, fields) if judge else None


def _reset(_version: OcppVersion, fields: _Fields) -> str | None:
    kind = fields.get("type")
    if kind not in ("Hard", "Immediate", "ImmediateAndResume"):
        return None
    return f"Reset {kind} ends running transactions at once."


def _local_list(_version: OcppVersion, fields: _Fields) -> str | None:
    if fields.get("updateType") != "Full" or fields.get("localAuthorizationList"):
        return None
    return "A full and empty list removes every id tag that the charger knows."


def _availability(version: OcppVersion, fields: _Fields) -> str | None:
    if version.is_1_6:
        whole = fields.get("connectorId") in (0, None)
    else:
        evse = fields.get("evse")
        whole = not isinstance(evse, dict) or evse.get("id") in (0, None)
    return "This changes the availability of the whole charger." if whole else None


def _firmware(_version: OcppVersion, _fields: _Fields) -> str | None:
    return "New firmware can leave the charger unusable."


def _cache(_version: OcppVersion, _fields: _Fields) -> str | None:
    return "Without its cache the charger cannot authorize id tags while it is offline."


def _unlock(_version: OcppVersion, _fields: _Fields) -> str | None:
    return "Unlocking sets the cable free and may end a transaction."


_DANGERS: dict[str, Callable[[OcppVersion, _Fields], str | None]] = {
    "ChangeAvailability": _availability,
    "ClearCache": _cache,
    "Reset": _reset,
    "SendLocalList": _local_list,
    "SignedUpdateFirmware": _firmware,
    "UnlockConnector": _unlock,
    "UpdateFirmware": _firmware,
}


def _refused_variables(payload: Any) -> dict[str, Any] | Cause:
    fields = payload if isinstance(payload, dict) else {}
    results = [
        {
            **({"attributeType": kind} if (kind := item.get("attributeType")) in _TYPES else {}),
            "attributeStatus": "Rejected",
            "component": _named(item.get("component")),
            "variable": _named(item.get("variable")),
        }
        for item in _items(fields, "setVariableData")
        if all(_variable(item))
    ]
    if not results:
        return Cause.FORMAT_VIOLATION
    return {"setVariableResult": results}


_TYPES = ("Actual", "Target", "MinSet", "MaxSet")


def _named(part: Any) -> _Fields:
    """Copy the readable members of a component or a variable, so that the answer is valid."""
    copied = {key: part[key] for key in ("name", "instance") if isinstance(part.get(key), str)}
    evse = part.get("evse")
    if isinstance(evse, dict) and _is_integer(evse.get("id")):
        keys = ("id", "connectorId")
        copied["evse"] = {key: evse[key] for key in keys if _is_integer(evse.get(key))}
    return copied


def _items(fields: _Fields, key: str) -> list[_Fields]:
    items = fields.get(key)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _variable(item: _Fields) -> tuple[str, str]:
    return _name(item.get("component")), _name(item.get("variable"))


def _name(part: Any) -> str:
    name = part.get("name") if isinstance(part, dict) else None
    return name if isinstance(name, str) else ""


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
