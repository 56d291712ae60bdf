"""A simulated operator, its clock, and chargers that connect to it."""

from collections.abc import AsyncIterator, Callable

import pytest

from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.charger import ChargerSimulation, SimulatedCharger
from oye_proxy.simulator.clock import ManualClock
from oye_proxy.simulator.csms import SimulatedCsms

MakeCharger = Callable[..., SimulatedCharger]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def csms(clock: ManualClock) -> AsyncIterator[SimulatedCsms]:
    async with SimulatedCsms(clock=clock) as operator:
        yield operator
        assert [] == operator.ledger.violations


@pytest.fixture
async def make_charger(csms: SimulatedCsms, clock: ManualClock) -> AsyncIterator[MakeCharger]:
    """Return a function that starts a charger; settings as keyword arguments."""
    chargers: list[SimulatedCharger] = []

    def make(
        version: OcppVersion = OcppVersion.V1_6, charge_point_id: str = "CP1", **others: object
    ) -> SimulatedCharger:
        settings = ChargerSimulation(
            url=csms.url,
            charge_point_id=charge_point_id,
            version=version,
            **others,  # type: ignore[arg-type]  # whatever field the test names
        )
        charger = SimulatedCharger(settings, clock=clock)
        charger.start()
        chargers.append(charger)
        return charger

    yield make
    for charger in chargers:
        await charger.stop()
