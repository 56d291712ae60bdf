"""
What a charger tells of the settings by which we judge it: how long it may take, how it pings.

It only reads and judges. Payloads come from strangers: no shape of them raises.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Final

from oye_proxy.ocppj.acceptance import YES
from oye_proxy.ocppj.versions import OcppVersion

SETTING_ACTIONS: Final = frozenset(
    {"GetConfiguration", "ChangeConfiguration", "GetVariables", "SetVariables"}
)
SHORTEST_CALL_TIMEOUT: Final = 5.0
LONGEST_CALL_TIMEOUT: Final = 600.0


class Setting(StrEnum):
    """The settings that are read, each a whole number, of seconds where it is a time."""

    MESSAGE_TIMEOUT = "message_timeout"
    PING_INTERVAL = "ping_interval"
    ATTEMPTS = "attempts"
    ATTEMPT_INTERVAL = "attempt_interval"


_KEYS: Final = {
    "websocketpinginterval": Setting.PING_INTERVAL,
    "transactionmessageattempts": Setting.ATTEMPTS,
    "transactionmessageretryinterval": Setting.ATTEMPT_INTERVAL,
}
# Variables of OCPPCommCtrlr, by name and instance (P2/Q2, referenced variables).
_VARIABLES: Final = {
    ("messagetimeout", "default"): Setting.MESSAGE_TIMEOUT,
    ("websocketpinginterval", ""): Setting.PING_INTERVAL,
    ("messageattempts", "transactionevent"): Setting.ATTEMPTS,
    ("messageattemptinterval", "transactionevent"): Setting.ATTEMPT_INTERVAL,
}
_LONGEST_NUMBER: Final = 9


def told_settings(version: OcppVersion, action: str, asked: Any, answer: Any) -> dict[Setting, int]:
    """Return what the answer to a CALL tells: read, or set just now."""
    found: list[tuple[Setting | None, Any]] = []
    match action:
        case "GetConfiguration" if version.is_1_6:
            items = _items(answer, "configurationKey")
            found = [(_key(item), item.get("value")) for item in items]
        case "ChangeConfiguration" if version.is_1_6 and _says_yes(answer, "status"):
            found = [(_key(asked), _member(asked, "value"))]
        case "GetVariables" if not version.is_1_6:
            items = _items(answer, "getVariableResult")
            found = [(_variable(item), _actual(item, "attributeValue")) for item in items]
        case "SetVariables" if not version.is_1_6:
            agreed = {
                _variable(item)
                for item in _items(answer, "setVariableResult")
                if _says_yes(item, "attributeStatus")
            }
            items = [one for one in _items(asked, "setVariableData") if _variable(one) in agreed]
            found = [(_variable(item), _actual(item, "attributeValue")) for item in items]
    return _numbers(found)


def reported_settings(report: Any) -> dict[Setting, int]:
    """Return what a NotifyReport tells."""
    return _numbers(
        (setting, _actual(attribute, "value", typed_by="type"))
        for item in _items(report, "reportData")
        if (setting := _variable(item)) is not None
        for attribute in _items(item, "variableAttribute")
    )


def call_timeout_of(told: dict[Setting, int]) -> float | None:
    """Return how long the charger may take for an answer, within reason; None when not told."""
    seconds = told.get(Setting.MESSAGE_TIMEOUT)
    if seconds is None:
        return None
    return min(max(float(seconds), SHORTEST_CALL_TIMEOUT), LONGEST_CALL_TIMEOUT)


def late_ping(told: dict[Setting, int]) -> tuple[int, int] | None:
    """
    Return the ping interval and the time of all attempts, when the first is not below the second.

    Then a charger may give a message up before it sees that its connection is dead (J16-E 3.11,
    Q4 8.4). None while one of the three is unknown, or pings are off.
    """
    ping = told.get(Setting.PING_INTERVAL, 0)
    attempts, interval = told.get(Setting.ATTEMPTS), told.get(Setting.ATTEMPT_INTERVAL)
    if attempts is None or interval is None or not 0 < ping >= attempts * interval:
        return None
    return ping, attempts * interval


def _numbers(found: Iterable[tuple[Setting | None, Any]]) -> dict[Setting, int]:
    return {
        setting: number
        for setting, value in found
        if setting is not None and (number := _number(value)) is not None
    }


def _key(item: Any) -> Setting | None:
    return _KEYS.get(_word(_member(item, "key")))


def _variable(item: Any) -> Setting | None:
    component, variable = _member(item, "component"), _member(item, "variable")
    if _word(_member(component, "name")) != "ocppcommctrlr":
        return None
    name = _word(_member(variable, "name")), _word(_member(variable, "instance"))
    return _VARIABLES.get(name)


def _actual(item: Any, key: str, *, typed_by: str = "attributeType") -> Any:
    """A variable has targets and bounds as well; the actual value is what counts."""
    return _member(item, key) if _member(item, typed_by) in (None, "Actual") else None


def _says_yes(payload: Any, key: str) -> bool:
    status = _member(payload, key)
    return isinstance(status, str) and status in YES


def _items(payload: Any, key: str) -> list[dict[str, Any]]:
    items = _member(payload, key)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _member(payload: Any, key: str) -> Any:
    return payload.get(key) if isinstance(payload, dict) else None


def _word(text: Any) -> str:
    return text.strip().lower() if isinstance(text, str) else ""


def _number(value: Any) -> int | None:
    """Read a whole number, or a text of one; nothing here is below 0."""
    if isinstance(value, str):
        text = value.strip()
        plain = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
        return int(text) if plain else None
    return value if type(value) is int and 0 <= value < 10**_LONGEST_NUMBER else None
