"""The simulated chargers inside the proxy."""

from collections.abc import AsyncIterator

import pytest

from oye_proxy.api.system_models import SimulatorStart
from oye_proxy.app.simulators import MAX_SIMULATORS, Simulators
from oye_proxy.errors import ChargerUnknownError, ConflictError
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.csms import SimulatedCsms

WANTED = SimulatorStart(plug_in=False)


@pytest.fixture
async def csms() -> AsyncIterator[SimulatedCsms]:
    csms = SimulatedCsms()
    await csms.start()
    yield csms
    await csms.stop()


@pytest.fixture
async def simulators(csms: SimulatedCsms) -> AsyncIterator[Simulators]:
    """Return those that connect to where a proxy would be."""
    simulators = Simulators(lambda: csms.url.removesuffix("/ocpp"))
    yield simulators
    await simulators.stop()


async def test_one_connects_under_a_name_of_its_own(
    simulators: Simulators,
) -> None:
    first = simulators.start(WANTED)
    second = simulators.start(SimulatorStart(version=OcppVersion.V2_0_1, plug_in=False))

    assert ["SIM-1", "SIM-2"] == [first.charge_point_id, second.charge_point_id]
    assert OcppVersion.V2_0_1 is second.version
    assert not first.connected
    await simulators._chargers["SIM-1"].until(lambda: simulators.running()[0].connected)


async def test_a_name_that_is_free_again_is_taken_again(simulators: Simulators) -> None:
    simulators.start(WANTED)
    simulators.start(WANTED)
    await simulators.stop_one("SIM-1")

    assert ["SIM-2"] == [one.charge_point_id for one in simulators.running()]
    assert "SIM-1" == simulators.start(WANTED).charge_point_id


async def test_only_so_many_run(simulators: Simulators) -> None:
    for _ in range(MAX_SIMULATORS):
        simulators.start(WANTED)

    with pytest.raises(ConflictError, match="end one first"):
        simulators.start(WANTED)


async def test_only_one_that_runs_can_be_ended(simulators: Simulators) -> None:
    with pytest.raises(ChargerUnknownError):
        await simulators.stop_one("CP1")


async def test_without_a_port_none_can_be_started() -> None:
    with pytest.raises(ConflictError, match="needs a port"):
        Simulators(lambda: None).start(WANTED)
