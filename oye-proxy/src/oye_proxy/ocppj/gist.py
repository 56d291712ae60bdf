"""
The gist of a frame: what it says in a few words, such as `7.2 kW, 3.1 kWh`.

It is made of OCPP's own words, numbers and units, so it needs no translation. Id tags show their
last four characters. Payloads come from strangers: no shape of them raises, and every part of a
gist is short.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import msgspec

from oye_proxy.ocppj.facts.payloads import MeterValue
from oye_proxy.ocppj.facts.samples import read_samples
from oye_proxy.ocppj.facts.values import integer, number, text

GIST_LENGTH: Final = 120
TAG_CHARACTERS: Final = 4

_PART_LENGTH = 60
_METER_VALUES = 50
_THOUSAND = 1000
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)

_CALLS: Final = (2, 6)
_RESULT: Final = 3
_ERRORS: Final = (4, 5)

# What of a meter reading counts, in this order; the others are many.
_SHOWN: Final = (
    "Power.Active.Import",
    "Energy.Active.Import.Register",
    "Current.Import",
    "SoC",
)
# A status is what most messages are about; the names differ.
_STATUS_MEMBERS: Final = (
    "status",
    "connectorStatus",
    "registrationStatus",
    "operationalStatus",
    "uploadLogStatus",
    "requestedMessage",
)

Fields: TypeAlias = Mapping[str, Any]


def gist_of(text_of_frame: str | bytes, action: str | None = None) -> str:
    """Return the gist of a frame's text, nothing when it is no frame; `action` as in `gist`."""
    try:
        frame = msgspec.json.decode(text_of_frame)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return ""
    return gist(frame, action) if isinstance(frame, list) and frame else ""


def gist(frame: list[Any], action: str | None = None) -> str:
    """Return the gist of a decoded frame; `action` is that of an answer's CALL."""
    kind, *rest = frame
    if kind in _ERRORS:
        return _joined([_word(part) for part in rest[1:3]], ": ")
    if kind in _CALLS and len(rest) > 2:  # noqa: PLR2004 - message id, action, payload
        return _of_call(rest[1], _fields(rest[2]))
    if kind == _RESULT and len(rest) > 1:
        return _of_result(action, _fields(rest[1]))
    return ""


def _of_call(action: Any, fields: Fields) -> str:
    reader = _READERS.get(action, _any) if isinstance(action, str) else _any
    return _joined(reader(fields))


def _of_result(action: str | None, fields: Fields) -> str:
    for name in ("idTagInfo", "idTokenInfo"):
        if name in fields:
            return _joined([_transaction(fields), _word(_fields(fields[name]).get("status"))])
    if action == "GetConfiguration":
        count = _list(fields.get("configurationKey"))
        unknown = _list(fields.get("unknownKey"))
        return _joined([f"{len(count)} keys", f"{len(unknown)} unknown" if unknown else ""])
    return _joined([*_any(fields), _limit(_fields(fields.get("chargingSchedule")))])


def _any(fields: Fields) -> Iterable[str]:
    """Return what is worth a word in most messages."""
    return [_place(fields), *(_word(fields.get(name)) for name in _STATUS_MEMBERS)]


def _boot(fields: Fields) -> Iterable[str]:
    station = _fields(fields.get("chargingStation")) or fields
    names = [
        station.get(first) or station.get(second)
        for first, second in (
            ("vendorName", "chargePointVendor"),
            ("model", "chargePointModel"),
            ("firmwareVersion", "firmwareVersion"),
        )
    ]
    return [" ".join(filter(None, map(_word, names))), _word(fields.get("reason"))]


def _status(fields: Fields) -> Iterable[str]:
    code = _word(fields.get("errorCode"))
    return [*_any(fields), "" if code == "NoError" else code, _word(fields.get("vendorErrorCode"))]


def _meter_values(fields: Fields) -> Iterable[str]:
    return [_place(fields), *_readings(fields.get("meterValue"))]


def _transaction_event(fields: Fields) -> Iterable[str]:
    info = _fields(fields.get("transactionInfo"))
    return [
        _word(fields.get("eventType")),
        _word(info.get("chargingState")),
        *_readings(fields.get("meterValue")),
        _word(info.get("stoppedReason")),
    ]


def _start_transaction(fields: Fields) -> Iterable[str]:
    return [_place(fields), _tag(fields), _energy(fields.get("meterStart"))]


def _stop_transaction(fields: Fields) -> Iterable[str]:
    return [_transaction(fields), _word(fields.get("reason")), _energy(fields.get("meterStop"))]


def _authorized(fields: Fields) -> Iterable[str]:
    return [_place(fields), _tag(fields)]


