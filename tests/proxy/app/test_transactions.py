"""Transactions from a charger's socket to the API of a whole proxy."""

from pathlib import Path
from typing import Any

import msgspec
from tests.proxy.app.conftest import BOOT, ask, connect, settings, until

from oye_proxy.app import running
from oye_proxy.ocppj.frames import Call
from oye_proxy.settings import CsmsSettings
from oye_proxy.simulator.scripted import ScriptedCharger, ScriptedCsms

START = {
    "connectorId": 1,
    "idTag": "CARD-1234",
    "meterStart": 1000,
    "timestamp": "2026-05-04T18:00:00Z",
}


async def start(charger: ScriptedCharger) -> int:
    await charger.send_call("BootNotification", BOOT)
    answer = await charger.send_call("StartTransaction", START)
    transaction_id: int = answer.payload["transactionId"]
    return transaction_id


async def test_a_transaction_goes_on_in_its_record_in_the_next_life(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as proxy, await connect(proxy) as charger:
        transaction_id = await start(charger)
    async with running(settings(tmp_path)) as proxy, await connect(proxy) as charger:
        _, before = await ask(proxy, "/api/transactions?state=open")
        stop = {
            "transactionId": transaction_id,
            "meterStop": 6000,
            "timestamp": "2026-05-04T19:00:00Z",
        }
        await charger.send_call("StopTransaction", stop)

        async def ended() -> bool:
            _, text = await ask(proxy, "/api/transactions?state=ended")
            return bool(msgspec.json.decode(text)["transactions"])

        await until(ended)
        _, detail = await ask(proxy, "/api/transactions/1")
        _, totals = await ask(proxy, "/api/transactions/totals?by=day&utcOffset=120")
        _, info = await ask(proxy, "/api/info")

    assert [1] == [row["id"] for row in msgspec.json.decode(before)["transactions"]]
    assert (5000.0, False) == tuple(
        msgspec.json.decode(detail)["transaction"][name] for name in ("energyWh", "adopted")
    )
    assert [("2026-05-04", 5000.0)] == [
        (total["key"], total["energyWh"]) for total in msgspec.json.decode(totals)
    ]
    assert "transactions" in msgspec.json.decode(info)["features"]


async def test_a_deleted_charger_takes_its_transactions_along(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as proxy:
        async with await connect(proxy) as charger:
            await start(charger)
        status, _ = await ask(proxy, "/api/chargers/CP1", method="DELETE")
        _, text = await ask(proxy, "/api/transactions")

    assert 200 == status
    assert [] == msgspec.json.decode(text)["transactions"]


def answer_as_csms(call: Call) -> Any:
    """Take everything; every transaction gets the id 57."""
    if call.action == "StartTransaction":
        return {"transactionId": 57, "idTagInfo": {"status": "Accepted"}}
    if call.action == "BootNotification":
        return {"status": "Accepted", "currentTime": "2026-05-04T18:00:00Z", "interval": 300}
    return {}


async def test_a_transaction_of_an_outage_is_acknowledged_when_the_csms_is_back(
    tmp_path: Path,
) -> None:
    """It began under an id of ours, and the CSMS gave its own when it was back (C16 5.11)."""
    async with ScriptedCsms() as csms:
        await csms.stop()
        csms_settings = CsmsSettings(url=csms.url, reconnect_delay=0.05, standalone_after=0)
        async with (
            running(settings(tmp_path, csms=csms_settings)) as proxy,
            await connect(proxy) as charger,
        ):

            async def told(names: tuple[str, ...]) -> bool:
                _, text = await ask(proxy, "/api/transactions")
                rows = msgspec.json.decode(text)["transactions"]
                return len(rows) == 1 and all(rows[0][name] is not None for name in names)

            transaction_id = await start(charger)
            await until(lambda: told(("startedAt",)))
            await csms.start()
            link = await csms.next_connection()
            link.responder = answer_as_csms
            await until(lambda: told(("startAcknowledgedAt", "csmsTransactionId")))
            stop = {
                "transactionId": transaction_id,
                "meterStop": 6000,
                "timestamp": "2026-05-04T19:00:00Z",
            }
            await charger.send_call("StopTransaction", stop)
            await until(lambda: told(("stopAcknowledgedAt",)))
            _, text = await ask(proxy, "/api/transactions/1")
            heard = [call.payload["transactionId"] for call in link.calls if "Stop" in call.action]

    row = msgspec.json.decode(text)["transaction"]
    assert (str(transaction_id), "57", 5000.0, False) == (
        row["transactionId"],
        row["csmsTransactionId"],
        row["energyWh"],
        row["gap"],
    )
    assert [57] == heard
