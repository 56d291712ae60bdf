from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oye_proxy.errors import NotSupportedError, OyeError
from oye_proxy.ocppj.injections import FOLLOW_UPS
from oye_proxy.ocppj.intents.context import IntentContext
from oye_proxy.ocppj.intents.file_requests import LogType
from oye_proxy.ocppj.intents.messages import build
from oye_proxy.ocppj.intents.requests import (
    AvailabilityRequest,
    ClearCacheRequest,
    DataTransferRequest,
    MessageRequest,
    ReportBase,
    ResetRequest,
    ResetType,
    TriggeredMessage,
    UnlockRequest,
)
from oye_proxy.ocppj.intents.tag_requests import ListEntry, ListUpdate, LocalListVersionRequest
from oye_proxy.ocppj.profiles.schedules import RateUnit
from oye_proxy.ocppj.versions import OcppVersion

V16, V201, V21 = OcppVersion
CONTEXT = IntentContext(
    now=datetime(2026, 11, 21, 12, tzinfo=UTC),
    id_tag="TAG",
    connector_ids=(1,),
    transactions={1: "42"},
)

Faults = Callable[[OcppVersion, str, Any], list[str]]


def one(request: MessageRequest, version: OcppVersion) -> tuple[str, dict[str, Any]]:
    (message,) = build(request, version, CONTEXT)
    return message


# A value of each member, within the bounds that the request declares.
MEMBERS: dict[str, st.SearchStrategy[Any]] = {
    "confirm": st.booleans(),
    "connector_id": st.none() | st.integers(1, 99),
    "entries": st.lists(
        st.builds(
            ListEntry,
            id_tag=st.text(min_size=1, max_size=30),
            expires_at=st.none() | st.datetimes(timezones=st.just(UTC)),
            remove=st.booleans(),
        ),
        max_size=3,
    ),
    "from_": st.none() | st.datetimes(timezones=st.just(UTC)),
    "group_id_tag": st.none() | st.text(min_size=1, max_size=30),
    "id_tag_type": st.sampled_from(["ISO14443", "eMAID", "Card"]),
    "install_at": st.none() | st.datetimes(timezones=st.just(UTC)),
    "location": st.sampled_from(["ftp://h/f", "https://h/" + "a" * 1000]),
    "log_type": st.sampled_from(LogType),
    "reservation_id": st.none() | st.integers(1, 2**31 - 1),
    "retries": st.none() | st.integers(0, 100),
    "retrieve_at": st.none() | st.datetimes(timezones=st.just(UTC)),
    "retry_interval": st.none() | st.integers(0, 86_400),
    "signature": st.none() | st.text(min_size=1, max_size=800),
    "signing_certificate": st.none() | st.text(min_size=1, max_size=5500),
    "to": st.none() | st.datetimes(timezones=st.just(UTC)),
    "until": st.datetimes(timezones=st.just(UTC)),
    "update_type": st.sampled_from(ListUpdate),
    "version": st.none() | st.integers(1, 2**31 - 1),
    "custom_trigger": st.none() | st.text(max_size=50),
    "data": st.none() | st.text() | st.dictionaries(st.text(), st.integers()),
    "duration": st.integers(1, 604_800),
    "id_tag": st.none() | st.text(min_size=1, max_size=255),
    "key": st.text(min_size=1, max_size=255) | st.just("A[x]@2.B[y]"),
    "keys": st.lists(st.just("A.B") | st.text(min_size=1, max_size=255), max_size=3),
    "limit_a": st.none() | st.floats(0, 2000),
    "message": st.sampled_from(TriggeredMessage),
    "message_id": st.none() | st.text(max_size=50),
    "operative": st.booleans(),
    "report_base": st.sampled_from(ReportBase),
    "transaction_id": st.none() | st.integers(0, 2**31).map(str),
    "type": st.sampled_from(ResetType),
    "unit": st.none() | st.sampled_from(RateUnit),
    "value": st.text(max_size=2500),
    "vendor_id": st.text(min_size=1, max_size=255),
}


def requests_of(model: type[MessageRequest]) -> st.SearchStrategy[MessageRequest]:
    return st.builds(model, **{name: MEMBERS[name] for name in model.__struct_fields__})