def _profile(fields: Fields) -> Iterable[str]:
    profile = _fields(fields.get("csChargingProfiles") or fields.get("chargingProfile"))
    schedule = profile.get("chargingSchedule")
    first = _list(schedule)[0] if _list(schedule) else schedule
    return [_place(fields), _word(profile.get("chargingProfilePurpose")), _limit(_fields(first))]


def _named(*names: str) -> Callable[[Fields], Iterable[str]]:
    return lambda fields: [_place(fields), *(_word(fields.get(name)) for name in names)]


def _keys(fields: Fields) -> Iterable[str]:
    return [_word(key) for key in _list(fields.get("key"))[:3]]


def _variables(fields: Fields) -> Iterable[str]:
    data = _list(fields.get("setVariableData") or fields.get("getVariableData"))
    parts = [_fields(one) for one in data[:3]]
    return [
        ".".join(
            filter(None, (_word(_fields(one.get(name)).get("name")) for name in _VARIABLE_NAMES))
        )
        for one in parts
    ]


_VARIABLE_NAMES: Final = ("component", "variable")


_READERS: Final[Mapping[str, Callable[[Fields], Iterable[str]]]] = MappingProxyType(
    {
        "BootNotification": _boot,
        "StatusNotification": _status,
        "MeterValues": _meter_values,
        "TransactionEvent": _transaction_event,
        "StartTransaction": _start_transaction,
        "StopTransaction": _stop_transaction,
        "Authorize": _authorized,
        "RemoteStartTransaction": _authorized,
        "RequestStartTransaction": _authorized,
        "RemoteStopTransaction": lambda fields: [_transaction(fields)],
        "RequestStopTransaction": lambda fields: [_transaction(fields)],
        "SetChargingProfile": _profile,
        "ChangeConfiguration": _named("key"),
        "GetConfiguration": _keys,
        "GetVariables": _variables,
        "SetVariables": _variables,
        "DataTransfer": _named("vendorId", "messageId"),
        "Reset": _named("type"),
        "ChangeAvailability": _named("type", "operationalStatus"),
        "TriggerMessage": _named("requestedMessage"),
        "ReserveNow": _authorized,
        "SecurityEventNotification": _named("type"),
        "GetLog": _named("logType"),
    }
)


def _readings(value: Any) -> Iterable[str]:
    """Return the newest of each measurand that counts, in units for people."""
    newest: dict[str, str] = {}
    for one in _list(value)[:_METER_VALUES]:
        try:
            meter_value = msgspec.convert(one, MeterValue, strict=False)
        except (msgspec.ValidationError, RecursionError):
            continue
        for measurand, sample in read_samples(meter_value, _ANY_TIME):
            if measurand in _SHOWN and sample.value is not None:
                newest[measurand] = _amount(sample.value, sample.unit)
    return [newest[measurand] for measurand in _SHOWN if measurand in newest]


def _amount(value: float, unit: str | None) -> str:
    if unit in {"W", "Wh"} and abs(value) >= _THOUSAND:
        return f"{value / _THOUSAND:.1f} k{unit}"
    shown = f"{value:.1f}".removesuffix(".0")
    return f"{shown} {unit}" if unit else shown


def _energy(value: Any) -> str:
    found = number(value)
    return "" if found is None else _amount(found, "Wh")


def _limit(schedule: Fields) -> str:
    periods = _list(schedule.get("chargingSchedulePeriod"))
    found = number(_fields(periods[0]).get("limit")) if periods else None
    if found is None:
        return ""
    more = f" +{len(periods) - 1}" if len(periods) > 1 else ""
    return _amount(found, _word(schedule.get("chargingRateUnit")) or None) + more


def _place(fields: Fields) -> str:
    """Name the connector, in 2.x the EVSE; nothing for the whole charger."""
    evse = _fields(fields.get("evse")).get("id", fields.get("evseId"))
    place = integer(fields.get("connectorId") if evse is None else evse)
    return f"#{place}" if place else ""


def _transaction(fields: Fields) -> str:
    found = text(fields.get("transactionId"))
    return f"transaction {found[:_PART_LENGTH]}" if found else ""


def _tag(fields: Fields) -> str:
    given = fields.get("idTag") or fields.get("idToken")
    found = text(given.get("idToken") if isinstance(given, Mapping) else given)
    if not found:
        return ""
    return f"…{found[-TAG_CHARACTERS:]}" if len(found) > TAG_CHARACTERS else "…"


def _word(value: Any) -> str:
    return (text(value) or "")[:_PART_LENGTH]


def _fields(value: Any) -> Fields:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _joined(parts: Iterable[str], by: str = ", ") -> str:
    return by.join(filter(None, parts))[:GIST_LENGTH]
