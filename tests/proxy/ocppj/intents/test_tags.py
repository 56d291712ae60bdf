from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oye_proxy.errors import ConflictError, InvalidRequestError
from oye_proxy.ocppj.intents.context import IntentContext
from oye_proxy.ocppj.intents.tag_requests import (
    CancelReservationRequest,
    ListEntry,
    ListUpdate,
    LocalListRequest,
    ReserveRequest,
    TagStatus,
)
from oye_proxy.ocppj.intents.tags import cancel_reservation, local_list, reserve
from oye_proxy.ocppj.versions import OcppVersion

V16, V201, V21 = OcppVersion
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
UNTIL = NOW + timedelta(hours=1)
UNTIL_TEXT = "2026-11-21T13:00:00.000Z"
CONTEXT = IntentContext(now=NOW, connector_ids=(1,), reservation_id=77, local_list_version=4)
ENTRIES = [
    ListEntry(id_tag="CARD", expires_at=UNTIL, group_id_tag="HOME"),
    ListEntry(id_tag="THIEF", status=TagStatus.BLOCKED),
    ListEntry(id_tag="OLD", remove=True),
]


def sent_list(ocpp: OcppVersion, **members: Any) -> Any:
    ((action, payload),) = local_list(LocalListRequest(**members), ocpp, CONTEXT)
    assert "SendLocalList" == action
    return payload


def reserved(version: OcppVersion, context: IntentContext = CONTEXT, **members: Any) -> Any:
    request = ReserveRequest(id_tag="CARD", **{"until": UNTIL, **members})
    ((action, payload),) = reserve(request, version, context)
    assert "ReserveNow" == action
    return payload


def test_a_list_in_1_6() -> None:
    """An entry without idTagInfo is taken out (C16 6.42)."""
    expected = {
        "listVersion": 5,
        "updateType": "Differential",
        "localAuthorizationList": [
            {
                "idTag": "CARD",
                "idTagInfo": {
                    "status": "Accepted",
                    "expiryDate": UNTIL_TEXT,
                    "parentIdTag": "HOME",
                },
            },
            {"idTag": "THIEF", "idTagInfo": {"status": "Blocked"}},
            {"idTag": "OLD"},
        ],
    }

    assert expected == sent_list(V16, entries=ENTRIES)


def test_a_list_in_2_x() -> None:
    payload = sent_list(V201, entries=ENTRIES, version=9)

    assert (9, "Differential") == (payload["versionNumber"], payload["updateType"])
    assert [
        {
            "idToken": {"idToken": "CARD", "type": "ISO14443"},
            "idTokenInfo": {
                "status": "Accepted",
                "cacheExpiryDateTime": UNTIL_TEXT,
                "groupIdToken": {"idToken": "HOME", "type": "Central"},
            },
        },
        {
            "idToken": {"idToken": "THIEF", "type": "ISO14443"},
            "idTokenInfo": {"status": "Blocked"},
        },
        {"idToken": {"idToken": "OLD", "type": "ISO14443"}},
    ] == payload["localAuthorizationList"]


def test_an_empty_list_is_left_out() -> None:
    """D01.FR.17; C16 5.15 has the same form."""
    full = {"update_type": ListUpdate.FULL}

    assert {"listVersion": 5, "updateType": "Full"} == sent_list(V16, **full)
    assert {"versionNumber": 5, "updateType": "Full"} == sent_list(V21, **full)


@pytest.mark.parametrize("known", [-1, 0])
def test_the_first_list_is_number_one(known: int) -> None:
    """-1: the charger had none so far (C16 5.10)."""
    context = IntentContext(now=NOW, local_list_version=known)
    ((_, payload),) = local_list(LocalListRequest(), V16, context)

    assert 1 == payload["listVersion"]


def test_a_list_that_cannot_be_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="Give version"):
        local_list(LocalListRequest(), V16, IntentContext(now=NOW))
    with pytest.raises(InvalidRequestError, match="twice"):
        sent_list(V16, entries=[ListEntry(id_tag="card"), ListEntry(id_tag="CARD")])
    with pytest.raises(InvalidRequestError, match="nothing to remove"):
        sent_list(V16, entries=ENTRIES, update_type=ListUpdate.FULL)
    with pytest.raises(InvalidRequestError, match="at most 20"):
        sent_list(V16, entries=[ListEntry(id_tag="A" * 21)])
    with pytest.raises(InvalidRequestError, match="type Card"):
        sent_list(V201, entries=[ListEntry(id_tag="A", id_tag_type="Card")])
    assert sent_list(V21, entries=[ListEntry(id_tag="A", id_tag_type="Card")])


def test_a_reservation_in_1_6() -> None:
    expected = {
        "connectorId": 1,
        "expiryDate": UNTIL_TEXT,
        "idTag": "CARD",
        "reservationId": 77,
        "parentIdTag": "HOME",
    }

    assert expected == reserved(V16, group_id_tag="HOME")
    assert 5 == reserved(V16, reservation_id=5)["reservationId"]
    assert 0 == reserved(V16, connector_id=0)["connectorId"]


def test_a_reservation_in_2_x() -> None:
    expected = {
        "id": 77,
        "expiryDateTime": UNTIL_TEXT,
        "idToken": {"idToken": "CARD", "type": "ISO14443"},
        "evseId": 2,
    }

    assert expected == reserved(V201, connector_id=2)


def test_a_charger_with_several_connectors_keeps_any_of_them_free() -> None:
    two = IntentContext(now=NOW, connector_ids=(1, 2))

    assert 0 == reserved(V16, two)["connectorId"]
    assert "evseId" not in reserved(V201, two)


def test_a_reservation_of_the_past_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="passed"):
        reserved(V16, until=NOW)


def cancelled(known: dict[int, int], **members: Any) -> Any:
    context = IntentContext(now=NOW, reservations=known)
    return cancel_reservation(CancelReservationRequest(**members), V201, context)


def test_a_reservation_is_cancelled_by_id_by_connector_or_as_the_only_one() -> None:
    def message(number: int) -> Any:
        return [("CancelReservation", {"reservationId": number})]

    assert message(9) == cancelled({}, reservation_id=9)
    assert message(6) == cancelled({5: 1, 6: 2}, connector_id=2)
    assert message(5) == cancelled({5: 0})
    with pytest.raises(ConflictError, match="give reservationId"):
        cancelled({5: 1}, connector_id=2)
    with pytest.raises(ConflictError, match="give reservationId"):
        cancelled({})
    with pytest.raises(InvalidRequestError, match="several"):
        cancelled({5: 1, 6: 2})
