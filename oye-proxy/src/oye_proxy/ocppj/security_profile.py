"""
The security profile of a charger only rises (SW A05.FR.01, A00.FR.005).

It only judges: what a charger told of its profile, and whether a CALL sets a lower one. Payloads
come from strangers: no shape of them raises.
"""

from typing import Any, Final

from oye_proxy.ocppj.acceptance import accepted
from oye_proxy.ocppj.versions import OcppVersion

TELLING_ACTIONS: Final = frozenset({"GetConfiguration", "ChangeConfiguration", "GetVariables"})

_NAME: Final = "securityprofile"
_PROFILES: Final = {str(profile): profile for profile in range(4)}


def told_profile(version: OcppVersion, action: str, asked: Any, answer: Any) -> int | None:
    """Return the profile that the answer to a CALL tells: read, or set just now."""
    found: list[Any] = []
    if action == "GetConfiguration":
        found = [
            item.get("value")
            for item in _items(answer, "configurationKey")
            if _is_name(item.get("key"))
        ]
    elif action == "GetVariables":
        found = _values(answer, "getVariableResult")
    elif action == "ChangeConfiguration" and accepted(version, action, answer):
        found = _set_profiles(action, asked)
    return next((profile for one in found if (profile := _profile(one)) is not None), None)


def lowers_profile(action: str, payload: Any, known: int | None) -> bool:
    """Say whether a CALL sets a profile below the one that the charger told."""
    profiles = (_profile(value) for value in _set_profiles(action, payload))
    return known is not None and any(one is not None and one < known for one in profiles)


def _set_profiles(action: str, payload: Any) -> list[Any]:
    match action:
        case "ChangeConfiguration":
            return [_member(payload, "value")] if _is_name(_member(payload, "key")) else []
        case "SetNetworkProfile":
            return [_member(_member(payload, "connectionData"), "securityProfile")]
        case "SetVariables":
            return _values(payload, "setVariableData")
        case _:
            return []


def _values(payload: Any, key: str) -> list[Any]:
    return [
        item.get("attributeValue")
        for item in _items(payload, key)
        if _is_name(_member(item.get("variable"), "name"))
    ]


def _items(payload: Any, key: str) -> list[dict[str, Any]]:
    items = _member(payload, key)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _member(payload: Any, key: str) -> Any:
    return payload.get(key) if isinstance(payload, dict) else None


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and name.strip().lower() == _NAME


def _profile(value: Any) -> int | None:
    """Read a number, or a text of one; there are profiles 0 to 3."""
    if isinstance(value, str):
        return _PROFILES.get(value.strip())
    return value if type(value) is int and value in _PROFILES.values() else None
