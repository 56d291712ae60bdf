"""Transactions as clients see them: pages, one with its samples, totals."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.proxy.api.conftest import Api, bearer

from oye_proxy.ocppj.facts import StartedBy
from oye_proxy.ocppj.transaction_changes import ChangeKind, TransactionChange, Verdict
from oye_proxy.ocppj.transaction_samples import Sample
from oye_proxy.storage.database import Database
from oye_proxy.storage.transactions import TransactionStore

AT = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
READ = bearer("token-of-read")
CONTROL = bearer("token-of-control")


def start(transaction_id: str, at: datetime, **values: Any) -> TransactionChange:
    given: dict[str, Any] = {"evse_id": 1, "id_tag": "CARD-1234", "meter_start_wh": 1000.0}
    given |= {"started_at": at, "started_by": StartedBy.LOCAL, **values}
    return TransactionChange(kind=ChangeKind.START, at=at, transaction_id=transaction_id, **given)


def stop(transaction_id: str, at: datetime) -> TransactionChange:
    return TransactionChange(
        kind=ChangeKind.STOP,
        at=at,
        transaction_id=transaction_id,
        stopped_at=at,
        stop_id_tag="OTHER-9876",
        reason="Local",
        meter_stop_wh=3000.0,
    )


@pytest.fixture
async def stored(database: Database) -> None:
    samples = (
        Sample(AT, "Energy.Active.Import.Register", 1000.0, "", "Wh", "Transaction.Begin"),
        Sample(AT + HOUR, "Voltage", 230.5, "L1", "V"),
    )
    await TransactionStore(database).write(
        [
            ("CP1", start("7", AT, ocpp_version="1.6", start_verdict=Verdict(AT), samples=samples)),
            ("CP1", stop("7", AT + HOUR)),
            ("CP2", start("8", AT + 2 * HOUR, id_tag="X-5678", started_by=StartedBy.OWNER)),
        ]
    )


ROW = {
    "id": 1,
    "chargePointId": "CP1",
    "transactionId": "7",
    "csmsTransactionId": None,
    "evseId": 1,
    "connectorId": None,
    "ocppVersion": "1.6",
    "state": "ended",
    "begunAt": "2026-11-21T22:30:00Z",
    "startedAt": "2026-11-21T22:30:00Z",
    "stoppedAt": "2026-11-21T23:30:00Z",
    "durationSeconds": 3600.0,
    "idTag": "CARD-1234",
    "idTagName": None,
    "idTagType": None,
    "idTagStatus": None,
    "stopIdTag": "OTHER-9876",
    "startedBy": "local",
    "remoteStartId": None,
    "reason": "Local",
    "meterStartWh": 1000.0,
    "meterStopWh": 3000.0,
    "energyWh": 2000.0,
    "startAcknowledgedAt": "2026-11-21T22:30:00Z",
    "startRefusal": None,
    "stopAcknowledgedAt": None,
    "stopRefusal": None,
    "gap": False,
    "adopted": False,
    "offline": False,
    "updatedAt": "2026-11-21T23:30:00Z",
}


@pytest.mark.usefixtures("stored")
async def test_a_page_holds_whole_rows_and_leads_to_the_next(api: Api) -> None:
    status, first = await api.ask("GET", "/api/transactions?limit=1")
    _, second = await api.ask("GET", f"/api/transactions?limit=1&before={first['nextBefore']}")

    assert (200, [2], 2) == (status, [row["id"] for row in first["transactions"]], 2)
    assert {"transactions": [ROW], "nextBefore": None} == second
    assert ("open", None, None) == tuple(
        first["transactions"][0][name] for name in ("state", "stoppedAt", "durationSeconds")
    )


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [2, 1]),
        ("chargePointId=CP1", [1]),
        ("idTag=card-1234", [1]),
        ("idTag=1234", []),
        ("from=2026-11-21T23:00:00Z", [2]),
        ("to=2026-11-21T22:31:00Z", [1]),
        ("to=2026-11-22T01:30:00%2B03:00", []),
        ("state=open", [2]),
        ("state=ended", [1]),
        ("startedBy=owner", [2]),
        ("startedBy=owner&state=ended", []),
        ("before=2", [1]),
    ],
)
@pytest.mark.usefixtures("stored")
async def test_conditions_hold_at_once(api: Api, query: str, ids: list[int]) -> None:
    _, page = await api.ask("GET", f"/api/transactions?{query}")

    assert ids == [row["id"] for row in page["transactions"]]


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/api/transactions?limit=0", "limit"),
        ("/api/transactions?limit=201", "limit"),
        ("/api/transactions?before=-1", "before"),
        (f"/api/transactions?before={10**30}", "before"),
        ("/api/transactions?from=yesterday", "from"),
        ("/api/transactions?from=2026-11-21T23:00:00", "from"),
        ("/api/transactions?state=lost", "state"),
        ("/api/transactions?startedBy=me", "startedBy"),
        ("/api/transactions?charger=CP1", "charger"),
        ("/api/transactions.csv?limit=5", "limit"),
        ("/api/transactions/totals?by=day&utcOffset=901", "utcOffset"),
        ("/api/transactions/totals?by=year", "by"),
        ("/api/transactions/totals", "by"),
    ],
)
async def test_a_bad_query_is_400_and_names_the_parameter(api: Api, path: str, named: str) -> None:
    status, body = await api.ask("GET", path)

    assert (400, "invalid_request") == (status, body["code"])
    assert named in body["error"]


@pytest.mark.usefixtures("stored")
async def test_the_name_of_a_tag_is_for_everybody(api: Api) -> None:
    """As it is now: the record keeps the tag."""
    await api.ask("PUT", "/api/id-tags/card-1234", {"status": "accepted", "name": "Ann"})
    _, read = await api.ask("GET", "/api/transactions?idTag=CARD-1234", headers=READ)

    assert ["Ann"] == [one["idTagName"] for one in read["transactions"]]


@pytest.mark.usefixtures("stored")
async def test_tags_are_whole_only_for_those_who_may_use_them(api: Api) -> None:
    """A tag opens chargers: who may only read sees its last four characters."""
    _, read = await api.ask("GET", "/api/transactions?idTag=CARD-1234", headers=READ)
    _, control = await api.ask("GET", "/api/transactions?idTag=CARD-1234", headers=CONTROL)
    _, detail = await api.ask("GET", "/api/transactions/1", headers=READ)
    _, totals = await api.ask("GET", "/api/transactions/totals?by=tag", headers=READ)

    assert ("…1234", "…9876") == (
        read["transactions"][0]["idTag"],
        read["transactions"][0]["stopIdTag"],
    )
    assert [ROW] == control["transactions"]
    assert "…1234" == detail["transaction"]["idTag"]
    assert ["…1234", "…5678"] == [total["key"] for total in totals]


@pytest.mark.usefixtures("stored")
async def test_one_transaction_has_its_samples(api: Api) -> None:
    status, body = await api.ask("GET", "/api/transactions/1")

    assert (200, ROW, 2, False) == (
        status,
        body["transaction"],
        body["sampleCount"],
        body["thinned"],
    )
    assert [
        {
            "time": "2026-11-21T22:30:00Z",
            "measurand": "Energy.Active.Import.Register",
            "phase": None,
            "value": 1000.0,
            "unit": "Wh",
            "context": "Transaction.Begin",
            "location": "Outlet",
        },
        {
            "time": "2026-11-21T23:30:00Z",
            "measurand": "Voltage",
            "phase": "L1",
            "value": 230.5,
            "unit": "V",
            "context": "Sample.Periodic",
            "location": "Outlet",
        },
    ] == body["samples"]


@pytest.mark.parametrize("row", ["9", "0", "-1", "seven", "9" * 30, "%C2%B2", "1.0"])
async def test_what_is_no_record_is_404(api: Api, row: str) -> None:
    status, body = await api.ask("GET", f"/api/transactions/{row}")

    assert (404, "not_found") == (status, body["code"])


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("by=day", ["2026-11-21", "2026-11-22"]),
        ("by=day&utcOffset=120", ["2026-11-22"]),
        ("by=month", ["2026-11"]),
        ("by=hour", ["00", "22"]),
        ("by=charger", ["CP1", "CP2"]),
        ("by=tag", ["CARD-1234", "X-5678"]),
        ("by=day&chargePointId=CP2", ["2026-11-22"]),
        ("by=day&from=2026-11-23T00:00:00Z", []),
    ],
)
@pytest.mark.usefixtures("stored")
async def test_totals_are_by_what_was_asked(api: Api, query: str, keys: list[str]) -> None:
    status, totals = await api.ask("GET", f"/api/transactions/totals?{query}")

    assert (200, keys) == (status, [total["key"] for total in totals])


@pytest.mark.usefixtures("stored")
async def test_a_total_tells_energy_number_and_duration(api: Api) -> None:
    _, totals = await api.ask("GET", "/api/transactions/totals?by=month")

    assert [
        {"key": "2026-11", "transactions": 2, "energyWh": 2000.0, "durationSeconds": 3600.0}
    ] == totals
