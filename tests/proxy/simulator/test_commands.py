"""The operator's commands in the words of each version; the receiving schema is the judge."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.csms import SimulatedCsms
from oye_proxy.simulator.identity import SUBPROTOCOL_OF
from oye_proxy.simulator.official import official_schemas
from oye_proxy.simulator.scripted import ScriptedCharger

Commanding = Callable[[SimulatedCsms], Coroutine[Any, Any, Any]]

COMMANDS: list[tuple[Commanding, str, str]] = [
    (
        lambda csms: csms.remote_start("CP1", "A"),
        "RemoteStartTransaction",
        "RequestStartTransaction",
    ),
    (
        lambda csms: csms.remote_start("CP1", "A", evse_id=None),
        "RemoteStartTransaction",
        "RequestStartTransaction",
    ),
    (lambda csms: csms.remote_stop("CP1", "7"), "RemoteStopTransaction", "RequestStopTransaction"),
    (lambda csms: csms.reset("CP1"), "Reset", "Reset"),
    (lambda csms: csms.reset("CP1", at_once=True), "Reset", "Reset"),
    (lambda csms: csms.trigger("CP1", "Heartbeat"), "TriggerMessage", "TriggerMessage"),
    (lambda csms: csms.trigger("CP1", "Heartbeat", evse_id=1), "TriggerMessage", "TriggerMessage"),
    (lambda csms: csms.set_limit("CP1", 10.5), "SetChargingProfile", "SetChargingProfile"),
    (
        lambda csms: csms.set_limit("CP1", 10.5, evse_id=0, purpose="ChargingStationMaxProfile"),
        "SetChargingProfile",
        "SetChargingProfile",
    ),
    (
        lambda csms: csms.set_limit("CP1", 0, purpose="TxProfile", transaction_id="7"),
        "SetChargingProfile",
        "SetChargingProfile",
    ),
    (lambda csms: csms.clear_limit("CP1"), "ClearChargingProfile", "ClearChargingProfile"),
]


@pytest.mark.parametrize("version", list(OcppVersion))
@pytest.mark.parametrize(("command", "old", "new"), COMMANDS)
async def test_a_command_keeps_to_its_schema(
    version: OcppVersion, command: Commanding, old: str, new: str
) -> None:
    received: list[Call] = []

    def respond(call: Call) -> dict[str, str]:
        received.append(call)
        return {"status": "Accepted"}

    async with SimulatedCsms() as csms:
        charger = await ScriptedCharger.connect(
            f"{csms.url}/CP1", subprotocols=[SUBPROTOCOL_OF[version]], responder=respond
        )
        async with charger:
            await csms.until(lambda: csms.connections)
            await command(csms)

    [call] = received
    assert (old if version.is_1_6 else new) == call.action
    assert official_schemas().validate_call(version, call.action, call.payload) is None
