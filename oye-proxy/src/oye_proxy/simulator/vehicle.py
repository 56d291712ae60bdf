"""The physics: a car with a battery, and the meter between it and the mains."""

import random
from enum import StrEnum

from msgspec import Struct

NOMINAL_VOLTAGE_V = 230.0
MINIMUM_CURRENT_A = 6.0  # IEC 61851-1: less cannot be offered
POWER_FACTOR = 0.99
_TAPER_FROM = 0.8
_TAPERED_SHARE = 0.1
_VOLTAGE_BAND_V = 4.0
_VOLTAGE_STEP_V = 0.4


class Flow(StrEnum):
    """Whether energy flows into the car, and who holds it back if not."""

    CHARGING = "Charging"
    SUSPENDED_EV = "SuspendedEV"
    SUSPENDED_EVSE = "SuspendedEVSE"


class Vehicle(Struct, kw_only=True):
    """A car; its state of charge follows the energy that it took."""

    capacity_wh: float = 60_000.0
    stored_wh: float = 24_000.0
    max_current_a: float = 16.0
    phases: int = 3
    efficiency: float = 0.92

    @property
    def soc_percent(self) -> float:
        """The battery's state of charge."""
        return 100.0 * self.stored_wh / self.capacity_wh

    @property
    def wanted_current_a(self) -> float:
        """What the car would take now: constant to 80 %, then falling, none when full."""
        share = self.stored_wh / self.capacity_wh
        if share >= 1.0:
            return 0.0
        if share <= _TAPER_FROM:
            return self.max_current_a
        left = (1.0 - share) / (1.0 - _TAPER_FROM)
        tapered = self.max_current_a * (_TAPERED_SHARE + (1.0 - _TAPERED_SHARE) * left)
        return max(tapered, MINIMUM_CURRENT_A)

    def store(self, energy_wh: float) -> None:
        """Take energy from the outlet."""
        self.stored_wh = min(self.stored_wh + energy_wh * self.efficiency, self.capacity_wh)


class Meter:
    """An electricity meter with three phases and a register that only rises."""

    def __init__(self, *, register_wh: float, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  mains noise, no secret
        self.register_wh = register_wh
        self.voltages_v = [NOMINAL_VOLTAGE_V + self._random.uniform(-2, 2) for _ in range(3)]
        self.currents_a = [0.0, 0.0, 0.0]

    @property
    def powers_w(self) -> list[float]:
        """Active power per phase."""
        pairs = zip(self.voltages_v, self.currents_a, strict=True)
        return [voltage * current * POWER_FACTOR for voltage, current in pairs]

    @property
    def power_w(self) -> float:
        """Active power of all phases."""
        return sum(self.powers_w)

    def set_current(self, current_a: float, phases: int) -> None:
        """Let this current flow through so many phases from now on."""
        self.currents_a = [current_a if phase < phases else 0.0 for phase in range(3)]

    def pass_time(self, seconds: float) -> float:
        """Count the energy of so many seconds and return it; the mains voltage wanders."""
        energy_wh = self.power_w * seconds / 3600.0
        self.register_wh += energy_wh
        for phase in range(3):
            step = self._random.uniform(-_VOLTAGE_STEP_V, _VOLTAGE_STEP_V)
            voltage = self.voltages_v[phase] + step
            low, high = NOMINAL_VOLTAGE_V - _VOLTAGE_BAND_V, NOMINAL_VOLTAGE_V + _VOLTAGE_BAND_V
            self.voltages_v[phase] = min(max(voltage, low), high)
        return energy_wh


class Offer(Struct, frozen=True):
    """What the charger lets flow: amperes per phase, and how many phases."""

    current_a: float
    phases: int


def settle(vehicle: Vehicle | None, offer: Offer) -> tuple[Flow, Offer]:
    """Return what flows between an offer and a car's wish, and who limits it to nothing."""
    nothing = Offer(0.0, 0)
    if offer.current_a < MINIMUM_CURRENT_A:
        return Flow.SUSPENDED_EVSE, nothing
    if vehicle is None or vehicle.wanted_current_a <= 0:
        return Flow.SUSPENDED_EV, nothing
    phases = min(offer.phases, vehicle.phases)
    return Flow.CHARGING, Offer(min(offer.current_a, vehicle.wanted_current_a), phases)
