"""
A home with chargers and an operator.

`garage` speaks OCPP 1.6 and has one connector, `carport` 2.0.1 and two. They and the operator are
simulated in this process, so that a test sees the meter of the one and the ledger of the other;
their lines to the home can be pulled out.
"""

import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from msgspec import Struct, json
from tests.e2e.home_assistant.home import LAN_ADDRESS, OPERATOR_ADDRESS, Home, running_home
from tests.e2e.home_assistant.line import Line

from home_assistant.client import numbers_in
from home_assistant.network import Network
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.charger import SimulatedCharger
from oye_proxy.simulator.csms import SimulatedCsms
from oye_proxy.simulator.identity import ChargerSimulation

GARAGE: Final = "GARAGE"
CARPORT: Final = "CARPORT"
OPERATOR_PORT: Final = 9000
CHARGER_PORT: Final = 9080
METER_SECONDS: Final = 2.0
RECONNECT_SECONDS: Final = 1.0
# What a car that takes 11 kW cannot exceed while a test looks.
JUMP_KWH: Final = 0.5
CHARGE_LIMIT: Final = "number.garage_charge_limit"


class Charger:
    """A simulated charger on a line of its own, and the commands that reached it."""

    def __init__(self, home: Home, charge_point_id: str, version: OcppVersion) -> None:
        self.line = Line(Network(), ("127.0.0.1", 0), home.network, (LAN_ADDRESS, CHARGER_PORT))
        self.commands: list[str] = []
        self._id = charge_point_id
        self._version = version
        self._simulated: SimulatedCharger | None = None

    @property
    def simulated(self) -> SimulatedCharger:
        """The charger itself."""
        assert self._simulated is not None
        return self._simulated

    @property
    def power_w(self) -> float:
        """What its own meter shows."""
        return self.simulated.charging.evses[0].meter.power_w

    @property
    def transaction_id(self) -> str | None:
        """The transaction on its first connector."""
        transaction = self.simulated.charging.evses[0].transaction
        return None if transaction is None else str(transaction.transaction_id)

    @asynccontextmanager
    async def running(self, connectors: int) -> AsyncIterator[None]:
        """Run it to the end of the context."""
        async with self.line:
            self._simulated = SimulatedCharger(
                ChargerSimulation(
                    url=f"ws://127.0.0.1:{self.line.port}",
                    charge_point_id=self._id,
                    version=self._version,
                    connectors=connectors,
                    meter_interval=METER_SECONDS,
                    reconnect_delay=RECONNECT_SECONDS,
                    boot_on_reconnect=False,
                ),
                observer=self._see,
            )
            self._simulated.start()
            try:
                yield
            finally:
                await self._simulated.stop()

    def _see(self, text: str, *, outgoing: bool) -> None:
        frame = json.decode(text)
        if not outgoing and frame[0] == 2:
            self.commands.append(frame[2])


class Site(Struct, frozen=True):
    """A home, its chargers and their operator."""

    home: Home
    operator: SimulatedCsms
    operator_line: Line
    garage: Charger
    carport: Charger
    began: datetime

    async def charge_in_garage(self) -> None:
        """Have a car charge in the garage without a limit of the owner, whatever was before."""
        client = self.home.client
        simulated = self.garage.simulated
        await client.until_state("binary_sensor.garage_connected", "on")
        await client.until_state("binary_sensor.garage_csms_connected", "on")
        if simulated.charging.evses[0].vehicle is None:
            simulated.plug_in()
            await client.until_state("binary_sensor.garage_plug", "on")
        if self.garage.transaction_id is None:
            await client.perform("button.press", entity_id="button.garage_start_charging")
        await client.until_state("sensor.garage_status", "charging")
        await client.perform("number.set_value", {"value": 32}, entity_id=CHARGE_LIMIT)
        await client.until_number("sensor.garage_power", lambda watts: watts > 9000)

    async def unplug_in_garage(self) -> None:
        """Take the car out of the garage."""
        self.garage.simulated.unplug()
        await self.home.client.until_state("sensor.garage_status", "available")

    async def energy_that_was_shown(self) -> list[float]:
        """Return what the energy sensor of the garage has shown, in kilowatt-hours."""
        return numbers_in(await self.home.client.history("sensor.garage_energy", self.began))

    async def device_id(self, name: str) -> str:
        """Return the id of a device or a child device by its name."""
        listed = await self.home.client.ask("config/device_registry/list")
        found: str = next(one["id"] for one in listed if one["name"] == name)
        return found


def jumps(energy: list[float]) -> list[tuple[float, float]]:
    """Return each step that no car can make, downward ones too."""
    return [
        (before, after)
        for before, after in itertools.pairwise(energy)
        if not 0 <= after - before < JUMP_KWH
    ]


@asynccontextmanager
async def running_site(folder: Path) -> AsyncIterator[Site]:
    """Run a site whose discovery is accepted and whose chargers are known."""
    url = f"ws://{OPERATOR_ADDRESS}:{OPERATOR_PORT}"
    async with AsyncExitStack() as stack:
        home = await stack.enter_async_context(running_home(folder, csms_url=url))
        operator = await stack.enter_async_context(SimulatedCsms())
        target = ("127.0.0.1", int(operator.url.rpartition(":")[2]))
        operator_line = await stack.enter_async_context(
            Line(home.network, (OPERATOR_ADDRESS, OPERATOR_PORT), Network(), target)
        )
        garage = Charger(home, GARAGE, OcppVersion.V1_6)
        carport = Charger(home, CARPORT, OcppVersion.V2_0_1)
        began = datetime.now(UTC)
        await home.accept_discovery()
        await stack.enter_async_context(garage.running(connectors=1))
        await stack.enter_async_context(carport.running(connectors=2))
        site = Site(home, operator, operator_line, garage, carport, began)
        for connector in (f"{GARAGE}_1_plug", f"{CARPORT}_2_plug"):
            await home.client.until(partial(home.client.entity_id, "oye", connector))
        yield site
