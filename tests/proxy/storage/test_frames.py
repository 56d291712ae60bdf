from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, fields
from sqlalchemy import insert

from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.frames import MessageId, build_call, build_result, parse
from oye_proxy.storage.database import Database
from oye_proxy.storage.frames import (
    SEARCH_LIMIT,
    FrameQuery,
    FrameStore,
    NewFrame,
    StoredFrame,
    _decoded,
    _encoded,
    as_latest,
)
from oye_proxy.storage.models import logs

AT = datetime(2026, 11, 21, 10, 0, 0, 123456, UTC)


def frame(charge_point_id: str = "CP-001", payload: str = "[]", **values: Any) -> NewFrame:
    row = {"direction": "UPSTREAM", "timestamp": 1000, "at_us": 1_000_000_000, **values}
    return NewFrame(charge_point_id=charge_point_id, payload=payload, **row)


async def store(database: Database, *frames: NewFrame) -> FrameStore:
    async with database.writing() as connection:
        for new in frames:
            await connection.execute(insert(logs).values(asdict(new)))
    return FrameStore(database)


def ids(frames: list[StoredFrame]) -> list[int]:
    return [found.id for found in frames]


def of_charger(data: str | bytes, **values: Any) -> NewFrame:
    text = data if isinstance(data, str) else data.decode()
    record = Record(source=Peer.CHARGER, target=Peer.CSMS, data=data, frame=parse(text), **values)
    return NewFrame.of("CP-001", record, AT)


def test_the_fields_of_a_new_frame_are_columns() -> None:
    columns = [column.name for column in logs.columns if column.name != "id"]

    assert columns == [field.name for field in fields(NewFrame)]


def test_a_call_is_kept_with_its_head_and_its_time_to_the_microsecond() -> None:
    new = of_charger('[2, "a-1", "Heartbeat", {}]')

    assert (
        NewFrame(
            charge_point_id="CP-001",
            direction="UPSTREAM",
            payload='[2, "a-1", "Heartbeat", {}]',
            timestamp=1795255200,
            at_us=1795255200123456,
            message_type=2,
            action="Heartbeat",
            message_id="a-1",
            peer="charger",
            late=False,
        )
        == new
    )


def test_a_frame_that_replaces_names_its_kind() -> None:
    new = as_latest(frame("CP 1", action="MeterValues"))

    assert "UPSTREAM MeterValues CP 1" == new.latest_of
    assert frame("CP 1", action="MeterValues") == msgspec.structs.replace(new, latest_of=None)


def test_an_answer_has_the_action_of_its_call() -> None:
    call = build_call("a-1", "Heartbeat", {})
    answer = build_result(MessageId.of("a-1"), {})
    record = Record(
        source=Peer.CSMS, target=Peer.CHARGER, data=answer.text, frame=answer, call=call
    )

    new = NewFrame.of("CP-001", record, AT)

    assert (3, "Heartbeat", "a-1") == (new.message_type, new.action, new.message_id)


def test_what_is_no_frame_is_kept_as_it_is() -> None:
    record = Record(source=Peer.CHARGER, target=Peer.CSMS, data="AT+CSQ", note="not_json")

    new = NewFrame.of("CP-001", record, AT)

    assert ("AT+CSQ", None, None, "not_json") == (
        new.payload,
        new.message_type,
        new.action,
        new.rule,
    )


def test_an_injection_s_answer_names_it() -> None:
    new = of_charger('[3,"a-1",{}]', injection="a-1", late=True)

    assert ("INJECTION_RESPONSE", "a-1", True) == (new.direction, new.injection, new.late)


def test_secrets_are_not_stored() -> None:
    new = of_charger('[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"abcd"}]')

    assert "abcd" not in new.payload


def test_long_and_odd_heads_are_bounded() -> None:
    new = of_charger(f'[2,"{"i" * 300}","{"a" * 300}\\u0000",{{}}]')
    odd = of_charger('[2,"1","caf\\u00e9\\u0000",{}]')

    assert 255 == len(new.message_id or "")
    assert 255 == len(new.action or "")
    assert "café?" == odd.action


