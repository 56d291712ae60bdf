"""What the operator was told, and when (docs/OCPP.md, loss of the CSMS)."""

from datetime import timedelta
from typing import Any

import pytest
from tests.proxy.api.conftest import Api, bearer
from tests.proxy.storage.journal_entries import LOCAL_ID, SECOND, T1, acknowledged, entry, status

from oye_proxy.ocppj.journal.entries import Entry
from oye_proxy.storage.database import Database
from oye_proxy.storage.journal import JournalBatch, JournalStore

PATH = "/api/chargers/CP1/journal"
READER = {"headers": bearer("token-of-read")}


async def store(database: Database, *entries: Entry, **parts: Any) -> None:
    batch = JournalBatch(entries=[("CP1", each) for each in entries], **parts)
    await JournalStore(database).commit(batch)


async def test_an_entry_tells_what_came_what_went_and_when(api: Api, database: Database) -> None:
    settled = acknowledged(1, sent='[2,"m-9"]', response='[3,"m-9",{}]')
    await store(database, entry(1), settlements=[("CP1", settled)])
    answered, body = await api.ask("GET", PATH, **READER)

    assert 200 == answered
    assert {
        "chargePointId": "CP1",
        "pending": 0,
        "entries": [
            {
                "sequence": 1,
                "class": "T",
                "action": "StartTransaction",
                "messageId": "m-1",
                "transactionId": str(LOCAL_ID),
                "arrivedAt": "2026-11-21T10:00:00.123456Z",
                "state": "acknowledged",
                "uncertain": False,
                "attempts": 1,
                "settledAt": "2026-11-21T10:00:01.123456Z",
                "text": entry(1).text,
                "sent": '[2,"m-9"]',
                "answer": entry(1).answer,
                "response": '[3,"m-9",{}]',
            }
        ],
        "nextBefore": None,
    } == body


async def test_pages_follow_each_other_to_the_last(api: Api, database: Database) -> None:
    await store(database, *(entry(number) for number in range(1, 6)))
    pages, before = [], ""
    while True:
        _, body = await api.ask("GET", f"{PATH}?limit=2{before}")
        pages.append([each["sequence"] for each in body["entries"]])
        if body["nextBefore"] is None:
            break
        before = f"&before={body['nextBefore']}"

    assert [[5, 4], [3, 2], [1]] == pages
    assert 5 == body["pending"]


async def test_the_oldest_come_in_order(api: Api, database: Database) -> None:
    """What waits longest is what the CSMS hears next."""
    settled = [("CP1", acknowledged(1))]
    await store(database, *(entry(number) for number in range(1, 6)), settlements=settled)
    _, body = await api.ask("GET", f"{PATH}?state=pending&oldest=true&limit=3")

    assert [2, 3, 4] == [each["sequence"] for each in body["entries"]]
    assert (4, None) == (body["pending"], body["nextBefore"])


@pytest.mark.parametrize(
    ("query", "sequences"),
    [
        ("state=acknowledged", [1]),
        ("state=pending", [3, 2]),
        ("transactionId=a%2Fb", [2]),
        (f"transactionId={LOCAL_ID}&state=pending", []),
    ],
)
async def test_filters_hold_together(
    api: Api, database: Database, query: str, sequences: list[int]
) -> None:
    settled = [("CP1", acknowledged(1))]
    await store(
        database, entry(1), entry(2, transaction_id="a/b"), status(3, 1), settlements=settled
    )
    _, body = await api.ask("GET", f"{PATH}?{query}")

    assert sequences == [each["sequence"] for each in body["entries"]]
    assert 2 == body["pending"]


async def test_secrets_are_not_shown(api: Api, database: Database) -> None:
    secret = '[3,"m",{"configurationKey":[{"key":"AuthorizationKey","value":"s3cret"}]}]'
    settled = acknowledged(1, sent=secret, response=secret)
    told = entry(1, text=secret, answer=secret)
    await store(database, told, settlements=[("CP1", settled)])
    _, body = await api.ask("GET", PATH)

    assert "s3cret" not in str(body)
    assert 4 == str(body).count("***")


async def test_what_no_json_holds_breaks_no_list(api: Api, database: Database) -> None:
    odd = 'half \ud800, NUL \0, "'
    strange = entry(1, text=odd, answer=odd, action=odd, transaction_id=odd, message_id="17")
    await store(database, strange)
    _, body = await api.ask("GET", PATH)
    (shown,) = body["entries"]

    assert {'half ?, NUL \0, "'} == {
        shown[name] for name in ("text", "answer", "action", "transactionId")
    }
    assert "17" == shown["messageId"]


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/api/chargers/CP9/journal", 404),
        (f"{PATH}?limit=201", 400),
        (f"{PATH}?limit=0", 400),
        (f"{PATH}?before=-1", 400),
        (f"{PATH}?before=9999999999999999999", 400),
        (f"{PATH}?state=lost", 400),
        (f"{PATH}?colour=red", 400),
    ],
)
async def test_what_cannot_be_answered_is_said(api: Api, path: str, answer: int) -> None:
    assert answer == (await api.ask("GET", path))[0]


async def test_another_chargers_journal_is_another_one(api: Api, database: Database) -> None:
    young = entry(2, arrived_at=T1 + SECOND + timedelta(hours=1))
    await JournalStore(database).commit(JournalBatch(entries=[("CP2", young)]))
    _, body = await api.ask("GET", PATH)

    assert (0, []) == (body["pending"], body["entries"])
