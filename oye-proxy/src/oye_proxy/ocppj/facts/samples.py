"""
Meter values into samples: one per measurand, phases and total apart, in base units.

Defaults of what a charger leaves out: C16 4.7 and 7.31, the same in 2.x. `SignedData` is no sample.
"""

from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from oye_proxy.ocppj.facts.model import ENERGY, SampleFacts
from oye_proxy.ocppj.facts.payloads import MeterValue, SampledValue, UnitOfMeasure
from oye_proxy.ocppj.facts.reader import LIST_LIMIT
from oye_proxy.ocppj.facts.values import (
    BASE_UNITS,
    TEXT_LIMIT,
    default_unit,
    normalised,
    number,
    text,
)

DEFAULT_CONTEXT: Final = "Sample.Periodic"
DEFAULT_LOCATION: Final = "Outlet"
BEGIN: Final = "Transaction.Begin"
END: Final = "Transaction.End"

# Which of two registers of one moment counts: the first context here.
_CONTEXT_ORDER: Final = {END: 0, DEFAULT_CONTEXT: 1, "Sample.Clock": 2, "Trigger": 3}
_OTHER_CONTEXT: Final = 4

_PHASES: Final = {
    "L1": "L1",
    "L2": "L2",
    "L3": "L3",
    "L1-N": "L1",
    "L2-N": "L2",
    "L3-N": "L3",
    "N": "N",
    "L1-L2": "L1-L2",
    "L2-L3": "L2-L3",
    "L3-L1": "L3-L1",
}
_ADDED: Final = ("Energy", "Power")
_NO_MEASURE: Final = UnitOfMeasure()

LIVE_PHASES: Final = ("L1", "L2", "L3")


class _Group(Struct, gc=False):
    """The sampled values of one moment that belong together."""

    unit: str | None
    phases: dict[str, float]
    value: float | None = None


def read_samples(meter_value: MeterValue, time: datetime) -> list[tuple[str, SampleFacts]]:
    """Return measurand and sample for all that one moment has."""
    groups: dict[tuple[str, str, str], _Group] = {}
    for sampled in (meter_value.sampled_value or ())[:LIST_LIMIT]:
        _collect(sampled, groups)
    return [
        (
            measurand[:TEXT_LIMIT],
            SampleFacts(
                total(measurand, group.phases) if group.value is None else group.value,
                time,
                group.unit,
                group.phases,
                context[:TEXT_LIMIT],
                location[:TEXT_LIMIT],
            ),
        )
        for (measurand, context, location), group in groups.items()
    ]


def total(measurand: str, phases: dict[str, float]) -> float | None:
    """
    Return what a measurand amounts to over its phases.

    Energy and power add up, a voltage is the mean of those that are there, a current is the
    highest. Line-to-line values have no total.
    """
    values = [phases[phase] for phase in LIVE_PHASES if phase in phases]
    if len(values) <= 1:
        return values[0] if values else None
    if measurand.startswith(_ADDED) and measurand != "Power.Factor":
        return round(sum(values), 6)
    if measurand.startswith("Voltage"):
        values = [value for value in values if value] or values
        return round(sum(values) / len(values), 3)
    return max(values)


def replaces(measurand: str, new: SampleFacts, present: SampleFacts | None, now: datetime) -> bool:
    """
    Whether a sample is news.

    An energy register of `Transaction.Begin` moves no total. Of one moment the register that
    `_CONTEXT_ORDER` puts first counts. An older sample counts only after the clock went back.
    """
    if new.context == BEGIN and measurand.startswith("Energy"):
        return False
    if present is None:
        return True
    if new.location != present.location:
        return new.location == DEFAULT_LOCATION or present.location != DEFAULT_LOCATION
    if new.time == present.time and measurand.startswith("Energy"):
        return _rank(new) <= _rank(present)
    return not new.time < present.time <= now


def merged(measurand: str, new: SampleFacts, present: SampleFacts | None) -> SampleFacts:
    """Add the phases of one moment that arrived in several messages."""
    if (
        present is None
        or new.time != present.time
        or new.context != present.context
        or new.location != present.location
        or not (present.phases or new.phases)
    ):
        return new
    phases = present.phases | new.phases
    if not new.phases:
        return replace(new, phases=phases)
    value = total(measurand, phases) if present.phases else present.value
    return replace(new, phases=phases, value=value)


def register(value: float, time: datetime, context: str) -> SampleFacts:
    """Make a sample of a register that stands outside meter values (meterStop)."""
    return SampleFacts(value, time, default_unit(ENERGY), {}, context)


def _collect(sampled: SampledValue, groups: dict[tuple[str, str, str], _Group]) -> None:
    value = number(sampled.value)
    if value is None or sampled.format == "SignedData":
        return
    measurand = sampled.measurand or ENERGY
    unit = sampled.unit
    if unit not in BASE_UNITS:
        measure = sampled.unit_of_measure or _NO_MEASURE
        result = normalised(
            value, unit or text(measure.unit), number(measure.multiplier), measurand
        )
        if result is None:
            return
        value, unit = result
    key = (measurand, sampled.context or DEFAULT_CONTEXT, sampled.location or DEFAULT_LOCATION)
    phase = _PHASES.get(sampled.phase) if sampled.phase else ""
    if phase is None:
        return
    group = groups.get(key)
    if group is None:
        group = groups[key] = _Group(unit, {})
    if phase:
        group.phases[phase] = value
    else:
        group.value = value


def _rank(sample: SampleFacts) -> int:
    return _CONTEXT_ORDER.get(sample.context, _OTHER_CONTEXT)
