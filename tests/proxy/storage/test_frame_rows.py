from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, fields
from sqlalchemy import insert, select

from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.frames import CallResult, MessageId, build_call, build_result, parse
from oye_proxy.storage.database import Database
from oye_proxy.storage.frame_rows import NewFrame, _decoded, _encoded, as_latest, as_seen, as_stored
from oye_proxy.storage.models import logs

AT = datetime(2026, 11, 21, 10, 0, 0, 123456, UTC)


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
    frame = of_charger('[2,"1","MeterValues",{}]')
    new = as_latest(frame)

    assert "UPSTREAM MeterValues CP-001" == new.latest_of
    assert frame == msgspec.structs.replace(new, latest_of=None)


@pytest.mark.parametrize("frame", [parse('[3,"a-1",{}]'), None])
def test_an_answer_whose_call_is_gone_has_its_action_all_the_same(frame: CallResult | None) -> None:
    record = Record(
        source=Peer.CHARGER,
        target=Peer.PROXY,
        data='[3,"a-1",{}]',
        frame=frame,
        action="ClearCache",
        late=True,
    )

    assert "ClearCache" == NewFrame.of("CP-001", record, AT).action


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
    """Who sees a frame live sees it as it will be stored."""
    new = NewFrame.of("CP", Record(source=Peer.CHARGER, target=Peer.CSMS, data=data), AT)
    async with database.writing() as connection:
        await connection.execute(insert(logs).values(asdict(new)))
        found = as_stored((await connection.execute(select(logs))).one())

    assert (data, AT, 1795255200) == (found.payload, found.at, found.timestamp)
    assert found == msgspec.structs.replace(as_seen(new), id=found.id)
