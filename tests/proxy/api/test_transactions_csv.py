"""Transactions for a spreadsheet."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from tests.proxy.api.conftest import ADMIN, Api, basic, bearer

from oye_proxy.ocppj.transaction_changes import ChangeKind, TransactionChange
from oye_proxy.ocppj.transaction_samples import EFFECTIVE_LIMIT, Sample
from oye_proxy.storage.database import Database
from oye_proxy.storage.transactions import TransactionStore

AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


async def store(database: Database, *tags: str) -> None:
    changes = [
        TransactionChange(
            kind=ChangeKind.START,
            at=AT,
            transaction_id=str(number),
            started_at=AT + number * timedelta(minutes=1),
            id_tag=tag,
        )
        for number, tag in enumerate(tags)
    ]
    await TransactionStore(database).write([("CP1", change) for change in changes])


async def exported(api: Api, query: str = "", headers: dict[str, str] | None = None) -> str:
    url = f"{api.url}/api/transactions.csv{query}"
    async with api.session.get(url, headers=headers or basic(*ADMIN)) as response:
        assert 200 == response.status
        assert "text/csv; charset=utf-8; header=present" == response.headers["Content-Type"]
        assert "transactions.csv" in response.headers["Content-Disposition"]
        return (await response.read()).decode()


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


async def test_columns_are_the_members_of_an_entry(api: Api, database: Database) -> None:
    await store(database, "CARD")
    text = await exported(api)
    rows = table(text)

    assert text.startswith("id,chargePointId,transactionId,csmsTransactionId,evseId,")
    assert text.endswith("\r\n")
    assert [("1", "CP1", "0", "", "CARD", "2026-11-21T10:00:00Z", "false")] == [
        (
            row["id"],
            row["chargePointId"],
            row["transactionId"],
            row["stoppedAt"],
            row["idTag"],
            row["startedAt"],
            row["gap"],
        )
        for row in rows
    ]


@pytest.mark.parametrize(
    "tag",
    ["=1+2", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", '=HYPERLINK("x","y")'],
)
async def test_no_tag_becomes_a_formula(api: Api, database: Database, tag: str) -> None:
    """A charger chooses its tags and ids; a spreadsheet must not run them."""
    await store(database, tag)

    assert [f"'{tag}"] == [row["idTag"] for row in table(await exported(api))]


@pytest.mark.parametrize("tag", ['a,"b"', "two\nlines", "a;b", "ü…"])
async def test_every_text_comes_back_as_it_was(api: Api, database: Database, tag: str) -> None:
    await store(database, tag)
    text = await exported(api)

    assert [tag] == [row["idTag"] for row in csv.DictReader(io.StringIO(text, newline=""))]


async def test_all_pages_are_sent(
    api: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oye_proxy.api.transactions_csv.PAGE", 2)
    await store(database, *"abcdef")

    assert ["f", "e", "d", "c", "b", "a"] == [row["idTag"] for row in table(await exported(api))]
    assert ["c"] == [row["idTag"] for row in table(await exported(api, "?idTag=C"))]
    assert [] == table(await exported(api, "?state=ended"))


async def test_tags_are_shown_as_in_the_list(api: Api, database: Database) -> None:
    await store(database, "CARD-1234")
    rows = table(await exported(api, headers=bearer("token-of-read")))

    assert ["…1234"] == [row["idTag"] for row in rows]


async def test_a_head_request_has_no_body(api: Api) -> None:
    async with api.session.head(
        f"{api.url}/api/transactions.csv", headers=basic(*ADMIN)
    ) as response:
        assert (200, b"") == (response.status, await response.read())


async def test_a_database_that_fails_is_told_before_the_file_begins(
    api: Api, database: Database
) -> None:
    async with database.writing() as connection:
        await connection.exec_driver_sql("ALTER TABLE transactions RENAME TO lost")
    status, body = await api.ask("GET", "/api/transactions.csv")

    assert (503, "storage") == (status, body["code"])


async def store_curve(database: Database, *samples: Sample) -> None:
    change = TransactionChange(
        kind=ChangeKind.UPDATE, at=AT, transaction_id="7", samples=tuple(samples)
    )
    await TransactionStore(database).write([("CP1", change)])


async def curve(api: Api, row: int = 1) -> list[list[str]]:
    url = f"{api.url}/api/transactions/{row}/curve.csv"
    async with api.session.get(url, headers=bearer("token-of-read")) as response:
        assert 200 == response.status
        assert "text/csv; charset=utf-8; header=present" == response.headers["Content-Type"]
        assert "transaction-1.csv" in response.headers["Content-Disposition"]
        return list(csv.reader(io.StringIO((await response.read()).decode(), newline="")))


async def test_a_curve_has_the_limit_in_force_beside_each_value(
    api: Api, database: Database
) -> None:
    second = timedelta(seconds=1)
    await store_curve(
        database,
        Sample(AT, "Power.Active.Import", 3680.0, "", "W"),
        Sample(AT + second, EFFECTIVE_LIMIT, 16.0, "", "A", "owner"),
        Sample(AT + 2 * second, "Current.Import", -1.5, "L1", "A"),
        Sample(AT + 3 * second, EFFECTIVE_LIMIT, 0.0, "", "A", "no_limit"),
        Sample(AT + 4 * second, "SoC", 80.0, "", "Percent", location="EV"),
    )

    assert [
        ["time", "measurand", "phase", "value", "unit", "limit", "location"],
        ["2026-11-21T10:00:00Z", "Power.Active.Import", "", "3680.0", "W", "", "Outlet"],
        ["2026-11-21T10:00:01Z", "Limit.Effective", "", "16.0", "A", "16.0", "Outlet"],
        ["2026-11-21T10:00:02Z", "Current.Import", "L1", "-1.5", "A", "16.0", "Outlet"],
        ["2026-11-21T10:00:03Z", "Limit.Effective", "", "", "A", "", "Outlet"],
        ["2026-11-21T10:00:04Z", "SoC", "", "80.0", "Percent", "", "EV"],
    ] == await curve(api)


async def test_nothing_in_a_curve_becomes_a_formula(api: Api, database: Database) -> None:
    """A charger names its measurands, phases and units as it likes."""
    await store_curve(database, Sample(AT, "=1+2", 1.0, "@L1", "+W", location="-Inlet"))

    assert ["'=1+2", "'@L1", "1.0", "'+W", "", "'-Inlet"] == (await curve(api))[1][1:]


async def test_a_long_curve_is_sent_whole(
    api: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oye_proxy.storage.samples.PAGE", 3)
    seconds = [AT + number * timedelta(seconds=1) for number in range(8)]
    await store_curve(database, *(Sample(at, "SoC", 1.0) for at in seconds))

    assert 1 + 8 == len(await curve(api))


@pytest.mark.parametrize("row", ["2", "0", "x", "99999999999999999999"])
async def test_there_is_no_curve_of_an_unknown_transaction(api: Api, row: str) -> None:
    status, body = await api.ask("GET", f"/api/transactions/{row}/curve.csv")

    assert (404, "not_found") == (status, body["code"])