def needs_number(version: OcppVersion, action: str) -> bool:
    plain = version.is_1_6 and action == "UpdateFirmware"
    return action in FOLLOW_UPS and not plain


@given(
    request=st.one_of([requests_of(model) for model in get_args(MessageRequest)]),
    version=st.sampled_from(OcppVersion),
    connectors=st.sampled_from([(), (1,), (1, 2)]),
    transactions=st.sampled_from([{}, {1: "42"}, {1: "42", 2: "43"}]),
)
@settings(max_examples=300)
def test_whatever_is_built_is_valid_by_the_official_schema(
    request_faults: Faults,
    request: MessageRequest,
    version: OcppVersion,
    connectors: tuple[int, ...],
    transactions: dict[int, str],
) -> None:
    context = IntentContext(
        now=CONTEXT.now,
        id_tag="TAG",
        connector_ids=connectors,
        transactions=transactions,
    )
    try:
        messages = build(request, version, context)
    except OyeError:
        return
    for action, payload in messages:
        # Whoever matches the reports that follow sets their number.
        number = {"requestId": 1} if needs_number(version, action) else {}

        assert [] == request_faults(version, action, payload | number), (action, payload)


def test_a_reset() -> None:
    soft, hard = ResetRequest(), ResetRequest(type=ResetType.HARD, connector_id=2)

    assert ("Reset", {"type": "Soft"}) == one(soft, V16)
    assert ("Reset", {"type": "Hard"}) == one(ResetRequest(type=ResetType.HARD), V16)
    assert ("Reset", {"type": "OnIdle"}) == one(soft, V201)
    assert ("Reset", {"type": "Immediate", "evseId": 2}) == one(hard, V21)
    with pytest.raises(NotSupportedError, match="whole charger"):
        one(hard, V16)


def test_an_unlock() -> None:
    assert ("UnlockConnector", {"connectorId": 1}) == one(UnlockRequest(), V16)
    assert ("UnlockConnector", {"evseId": 2, "connectorId": 1}) == one(
        UnlockRequest(connector_id=2), V201
    )


@pytest.mark.parametrize(
    ("version", "connector_id", "payload"),
    [
        (V16, None, {"connectorId": 0, "type": "Inoperative"}),
        (V16, 2, {"connectorId": 2, "type": "Inoperative"}),
        (V201, None, {"operationalStatus": "Inoperative"}),
        (V201, 0, {"operationalStatus": "Inoperative"}),
        (V21, 2, {"operationalStatus": "Inoperative", "evse": {"id": 2}}),
    ],
)
def test_availability(
    version: OcppVersion, connector_id: int | None, payload: dict[str, Any]
) -> None:
    request = AvailabilityRequest(operative=False, connector_id=connector_id)

    assert ("ChangeAvailability", payload) == one(request, version)


def test_a_connector_is_put_back_into_service() -> None:
    assert ("ChangeAvailability", {"connectorId": 0, "type": "Operative"}) == one(
        AvailabilityRequest(operative=True), V16
    )


def test_the_cache_is_cleared_alike_everywhere() -> None:
    assert [("ClearCache", {})] * 3 == [
        one(ClearCacheRequest(), version) for version in OcppVersion
    ]


def test_the_version_of_the_list_is_asked_alike_everywhere() -> None:
    assert [("GetLocalListVersion", {})] * 3 == [
        one(LocalListVersionRequest(), version) for version in OcppVersion
    ]


def test_data_of_the_vendor_is_text_in_1_6() -> None:
    request = DataTransferRequest(vendor_id="V", message_id="M", data={"a": 1})
    head = {"vendorId": "V", "messageId": "M"}

    assert ("DataTransfer", {**head, "data": '{"a":1}'}) == one(request, V16)
    assert ("DataTransfer", {**head, "data": {"a": 1}}) == one(request, V201)
    assert ("DataTransfer", {"vendorId": "V", "data": "x"}) == one(
        DataTransferRequest(vendor_id="V", data="x"), V16
    )
    assert ("DataTransfer", {"vendorId": "V"}) == one(DataTransferRequest(vendor_id="V"), V16)
