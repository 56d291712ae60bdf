from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from oye_proxy.settings import OnCsmsLoss, OnCsmsRefusal
from oye_proxy.simulator.scripted import Handshake, ScriptedCharger, ScriptedCsms, ScriptedPeer
from oye_proxy.transport.ports import CsmsTarget

Starter = Callable[..., Awaitable[Any]]


async def linked(csms: ScriptedCsms, charger: ScriptedCharger) -> ScriptedPeer:
    """Return the next connection when frames pass on it."""
    peer = await csms.next_connection()
    await peer.send_text("linked")
    assert "linked" == await charger.receive()
    return peer


async def test_the_charger_stays_while_the_csms_is_away_and_it_is_dialled_again(
    proxy: Any, csms: ScriptedCsms
) -> None:
    proxy.admit(csms.url)
    async with await proxy.connect(subprotocols=["ocpp2.0.1", "ocpp1.6"]) as charger:
        await (await csms.next_connection()).close(1001, "restart")
        peer = await linked(csms, charger)
        await charger.send_text("back")

        assert "back" == await peer.receive()
        assert ["connected", "closed", "connected"] == [
            change.reason for change in proxy.house.changes
        ]
        assert ["csms_opened", "csms_lost", "csms_opened"] == (
            proxy.house.attached[0].conversation.events
        )
        # The charger cannot switch any more.
        assert ["ocpp2.0.1"] == csms.requests[1].subprotocols


async def test_dialling_goes_on_over_failures_and_refusals(proxy: Any, csms: ScriptedCsms) -> None:
    """A refusal met while dialling again leaves the charger with the stand-in."""
    proxy.admit(csms.url)
    async with await proxy.connect() as charger:
        csms.plan(
            Handshake(status=403),
            Handshake(status=500),
            Handshake(subprotocol="ocpp2.1"),
            Handshake(subprotocol=None),
        )
        await (await csms.next_connection()).abort()
        switched = await csms.next_connection()
        peer = await linked(csms, charger)
        await charger.send_text("back")

        assert "back" == await peer.receive()
        assert not switched.is_open
        changes = proxy.house.changes
        assert [
            ("connected", None),
            ("closed", None),
            ("refused", 403),
            ("unreachable", None),
            ("subprotocol", None),
            ("connected", None),
        ] == [(change.reason, change.status) for change in changes]
        assert [0.01, 0.02, 0.04, 0.08] == [
            pytest.approx(change.next_delay) for change in changes[1:5]
        ]


async def test_a_csms_that_is_away_at_first_takes_over_later(
    proxy: Any, csms: ScriptedCsms
) -> None:
    await csms.stop()
    proxy.admit(csms.url)
    async with await proxy.connect() as charger:
        await charger.send_text("alone")
        assert "alone" == await charger.receive()
        await csms.start()
        peer = await linked(csms, charger)
        await charger.send_text("together")

        assert "together" == await peer.receive()


async def test_forwarding_is_switched_on_and_off_at_once(proxy: Any, csms: ScriptedCsms) -> None:
    async with await proxy.connect() as charger, ScriptedCsms() as second:
        bridge = proxy.house.attached[0]
        await bridge.retarget(CsmsTarget(url=csms.url))
        first_peer = await linked(csms, charger)
        await charger.send_text("one")
        assert "one" == await first_peer.receive()

        await bridge.retarget(CsmsTarget(url=second.url))
        assert not first_peer.is_open
        second_peer = await linked(second, charger)
        await charger.send_text("two")
        assert "two" == await second_peer.receive()

        await bridge.retarget(None)
        await bridge.retarget(None)
        assert not second_peer.is_open
        assert not bridge.csms_connected
        await charger.send_text("alone")
        assert "alone" == await charger.receive()
        assert ["connected", "connected", "off"] == [
            change.reason for change in proxy.house.changes
        ]


async def test_switching_off_ends_the_dialling(start_proxy: Starter, csms: ScriptedCsms) -> None:
    proxy = await start_proxy(csms={"reconnect_delay": 100.0})
    csms.handshake = Handshake(status=500)
    proxy.admit(csms.url)
    async with await proxy.connect():
        bridge = proxy.house.attached[0]
        await bridge.retarget(None)
        csms.handshake = Handshake()
        await bridge.retarget(CsmsTarget(url=csms.url))

        assert (await csms.next_connection()).is_open


async def test_a_dead_csms_is_dialled_again(start_proxy: Starter, csms: ScriptedCsms) -> None:
    proxy = await start_proxy(
        csms={"ping_interval": 0.1, "ping_timeout": 0.2, "reconnect_delay": 0.01}
    )
    proxy.admit(csms.url)
    async with await proxy.connect() as charger:
        (await csms.next_connection()).stop_reading()
        peer = await linked(csms, charger)
        await charger.send_text("back")

        assert "back" == await peer.receive()


@pytest.mark.parametrize(
    "handshake",
    [Handshake(status=500), Handshake(status=403), Handshake(subprotocol="ocpp2.1")],
    ids=["away", "refused", "another subprotocol"],
)
async def test_a_new_csms_that_does_not_take_the_charger_closes_it_under_close(
    start_proxy: Starter, csms: ScriptedCsms, handshake: Handshake
) -> None:
    """LC 6.3: nobody stands in for a CSMS where chargers are not kept without one."""
    proxy = await start_proxy(csms={"on_loss": OnCsmsLoss.CLOSE})
    proxy.admit(csms.url)
    charger = await proxy.connect()
    async with ScriptedCsms() as second:
        second.handshake = handshake
        await proxy.house.attached[0].retarget(CsmsTarget(url=second.url))

        assert 1001 == await charger.wait_ended()
        assert 1 == len(second.requests)


async def test_who_stands_in_for_a_refusal_dials_on_even_under_close(
    start_proxy: Starter, csms: ScriptedCsms
) -> None:
    both = {"on_loss": OnCsmsLoss.CLOSE, "on_refusal": OnCsmsRefusal.STANDALONE}
    proxy = await start_proxy(csms=both)
    csms.plan(Handshake(status=403), Handshake(status=403))
    proxy.admit(csms.url)
    async with await proxy.connect() as charger:
        await linked(csms, charger)
