from typing import Any

import pytest

from oye_proxy.ocppj.error_codes import Cause
from oye_proxy.ocppj.frames import Call, build_call
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.answers import dispatch, status
from oye_proxy.simulator.clock import from_rfc3339
from oye_proxy.simulator.exchange import Answer, CallRefusedError
from oye_proxy.simulator.official import official_schemas

HANDLERS = {
    "ClearCache": lambda _payload: status("Accepted"),
    "ReserveNow": lambda payload: Answer({"expiry": from_rfc3339(payload["expiryDate"])}),
}


def answer(call: Call) -> Answer:
    return dispatch(HANDLERS, official_schemas(), OcppVersion.V1_6, call)


def test_a_handler_answers() -> None:
    assert {"status": "Accepted"} == answer(build_call("1", "ClearCache", {})).payload


@pytest.mark.parametrize(
    ("action", "payload", "cause"),
    [
        ("Nonsense", {}, Cause.NOT_IMPLEMENTED),
        ("Reset", {"type": "Soft"}, Cause.NOT_SUPPORTED),
        ("ClearCache", {"more": 1}, Cause.FORMAT_VIOLATION),
        ("ClearCache", [], Cause.FORMAT_VIOLATION),
        (
            "ReserveNow",
            {
                "connectorId": 1,
                "idTag": "A",
                "reservationId": 1,
                "expiryDate": "2016-12-31T23:59:60Z",
            },
            Cause.PROPERTY_CONSTRAINT_VIOLATION,
        ),
    ],
)
def test_what_is_wrong_with_a_call_is_its_refusal(action: str, payload: Any, cause: Cause) -> None:
    with pytest.raises(CallRefusedError) as caught:
        answer(build_call("1", action, payload))

    assert cause == caught.value.cause
