"""The simulated chargers that run inside the proxy, for people who have none at hand."""

from collections.abc import Callable
from typing import Final

from oye_proxy.api.system_models import SimulatorEntry, SimulatorStart
from oye_proxy.errors import ChargerUnknownError, ConflictError
from oye_proxy.simulator.charger import ChargerSimulation, SimulatedCharger

MAX_SIMULATORS: Final = 5
PREFIX: Final = "SIM-"


class Simulators:
    """Owns simulated chargers; `url` tells where they connect, None when there is no port."""

    def __init__(self, url: Callable[[], str | None]) -> None:
        self._url = url
        self._chargers: dict[str, SimulatedCharger] = {}

    def running(self) -> list[SimulatorEntry]:
        """Return those that run."""
        return [_entry(charger) for charger in self._chargers.values()]

    def start(self, wanted: SimulatorStart) -> SimulatorEntry:
        """Start one under a name that is free; raise ConflictError when there are enough."""
        url = self._url()
        if url is None:
            raise ConflictError(
                "A simulated charger needs a port of the proxy, and here a server stands in front"
            )
        if len(self._chargers) >= MAX_SIMULATORS:
            raise ConflictError(f"{MAX_SIMULATORS} simulated chargers run already: end one first")
        number = next(one for one in range(1, 100) if _name(one) not in self._chargers)
        settings = ChargerSimulation(
            url=url,
            charge_point_id=_name(number),
            version=wanted.version,
            connectors=wanted.connectors,
            plug_in=wanted.plug_in,
            vendor="OYE",
            model="Simulated charger",
            seed=number,
        )
        charger = SimulatedCharger(settings)
        self._chargers[settings.charge_point_id] = charger
        charger.start()
        return _entry(charger)

    async def stop_one(self, charge_point_id: str) -> None:
        """End one; raise ChargerUnknownError when it does not run."""
        charger = self._chargers.pop(charge_point_id, None)
        if charger is None:
            raise ChargerUnknownError(f"No simulated charger {charge_point_id!r} runs")
        await charger.stop()

    async def stop(self) -> None:
        """End all of them."""
        while self._chargers:
            _, charger = self._chargers.popitem()
            await charger.stop()


def _name(number: int) -> str:
    return f"{PREFIX}{number}"


def _entry(charger: SimulatedCharger) -> SimulatorEntry:
    return SimulatorEntry(
        charge_point_id=charger.settings.charge_point_id,
        version=charger.settings.version,
        connected=charger.connected,
    )
