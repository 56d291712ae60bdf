"""Stored frames, as the Node proxy tells them and more."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.proxy.api.conftest import Api, bearer, record, store_frames

from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.storage.database import Database
from oye_proxy.storage.frame_rows import NewFrame

AT = datetime(2026, 11, 21, 10, 0, 0, 250_000, tzinfo=UTC)
SECOND = int(AT.timestamp())
CALL = record('[2,"m-1","Heartbeat",{}]')
ANSWER = Record(
    source=Peer.CSMS,
    target=Peer.CHARGER,
    data='[3,"m-1",{"currentTime":"2026-11-21T10:00:00Z", "n": 1.50}]',
    frame=record('[3,"m-1",{}]').frame,
    call=CALL.frame,  # type: ignore[arg-type]  # it is a Call
)


def odd(data: str | bytes) -> Record:
    return Record(source=Peer.CHARGER, target=Peer.CSMS, data=data, note="malformed")


@pytest.fixture
async def stored(database: Database) -> None:
    await store_frames(
        database,
        NewFrame.of("CP1", CALL, AT),
        NewFrame.of("CP1", ANSWER, AT),
        NewFrame.of("CP2", record('[2,"m-2","BootNotification",{"chargePointVendor":"V"}]'), AT),
    )


@pytest.mark.usefixtures("stored")
async def test_rows_hold_what_the_node_proxy_tells_and_what_came_since(api: Api) -> None:
    status, rows = await api.ask("GET", "/api/logs?chargePointId=CP1")

    assert 200 == status
    assert [
        {
            "id": 2,
            "charge_point_id": "CP1",
            "direction": "DOWNSTREAM",
            "payload": [3, "m-1", {"currentTime": "2026-11-21T10:00:00Z", "n": 1.5}],
            "timestamp": SECOND,
            "time": "2026-11-21T10:00:00.250000Z",
            "messageType": 3,
            "action": "Heartbeat",
            "messageId": "m-1",
            "peer": "csms",
            "rule": None,
            "late": False,
            "injection": None,
        },
        {
            "id": 1,
            "charge_point_id": "CP1",
            "direction": "UPSTREAM",
            "payload": [2, "m-1", "Heartbeat", {}],
            "timestamp": SECOND,
            "time": "2026-11-21T10:00:00.250000Z",
            "messageType": 2,
            "action": "Heartbeat",
            "messageId": "m-1",
            "peer": "charger",
            "rule": None,
            "late": False,
            "injection": None,
        },
    ] == rows


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({}, [3, 2, 1]),
        ({"chargePointId": "CP2"}, [3]),
        ({"limit": 2}, [3, 2]),
        ({"since": SECOND - 1}, [3, 2, 1]),
        ({"since": SECOND}, []),
        ({"since": SECOND - 1, "chargePointId": "CP1"}, [2, 1]),
        ({"before": 3}, [2, 1]),
        ({"after": 1}, [3, 2]),
        ({"direction": "UPSTREAM"}, [3, 1]),
        ({"action": "Heartbeat"}, [2, 1]),
        ({"q": "vendor"}, [3]),
        ({"chargePointId": "none"}, []),
    ],
)
@pytest.mark.usefixtures("stored")
async def test_conditions_hold_at_once_in_query_and_body(
    api: Api, query: dict[str, Any], ids: list[int]
) -> None:
    text = "&".join(f"{name}={value}" for name, value in query.items())
    _, by_query = await api.ask("GET", f"/api/logs?{text}")
    _, by_body = await api.ask("POST", "/api/logs/search", query)

    assert ids == [row["id"] for row in by_query]
    assert by_query == by_body


async def test_parameters_that_the_node_proxy_ignored_are_ignored(api: Api) -> None:
    assert (200, []) == await api.ask("GET", "/api/logs?_=1763722800&chargePointId=&since=")


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("limit=0", "limit"),
        ("limit=5001", "limit"),
        ("limit=many", "limit"),
        ("limit=1&limit=2", "limit"),
        ("limit=1.5", "limit"),
        ("since=yesterday", "since"),
        ("since=nan", "since"),
        ("since=inf", "since"),
        ("before=-1", "before"),
        ("direction=SIDEWAYS", "direction"),
        ("chargePointId=%00", "chargePointId"),
        (f"q={'x' * 201}", "q"),
    ],
)
async def test_a_bad_query_is_400_and_names_the_parameter(api: Api, query: str, named: str) -> None:
    status, body = await api.ask("GET", f"/api/logs?{query}")

    assert (400, "invalid_request") == (status, body["code"])
    assert body["error"].startswith(f"{named}: ")


async def test_an_unknown_condition_in_the_body_is_named(api: Api) -> None:
    status, body = await api.ask("POST", "/api/logs/search", {"charger": "CP1"})

    assert 400 == status
    assert "`charger`" in body["error"]


@pytest.mark.parametrize(
    ("data", "payload"),
    [
        ('[2,"m",', '[2,"m",'),
        ('[2,"m","A",{"n":NaN}]', '[2,"m","A",{"n":NaN}]'),
        ("[" * 5000, "[" * 5000),
        ('["\ud800"]', ["?"]),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b'["bytes"]', ["bytes"]),
        ("null", None),
        ("a\0b", "a\0b"),
        ('["\\ud800"]', '["\\ud800"]'),
    ],
)
async def test_one_odd_frame_breaks_no_list(
    api: Api, database: Database, data: str | bytes, payload: Any
) -> None:
    """A payload that is not JSON is a string, never a 500."""
    await store_frames(database, NewFrame.of("CP1", odd(data), AT))
    status, rows = await api.ask("GET", "/api/logs")

    assert (200, [(payload, "malformed")]) == (
        status,
        [(row["payload"], row["rule"]) for row in rows],
    )


@pytest.mark.usefixtures("stored")
async def test_a_payload_keeps_its_numbers(api: Api) -> None:
    """What is shown is the frame's own text, not a number read and written again."""
    async with api.session.get(
        f"{api.url}/api/logs?limit=2", headers={"Authorization": "Bearer token-of-control"}
    ) as response:
        assert '"n": 1.50' in await response.text()


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(("method", "path"), [("GET", "logs"), ("POST", "logs/search")])
async def test_frames_are_not_for_who_may_only_read(api: Api, method: str, path: str) -> None:
    """They hold whole id tags."""
    status, body = await api.ask(method, f"/api/{path}", headers=bearer("token-of-read"))

    assert (403, "not_permitted") == (status, body["code"])
