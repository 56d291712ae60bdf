"""The parts together: started in order, stopped in reverse."""

import asyncio
from pathlib import Path

import msgspec
import pytest
from tests.proxy.app.conftest import BOOT, ask, connect, settings

from oye_proxy.app import running
from oye_proxy.ocppj.frames import CallResult
from oye_proxy.settings import (
    ChargerSettings,
    CsmsSettings,
    OcppSettings,
    UnknownChargers,
    Validation,
)
from oye_proxy.simulator.scripted import HandshakeRefusedError, ScriptedCsms


async def test_stopping_closes_chargers_as_going_away_and_their_links(tmp_path: Path) -> None:
    """1001 to the other side when the proxy stops."""
    async with ScriptedCsms() as csms:
        forwarding = CsmsSettings(url=f"{csms.url}/ocpp")
        async with running(settings(tmp_path, csms=forwarding)) as proxy:
            charger = await connect(proxy)
            link = await csms.next_connection()
        codes = (await charger.wait_ended(), await link.wait_ended())
        await charger.close()

    assert (1001, 1001) == codes


async def test_an_injection_reaches_the_charger_and_is_counted(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as proxy, await connect(proxy) as charger:
        body = {"action": "ClearCache", "payload": {}}
        sending = asyncio.ensure_future(
            ask(proxy, "/api/inject/CP1?wait=10", method="POST", json=body)
        )
        await charger.answer_next({"status": "Accepted"}, "ClearCache")
        status, answer = await sending
        _, metrics = await ask(proxy, "/metrics")

    assert 200 == status
    assert '"accepted":true' in answer
    assert 'oye_injections_total{outcome="answered"} 1.0' in metrics
    assert "ocpp_connections_active 1.0" in metrics
    assert "oye_csms_links_open 0.0" in metrics


async def test_enforced_schemas_refuse_calls(tmp_path: Path) -> None:
    strict = OcppSettings(validation=Validation.ENFORCE)
    async with ScriptedCsms() as csms:
        forwarding = CsmsSettings(url=f"{csms.url}/ocpp")
        async with (
            running(settings(tmp_path, ocpp=strict, csms=forwarding)) as proxy,
            await connect(proxy) as charger,
        ):
            answer = await charger.send_call("BootNotification", {"chargePointVendor": "OYE"})

    assert not isinstance(answer, CallResult)


async def test_enforced_schemas_refuse_the_owners_commands(tmp_path: Path) -> None:
    """The refusal names what is wrong, and the charger hears nothing of it."""
    strict = OcppSettings(validation=Validation.ENFORCE)
    async with (
        running(settings(tmp_path, ocpp=strict)) as proxy,
        await connect(proxy) as charger,
    ):
        await charger.send_call("BootNotification", BOOT)
        body = {"action": "TriggerMessage", "payload": {}}
        status, text = await ask(proxy, "/api/inject/CP1", method="POST", json=body)
        valid = {"action": "ClearCache", "payload": {}, "confirm": True}
        sent, _ = await ask(proxy, "/api/inject/CP1", method="POST", json=valid)
        heard = await charger.receive_call()
        _, info = await ask(proxy, "/api/info")

    refusal = msgspec.json.decode(text)
    assert (400, "invalid_payload") == (status, refusal["code"])
    assert "requestedMessage" in refusal["error"]
    assert (200, "ClearCache") == (sent, heard.action)
    assert "enforce" == msgspec.json.decode(info)["validation"]


@pytest.mark.parametrize("validation", [Validation.OFF, Validation.WARN])
async def test_else_the_owner_may_send_what_breaks_a_schema(
    tmp_path: Path, validation: Validation
) -> None:
    lenient = OcppSettings(validation=validation)
    async with (
        running(settings(tmp_path, ocpp=lenient)) as proxy,
        await connect(proxy) as charger,
    ):
        await charger.send_call("BootNotification", BOOT)
        body = {"action": "TriggerMessage", "payload": {}}
        status, _ = await ask(proxy, "/api/inject/CP1", method="POST", json=body)
        heard = await charger.receive_call()
        _, info = await ask(proxy, "/api/info")

    assert (200, "TriggerMessage", {}) == (status, heard.action, heard.payload)
    assert validation == msgspec.json.decode(info)["validation"]


async def test_strangers_can_be_made_to_wait(tmp_path: Path) -> None:
    careful = ChargerSettings(unknown=UnknownChargers.APPROVE)
    async with running(settings(tmp_path, charger=careful)) as proxy:
        with pytest.raises(HandshakeRefusedError) as refusal:
            await connect(proxy)
        _, state = await ask(proxy, "/api/state")

    assert 404 == refusal.value.status
    assert '"approved":false' in state
