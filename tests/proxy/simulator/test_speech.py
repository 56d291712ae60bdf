"""A charger's parts fit together; what it says of itself is what it is."""

import pytest
from tests.proxy.simulator.conftest import MakeCharger, booted

from oye_proxy.ocppj.frames import CallResult
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.clock import START, rfc3339
from oye_proxy.simulator.csms import SimulatedCsms


async def read(csms: SimulatedCsms, component: str, variable: str, **evse: int) -> str:
    named: dict[str, object] = {"name": component}
    if evse:
        named["evse"] = evse
    asking = {"getVariableData": [{"component": named, "variable": {"name": variable}}]}
    answer = await csms.command("CP1", "GetVariables", asking)
    assert isinstance(answer, CallResult)
    return str(answer.payload["getVariableResult"][0]["attributeValue"])


@pytest.mark.parametrize("version", [OcppVersion.V2_0_1, OcppVersion.V2_1])
async def test_the_device_model_tells_the_state_of_now(
    csms: SimulatedCsms, make_charger: MakeCharger, version: OcppVersion
) -> None:
    charger = await booted(make_charger(version, connectors=2))
    charger.charging.tags.local_list["a"] = "Accepted"
    charger.plug_in(2)
    charger.present_tag(evse_id=2)
    await csms.until(lambda: csms.ledger.transactions)

    assert "Available" == await read(csms, "EVSE", "AvailabilityState", id=1)
    assert "Occupied" == await read(csms, "Connector", "AvailabilityState", id=2, connectorId=1)
    assert 0 == float(await read(csms, "EVSE", "Power", id=1))
    assert float(await read(csms, "EVSE", "Power", id=2)) > 10_000
    assert rfc3339(START) == await read(csms, "ClockCtrlr", "DateTime")
    assert "CP1" == await read(csms, "SecurityCtrlr", "Identity")
    assert "1" == await read(csms, "LocalAuthListCtrlr", "Entries")
    assert "22080" == await read(csms, "ChargingStation", "PowerRating")
