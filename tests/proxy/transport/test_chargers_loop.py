"""A CSMS's address that leads back to us: our own dial is known at our own door."""

import asyncio
from typing import Any

from tests.proxy.transport.conftest import Starter, refused

from oye_proxy.settings import OnCsmsLoss
from oye_proxy.simulator.scripted import ScriptedCsms
from oye_proxy.transport.ports import CsmsTarget, LinkChange, LinkReason


async def told_of_loop(proxy: Any) -> None:
    async with asyncio.timeout(5):
        while "loop" not in [change.reason for change in proxy.house.changes]:  # noqa: ASYNC110 - seen from outside, nothing tells
            await asyncio.sleep(0.01)


async def test_the_real_charger_is_served_and_never_replaced_by_our_own_dial(proxy: Any) -> None:
    proxy.admit(proxy.url + "/ocpp")
    async with await proxy.connect() as charger:
        await told_of_loop(proxy)
        await charger.send_text("hello")

        assert "hello" == await charger.receive()
        assert 1 == len(proxy.house.attached)
        assert {"loop"} == {change.reason for change in proxy.house.changes}


async def test_a_new_address_that_leads_back_leaves_the_charger_alone(
    proxy: Any, csms: ScriptedCsms
) -> None:
    proxy.admit(csms.url)
    async with await proxy.connect() as charger:
        bridge = proxy.house.bridges["CP1"]
        await bridge.retarget(CsmsTarget(url=proxy.url + "/ocpp"))
        await told_of_loop(proxy)
        await charger.send_text("hello")

        assert "hello" == await charger.receive()
        assert bridge is proxy.house.bridges["CP1"]
        assert "loop" == proxy.house.changes[-1].reason


async def test_where_no_charger_stays_without_a_csms_the_owner_is_told_why(
    start_proxy: Starter,
) -> None:
    proxy = await start_proxy(csms={"on_loss": OnCsmsLoss.CLOSE})
    proxy.admit(proxy.url + "/ocpp")

    assert 503 == (await refused(proxy)).status
    detail = "the address of the CSMS leads back to this proxy"
    expected = [("CP1", LinkChange(reason=LinkReason.LOOP, detail=detail))]
    assert expected == proxy.house.turned_away_with


async def test_one_proxy_in_front_of_another_is_no_loop(
    start_proxy: Starter, csms: ScriptedCsms
) -> None:
    inner, outer = await start_proxy(), await start_proxy()
    inner.admit(csms.url)
    outer.admit(inner.url + "/ocpp")
    async with await outer.connect() as charger:
        peer = await csms.next_connection()
        await charger.send_text("through both")

        assert "through both" == await peer.receive()
