"""The owner's commands, from the API to a charger that obeys them."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.charger import SimulatedCharger
from oye_proxy.simulator.csms import SimulatedCsms
from oye_proxy.simulator.evse import Status
from oye_proxy.simulator.vehicle import Vehicle

StartProxy = Callable[..., Awaitable[Any]]
MakeCharger = Callable[..., SimulatedCharger]
every_version = pytest.mark.parametrize("version", list(OcppVersion))


@every_version
async def test_the_owner_starts_limits_and_stops(
    start_proxy: StartProxy, make_charger: MakeCharger, version: OcppVersion
) -> None:
    """The CSMS sees the transaction (LC 14), but none of the owner's commands (promise 3)."""
    async with SimulatedCsms() as csms:
        proxy = await start_proxy(csms.url)
        charger = make_charger(proxy.url, version)
        await charger.until(lambda: charger.accepted and not charger.waiting)
        evse = charger.charging.evses[0]
        charger.plug_in(vehicle=Vehicle())

        started = await proxy.intent("CP1", "start", {"connectorId": 1, "idTag": "OWNER"})
        await csms.until(lambda: csms.ledger.transactions)
        await charger.until(lambda: not charger.waiting)
        limited = await proxy.intent("CP1", "limit", {"limitA": 10.0})
        await charger.until(lambda: evse.meter.currents_a == [10.0] * 3)
        cleared = await proxy.intent("CP1", "clear-limit", {})
        await charger.until(lambda: evse.meter.currents_a == [16.0] * 3)
        stopped = await proxy.intent("CP1", "stop", {"connectorId": 1})
        [transaction] = csms.ledger.transactions.values()
        await csms.until(lambda: transaction.ended)

        assert [True] * 4 == [each["accepted"] for each in (started, limited, cleared, stopped)]
        assert ("OWNER", "Remote") == (transaction.id_tag, transaction.reason)
        assert Status.FINISHING == evse.status
        assert [] == csms.ledger.violations
        await charger.stop()


@every_version
async def test_the_owner_reads_and_writes_a_setting(
    start_proxy: StartProxy, make_charger: MakeCharger, version: OcppVersion
) -> None:
    key = "HeartbeatInterval" if version.is_1_6 else "OCPPCommCtrlr.HeartbeatInterval"
    proxy = await start_proxy()
    charger = make_charger(proxy.url, version)
    await charger.until(lambda: charger.accepted and not charger.waiting)

    written = await proxy.intent("CP1", "set-configuration", {"key": key, "value": "77"})
    read = await proxy.intent("CP1", "get-configuration", {"keys": [key]})

    assert written["accepted"]
    assert "77" in str(read["response"])
    await charger.stop()
