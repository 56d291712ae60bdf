from typing import Any

import msgspec
import pytest

from oye_proxy.ocppj.intents.requests import REQUESTS, Intent, LimitRequest, StartRequest
from oye_proxy.ocppj.profiles.ids import LimitScope


def test_every_intent_has_its_request() -> None:
    assert set(Intent) == set(REQUESTS)
    assert len(REQUESTS) == len(set(REQUESTS.values()))


def test_requests_are_written_in_camel_case() -> None:
    request = msgspec.json.decode(
        b'{"limitA": 16, "connectorId": 1, "scope": "default"}', type=LimitRequest
    )

    assert LimitRequest(limit_a=16, connector_id=1, scope=LimitScope.DEFAULT) == request


@pytest.mark.parametrize("intent", Intent)
def test_an_unknown_member_is_refused(intent: Intent) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"conectorId": 1}, REQUESTS[intent])


@pytest.mark.parametrize(
    ("intent", "body"),
    [
        (Intent.START, {"connectorId": 0}),
        (Intent.START, {"connectorId": 100}),
        (Intent.START, {"connectorId": "1"}),
        (Intent.START, {"idTag": ""}),
        (Intent.START, {"idTag": "A" * 256}),
        (Intent.START, {"limitA": -1}),
        (Intent.STOP, {"transactionId": "1" * 37}),
        (Intent.LIMIT, {"limitA": 2001}),
        (Intent.LIMIT, {"limitA": 16, "scope": "forever"}),
        (Intent.COMPOSITE_SCHEDULE, {"duration": 0}),
        (Intent.RESET, {"type": "Hard"}),
        (Intent.TRIGGER, {}),
        (Intent.TRIGGER, {"message": "Everything"}),
        (Intent.AVAILABILITY, {}),
        (Intent.AVAILABILITY, {"operative": 1}),
        (Intent.GET_CONFIGURATION, {"keys": "HeartbeatInterval"}),
        (Intent.GET_CONFIGURATION, {"keys": [""]}),
        (Intent.SET_CONFIGURATION, {"key": "HeartbeatInterval"}),
        (Intent.DATA_TRANSFER, {"vendorId": ""}),
    ],
)
def test_a_value_outside_its_bounds_is_refused(intent: Intent, body: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(body, REQUESTS[intent])


def test_confirmation_is_never_assumed() -> None:
    assert not StartRequest().confirm


def test_every_request_is_described_for_openapi() -> None:
    _, components = msgspec.json.schema_components(REQUESTS.values())

    assert all(components[model.__name__].get("description") for model in REQUESTS.values())
    limit = components["StartRequest"]["properties"]["limitA"]
    assert "Amperes" in str(limit)