@given(st.one_of(st.text(), st.binary(), st.text(alphabet="\0\ud800é[]")))
def test_every_payload_comes_back(data: str | bytes) -> None:
    """Text stays text and bytes stay bytes, whatever they hold."""
    payload, encoding = _encoded(data)

    assert "\0" not in payload
    assert payload == payload.encode().decode()
    assert data == _decoded(payload, encoding)


@pytest.mark.parametrize("data", [b'[2,"1","Heartbeat",{}]', b"\xff\x00", "a\0b", "plain é"])
async def test_payloads_come_back_from_the_database(database: Database, data: str | bytes) -> None:
    new = NewFrame.of("CP", Record(source=Peer.CHARGER, target=Peer.CSMS, data=data), AT)

    found = await (await store(database, new)).search(FrameQuery())

    assert [(data, AT, 1795255200)] == [(one.payload, one.at, one.timestamp) for one in found]


async def test_the_newest_come_first_up_to_the_limit(database: Database) -> None:
    frames = await store(database, *(frame() for _ in range(5)))

    assert [5, 4, 3] == ids(await frames.search(FrameQuery(limit=3)))
    assert [] == await frames.search(FrameQuery(limit=0))
    assert [] == await frames.search(FrameQuery(limit=-1))
    assert 5 == len(await frames.search(FrameQuery(limit=10**9)))
    assert 5000 == SEARCH_LIMIT


async def test_before_pages_backwards_and_after_forwards(database: Database) -> None:
    """A reader who follows with `after` misses nothing; the order stays newest first."""
    frames = await store(database, *(frame() for _ in range(9)))

    assert [4, 3] == ids(await frames.search(FrameQuery(limit=2, before=5)))
    assert [7, 6] == ids(await frames.search(FrameQuery(limit=2, after=5)))
    assert [8, 7, 6] == ids(await frames.search(FrameQuery(after=5, before=9)))
    assert [8, 7] == ids(await frames.search(FrameQuery(after=5, before=9, limit=2)))
    assert [] == await frames.search(FrameQuery(after=9))


async def test_since_is_exclusive_and_holds_with_the_charger(database: Database) -> None:
    frames = await store(
        database,
        frame("A", timestamp=10),
        frame("A", timestamp=20),
        frame("B", timestamp=20),
        frame("A", timestamp=15),
        frame("A", timestamp=30),
    )

    assert [5, 3, 2] == ids(await frames.search(FrameQuery(since=15)))
    assert [5, 4, 3, 2] == ids(await frames.search(FrameQuery(since=14.9)))
    assert [5, 2] == ids(await frames.search(FrameQuery(since=15, charge_point_id="A")))
    assert [5] == ids(await frames.search(FrameQuery(since=20)))
    assert [] == await frames.search(FrameQuery(since=30))
    assert 5 == len(await frames.search(FrameQuery(since=-1)))


@pytest.mark.parametrize("number", [10**30, -(10**30), 1e300])
async def test_no_number_is_too_large_to_ask_for(database: Database, number: int) -> None:
    frames = await store(database, frame())

    found = len(await frames.search(FrameQuery(since=number)))
    assert found == len(await frames.search(FrameQuery(after=int(number))))
    assert 1 - found == len(await frames.search(FrameQuery(before=int(number))))


async def test_direction_action_and_parts_of_the_payload_filter(database: Database) -> None:
    frames = await store(
        database,
        frame(payload="100% a_b", action="Reset"),
        frame(payload="100 aXb", action="Reset", direction="DOWNSTREAM"),
        frame(payload="", action="Heartbeat"),
    )

    assert [2, 1] == ids(await frames.search(FrameQuery(action="Reset")))
    assert [2] == ids(await frames.search(FrameQuery(action="Reset", direction="DOWNSTREAM")))
    assert [1] == ids(await frames.search(FrameQuery(q="a_b")))
    assert [1] == ids(await frames.search(FrameQuery(q="100%")))
    assert [2] == ids(await frames.search(FrameQuery(q="AXB")))
    assert [] == await frames.search(FrameQuery(q="'; DROP TABLE logs; --"))
    assert 3 == len(await frames.search(FrameQuery(q="")))
