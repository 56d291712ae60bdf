"""Charger, proxy and CSMS on real sockets: what one sends is what the other gets."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from oye_proxy.ocppj.frames import Call, CallResult, parse
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.charger import SimulatedCharger
from oye_proxy.simulator.clock import ManualClock
from oye_proxy.simulator.csms import SimulatedCsms
from oye_proxy.simulator.official import official_schemas
from oye_proxy.simulator.scripted import (
    Handshake,
    HandshakeRefusedError,
    ScriptedCharger,
    ScriptedCsms,
    basic_authorization,
)
from oye_proxy.simulator.vehicle import Vehicle
from oye_proxy.tasks import spawn

StartProxy = Callable[..., Awaitable[Any]]
MakeCharger = Callable[..., SimulatedCharger]
every_version = pytest.mark.parametrize("version", list(OcppVersion))

BOOT = '[2, "b-1" ,"BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]'
STATUS = (
    '[2,"s-1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]'
)


class Tap:
    """Keeps the frames of one charger, by direction."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.received: list[str] = []

    def __call__(self, text: str, *, outgoing: bool) -> None:
        (self.sent if outgoing else self.received).append(text)


@every_version
async def test_a_whole_session_passes_byte_for_byte(
    start_proxy: StartProxy, make_charger: MakeCharger, clock: ManualClock, version: OcppVersion
) -> None:
    """Promise 1: a forwarded frame is the exact text that arrived."""
    tap = Tap()
    async with SimulatedCsms(clock=clock) as csms:
        proxy = await start_proxy(csms.url)
        charger = make_charger(proxy.url, version, observer=tap)
        await charger.until(lambda: charger.accepted and not charger.waiting)
        charger.plug_in(vehicle=Vehicle())
        charger.present_tag()
        await csms.until(lambda: csms.ledger.transactions)
        await charger.until(lambda: not charger.waiting)
        limited = await csms.set_limit("CP1", 10.0)
        for _ in range(3):
            clock.advance(10)
        [transaction] = csms.ledger.transactions.values()
        stopped = await csms.remote_stop("CP1", transaction.transaction_id)
        await csms.until(lambda: transaction.ended)
        await charger.until(lambda: not charger.waiting)

        assert tap.sent == [frame.text for frame in csms.ledger.frames if frame.incoming]
        assert tap.received == [frame.text for frame in csms.ledger.frames if not frame.incoming]
        assert [] == csms.ledger.violations
        assert isinstance(limited, CallResult)
        assert isinstance(stopped, CallResult)
        await charger.stop()


@every_version
async def test_an_injection_is_answered_and_the_csms_sees_nothing(
    start_proxy: StartProxy, make_charger: MakeCharger, version: OcppVersion
) -> None:
    """Promise 3, while the CSMS sends commands at the same time (promise 2)."""
    action, payload = (
        ("GetConfiguration", {"key": ["NumberOfConnectors"]})
        if version.is_1_6
        else (
            "GetVariables",
            {
                "getVariableData": [
                    {"component": {"name": "TxCtrlr"}, "variable": {"name": "TxStartPoint"}}
                ]
            },
        )
    )
    async with SimulatedCsms() as csms:
        proxy = await start_proxy(csms.url)
        charger = make_charger(proxy.url, version)
        await charger.until(lambda: charger.accepted and not charger.waiting)
        commands = [spawn(csms.command("CP1", "ClearCache", {}), name="command") for _ in range(5)]
        bodies = [await proxy.inject("CP1", action, payload) for _ in range(3)]
        answers = await asyncio.gather(*commands)

        assert all(body["accepted"] for body in bodies)
        assert all(isinstance(answer, CallResult) for answer in answers)
        assert not any(action in frame.text for frame in csms.ledger.frames)
        assert [] == csms.ledger.violations, "an answer without a CALL would be one"
        await charger.stop()


@pytest.mark.parametrize("version", [OcppVersion.V2_0_1, OcppVersion.V2_1])
async def test_the_parts_of_an_injected_report_reach_the_caller_only(
    start_proxy: StartProxy, make_charger: MakeCharger, version: OcppVersion
) -> None:
    """Promise 3: not as a follow-up report."""
    async with SimulatedCsms() as csms:
        proxy = await start_proxy(csms.url)
        charger = make_charger(proxy.url, version)
        await charger.until(lambda: charger.accepted and not charger.waiting)
        body = await proxy.inject(
            "CP1", "GetBaseReport", {"requestId": 5, "reportBase": "FullInventory"}
        )
        await charger.until(lambda: not charger.waiting)

        assert len(body["followUps"]) > 3
        assert [] == csms.ledger.calls_of("CP1", "NotifyReport")
        await charger.stop()


