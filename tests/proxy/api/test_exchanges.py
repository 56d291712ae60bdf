"""Exchanges over HTTP: a filtered page, and one whole."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.proxy.api.conftest import Api, bearer, record, store_frames

from oye_proxy.ocppj.commands import InjectionState, Peer, Record
from oye_proxy.ocppj.frames import Call, parse
from oye_proxy.storage.database import Database
from oye_proxy.storage.frame_rows import NewFrame
from oye_proxy.storage.injections import InjectionRow, InjectionStore

AT = datetime(2026, 11, 21, 10, tzinfo=UTC)


def exchange(
    call: str, answer: str | None = None, *, second: int = 0, charger: str = "CP1", **values: Any
) -> list[NewFrame]:
    """Return the frames of a CALL of the charger and its answer half a second later."""
    moment = AT + timedelta(seconds=second)
    asked = parse(call)
    assert isinstance(asked, Call)
    frames = [NewFrame.of(charger, record(call), moment)]
    if answer is not None:
        answered = Record(
            source=Peer.CSMS,
            target=Peer.CHARGER,
            data=answer,
            frame=parse(answer),
            call=asked,
            **values,
        )
        frames.append(NewFrame.of(charger, answered, moment + timedelta(milliseconds=500)))
    return frames


@pytest.fixture
async def stored(database: Database) -> None:
    await store_frames(
        database,
        *exchange('[2,"1","StartTransaction",{"connectorId":1,"idTag":"04A1B2C3"}]',
                  '[3,"1",{"transactionId":7,"idTagInfo":{"status":"Accepted"}}]'),
        *exchange('[2,"2","Heartbeat",{}]', '[4,"2","InternalError","",{}]', second=1),
        *exchange('[2,"3","MeterValues",{"connectorId":1,"transactionId":7,"meterValue":[]}]',
                  second=2),
        *exchange('[2,"4","Heartbeat",{}]', '[3,"4",{"currentTime":"x"}]', second=3, charger="CP2"),
        *exchange('[2,"5","StopTransaction",{"transactionId":7,"meterStop":1}]', '[3,"5",{}]',
                  second=4),
    )  # fmt: skip


async def found(api: Api, text: str) -> list[Any]:
    status, page = await api.ask("POST", "/api/exchanges/search", {"filter": text})
    assert 200 == status
    return [one["messageId"] for one in page["exchanges"]]


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", ["5", "4", "3", "2", "1"]),
        ("-action:Heartbeat", ["5", "3", "1"]),
        ("action:heartbeat", ["4", "2"]),
        ("charger:CP2", ["4"]),
        ("charger:CP1 charger:CP2 is:error", ["2"]),
        ("is:unanswered", ["3"]),
        ("latency>400ms from:charger", ["5", "4", "2", "1"]),
        ("accepted", ["1"]),
        ("since:2026-11-21T10:00:02Z until:2026-11-21T10:00:03Z", ["4", "3"]),
        ("until:2026-11-21T09:00Z", []),
    ],
)
async def test_the_filter_holds_for_what_is_stored(api: Api, text: str, ids: list[str]) -> None:
    assert ids == await found(api, text)


@pytest.mark.usefixtures("stored")
async def test_pages_lead_on(api: Api) -> None:
    _, first = await api.ask("POST", "/api/exchanges/search", {"limit": 3})
    _, second = await api.ask(
        "POST", "/api/exchanges/search", {"limit": 3, "before": first["nextBefore"]}
    )

    assert ["5", "4", "3"] == [one["messageId"] for one in first["exchanges"]]
    assert ["2", "1"] == [one["messageId"] for one in second["exchanges"]]
    assert second["nextBefore"] is None


async def test_a_filter_that_cannot_be_read_is_refused_with_its_place(api: Api) -> None:
    status, body = await api.ask("POST", "/api/exchanges/search", {"filter": "a is:wrong"})

    assert (400, "invalid_request") == (status, body["code"])
    assert body["error"].startswith("filter: at character 3: ")


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("row", [8, 9])
async def test_one_exchange_is_told_whole(api: Api, row: int) -> None:
    status, detail = await api.ask("GET", f"/api/exchanges/{row}")

    assert 200 == status
    assert "5" == detail["exchange"]["messageId"]
    assert (
        '[2,"5","StopTransaction",{"transactionId":7,"meterStop":1}]' == detail["request"]["text"]
    )
    assert ['[3,"5",{}]'] == [answer["text"] for answer in detail["answers"]]
    assert (0.0, 500.0) == (detail["timing"]["waitedMs"], detail["timing"]["latencyMs"])
    assert "2026-11-21T10:00:04.500000Z" == detail["timing"]["answeredAt"]
    assert ["3", "1"] == [one["messageId"] for one in detail["related"]]
    assert ["StopTransaction: payload: required property"] == [
        finding[:43] for finding in detail["findings"]
    ]
    assert "1.6" == detail["ocppVersion"]


async def test_those_of_the_transaction_and_of_its_connector_are_related(
    api: Api, database: Database
) -> None:
    """The end of a transaction says nothing of its connector; its other frames do."""
    await store_frames(
        database,
        *exchange('[2,"1","StatusNotification",{"connectorId":1,"status":"Preparing"}]'),
        *exchange('[2,"2","StatusNotification",{"connectorId":2,"status":"Faulted"}]'),
        *exchange('[2,"3","StartTransaction",{"connectorId":1,"idTag":"A"}]',
                  '[3,"3",{"transactionId":7}]', second=1),
        *exchange('[2,"4","MeterValues",{"connectorId":2,"transactionId":8}]', second=2),
        *exchange('[2,"5","StopTransaction",{"transactionId":7,"meterStop":1}]', second=3),
        *exchange('[2,"6","StatusNotification",{"connectorId":1,"status":"Finishing"}]', second=4),
    )  # fmt: skip
    _, page = await api.ask("POST", "/api/exchanges/search", {"filter": "action:StopTransaction"})
    _, detail = await api.ask("GET", f"/api/exchanges/{page['exchanges'][0]['id']}")

    assert ["6", "3", "1"] == [one["messageId"] for one in detail["related"]]


async def test_in_ocpp_2_the_evse_is_what_frames_are_related_by(
    api: Api, database: Database
) -> None:
    """2.0.1, StatusNotification: `connectorId` counts within its EVSE."""
    await store_frames(
        database,
        *exchange('[2,"1","StatusNotification",{"evseId":2,"connectorId":1}]'),
        *exchange('[2,"2","StatusNotification",{"evseId":1,"connectorId":2}]', second=1),
        *exchange('[2,"3","TransactionEvent",{"evse":{"id":2,"connectorId":1},'
                  '"transactionInfo":{"transactionId":"T"}}]', second=2),
        *exchange('[2,"4","TransactionEvent",{"transactionInfo":{"transactionId":"T"}}]', second=3),
    )  # fmt: skip
    _, page = await api.ask("POST", "/api/exchanges/search", {"filter": ""})
    _, detail = await api.ask("GET", f"/api/exchanges/{page['exchanges'][0]['id']}")

    assert ["3", "1"] == [one["messageId"] for one in detail["related"]]


@pytest.mark.usefixtures("stored")
async def test_without_a_transaction_those_of_the_connector_are_related(
    api: Api, database: Database
) -> None:
    await store_frames(
        database,
        *exchange('[2,"6","StatusNotification",{"connectorId":1,"status":"Available"}]', second=5),
        *exchange('[2,"7","StatusNotification",{"connectorId":2,"status":"Available"}]', second=6),
        *exchange('[2,"8","StatusNotification",{"connectorId":1,"status":"Charging"}]', second=7),
    )
    _, detail = await api.ask("GET", "/api/exchanges/12")

    assert ["6", "3", "1"] == [one["messageId"] for one in detail["related"]]
    assert detail["previous"]["text"].startswith('[2,"7"')


async def test_the_time_that_a_command_waited_is_told(api: Api, database: Database) -> None:
    await InjectionStore(database).add(
        InjectionRow(
            message_id="i-1",
            charge_point_id="CP1",
            action="Reset",
            payload="{}",
            user="admin",
            kind="owner",
            state=InjectionState.QUEUED,
            created_at=AT - timedelta(seconds=2),
        )
    )
    call = '[2,"i-1","Reset",{"type":"Soft"}]'
    sent = Record(
        source=Peer.PROXY, target=Peer.CHARGER, data=call, frame=parse(call), injection="i-1"
    )
    await store_frames(database, NewFrame.of("CP1", sent, AT))
    _, detail = await api.ask("GET", "/api/exchanges/1")

    assert 2000.0 == detail["timing"]["waitedMs"]
    assert "2026-11-21T09:59:58Z" == detail["timing"]["receivedAt"]
    assert detail["timing"]["answeredAt"] is None


async def test_hostile_payloads_are_told_all_the_same(api: Api, database: Database) -> None:
    deep = "[" * 5000
    texts = ["no json", deep, '[2,"a","X",{"transactionId":{"a":1},"connectorId":[]}]']
    records = [Record(source=Peer.CHARGER, target=Peer.CSMS, data=text) for text in texts[:2]]
    records.append(record(texts[2]))
    await store_frames(database, *(NewFrame.of("gone", one, AT) for one in records))

    for row, text in enumerate(texts, 1):
        status, detail = await api.ask("GET", f"/api/exchanges/{row}")
        assert (200, text) == (status, detail["request"]["text"])
    assert 3 == len(await found(api, "charger:gone"))
    assert 2 == len(await found(api, "is:malformed"))


async def test_secrets_are_not_shown(api: Api, database: Database) -> None:
    call = '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"0123456789abcdef"}]'
    await store_frames(database, *exchange(call))
    _, detail = await api.ask("GET", "/api/exchanges/1")

    assert "0123456789abcdef" not in str(detail)


@pytest.mark.parametrize("row", ["1", "x", "-1", "9" * 40, "9" * 5000, "%C2%B2"])
async def test_what_is_not_stored_is_not_found(api: Api, row: str) -> None:
    status, body = await api.ask("GET", f"/api/exchanges/{row}")

    assert (404, "not_found") == (status, body["code"])


@pytest.mark.usefixtures("stored")
async def test_who_may_only_read_sees_no_whole_id_tag(api: Api) -> None:
    """Neither in a frame, nor by guessing what it holds."""
    reader = {"headers": bearer("token-of-read")}
    _, page = await api.ask("POST", "/api/exchanges/search", {"filter": "charger:CP1"}, **reader)
    refused = [
        await api.ask("GET", "/api/exchanges/1", **reader),
        await api.ask("POST", "/api/exchanges/search", {"filter": "04A1"}, **reader),
        await api.ask("POST", "/api/exchanges/search", {"filter": "-04A1"}, **reader),
    ]

    assert ["5", "3", "2", "1"] == [one["messageId"] for one in page["exchanges"]]
    assert "04A1" not in str(page)
    assert [(403, "not_permitted")] * 3 == [(status, body["code"]) for status, body in refused]
    assert ["1"] == await found(api, "04A1")


@pytest.mark.usefixtures("stored")
async def test_the_scope_control_is_enough(api: Api) -> None:
    status, _ = await api.ask("GET", "/api/exchanges/1", headers=bearer("token-of-control"))

    assert 200 == status
