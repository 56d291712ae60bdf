from typing import Any

import msgspec
import pytest

from oye_proxy.ocppj.intents.request_types import Request
from oye_proxy.ocppj.intents.tag_requests import (
    MAX_ENTRIES,
    CancelReservationRequest,
    LocalListRequest,
    ReserveRequest,
)

UNTIL = "2026-11-21T12:00:00Z"


@pytest.mark.parametrize(
    ("body", "model"),
    [
        ({"entries": [{"idTag": ""}]}, LocalListRequest),
        ({"entries": [{"idTag": "A", "status": "Fine"}]}, LocalListRequest),
        ({"entries": [{"idTag": "A", "note": 1}]}, LocalListRequest),
        ({"entries": [{"idTag": "A"}] * (MAX_ENTRIES + 1)}, LocalListRequest),
        ({"version": 0}, LocalListRequest),
        ({"updateType": "Full"}, LocalListRequest),
        ({"idTag": "A"}, ReserveRequest),
        ({"idTag": "A", "until": "tomorrow"}, ReserveRequest),
        ({"idTag": "A", "until": UNTIL, "reservationId": 2**31}, ReserveRequest),
        ({"reservationId": 0}, CancelReservationRequest),
    ],
)
def test_a_value_outside_its_bounds_is_refused(body: dict[str, Any], model: type[Request]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(body, model)
