"""Power where it is not measured, and what a charger is rated for."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from oye_proxy.ocppj.facts.model import CURRENT, ENERGY, POWER, VOLTAGE, SampleFacts
from oye_proxy.ocppj.facts.samples import LIVE_PHASES
from oye_proxy.ocppj.recent import Latest

NOMINAL_VOLTAGE: Final = 230.0
NOMINAL_PHASES: Final = 3
# Between phase and neutral, and 208 V between the phases of 120 V. Of 240 V nobody can say whether
# it is the nominal one or 230 V on a good day: it counts as 230 V.
_MAINS_VOLTAGES: Final = (100.0, 120.0, 208.0, NOMINAL_VOLTAGE)
_MAINS_TOLERANCE: Final = 0.12
# Less than this is a meter's noise.
_RISE: Final = 1.02

STALE_AFTER: Final = timedelta(seconds=600)

_SHORTEST = timedelta(seconds=30)
_LONGEST = timedelta(seconds=600)
_SPACING = timedelta(seconds=10)
_REGISTERS = 64
_HIGHEST_W = 2_000_000.0


class Power(Struct, frozen=True):
    """Power at a time; the lower the rank the better the source."""

    watts: float
    time: datetime
    rank: int
    estimated: bool = False


class PowerMeter:
    """Keeps one connector's power: measured, else from current and voltage, else from energy."""

    def __init__(self) -> None:
        self.power: Power | None = None
        self._registers: Latest[tuple[datetime, float]] = Latest(_REGISTERS)

    def observe(
        self, new: Mapping[str, SampleFacts], samples: Mapping[str, SampleFacts], now: datetime
    ) -> bool:
        """
        Take the samples of one moment; return whether they tell the power.

        `samples` are the newest of all measurands.
        """
        found = (
            _measured(new.get(POWER), now)
            or _from_current(new.get(CURRENT), samples.get(VOLTAGE), now)
            or self._from_energy(new.get(ENERGY), now)
        )
        if found is None or self._has_better(found):
            return False
        self.power = found
        return True

    def at(self, now: datetime) -> Power | None:
        """Return the power; an estimate from energy ends when no more energy is reported."""
        power = self.power
        if power and power.rank == _FROM_ENERGY and now - power.time > STALE_AFTER:
            return None
        return power

    def _has_better(self, found: Power) -> bool:
        present = self.power
        return (
            present is not None
            and present.rank < found.rank
            and found.time - present.time <= STALE_AFTER
        )

    def _from_energy(self, energy: SampleFacts | None, now: datetime) -> Power | None:
        if energy is None or energy.value is None:
            return None
        time, value = energy.time, energy.value
        # Registers of another meter or another clock say nothing.
        if self._registers and (value < self._registers[-1][1] or time < self._registers[-1][0]):
            self._registers.clear()
        earlier = next(
            (
                entry
                for entry in reversed(self._registers)
                if _SHORTEST <= time - entry[0] <= _LONGEST
            ),
            None,
        )
        if not self._registers or time - self._registers[-1][0] >= _SPACING:
            self._registers.append((time, value))
        if earlier is None:
            return None
        hours = (time - earlier[0]).total_seconds() / 3600
        return Power(round((value - earlier[1]) / hours, 1), now, _FROM_ENERGY, estimated=True)


