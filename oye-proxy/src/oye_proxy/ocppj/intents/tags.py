"""The intents about id tags: the charger's local list (C16 5.15, D01) and reservations (H01)."""

from collections import Counter
from typing import Any, Final

from oye_proxy.errors import ConflictError, InvalidRequestError
from oye_proxy.ocppj.intents.context import IntentContext, id_tag_for, only_connector
from oye_proxy.ocppj.intents.tag_requests import (
    CancelReservationRequest,
    ListEntry,
    ListUpdate,
    LocalListRequest,
    ReserveRequest,
)
from oye_proxy.ocppj.profiles.messages import Message
from oye_proxy.ocppj.timestamps import to_text
from oye_proxy.ocppj.versions import OcppVersion

# The types of 2.0.1; 2.1 takes any word (P2 IdTokenEnumType).
_TYPES_2_0_1: Final = frozenset(
    {
        "Central",
        "eMAID",
        "ISO14443",
        "ISO15693",
        "KeyCode",
        "Local",
        "MacAddress",
        "NoAuthorization",
    }
)


def local_list(
    request: LocalListRequest, version: OcppVersion, context: IntentContext
) -> list[Message]:
    """Build SendLocalList; an empty list is left out, as 2.x demands (D01.FR.17)."""
    _check_entries(request)
    entries = [_entry(entry, version, context) for entry in request.entries]
    number = request.version or _next_version(context)
    payload: dict[str, Any] = {
        "listVersion" if version.is_1_6 else "versionNumber": number,
        "updateType": "Full" if request.update_type is ListUpdate.FULL else "Differential",
    }
    if entries:
        payload["localAuthorizationList"] = entries
    return [("SendLocalList", payload)]


def reserve(request: ReserveRequest, version: OcppVersion, context: IntentContext) -> list[Message]:
    """Build ReserveNow; connector 0 of 1.6, and no EVSE in 2.x, is any of them."""
    if request.until <= context.now:
        raise InvalidRequestError("until has passed.")
    connector_id = request.connector_id
    if connector_id is None:
        connector_id = only_connector(context) or 0
    reservation_id = request.reservation_id or context.reservation_id
    until = to_text(request.until)
    id_tag = id_tag_for(request.id_tag, version, context)
    if version.is_1_6:
        payload = {
            "connectorId": connector_id,
            "expiryDate": until,
            "idTag": id_tag,
            "reservationId": reservation_id,
            **_group("parentIdTag", request.group_id_tag, version, context),
        }
        return [("ReserveNow", payload)]
    payload = {
        "id": reservation_id,
        "expiryDateTime": until,
        "idToken": _token(id_tag, request.id_tag_type, version),
        **_group("groupIdToken", request.group_id_tag, version, context),
    }
    if connector_id:
        payload["evseId"] = connector_id
    return [("ReserveNow", payload)]


def cancel_reservation(
    request: CancelReservationRequest, _version: OcppVersion, context: IntentContext
) -> list[Message]:
    """Build CancelReservation."""
    return [("CancelReservation", {"reservationId": _reservation_of(request, context)})]


def _reservation_of(request: CancelReservationRequest, context: IntentContext) -> int:
    if request.reservation_id is not None:
        return request.reservation_id
    meant = [
        reservation_id
        for reservation_id, connector_id in context.reservations.items()
        if request.connector_id in (None, connector_id)
    ]
    if not meant:
        raise ConflictError("No such reservation is known: give reservationId.")
    if len(meant) > 1:
        raise InvalidRequestError("There are several reservations: give reservationId.")
    return meant[0]


def _check_entries(request: LocalListRequest) -> None:
    counted = Counter(entry.id_tag.casefold() for entry in request.entries)
    if any(number > 1 for number in counted.values()):
        raise InvalidRequestError("A tag stands in the list twice.")
    if request.update_type is ListUpdate.FULL and any(entry.remove for entry in request.entries):
        raise InvalidRequestError("A full list has nothing to remove: leave the tag out.")


def _next_version(context: IntentContext) -> int:
    known = context.local_list_version
    if known is None:
        raise InvalidRequestError(
            "Give version, or ask for that of the charger first: it is not known yet."
        )
    return max(known, 0) + 1


def _entry(entry: ListEntry, version: OcppVersion, context: IntentContext) -> dict[str, Any]:
    id_tag = id_tag_for(entry.id_tag, version, context)
    info: dict[str, Any] = {"status": entry.status.value}
    if version.is_1_6:
        if entry.remove:
            return {"idTag": id_tag}
        if entry.expires_at is not None:
            info["expiryDate"] = to_text(entry.expires_at)
        info |= _group("parentIdTag", entry.group_id_tag, version, context)
        return {"idTag": id_tag, "idTagInfo": info}
    token = _token(id_tag, entry.id_tag_type, version)
    if entry.remove:
        return {"idToken": token}
    if entry.expires_at is not None:
        info["cacheExpiryDateTime"] = to_text(entry.expires_at)
    info |= _group("groupIdToken", entry.group_id_tag, version, context)
    return {"idToken": token, "idTokenInfo": info}


def _group(
    key: str, id_tag: str | None, version: OcppVersion, context: IntentContext
) -> dict[str, Any]:
    if id_tag is None:
        return {}
    checked = id_tag_for(id_tag, version, context)
    return {key: checked if version.is_1_6 else _token(checked, "Central", version)}


def _token(id_tag: str, kind: str, version: OcppVersion) -> dict[str, str]:
    if version is OcppVersion.V2_0_1 and kind not in _TYPES_2_0_1:
        raise InvalidRequestError(f"OCPP 2.0.1 has no tags of the type {kind}.")
    return {"idToken": id_tag, "type": kind}