async def test_frames_in_the_packet_of_the_handshake_are_not_lost(
    start_proxy: StartProxy,
) -> None:
    """LC 3.1: the CSMS answers the dial late; what the charger sent meanwhile waits, in order."""
    async with ScriptedCsms() as csms:
        csms.hold()
        proxy = await start_proxy(csms.url)
        connecting = spawn(
            ScriptedCharger.connect(f"{proxy.url}/ocpp/CP1", early_texts=[BOOT, STATUS]),
            name="charger",
        )
        await csms.next_request()
        csms.release()
        upstream = await csms.next_connection()

        assert BOOT == await upstream.receive()
        await upstream.send_text('[3,"b-1",{}]')
        assert STATUS == await upstream.receive()
        charger = await connecting
        assert '[3,"b-1",{}]' == await charger.receive()
        await charger.close()


@pytest.mark.parametrize(
    ("status", "name", "value"),
    [(401, "WWW-Authenticate", 'Basic realm="x"'), (403, "Retry-After", "7"), (404, "X-A", "b")],
)
async def test_a_refusal_of_the_csms_is_the_chargers(
    start_proxy: StartProxy, status: int, name: str, value: str
) -> None:
    """LC 3.1: a 4xx is a decision of the CSMS, not an outage."""
    async with ScriptedCsms() as csms:
        csms.handshake = Handshake(status=status, headers=((name, value),))
        proxy = await start_proxy(csms.url)
        with pytest.raises(HandshakeRefusedError) as caught:
            await ScriptedCharger.connect(f"{proxy.url}/ocpp/CP1")

    assert status == caught.value.status
    if name != "X-A":
        assert value == caught.value.headers[name.lower()]


async def test_the_csms_sees_the_charger_as_it_is(start_proxy: StartProxy) -> None:
    """LC 3.1, 3.2: raw id, credentials, agent and subprotocols are the charger's own."""
    header = basic_authorization("CP/1", b"\x00secret")
    offered = ["ocpp2.1", "ocpp2.0.1", "ocpp1.6"]
    async with ScriptedCsms() as csms:
        csms.handshake = Handshake(subprotocol="ocpp2.0.1")
        proxy = await start_proxy(f"{csms.url}/base")
        charger = await ScriptedCharger.connect(
            f"{proxy.url}/ocpp/CP%2F1",
            subprotocols=offered,
            headers=[header, ("User-Agent", "Box/1")],
        )
        request = await csms.next_request()
        await charger.close()

    assert "/base/CP%2F1" == request.path
    assert offered == request.subprotocols
    assert header[1] == request.header("Authorization")
    assert "Box/1" == request.header("User-Agent")
    assert "ocpp2.0.1" == charger.subprotocol


@every_version
async def test_without_a_csms_the_proxy_answers_everything(
    start_proxy: StartProxy, make_charger: MakeCharger, clock: ManualClock, version: OcppVersion
) -> None:
    """LC 7: it boots, authorises by automatic charging (LC 8), and keeps to the schemas."""
    tap = Tap()
    proxy = await start_proxy()
    await proxy.post("/api/config", {"autoChargeEnabled": "true"})
    charger = make_charger(proxy.url, version, observer=tap)
    await charger.until(lambda: charger.accepted and not charger.waiting)
    charger.plug_in(vehicle=Vehicle())
    charger.present_tag()
    await charger.until(lambda: charger.charging.evses[0].transaction)
    await charger.until(lambda: not charger.waiting)
    clock.advance(10)
    await charger.until(lambda: not charger.waiting)
    charger.unplug()
    await charger.until(lambda: not charger.waiting)

    [known] = await proxy.get("/api/chargers")
    await charger.stop()
    actions = {
        frame.message_id.key: frame.action
        for frame in map(parse, tap.sent)
        if isinstance(frame, Call)
    }
    for frame in map(parse, tap.received):
        assert isinstance(frame, CallResult), frame.text
        action = actions.pop(frame.message_id.key)
        assert official_schemas().validate_result(version, action, frame.payload) is None
    assert {} == actions, "every CALL was answered"
    assert "CP1" == known["charge_point_id"]


async def test_a_lost_csms_leaves_the_charger_connected(
    start_proxy: StartProxy, make_charger: MakeCharger
) -> None:
    """LC 10: after a short while the proxy stands in; the link comes back by itself."""
    async with SimulatedCsms() as csms:
        proxy = await start_proxy(csms.url, standalone_after=0.0)
        charger = make_charger(proxy.url)
        await charger.until(lambda: charger.accepted and not charger.waiting)

        await csms.stop()
        charger.beat()
        await charger.until(lambda: not charger.waiting)
        assert charger.connected
        await csms.start()
        await csms.until(lambda: "CP1" in csms.connections, timeout=20)

        assert charger.connected
        await charger.stop()