class Rating:
    """
    What the charger can deliver: the highest that the best source ever said.

    The sources, best first: the power on offer, the current on offer, a composite schedule, the
    power that flowed. Currents and measured powers count at the nominal voltage, so that a rating
    does not move with the voltage of the moment; it rises by more than 2 % or not at all. Never
    less than what was measured: while a limit holds, every source tells the limit.
    """

    def __init__(self) -> None:
        self._highest: dict[str, float] = {}
        self.current_a: float | None = None

    @property
    def power_w(self) -> float | None:
        """The rating in W by the best source that spoke, at least what was measured."""
        said = (self._highest[source] for source in _RATING_SOURCES if source in self._highest)
        best = next(said, None)
        measured = self._highest.get(_MEASURED_POWER, 0.0)
        return measured if best is not None and measured > best * _RISE else best

    def restore(self, power_w: float | None, current_a: float | None) -> None:
        """Take the rating of an earlier life as the highest power measured."""
        self.note("seen", power_w)
        self.note(_MEASURED_POWER, power_w)
        self.current_a = current_a

    def observe(self, samples: Mapping[str, SampleFacts], power: Power | None) -> None:
        """Take what is on offer and what flows."""
        if offered := samples.get("Power.Offered"):
            self.note("power_offered", offered.value)
        if offered := samples.get("Current.Offered"):
            self.note_current("current_offered", offered.value, samples)
        if power:
            self.note("seen", at_nominal_voltage(power.watts, samples))
        if power and not power.estimated:
            self.note(_MEASURED_POWER, at_nominal_voltage(power.watts, samples))

    def note_current(
        self, source: str, current: float | None, samples: Mapping[str, SampleFacts]
    ) -> None:
        """Take a current on offer, with the nominal voltage and the phases that were measured."""
        if current is not None and current > 0:
            self.current_a = max(current, self.current_a or 0.0)
            watts = current * voltage_of(samples) * phases_of(samples)
            self.note(source, at_nominal_voltage(watts, samples))

    def note(self, source: str, watts: float | None) -> None:
        """Take a power of one of the sources."""
        if watts is not None and self._highest.get(source, 0.0) * _RISE < watts <= _HIGHEST_W:
            self._highest[source] = round(watts, 1)


def phases_of(samples: Mapping[str, SampleFacts]) -> int:
    """Return how many phases the measured currents and voltages have; 3 when none was measured."""
    measured = [samples[name] for name in (CURRENT, VOLTAGE) if name in samples]
    if not measured:
        return NOMINAL_PHASES
    return max(1, *(sum(phase in one.phases for phase in LIVE_PHASES) for one in measured))


def voltage_of(samples: Mapping[str, SampleFacts]) -> float:
    """Return the measured voltage, else 230 V."""
    measured = samples.get(VOLTAGE)
    return (measured.value if measured else None) or NOMINAL_VOLTAGE


def at_nominal_voltage(watts: float, samples: Mapping[str, SampleFacts]) -> float:
    """Return what a power at the measured voltage is at the nominal one; of no mains, as it is."""
    volts = voltage_of(samples)
    nominal = min(_MAINS_VOLTAGES, key=lambda one: abs(one - volts))
    if abs(volts - nominal) > nominal * _MAINS_TOLERANCE:
        return watts
    return watts * nominal / volts


_MEASURED, _FROM_CURRENT, _FROM_ENERGY = 0, 1, 2

_MEASURED_POWER: Final = "measured"
_RATING_SOURCES: Final = ("power_offered", "current_offered", "composite", "seen")


def _measured(power: SampleFacts | None, now: datetime) -> Power | None:
    if power is None or power.value is None:
        return None
    return Power(power.value, now, _MEASURED)


def _from_current(
    current: SampleFacts | None, voltage: SampleFacts | None, now: datetime
) -> Power | None:
    """Sum V x I over the phases of one moment; a missing voltage counts 230 V."""
    if current is None:
        return None
    volts = voltage.value if voltage else None
    per_phase = {phase: current.phases[phase] for phase in LIVE_PHASES if phase in current.phases}
    if per_phase:
        of_phase = voltage.phases if voltage else {}
        watts = sum(
            amperes * (of_phase.get(phase) or volts or NOMINAL_VOLTAGE)
            for phase, amperes in per_phase.items()
        )
        return Power(round(watts, 1), now, _FROM_CURRENT, estimated=not volts)
    if current.value is None:
        return None
    # One figure for all phases: as many as have a voltage, one for direct current.
    live = sum(1 for phase in LIVE_PHASES if voltage and voltage.phases.get(phase))
    watts = current.value * (volts or NOMINAL_VOLTAGE) * max(1, live)
    return Power(round(watts, 1), now, _FROM_CURRENT, estimated=not volts or live > 1)
