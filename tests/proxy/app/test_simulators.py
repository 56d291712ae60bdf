"""The simulated chargers inside the proxy."""

from collections.abc import AsyncIterator

import pytest

from oye_proxy.api.system_models import SimulatorStart
from oye_proxy.app.simulators import KEY, MAX_SIMULATORS, Simulators
from oye_proxy.errors import ChargerUnknownError, ConflictError
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import StorageSettings
from oye_proxy.simulator.csms import SimulatedCsms
from oye_proxy.storage.config import ConfigStore
from oye_proxy.storage.database import Database

WANTED = SimulatorStart(plug_in=False)


def made(csms: SimulatedCsms, database: Database) -> Simulators:
    return Simulators(lambda: csms.url.removesuffix("/ocpp"), ConfigStore(database))


@pytest.fixture
async def simulators(csms: SimulatedCsms, database: Database) -> AsyncIterator[Simulators]:
    """Return those that connect to where a proxy would be."""
    simulators = made(csms, database)
    yield simulators
    await simulators.stop()


async def test_one_connects_under_a_name_of_its_own(
    simulators: Simulators,
) -> None:
    first = await simulators.start(WANTED)
    second = await simulators.start(SimulatorStart(version=OcppVersion.V2_0_1, plug_in=False))

    assert ["SIM-1", "SIM-2"] == [first.charge_point_id, second.charge_point_id]
    assert OcppVersion.V2_0_1 is second.version
    assert not first.connected
    await simulators._chargers["SIM-1"].until(lambda: simulators.running()[0].connected)


async def test_a_name_that_is_free_again_is_taken_again(simulators: Simulators) -> None:
    await simulators.start(WANTED)
    await simulators.start(WANTED)
    await simulators.stop_one("SIM-1")

    assert ["SIM-2"] == [one.charge_point_id for one in simulators.running()]
    assert "SIM-1" == (await simulators.start(WANTED)).charge_point_id


async def test_only_so_many_run(simulators: Simulators) -> None:
    for _ in range(MAX_SIMULATORS):
        await simulators.start(WANTED)

    with pytest.raises(ConflictError, match="end one first"):
        await simulators.start(WANTED)


async def test_only_one_that_runs_can_be_ended(simulators: Simulators) -> None:
    with pytest.raises(ChargerUnknownError):
        await simulators.stop_one("CP1")


async def test_without_a_port_none_can_be_started(database: Database) -> None:
    with pytest.raises(ConflictError, match="needs a port"):
        await Simulators(lambda: None, ConfigStore(database)).start(WANTED)


async def test_those_that_were_not_ended_come_back_after_a_restart(
    csms: SimulatedCsms, database: Database
) -> None:
    before = made(csms, database)
    for wanted in (WANTED, WANTED, SimulatorStart(version=OcppVersion.V2_1, plug_in=False)):
        await before.start(wanted)
    await before.stop_one("SIM-1")
    await before.stop()
    after = made(csms, database)
    await after.restore()
    found = [(one.charge_point_id, one.version) for one in after.running()]
    free = (await after.start(WANTED)).charge_point_id
    await after.stop()

    assert [("SIM-2", OcppVersion.V1_6), ("SIM-3", OcppVersion.V2_1)] == found
    assert "SIM-1" == free


async def test_those_wait_while_there_is_no_port(csms: SimulatedCsms, database: Database) -> None:
    before = made(csms, database)
    await before.start(WANTED)
    await before.stop()
    without = Simulators(lambda: None, ConfigStore(database))
    await without.restore()
    after = made(csms, database)
    await after.restore()
    found = after.running()
    await after.stop()

    assert ([], 1) == (without.running(), len(found))


@pytest.mark.parametrize("text", ["", "{}", "[[[", '[{"number":"x"}]'])
async def test_a_list_that_cannot_be_read_is_none(
    csms: SimulatedCsms, database: Database, text: str
) -> None:
    await ConfigStore(database).set({KEY: text})
    simulators = made(csms, database)
    await simulators.restore()

    assert [] == simulators.running()


async def test_a_dead_database_forgets_them_but_lets_them_run(csms: SimulatedCsms) -> None:
    closed = Database(StorageSettings(memory=True))
    simulators = made(csms, closed)
    await simulators.start(WANTED)
    running = simulators.running()
    await simulators.stop()

    assert ["SIM-1"] == [one.charge_point_id for one in running]
