"""What a 2.x charger tells of itself; the conftest's operator judges answers by schema."""

import pytest
from tests.proxy.simulator.conftest import asked, status_of

from oye_proxy.simulator.charger import SimulatedCharger
from oye_proxy.simulator.clock import ManualClock
from oye_proxy.simulator.csms import SimulatedCsms


@pytest.fixture
def charger(charger_v2: SimulatedCharger) -> SimulatedCharger:
    return charger_v2


@pytest.mark.parametrize(("base", "least"), [("FullInventory", 50), ("ConfigurationInventory", 20)])
async def test_a_base_report_comes_in_parts(
    csms: SimulatedCsms, charger: SimulatedCharger, base: str, least: int
) -> None:
    """B07: seqNo counts up, only the last part has no tbc."""
    asking = {"requestId": 8, "reportBase": base}
    assert "Accepted" == await status_of(csms, "GetBaseReport", asking)
    await charger.until(lambda: not charger.waiting)

    parts = [call.payload for call in csms.ledger.calls_of("CP1", "NotifyReport")]
    assert list(range(len(parts))) == [part["seqNo"] for part in parts]
    assert [True] * (len(parts) - 1) + [False] == [part["tbc"] for part in parts]
    assert {8} == {part["requestId"] for part in parts}
    assert sum(len(part["reportData"]) for part in parts) >= least


async def test_a_report_tells_what_was_asked(
    csms: SimulatedCsms, charger: SimulatedCharger
) -> None:
    wanted = [{"component": {"name": "EVSE", "evse": {"id": 2}}}]
    asking = {"requestId": 8, "componentVariable": wanted, "componentCriteria": ["Available"]}

    assert "Accepted" == await status_of(csms, "GetReport", asking)
    await charger.until(lambda: not charger.waiting)
    [part] = csms.ledger.calls_of("CP1", "NotifyReport")

    assert {2} == {each["component"]["evse"]["id"] for each in part.payload["reportData"]}


async def test_variables_are_read_and_written(
    csms: SimulatedCsms, charger: SimulatedCharger, clock: ManualClock
) -> None:
    name = {
        "component": {"name": "OCPPCommCtrlr"},
        "variable": {"name": "HeartbeatInterval"},
    }
    written = await asked(
        csms, "SetVariables", {"setVariableData": [{**name, "attributeValue": "7"}]}
    )
    read = await asked(csms, "GetVariables", {"getVariableData": [name]})
    clock.advance(7)
    await csms.until(lambda: csms.ledger.calls_of("CP1", "Heartbeat"))

    assert "Accepted" == written["setVariableResult"][0]["attributeStatus"]
    assert "7" == read["getVariableResult"][0]["attributeValue"]
    assert charger.accepted


async def test_a_new_password_is_used_at_once(
    csms: SimulatedCsms, charger: SimulatedCharger, clock: ManualClock
) -> None:
    """A01."""
    name = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}
    wish = {**name, "attributeValue": "a-new-password-16"}

    await asked(csms, "SetVariables", {"setVariableData": [wish]})
    await charger.until(lambda: not charger.connected)
    clock.advance(5)
    await csms.until(lambda: "CP1" in csms.connections)

    request = csms.connections["CP1"].websocket.request
    assert request is not None
    assert "Basic Q1AxOmEtbmV3" == request.headers["Authorization"][:18]


async def test_customer_information_comes_in_parts_and_shows_no_whole_tag(
    csms: SimulatedCsms, charger: SimulatedCharger
) -> None:
    """N09."""
    asking = {
        "requestId": 3,
        "report": True,
        "clear": True,
        "idToken": {"idToken": "04A1B2C3D4", "type": "ISO14443"},
    }

    assert "Accepted" == await status_of(csms, "CustomerInformation", asking)
    await charger.until(lambda: not charger.waiting)
    parts = [call.payload for call in csms.ledger.calls_of("CP1", "NotifyCustomerInformation")]

    assert [True, False] == [part["tbc"] for part in parts]
    assert ["Tag C3D4", "Status unknown"] == [part["data"] for part in parts]


@pytest.mark.usefixtures("charger")
@pytest.mark.parametrize(("slot", "expected"), [(1, "Accepted"), (9, "Rejected")])
async def test_a_network_profile_needs_a_slot_that_exists(
    csms: SimulatedCsms, slot: int, expected: str
) -> None:
    """B09.FR.02."""
    connection = {
        "ocppVersion": "OCPP20",
        "ocppTransport": "JSON",
        "ocppCsmsUrl": "wss://127.0.0.1/",
        "messageTimeout": 30,
        "securityProfile": 1,
        "ocppInterface": "Wired0",
    }
    payload = {"configurationSlot": slot, "connectionData": connection}

    assert expected == await status_of(csms, "SetNetworkProfile", payload)
