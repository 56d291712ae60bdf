"""A simulated operator, its clock, and chargers that connect to it."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from oye_proxy.ocppj.frames import CallError, CallResult
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.charger import ChargerSimulation, SimulatedCharger
from oye_proxy.simulator.clock import ManualClock
from oye_proxy.simulator.csms import SimulatedCsms
from oye_proxy.simulator.ledger import LedgerTransaction
from oye_proxy.simulator.vehicle import Vehicle

MakeCharger = Callable[..., SimulatedCharger]
every_version = pytest.mark.parametrize("version", list(OcppVersion))


async def booted(charger: SimulatedCharger) -> SimulatedCharger:
    """Wait until the operator accepted the charger and heard all it had to say."""
    await charger.until(lambda: charger.accepted and not charger.waiting)
    return charger


async def charging(csms: SimulatedCsms, charger: SimulatedCharger) -> LedgerTransaction:
    """Boot, plug in, show the tag; return the transaction as the operator knows it."""
    await booted(charger)
    charger.plug_in(vehicle=Vehicle())
    charger.present_tag()
    await csms.until(lambda: csms.ledger.transactions)
    await charger.until(lambda: not charger.waiting)
    return next(iter(csms.ledger.transactions.values()))


async def asked(csms: SimulatedCsms, action: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Send a CALL to the charger; return the payload of its result."""
    answer = await csms.command("CP1", action, payload)
    assert isinstance(answer, CallResult), answer.text
    return dict(answer.payload)


async def status_of(csms: SimulatedCsms, action: str, payload: dict[str, Any]) -> str:
    """Send a CALL to the charger; return the status in its result."""
    return str((await asked(csms, action, payload))["status"])


async def refusal_of(csms: SimulatedCsms, action: str, payload: dict[str, Any]) -> str:
    """Send a CALL that the charger refuses; return the code of its CALLERROR."""
    answer = await csms.command("CP1", action, payload)
    assert isinstance(answer, CallError)
    return answer.code


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


@pytest.fixture(params=[OcppVersion.V2_0_1, OcppVersion.V2_1])
async def charger_v2(request: pytest.FixtureRequest, make_charger: MakeCharger) -> SimulatedCharger:
    """Return a booted 2.x charger with two EVSEs."""
    return await booted(make_charger(request.param, connectors=2))
