"""
The simulated chargers that run inside the proxy, for people who have none at hand.

They are remembered until they are ended: after a restart of the proxy they come back.
"""

import logging
from collections.abc import Callable
from typing import Final

import msgspec
from msgspec import Struct

from oye_proxy.api.system_models import SimulatorEntry, SimulatorStart
from oye_proxy.errors import ChargerUnknownError, ConflictError, StorageError
from oye_proxy.simulator.charger import ChargerSimulation, SimulatedCharger
from oye_proxy.state import ConfigStorage

MAX_SIMULATORS: Final = 5
PREFIX: Final = "SIM-"
KEY: Final = "simulators"

_logger = logging.getLogger(__name__)


class _Kept(Struct, frozen=True):
    """One that is remembered."""

    number: int
    wanted: SimulatorStart


class Simulators:
    """
    Owns simulated chargers, remembered in `storage`.

    `url` tells where they connect, None when there is no port.
    """

    def __init__(self, url: Callable[[], str | None], storage: ConfigStorage) -> None:
        self._url = url
        self._storage = storage
        self._kept: dict[str, _Kept] = {}
        self._chargers: dict[str, SimulatedCharger] = {}

    async def restore(self) -> None:
        """Start those of before the proxy was stopped; without a port they wait for one."""
        text = (await self._storage.all()).get(KEY)
        url = self._url()
        if text is None or url is None:
            return
        try:
            kept = msgspec.json.decode(text, type=list[_Kept])
        except (ValueError, RecursionError):
            _logger.warning("the list of simulated chargers cannot be read; none is started")
            return
        for one in kept[:MAX_SIMULATORS]:
            self._run(one, url)

    def running(self) -> list[SimulatorEntry]:
        """Return those that run."""
        return [_entry(charger) for charger in self._chargers.values()]

    async def start(self, wanted: SimulatorStart) -> SimulatorEntry:
        """Start one under a name that is free; raise ConflictError when there are enough."""
        url = self._url()
        if url is None:
            raise ConflictError(
                "A simulated charger needs a port of the proxy, and here a server stands in front"
            )
        if len(self._chargers) >= MAX_SIMULATORS:
            raise ConflictError(f"{MAX_SIMULATORS} simulated chargers run already: end one first")
        number = next(one for one in range(1, 100) if _name(one) not in self._kept)
        entry = _entry(self._run(_Kept(number, wanted), url))
        await self._keep()
        return entry

    def _run(self, kept: _Kept, url: str) -> SimulatedCharger:
        number, wanted = kept.number, kept.wanted
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
        self._kept[settings.charge_point_id] = kept
        self._chargers[settings.charge_point_id] = charger
        charger.start()
        return charger

    async def stop_one(self, charge_point_id: str) -> None:
        """End one; raise ChargerUnknownError when it does not run."""
        charger = self._chargers.pop(charge_point_id, None)
        if charger is None:
            raise ChargerUnknownError(f"No simulated charger {charge_point_id!r} runs")
        del self._kept[charge_point_id]
        await charger.stop()
        await self._keep()

    async def stop(self) -> None:
        """End all of them; they are remembered."""
        while self._chargers:
            _, charger = self._chargers.popitem()
            await charger.stop()

    async def _keep(self) -> None:
        text = msgspec.json.encode(list(self._kept.values())).decode()
        try:
            await self._storage.set({KEY: text})
        except StorageError as error:
            _logger.warning("which simulated chargers run is not remembered: %s", error)


def _name(number: int) -> str:
    return f"{PREFIX}{number}"


def _entry(charger: SimulatedCharger) -> SimulatorEntry:
    return SimulatorEntry(
        charge_point_id=charger.settings.charge_point_id,
        version=charger.settings.version,
        connected=charger.connected,
    )
