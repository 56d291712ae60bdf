"""Two chargers and an operator that show a newcomer traffic within seconds."""

import asyncio

from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.charger import SimulatedCharger
from oye_proxy.simulator.clock import Clock, ScaledClock
from oye_proxy.simulator.configuration import MEASURANDS
from oye_proxy.simulator.csms import SimulatedCsms
from oye_proxy.simulator.identity import ChargerSimulation
from oye_proxy.tasks import cancel, spawn

DEMO_CHARGERS = {"DEMO-16": OcppVersion.V1_6, "DEMO-201": OcppVersion.V2_0_1}
BEFORE_PLUG, BEFORE_TAG, CHARGING, BEFORE_LEAVING, PAUSE = 2.0, 2.0, 90.0, 5.0, 15.0
BETWEEN_SAMPLES = 2.0


class Demo:
    """A simulated operator and the chargers of DEMO_CHARGERS, which charge again and again."""

    def __init__(self, *, clock: Clock | None = None) -> None:
        self.csms = SimulatedCsms(clock=clock)
        self.chargers: list[SimulatedCharger] = []
        self._clock = clock or ScaledClock()
        self._visitors: list[asyncio.Task[None]] = []

    @property
    def csms_url(self) -> str:
        """The address of the operator, known once it is prepared."""
        return self.csms.url

    async def prepare(self) -> None:
        """Start the operator, before the proxy that shall dial it."""
        await self.csms.start()

    async def start(self, proxy_url: str) -> None:
        """Start the chargers; they connect to `{proxy_url}/ocpp/{id}`."""
        for number, (charge_point_id, version) in enumerate(DEMO_CHARGERS.items()):
            settings = ChargerSimulation(
                url=proxy_url,
                charge_point_id=charge_point_id,
                version=version,
                vendor="OYE",
                model="Demo",
                reconnect_delay=2.0,
                meter_interval=BETWEEN_SAMPLES,
                seed=number,
                measurands=_all_measurands(version),
            )
            charger = SimulatedCharger(settings, clock=self._clock)
            charger.start()
            self.chargers.append(charger)
            visitor = spawn(self._visit(charger), name=f"demo visitor of {charge_point_id}")
            self._visitors.append(visitor)

    async def stop(self) -> None:
        """End chargers and operator."""
        await cancel(*self._visitors)
        for charger in self.chargers:
            await charger.stop()
        self.chargers.clear()
        await self.csms.stop()

    async def _visit(self, charger: SimulatedCharger) -> None:
        """Plug in, charge, leave, and come again."""
        while True:
            await self._clock.sleep(BEFORE_PLUG)
            charger.plug_in()
            await self._clock.sleep(BEFORE_TAG)
            while charger.charging.evses[0].transaction is None:
                charger.present_tag()
                await self._clock.sleep(BEFORE_TAG)
            await self._clock.sleep(CHARGING)
            if charger.charging.evses[0].transaction is not None:
                charger.present_tag()
            await self._clock.sleep(BEFORE_LEAVING)
            charger.unplug()
            await self._clock.sleep(PAUSE)


def _all_measurands(version: OcppVersion) -> str:
    """Return all that the meter has; 2.x knows no temperature (P2 MeasurandEnumType)."""
    names = (name for name in MEASURANDS if version.is_1_6 or name != "Temperature")
    return ",".join(names)
